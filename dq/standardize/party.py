"""Person or organisation: decides what a name cell names, and how sure that is. Splits and alters nothing."""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dq.model import TEXT
from dq.standardize.name_doubts import is_placeholder
from dq.standardize.name_notes import strip_notes
from dq.standardize.name_tables import NameTables, name_tables
from dq.standards import Standards
from dq.text.characters import fold_text
from dq.text.tokens import Tokens, split_tokens

Floats = npt.NDArray[np.float64]
LONGEST: Final = 300
"""Characters of a cell that are looked at: nobody's name is longer, and a page of text is not made worse by it."""

_MAX_LOGIT: Final = 6.0
"""Confidence stays below 0.998: words alone never prove what kind of party a name is."""


def decide_party(names: pd.Series, standards: Standards) -> pd.DataFrame:
    """Say of every name whether it is a person's or an organisation's.

    Args:
        names: Name cells as typed, in any order of first and last name.
        standards: Gives the words and the weights (`party_weights.csv`).

    Returns:
        `party_type` and `party_confidence` (0.5 to 1), with the index of `names`; both null where a cell holds no
        letter.
    """
    codes, distinct = pd.factorize(names.astype(TEXT))
    tables = name_tables(standards)
    cells = strip_notes(pd.Series(distinct, dtype=TEXT), tables)["value"].fillna("")
    features = party_features(cells, tables)
    logit = np.zeros(len(cells))
    for name, values in features.items():
        logit += tables.party_weights.get(name, 0.0) * values
    logit = np.clip(logit, -_MAX_LOGIT, _MAX_LOGIT)
    # Placeholders name nobody: they stay in the columns of persons, where they are flagged.
    folded = [fold_text(cell[:LONGEST]) or "" for cell in cells]
    logit[np.array([is_placeholder(text, tables) for text in folded], dtype=bool)] = 0.0
    is_organization = logit > 0
    confidence = np.round(1 / (1 + np.exp(-np.abs(logit))), 4)
    has_letter = cells.str.contains(r"[^\W\d_]", regex=True).to_numpy(dtype=bool)
    kinds = pd.Series(np.where(is_organization, "organization", "person"), dtype=TEXT).where(has_letter)
    known = pd.Series(confidence).where(has_letter)
    return pd.DataFrame(
        {
            "party_type": pd.Series(kinds.array.take(codes, allow_fill=True), index=names.index, dtype=TEXT),
            "party_confidence": pd.Series(known.array.take(codes, allow_fill=True), index=names.index, dtype="float64"),
        }
    )


_SIGNALS: Final = ("legal_sure", "strong", "strong_name", "weak", "function", "english", "digits", "possessive", "and", "the")
"""Words that persons' names rarely hold."""


def split_cells(cells: pd.Series) -> Tokens:
    """Split name cells into lower-case words, with commas and ampersands as words of their own."""
    text = pc.utf8_slice_codeunits(pa.array(cells, type=pa.large_string(), from_pandas=True), 0, LONGEST)
    text = pc.replace_substring_regex(pc.utf8_lower(text), _LAWYER, " esq ")
    text = pc.replace_substring_regex(text, r"([,;&+()/\"])", r" \1 ")
    return split_tokens(pd.Series(text.to_pandas(), dtype="str"))


def party_features(cells: pd.Series, tables: NameTables) -> dict[str, Floats]:
    """Return what speaks for a person or an organisation: one array of numbers per feature, one number per cell."""
    tokens = split_cells(cells)
    words = {name: np.array([test(word) for word in tokens.words], dtype=np.float64) for name, test in _tests(tables).items()}
    flat = {name: values[tokens.codes] for name, values in words.items()}
    size = len(cells)

    def total(values: Floats) -> Floats:
        return np.bincount(tokens.rows, weights=values, minlength=size)

    content = flat["content"] > 0
    count = total(content.astype(np.float64))
    shape = _person_shape(tokens, flat, content, size)
    name_like = total(flat["is_name"] * content)
    signal = total(sum((flat[name] for name in _SIGNALS), np.zeros(len(tokens.codes))))
    silent = signal == 0
    flat_and = np.minimum(total(flat["and"]), 1)
    one_word = ((count == 1) & (total(flat["initial"] + flat["prefix"]) == 0)).astype(np.float64)
    features = {
        "intercept": np.ones(size),
        "one_word": one_word,
        "one_word_name": one_word * np.maximum(_first(tokens, flat["given"], size), _first(tokens, flat["surname"], size)),
        "four_words": (count == 4).astype(np.float64),
        "five_or_more_words": (count >= 5).astype(np.float64),
        "no_word": (count == 0).astype(np.float64),
        "legal_form": np.minimum(total(flat["legal_sure"]), 1),
        "legal_form_at_end": _last(tokens, flat["legal_unsure"], size),
        "strong_words": np.minimum(total(flat["strong"]), 2),
        "strong_word_at_end": _last(tokens, flat["strong"], size),
        "strong_names": np.minimum(total(flat["strong_name"]), 2),
        "strong_name_at_end": _last(tokens, flat["strong_name"], size),
        "weak_words": np.minimum(total(flat["weak"]), 2),
        "function_words": np.minimum(total(flat["function"]), 1),
        "english_words": np.minimum(total(flat["english"]), 3),
        "starts_with_the": _first(tokens, flat["the"], size),
        "digits": np.minimum(total(flat["digits"]), 1),
        "possessive": np.minimum(total(flat["possessive"]), 1),
        "prefix": _first(tokens, flat["prefix"], size),
        "suffix": np.minimum(total(flat["suffix"]), 1),
        "initials": np.minimum(total(flat["initial"]), 2),
        "unknown_rate": total(flat["unknown"]) / np.maximum(count, 1),
        "name_rate": name_like / np.maximum(count, 1),
        "given_name": shape["given"],
        "surname": shape["surname"],
        "comma_order": shape["comma"],
        "silent_two_words": silent * (count == 2).astype(np.float64),
        "silent_three_words": silent * (count == 3).astype(np.float64),
        "silent_initial": silent * _first(tokens, flat["initial"], size) * (count <= 2),
        "silent_suffix": silent * _last(tokens, flat["suffix"], size) * (count >= 2),
        "nickname": cells.str.contains(_NICKNAME, regex=True).to_numpy(dtype=np.float64),
        "letters_joined": cells.str.contains(r"\b\w ?& ?\w\b", regex=True).to_numpy(dtype=np.float64),
        "two_first_names": (signal == flat_and) * (_words_before(tokens, flat["and"], content, size) == 1) * (count == 3),
        "particle": np.minimum(total(flat["particle"]), 1),
        "plain_comma": silent * (total(flat["comma"]) == 1) * ((count == 2) | (count == 3)),
        "and_without_given": flat_and * ((shape["given"] < 2) | (shape["lean"] < 0)),
        "and_with_given": flat_and * ((shape["given"] >= 2) & (shape["lean"] >= 0)),
    }
    return features


def _person_shape(tokens: Tokens, flat: dict[str, Floats], content: npt.NDArray[np.bool_], size: int) -> dict[str, Floats]:
    """Return how well the words fit given name + surname in the better of both orders.

    The orders are first … last, and last first …; a comma after one to three words speaks for the second.
    """
    rows = tokens.rows[content]
    given, surname = flat["given"][content], flat["surname"][content]
    counts = np.bincount(rows, minlength=size)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
    some, several = counts > 0, counts > 1

    def at(values: Floats, offset: npt.NDArray[np.int64], where: npt.NDArray[np.bool_]) -> Floats:
        picked = np.zeros(size)
        picked[where] = values[(starts + offset)[where]]
        return picked

    zero, one = np.zeros(size, dtype=np.int64), np.ones(size, dtype=np.int64)
    forward = at(given, zero, some), at(surname, counts - 1, several)
    backward = at(given, one, several), at(surname, zero, some)
    before = _words_before(tokens, flat["comma"], content, size)
    has_comma = (before >= 1) & (before <= 3)
    after = at(given, np.minimum(before, np.maximum(counts - 1, 0)), has_comma & (before < counts))
    is_comma_order = has_comma & (after >= 1.0)
    is_backward = ((backward[0] + backward[1]) > (forward[0] + forward[1] + 2.0)) & ~is_comma_order
    return {
        "given": np.where(is_comma_order, after, np.where(is_backward, backward[0], forward[0])),
        "surname": np.where(is_comma_order | is_backward, backward[1], forward[1]),
        "comma": is_comma_order.astype(np.float64),
        "lean": at(given - surname, zero, some),
    }


def _words_before(
    tokens: Tokens, marks: Floats, content: npt.NDArray[np.bool_], size: int
) -> npt.NDArray[np.int64]:
    """Return the number of content words before the first mark, 0 where there is no mark."""
    commas = np.flatnonzero(marks > 0)
    before = np.zeros(size, dtype=np.int64)
    if len(commas):
        rows, first = np.unique(tokens.rows[commas], return_index=True)
        running = np.concatenate(([0], np.cumsum(content)))
        before[rows] = running[commas[first]] - running[tokens.starts[rows]]
    return before


def _first(tokens: Tokens, values: Floats, size: int) -> Floats:
    picked = np.zeros(size)
    where = tokens.counts > 0
    picked[where] = values[tokens.starts[where]]
    return picked


def _last(tokens: Tokens, values: Floats, size: int) -> Floats:
    picked = np.zeros(size)
    where = tokens.counts > 0
    picked[where] = values[(tokens.starts + tokens.counts - 1)[where]]
    return picked


_LAWYER: Final = r"\b(?:attorneys?|atty\.?) (?:at|-at-) ?law\b|,? attorney$"
"""A profession typed behind the name of a person, where a law firm would say `attorneys`."""
_NICKNAME: Final = r"""\w\.? (?:"[^"]{1,25}"|'[^']{1,25}'|\([^()]{1,25}\)) \w"""
_MARKS: Final = frozenset({",", ";", "&", "+", "(", ")", "/", '"', "-"})


def _tests(tables: NameTables) -> dict[str, Callable[[str], float]]:
    """Return what is asked of every distinct word; each answer is a number."""

    def letters(word: str) -> str:
        return (fold_text(word) or "").replace(" ", "")

    def kind(word: str, table: str) -> str:
        found = getattr(tables, table).get(letters(word))
        return found[1] if found else ""

    def frequency(word: str, table: str) -> float:
        parts = [getattr(tables, table).get(part, 0) for part in (fold_text(word) or "").split()]
        return float(np.log10(1 + max(parts, default=0)))

    def organization(word: str) -> str:
        folded = fold_text(word) or ""
        own = [tables.organization_words.get(part, "") for part in (folded.split() if "-" in word or "." not in word else [letters(word)])]
        base = [tables.organization_words.get(folded[:-1], "") if word.endswith("'s") else ""]
        if not any(own + base):
            return compound(folded)
        return max(own + base, key=("", "function", "weak", "strong").index, default="")

    def compound(word: str) -> str:
        """Say whether an unknown word ends like an organisation's (foodservices, medtech) or is a known acronym."""
        if word in tables.surnames or word in tables.given or word in tables.suffixes:
            return ""
        if len(word) > 2 and tables.forms.get(word, "") == word.upper():
            return "weak"
        ends = (word[-length:] for length in range(4, len(word) - 2))
        return "weak" if any(end in tables.organization_endings for end in ends) else ""

    def is_initial(word: str) -> bool:
        return len(letters(word)) == 1 and letters(word).isalpha()

    def is_content(word: str) -> bool:
        return word not in _MARKS and word != "and" and not kind(word, "prefixes") == "courtesy" and kind(word, "suffixes") not in ("generation", "credential") and not is_initial(word) and not kind(word, "particles") == "no"

    def is_name(word: str) -> bool:
        return frequency(word, "given") > 0 or frequency(word, "surnames") > 0

    def is_common_name(word: str) -> bool:
        # A name as common as 1 in 20,000 persons says as much as the word's meaning does: Young, Rose, Church.
        return max(frequency(word, "given"), frequency(word, "surnames")) > 1.7

    def is_english(word: str) -> bool:
        return not is_common_name(word) and not organization(word) and tables.is_english(letters(word))

    return {
        "content": lambda word: is_content(word),
        "comma": lambda word: word == ",",
        "and": lambda word: word in ("&", "and", "+"),
        "the": lambda word: word == "the",
        "legal_sure": lambda word: kind(word, "legal_forms") == "sure",
        "legal_unsure": lambda word: kind(word, "legal_forms") == "unsure",
        "strong": lambda word: organization(word) == "strong" and not is_common_name(word),
        "strong_name": lambda word: organization(word) == "strong" and is_common_name(word),
        "weak": lambda word: organization(word) == "weak",
        "function": lambda word: organization(word) == "function",
        "english": is_english,
        "digits": lambda word: any(character.isdigit() for character in word) and not kind(word, "suffixes"),
        "possessive": lambda word: word.endswith(("'s", "s'", "’s")),
        "prefix": lambda word: kind(word, "prefixes") in ("courtesy", "title"),
        "suffix": lambda word: kind(word, "suffixes") in ("generation", "credential"),
        "initial": is_initial,
        "given": lambda word: frequency(word, "given"),
        "surname": lambda word: frequency(word, "surnames"),
        "is_name": is_name,
        "particle": lambda word: letters(word) in tables.particles,
        "unknown": lambda word: is_content(word) and not (is_name(word) or is_english(word) or organization(word)),
    }
