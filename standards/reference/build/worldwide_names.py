"""Builds `given_names_worldwide.csv` and `surnames_worldwide.csv`: names the Census list of 1990 does not have.

    pip install faker==40.54.0                               # MIT; name lists of many countries
    python standards/reference/build/worldwide_names.py standards/reference

Only names in Latin letters; folded to plain ASCII, since that is how evidence is looked up. No frequencies are known.
"""

import csv
import importlib
import sys
import unicodedata
from pathlib import Path

LOCALES = (
    "cs_CZ",
    "da_DK",
    "de_AT",
    "de_CH",
    "de_DE",
    "en",
    "en_GB",
    "en_IE",
    "en_IN",
    "en_KE",
    "en_NG",
    "en_NZ",
    "en_PK",
    "en_US",
    "es_AR",
    "es_CA",
    "es_CL",
    "es_CO",
    "es_ES",
    "es_MX",
    "et_EE",
    "fi_FI",
    "fr_BE",
    "fr_CA",
    "fr_FR",
    "ha_NG",
    "hr_HR",
    "hu_HU",
    "id_ID",
    "ig_NG",
    "it_IT",
    "ja_JP",
    "nl_BE",
    "nl_NL",
    "no_NO",
    "pl_PL",
    "pt_BR",
    "pt_PT",
    "ro_RO",
    "sk_SK",
    "sl_SI",
    "sv_SE",
    "tr_TR",
    "tw_GH",
    "vi_VN",
    "yo_NG",
    "zh_CN",
    "zh_TW",
)
GIVEN = ("first_names", "first_names_female", "first_names_male", "first_romanized_names")
SURNAMES = (
    "last_names",
    "last_names_female",
    "last_names_male",
    "unisex_last_names",
    "male_last_names",
    "last_romanized_names",
)
STROKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})


def fold(name: str) -> str:
    """Return the name in lower-case ASCII letters, empty where it has other characters."""
    text = unicodedata.normalize("NFKD", name).casefold().translate(STROKED).replace("'", "")
    text = "".join(character for character in text if not unicodedata.combining(character))
    return text if text.isascii() and text.isalpha() and len(text) > 1 else ""


def names_of(attributes: tuple[str, ...]) -> set[str]:
    """Return the folded names of all locales that stand in the attributes."""
    found: set[str] = set()
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in attributes:
            names = getattr(provider, attribute, ())
            if not isinstance(names, property):
                found.update(fold(name) for name in names)
    return found - {""}


def known(path: Path) -> set[str]:
    """Return the first column of a reference file."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["name"] for row in csv.DictReader(file)}


def write(path: Path, names: set[str]) -> None:
    """Write one name a line, sorted."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name",))
        writer.writerows((name,) for name in sorted(names))


def main(reference: Path) -> None:
    """Write both files."""
    write(reference / "given_names_worldwide.csv", names_of(GIVEN) - known(reference / "given_names.csv"))
    write(reference / "surnames_worldwide.csv", names_of(SURNAMES) - known(reference / "surnames.csv"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
