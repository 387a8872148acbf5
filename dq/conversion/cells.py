"""Holds one field's values against its facts. What a load path makes of it is not decided here."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import pandas as pd

from dq.model import TEXT
from dq.standards.targets import Target, TargetField

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters XML 1.0 has no place for; tab, line feed and carriage return are text."""
_EMAIL: Final = re.compile(r"(?!\.)[^\s@,;:<>()\[\]\\\"]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
"""Loose on purpose: no product publishes its rule. Dots may stand in a row, but not at the start (help 000384328)."""
_NULL_MARKER: Final = "#N/A"
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?")
_SHORT_YEAR: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
_ID: Final = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_FORMATS: Final = {"zip5": re.compile(r"\d{5}"), "zip4": re.compile(r"\d{4}"), "zip9": re.compile(r"\d{5}-?\d{4}")}
DOMESTIC: Final = frozenset({"US", "USA", "UNITED STATES", "PR", "VI", "GU", "AS", "MP"})
"""Spellings of the country that USPS serves, its territories included."""

_BAD: Final = {
    "integer": "bad_number",
    "number": "bad_number",
    "date": "bad_date",
    "datetime": "bad_date",
    "boolean": "bad_boolean",
    "id": "bad_id",
}
"""Type of a field → the check that a value falls short of when it does not match the field's pattern."""

Fits = Callable[[str], object]
"""Says of a text whether it has a form."""

Finding = tuple[str, pd.Series]
"""A check and which rows fall short of it."""


def check_cells(
    values: pd.Series, field: TargetField, target: Target, rows: pd.DataFrame, as_of: date
) -> list[Finding]:
    """Return the checks that a field's values fall short of, each with a mask over the rows.

    Args:
        values: The field's text, null where empty.
        field: Its facts.
        target: Its target: picklists and features.
        rows: All fields of the same rows.
        as_of: The day of the run.
    """
    found: list[Finding] = []
    if field.required:
        found.append(("required", values.isna()))
    if values.notna().any():
        if field.right:
            found.append(("needs_right", values.notna()))
        found += _texts(values, field)
        found += _lists(values, field, target, rows)
        fits = re.compile(field.pattern).fullmatch if field.pattern else None
        if field.type == "email":
            # The list of an e-mail field holds endings that do not exist and that the target knows not to exist.
            refused = target.picklists.get(field.picklist, ())
            found += _by_value(values, lambda text: _email(text, fits or _EMAIL.fullmatch, refused))
        elif field.type in _TYPES or fits:
            found += _by_value(values, lambda text: _typed(text, field, fits))
        if field.format or field.max_age_days or field.max_age_months:
            found += _by_value(values, lambda text: _form(text, field, as_of))
    return [(check, mask) for check, mask in found if mask.any()]


def _texts(values: pd.Series, field: TargetField) -> Iterator[Finding]:
    if field.length is not None:
        yield "too_long", (values.str.len() > field.length).fillna(False).astype(bool)
    if field.type not in _TYPES:
        yield "null_marker", values.eq(_NULL_MARKER).fillna(False).astype(bool)
    odd = {text for text in values.dropna().unique() if _CONTROL.search(text)}
    yield "control_characters", values.isin(odd) if odd else pd.Series(False, index=values.index)
    if field.case == "lower":
        yield "case_changed", values.notna() & (values != values.str.lower()).fillna(False).astype(bool)
    if field.format == "one_per_household":
        yield "same_household", values.notna() & values.duplicated()


def _lists(values: pd.Series, field: TargetField, target: Target, rows: pd.DataFrame) -> Iterator[Finding]:
    if field.type != "picklist" and not field.place:
        return
    if not field.picklist or (field.listed_with and not target.features.get(field.listed_with)):
        return
    legal = set(target.picklists[field.picklist])
    unknown = values.notna() & ~values.isin(legal)
    if not field.place:
        yield ("not_in_picklist" if field.restricted else "not_in_open_picklist"), unknown
    elif field.place == "country":
        yield "country_unknown", unknown
    else:
        country = rows[field.requires] if field.requires in rows.columns else pd.Series(None, index=values.index)
        # The list has the states of the United States: of those of another country files say nothing.
        at_home = country.str.upper().isin(DOMESTIC) if country.notna().any() else country.notna()
        yield "state_unknown", unknown & at_home
        yield "state_without_country", values.notna() & country.isna()


def _by_value(values: pd.Series, judge: Callable[[str], str]) -> list[Finding]:
    """Judge each distinct value once; `judge` gives the check it falls short of, or nothing."""
    verdicts = {text: judge(text) for text in values.dropna().unique()}
    said = values.map(verdicts, na_action="ignore")
    return [(check, said.eq(check)) for check in sorted({check for check in verdicts.values() if check})]


def _email(text: str, fits: Fits, refused: tuple[str, ...]) -> str:
    # 254 characters: RFC 5321 leaves no room for more in a path.
    good = fits(text) and len(text) <= 254 and text.rpartition(".")[2].lower() not in refused
    return "" if good else "bad_email"


def _number(text: str, field: TargetField) -> str:
    if not _NUMBER.fullmatch(text):
        return "bad_number"
    if field.type == "integer" and "." in text:
        return "" if float(text).is_integer() else "bad_number"
    size, whole = float(text), text.lstrip("-").partition(".")[0].lstrip("0")
    too_large = field.digits is not None and len(whole) > field.digits
    outside = (field.minimum is not None and size < field.minimum) or (
        field.maximum is not None and size > field.maximum
    )
    return "out_of_range" if too_large or outside else ""


def _date(text: str, field: TargetField) -> str:
    if _SHORT_YEAR.fullmatch(text):
        return "short_year"
    parts = _ISO_DATE.fullmatch(text)
    if parts is None:
        return "bad_date"
    year, month, day = (int(part) for part in parts.groups())
    try:
        date(year, month, day)
    except ValueError:
        return "bad_date"
    early, late = field.minimum or 1, field.maximum or 9999
    return "" if early <= year <= late else "date_out_of_range"


def _boolean(text: str, _field: TargetField) -> str:
    return "" if text in ("true", "false") else "bad_boolean"


def _id(text: str, _field: TargetField) -> str:
    return "" if _ID.fullmatch(text) else "bad_id"


_TYPES: Final[dict[str, Callable[[str, TargetField], str]]] = {
    "integer": _number,
    "number": _number,
    "date": _date,
    "datetime": _date,
    "boolean": _boolean,
    "id": _id,
}


def _typed(text: str, field: TargetField, fits: Fits | None) -> str:
    if field.type not in _TYPES:
        return "" if fits is None or fits(text) else "bad_format"
    if text == _NULL_MARKER:
        return "null_marker_typed"
    if wrong := _TYPES[field.type](text, field):
        return wrong
    return "" if fits is None or fits(text) else _BAD[field.type]


def _form(text: str, field: TargetField, as_of: date) -> str:
    if field.format in _FORMATS:
        return "" if _FORMATS[field.format].fullmatch(text) else "bad_format"
    if field.format == "domestic":
        return "" if text.upper() in DOMESTIC else "abroad"
    if field.format == "reachable":
        return "suppressed" if text == "true" else ""
    if (field.max_age_days or field.max_age_months) and _ISO_DATE.fullmatch(text):
        try:
            return _age(date.fromisoformat(text[:10]), field, as_of)
        except ValueError:
            return ""
    return ""


def _age(day: date, field: TargetField, as_of: date) -> str:
    if day > as_of:
        return "date_to_come"
    months = (as_of.year - day.year) * 12 + as_of.month - day.month
    too_many_days = field.max_age_days is not None and (as_of - day).days > field.max_age_days
    return "too_old" if too_many_days or (field.max_age_months is not None and months > field.max_age_months) else ""


def nowhere(index: pd.Index) -> pd.Series:
    """Return a column without any value."""
    return pd.Series(None, index=index, dtype=TEXT)
