"""Addresses outside the United States and of unknown country: kept whole, nothing American done to them."""

from typing import Final

import pandas as pd

from dq import model
from dq.address.foreign_ends import Countries, ForeignEnd, foreign_end
from dq.address.zip_codes import british_postcode, canadian_postal_code
from dq.address.zip_reference import ZipReference
from dq.standards.style import Style

PROVINCES: Final = frozenset(["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"])
FOREIGN_COLUMNS: Final = ("address_line1", "address_line2", "city", "state")
_AMERICAN_END: Final = r"\d{5}(?:\s*-?\s*\d{4})?\W*$"
PARTED: Final = ("address_line1", "city", "state", "postal_code", "country")
FOREIGN_CONFIDENCE: Final = 0.5
"""Nothing was checked and nothing speaks against it."""


def canadians(given: pd.DataFrame, reference: ZipReference) -> pd.Series:
    """Return which rows are Canadian by postal code and province although no cell of theirs says another country.

    A country decided for a whole column gives way to the row's own two signs; a country typed in the row does not.
    """
    shape = _text(given, "zip5").where(given["zip5"].notna(), _text(given, "postal_code"))
    has_shape = shape.map(lambda text: bool(canadian_postal_code(text))).astype(bool)
    state = _text(given, "state").str.upper().str.strip()
    is_province = state.isin(PROVINCES) & ~state.isin(list(reference.states))
    typed = given["country_raw"].notna() if "country_raw" in given else given["country"].notna()
    return has_shape & is_province & ~typed


def foreign_cells(given: pd.DataFrame, countries: Countries) -> pd.DataFrame:
    """Take combined cells apart that say themselves that they lie abroad.

    A country typed in a cell of its own gives way to nothing. Parts keep their case and blanks; where one cannot be
    found again as typed, the cell stays whole.

    Returns:
        Columns `PARTED`, null where absent; only the rows that say so, in their order.
    """
    is_line = given["address_text"].isna()
    cells = given["address_text"].mask(is_line, given["last_line"])
    typed = given["country_raw"].notna() if "country_raw" in given else pd.Series(False, given.index)
    # An American ZIP at the end is nearly always there and settles it without a look.
    open_cells = cells[cells.notna() & ~typed & ~cells.fillna("").str.contains(_AMERICAN_END, regex=True)]
    found = {text: end for text in open_cells.unique() if (end := foreign_end(text, countries))}
    abroad = open_cells[open_cells.isin(list(found))]
    pairs = zip(abroad, is_line[abroad.index], strict=True)
    rows = [_typed(text, found[text], is_last_line) for text, is_last_line in pairs]
    return pd.DataFrame(rows, index=abroad.index, columns=list(PARTED), dtype=model.TEXT)


def _typed(text: str, end: ForeignEnd, is_last_line: bool) -> tuple[str | None, ...]:
    """Return the parts of a cell as typed, in the order of `PARTED`."""
    city = f"{end.line} {end.city}".strip() if is_last_line else end.city
    line = "" if is_last_line else end.line
    upper = text.upper()
    parts = [text[at : at + len(part)] if (at := upper.find(part)) >= 0 else "" for part in (line, city)]
    if any(part and not typed for part, typed in zip((line, city), parts, strict=True)):
        return None, None, None, end.postal_code or None, end.country
    return parts[0] or None, parts[1] or None, end.state or None, end.postal_code or None, end.country


def standardize_foreign(given: pd.DataFrame, country: pd.Series, style: Style) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the text with single blanks in the style's case; the postal cell goes to `postal_code`.

    Case is the only thing done to words: no abbreviation, no components, no check. A combined cell stays whole in
    `address_line1`, a combined last line in `city`, where these are empty.

    Returns:
        Columns as `dq.address.standardize` writes them, and the reasons per column.
    """
    result = pd.DataFrame(index=given.index)
    for column in FOREIGN_COLUMNS:
        source = given[column]
        fallback = {"address_line1": "address_text", "city": "last_line"}.get(column)
        if fallback:
            source = source.where(source.notna(), given[fallback])
        result[column] = _tidy(source, style if column != "state" else Style())
    postal = given["zip5"].where(given["zip5"].notna(), given["postal_code"])
    plus4 = given["zip4"].where(given["zip4"].isna(), "-" + given["zip4"])
    postal = postal.where(plus4.isna(), postal.fillna("") + plus4)
    result["zip5"] = pd.Series(pd.NA, given.index, model.TEXT)
    result["zip4"] = pd.Series(pd.NA, given.index, model.TEXT)
    result["postal_code"] = _tidy(postal, Style())
    for code, write in (("CA", canadian_postal_code), ("GB", british_postcode)):
        standard = postal.fillna("").map(write).astype(model.TEXT)
        result["postal_code"] = result["postal_code"].mask((country == code) & (standard != ""), standard)
    result["country"] = country
    for column in model.COMPONENT_COLUMNS:
        result[column] = pd.Series(pd.NA, given.index, model.TEXT)
    is_empty = result[[*FOREIGN_COLUMNS, "postal_code"]].isna().all(axis=1)
    outcome = pd.Series("foreign", given.index, model.TEXT).where(country.notna(), "unverified")
    result["address_outcome"] = outcome.mask(is_empty, "missing")
    result["address_evidence"] = pd.Series(pd.NA, given.index, model.TEXT)
    result["address_confidence"] = pd.Series(FOREIGN_CONFIDENCE, given.index).mask(is_empty, 0.0)
    result[model.FLAGS] = given[model.FLAGS]
    reasons = pd.DataFrame("", index=given.index, columns=list(model.ADDRESS_COLUMNS), dtype=model.TEXT)
    reasons[list(FOREIGN_COLUMNS)] = "blanks"
    reasons[["zip5", "zip4", "postal_code"]] = "postal_code"
    was_combined = given["address_text"].notna() | given["last_line"].notna()
    from_code = pd.Series("country_from_postal_code", given.index, model.TEXT)
    reasons["country"] = from_code.mask(was_combined, "country_from_address")
    return result, reasons


def _text(given: pd.DataFrame, column: str) -> pd.Series:
    return given[column].fillna("")


def _tidy(texts: pd.Series, style: Style) -> pd.Series:
    tidy = texts.str.replace(r"\s+", " ", regex=True).str.strip()
    tidy = tidy.str.upper() if style.address_case == "upper" else tidy
    return tidy.mask(tidy == "").astype(model.TEXT)
