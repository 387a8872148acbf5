"""Holds customers against the parking rules. Who is parked in the end is not decided here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from dq.model import EXTRA, IS_DECEASED, TEXT
from dq.standards.parking import Condition, Parking, ParkingRule

HITS: Final = ("id", "rule", "reason")
"""One row per customer and rule that speaks of it and that no exemption takes it out of."""


@dataclass(frozen=True)
class Known:
    """What the rules look at.

    Attributes:
        customers: One row per customer: `id`, `value` (number, null where unknown), `last_active_on` (ISO date, null
            where no record has one), `has_unread_date` (a date of activity that nobody can read), `doubts` (those that
            every record shares, each between blanks), `is_reachable`, and the golden columns that rules name.
        exempt: Exemption → ids of the customers it spares.
        employers: `id`, `employer_id`: who works for whom, both customers.
    """

    customers: pd.DataFrame
    exempt: Mapping[str, frozenset[str]]
    employers: pd.DataFrame


def plain(header: str) -> str:
    """Return a header without what spellings of it differ in.

    >>> plain("extra.Last Activity-Date"), plain("updated_at")
    ('lastactivitydate', 'updatedat')
    """
    return "".join(letter for letter in header.removeprefix(EXTRA).casefold() if letter.isalnum())


def columns_named(columns: "pd.Index | list[str]", wanted: tuple[str, ...]) -> list[str]:
    """Return the columns that are named like one of the wanted, whatever the spelling, in the order of the wanted."""
    there: dict[str, list[str]] = {}
    for column in sorted(str(name) for name in columns):
        there.setdefault(plain(column), []).append(column)
    return [column for name in dict.fromkeys(plain(name) for name in wanted) for column in there.get(name, [])]


def find_hits(policy: Parking, known: Known, as_of: date) -> pd.DataFrame:
    """Return the customers every rule speaks of, those that are only previewed included.

    Args:
        policy: The rules; one that is off is left out.
        known: The customers.
        as_of: The day of the run.

    Returns:
        Columns HITS, in the order of the rules and then by `id`.
    """
    blocks = [pd.DataFrame({column: pd.Series(dtype=TEXT) for column in HITS})]
    for name, rule in policy.rules.items():
        if rule.state_on(as_of) == "off":
            continue
        reasons = reasons_of(rule.when, known.customers, as_of)
        spared = spared_by(rule, known)
        hit = reasons.notna() & ~known.customers["id"].isin(spared)
        rows = pd.DataFrame({"id": known.customers.loc[hit, "id"], "rule": name, "reason": reasons[hit]})
        blocks.append(rows.sort_values("id"))
    return pd.concat(blocks, ignore_index=True).astype(TEXT)


def spared_by(rule: ParkingRule, known: Known) -> frozenset[str]:
    """Return the customers that the exemptions of a rule spare."""
    return frozenset().union(*(known.exempt.get(name, frozenset()) for name in rule.unless))


def reasons_of(when: Condition, customers: pd.DataFrame, as_of: date) -> pd.Series:
    """Return why a condition holds for each customer, null where it does not."""
    parts = []
    if when.inactive_months:
        parts.append(_inactive(customers, when.inactive_months, as_of))
    if when.doubts:
        parts.append(_doubtful(customers, when.doubts))
    if when.deceased:
        parts.append(_said(customers[IS_DECEASED].fillna(False).astype(bool), "has died"))
    if when.unreachable:
        parts.append(_said(~customers["is_reachable"], "no e-mail, phone or address"))
    if when.columns:
        parts.append(_valued(customers, when))
    reason = parts[0]
    for part in parts[1:]:
        reason = (reason + "; " + part).where(reason.notna() & part.notna())
    return reason.astype(TEXT)


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier; the last of a month stays the last.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = date.fromordinal(first_after.toordinal() - 1).day
    return date(year, month + 1, min(day.day, last))


def _inactive(customers: pd.DataFrame, months: int, as_of: date) -> pd.Series:
    """A customer without a date, or with one that nobody can read, may be alive and is left alone."""
    last, limit = customers["last_active_on"], months_before(as_of, months).isoformat()
    quiet = (last <= limit).fillna(False).astype(bool) & ~customers["has_unread_date"]
    return ("nothing since " + last).where(quiet)


def _doubtful(customers: pd.DataFrame, doubts: tuple[str, ...]) -> pd.Series:
    found = pd.Series(None, index=customers.index, dtype=TEXT)
    for doubt in doubts:
        has = customers["doubts"].str.contains(f" {doubt} ", regex=False).fillna(False).astype(bool)
        found = found.mask(has & found.isna(), f"every record: {doubt}")
    return found


def _valued(customers: pd.DataFrame, when: Condition) -> pd.Series:
    """The first filled column speaks; whose are all empty is not out of any list."""
    value = pd.Series(None, index=customers.index, dtype=TEXT)
    named = pd.Series(None, index=customers.index, dtype=TEXT)
    for column in columns_named(customers.columns, when.columns):
        own = customers[column].astype(TEXT).str.strip()
        takes = value.isna() & own.notna() & own.ne("")
        value, named = value.mask(takes, own), named.mask(takes, column.removeprefix(EXTRA))
    listed = value.str.casefold().isin([one.casefold() for one in when.values or when.not_in])
    hit = value.notna() & (listed if when.values else ~listed)
    return (named + " is " + value).where(hit)


def _said(holds: pd.Series, sentence: str) -> pd.Series:
    return pd.Series(sentence, index=holds.index, dtype=TEXT).where(holds)
