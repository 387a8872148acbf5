"""Dates and timestamps: ISO days and UTC seconds, or the text as typed with a doubt. Never guesses day and month."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pandas as pd

from dq.standardize.date_notations import Reading, read_date
from dq.standardize.distinct import (
    Outcome,
    column_of,
    group_names,
    parts_of,
    standardize_by_group,
    standardize_distinct,
)
from dq.standardize.known_values import KnownValues
from dq.standards import RowPolicy

FROM_DATE = "timestamp_from_date"
"""Reason of a timestamp whose source cell was a bare day."""
_OLDEST = 125
"""Years; the longest human life proven is 122."""
_FIRST_RECORD = date(1950, 1, 1)
"""No customer file is older than the computers that keep them."""
_FARTHEST_OFFSET = 14 * 60
"""Minutes; Kiribati's Line Islands are the farthest from Greenwich."""
_TOMORROW = timedelta(days=1)
"""A source east of the run's zone is ahead by up to a day."""

_TABLE_AND_COUNTRY = ("source", "source_table", "country")


@dataclass(frozen=True)
class DateRules:
    """What is known about the cells of one column of one table.

    Attributes:
        column: Canonical name, the first half of a flag.
        as_of: Day of the run.
        order: `mdy`, `dmy`, `ymd`, `excel` or None for unknown.
        zone: IANA zone of times without an offset.
    """

    column: str
    as_of: date
    order: str | None = None
    zone: str = "UTC"


def standardize_dates(frame: pd.DataFrame, column: str, policy: RowPolicy, known: KnownValues) -> pd.DataFrame:
    """Write a column of days as `YYYY-MM-DD`.

    Args:
        frame: Gives the column, `source`, `source_table` and `country`.
        column: `birth_on`, `verified_on`, `valid_from` or `valid_to`.
        policy: Hints and source policies say the order of day and month; without them the US order holds for US rows.
        known: Reference lists of the standards.

    Returns:
        Columns `value`, `reason`, `flags`, one row per row of the frame.
    """
    return standardize_by_group(
        column_of(frame, column),
        group_names(frame, _TABLE_AND_COUNTRY),
        lambda values, group: standardize_distinct(
            values, partial(standardize_day, rules=_rules(column, group, policy), known=known)
        ),
    )


def standardize_timestamps(frame: pd.DataFrame, column: str, policy: RowPolicy, known: KnownValues) -> pd.DataFrame:
    """Write a column of timestamps as `YYYY-MM-DDTHH:MM:SSZ`; a bare day is midnight in the source's zone.

    Args:
        frame: As for `standardize_dates`.
        column: `created_at`, `updated_at` or `consent_at`.
        policy: As for `standardize_dates`, and the time zone of each source.
        known: Reference lists of the standards.

    Returns:
        Columns `value`, `reason`, `flags`; a reason `timestamp_from_date` marks a bare day.
    """
    return standardize_by_group(
        column_of(frame, column),
        group_names(frame, _TABLE_AND_COUNTRY),
        lambda values, group: standardize_distinct(
            values, partial(standardize_timestamp, rules=_rules(column, group, policy), known=known)
        ),
    )


def standardize_day(text: str, rules: DateRules, known: KnownValues) -> Outcome:
    """Write one day as `YYYY-MM-DD`, or keep it as typed with a flag.

    Args:
        text: The date as typed; a time of day is dropped.
        rules: What is known about the column.
        known: Reference lists of the standards.

    >>> from dq.standardize.known_values import NOTHING_KNOWN
    >>> standardize_day("3-Apr-78", DateRules("birth_on", date(2026, 11, 21)), NOTHING_KNOWN)[::2]
    ('1978-04-03', 'birth_on:century_assumed')
    """
    reading = read_date(text, rules.order, rules.as_of.year)
    reading = _before_today(reading, rules)
    if reading.moment is None:
        return _kept(text, reading.doubt, rules.column)
    day = reading.moment.date()
    if known.is_placeholder("date", day.isoformat()):
        is_open_end = rules.column == "valid_to" and day.year == 9999
        return Outcome(day.isoformat(), "date_iso", None if is_open_end else f"{rules.column}:default")
    doubt = _impossible_day(day, rules)
    if doubt == "impossible":
        return _kept(text, doubt, rules.column)
    return Outcome(day.isoformat(), _reason(reading), _flags(rules.column, reading.doubt, doubt))


def _reason(reading: Reading) -> str:
    if reading.has_time:
        return "time_dropped"
    return "century_assumed" if reading.doubt == "century_assumed" else "date_iso"


def standardize_timestamp(text: str, rules: DateRules, known: KnownValues) -> Outcome:
    """Write one timestamp as UTC to the second, or keep it as typed with a flag.

    Args:
        text: The timestamp as typed.
        rules: What is known about the column; its zone is taken where the text has no offset.
        known: Reference lists of the standards.

    >>> from dq.standardize.known_values import NOTHING_KNOWN
    >>> rules = DateRules("created_at", date(2026, 11, 21), "mdy", "America/New_York")
    >>> standardize_timestamp("7/1/2020 3:05 PM", rules, NOTHING_KNOWN).value
    '2020-07-01T19:05:00Z'
    """
    reading = read_date(text, rules.order, rules.as_of.year)
    if reading.moment is None:
        return _kept(text, reading.doubt, rules.column)
    day = reading.moment.date()
    # A default is no moment: moved by a zone it would hide from the list of defaults.
    is_default = known.is_placeholder("date", day.isoformat())
    moment = reading.moment if is_default else _in_utc(reading.moment, reading.offset, rules.zone)
    if moment is None or not (is_default or day >= _FIRST_RECORD):
        return _kept(text, "impossible", rules.column)
    doubt = "default" if is_default else "future" if moment.date() > rules.as_of + _TOMORROW else ""
    reason = "timestamp_utc" if reading.has_time else FROM_DATE
    return Outcome(f"{moment.isoformat()[:19]}Z", reason, _flags(rules.column, reading.doubt, doubt))


def _in_utc(moment: datetime, offset: int | None, zone: str) -> datetime | None:
    try:
        if offset is not None:
            return moment - timedelta(minutes=offset) if abs(offset) <= _FARTHEST_OFFSET else None
        if zone == "UTC":
            return moment
        # An hour that a clock change repeats is its first pass, one that it skips is read before the change.
        return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:  # year 1 or 9999 moved over the edge
        return None


def _before_today(reading: Reading, rules: DateRules) -> Reading:
    """Move a birth whose century was assumed a century back where it would lie later this year."""
    moment = reading.moment
    if moment is None or rules.column != "birth_on" or reading.doubt != "century_assumed":
        return reading
    if moment.date() <= rules.as_of:
        return reading
    try:
        return reading._replace(moment=moment.replace(year=moment.year - 100))
    except ValueError:  # 29 February of a century year
        return Reading(None, doubt="impossible")


def _impossible_day(day: date, rules: DateRules) -> str:
    if rules.column == "birth_on":
        return "impossible" if day > rules.as_of or day.year < rules.as_of.year - _OLDEST else ""
    if day < _FIRST_RECORD:
        return "impossible"
    return "future" if rules.column == "verified_on" and day > rules.as_of + _TOMORROW else ""


def _kept(text: str, doubt: str, column: str) -> Outcome:
    digits = {character for character in text if character.isdigit()}
    # 00/00/0000 and 99999999 are nobody's typo: they stand for no date.
    is_default = doubt == "impossible" and len(digits) == 1
    return Outcome(text, None, f"{column}:default" if is_default else f"{column}:{doubt}")


def _flags(column: str, *doubts: str) -> str | None:
    return " ".join(sorted(f"{column}:{doubt}" for doubt in doubts if doubt)) or None


def _rules(column: str, group: str, policy: RowPolicy) -> DateRules:
    source, table, country = parts_of(group, 3)
    declared = policy.standards.source(source)
    order = policy.hints.date_orders.get(f"{source}/{table}/{column}") or declared.date_order
    if order is None and (country or declared.country) == "US":
        order = "mdy"
    zone = policy.hints.time_zones.get(source) or declared.time_zone
    return DateRules(column, policy.as_of, order, zone)
