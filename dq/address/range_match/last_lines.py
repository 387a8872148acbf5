"""The last line of an address after the City State file: is the city a name for mail of its ZIP, which is preferred."""

from typing import Final

import pandas as pd

from dq.model import TEXT

JUDGED: Final = ("city_note", "preferred_city", "zip_class", "city_vintage", "is_zip_invalid")


def judge_last_lines(answers: pd.DataFrame, cities: pd.DataFrame | None) -> pd.DataFrame:
    """Judge city and ZIP of answers.

    Args:
        answers: `city`, `found_zip5`, `record_last_line_key`.
        cities: City State details; None where none is loaded.

    Returns:
        Index of `answers`: `city_note` (`U` a name not for mail, `V` no name of this ZIP, null otherwise),
        `preferred_city` (in place of a `U`), `zip_class`, `city_vintage` (of the file), `is_zip_invalid`
        (the file knows its neighbours only).
    """
    judged = pd.DataFrame(index=answers.index, columns=list(JUDGED[:-1]), dtype=TEXT)
    if cities is None or cities.empty:
        return judged.assign(is_zip_invalid=False)
    zip5 = answers["found_zip5"]
    named = cities[cities["facility"].fillna("") != "U"]
    classes = cities.drop_duplicates("zip5").set_index("zip5")["zip_class"]
    judged["zip_class"] = zip5.map(classes).astype(TEXT)
    is_known = zip5.isin(classes.index)
    judged["is_zip_invalid"] = ~is_known & zip5.str[:3].isin(set(classes.index.str[:3])) & zip5.str.fullmatch(r"\d{5}")
    if "vintage" in cities:
        judged["city_vintage"] = pd.Series(cities["vintage"].iloc[0], index=answers.index, dtype=TEXT)
    judged["is_zip_invalid"] = judged["is_zip_invalid"].fillna(False).astype(bool)
    asked = zip5 + "|" + answers["city"].str.upper()
    for_mail = _names(named[named["is_mailing_name"] == "Y"], ("city", "city_short"))
    others = _names(named, ("city", "city_short"))
    is_unofficial = asked.isin(others) & ~asked.isin(for_mail)
    is_unknown = is_known & asked.notna() & ~asked.isin(others)
    judged["city_note"] = judged["city_note"].mask(is_unofficial, "U").mask(is_unknown, "V").astype(TEXT)
    by_key = cities.drop_duplicates("city_state_key").set_index("city_state_key")["city"]
    by_zip = named.drop_duplicates("zip5").set_index("zip5")["last_line_city"]
    preferred = answers["record_last_line_key"].map(by_key).fillna(zip5.map(by_zip))
    judged["preferred_city"] = preferred.where(is_unofficial).astype(TEXT)
    return judged


def _names(rows: pd.DataFrame, columns: tuple[str, ...]) -> set[str]:
    return {name for column in columns for name in (rows["zip5"] + "|" + rows[column].str.upper()).dropna()}
