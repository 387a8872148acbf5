"""The order of standardising: lookups, names, party, dates, identifiers, amounts; contact points by kind.

Every step gives the altered frame and its changes; doubts go to `flags`. Rows are neither added, dropped nor moved.
"""

from collections.abc import Iterable

import pandas as pd

from dq.model import ADDRESS_COLUMNS, CHANNEL_COLUMNS, CONTACT_POINTS, STANDARDIZED_COLUMNS, raw
from dq.standardize.amounts import standardize_amounts
from dq.standardize.changes import all_changes, keep_raw, value_changes
from dq.standardize.dates import FROM_DATE, standardize_dates, standardize_timestamps
from dq.standardize.distinct import column_of, missing, with_flags
from dq.standardize.emails import standardize_emails
from dq.standardize.identifiers import standardize_duns, standardize_leis, standardize_tax_ids
from dq.standardize.known_values import KnownValues, known_values
from dq.standardize.lookups import apply_lookups
from dq.standardize.names import standardize_names
from dq.standardize.organizations import standardize_organizations
from dq.standardize.phones import standardize_phones
from dq.standardize.websites import standardize_websites
from dq.standards import RowPolicy

Step = tuple[pd.DataFrame, pd.DataFrame]
"""A frame after a step, and the changes of that step."""

_PHONE_KINDS = ("phone", "mobile", "fax")
_FLAT_COLUMNS = frozenset({*ADDRESS_COLUMNS, *CHANNEL_COLUMNS})
_OWN_COLUMNS = tuple(column for column in STANDARDIZED_COLUMNS if column not in _FLAT_COLUMNS)
_POINTS_WITH_RAW = tuple(column for column in CONTACT_POINTS.columns if raw(column) in CONTACT_POINTS.columns)
_DATE_ONLY = {"created_at": "created_is_date_only", "updated_at": "updated_is_date_only"}


def standardize_records(records: pd.DataFrame, policy: RowPolicy) -> Step:
    """Standardise all columns of records but the flat contact columns, which `flat_view` fills.

    Args:
        records: As mapped: one row per record, dates, identifiers and amounts as typed.
        policy: Standards, day of the run and hints per column.

    Returns:
        The records, same rows and order, and one change per altered value. What cannot be standardised stays as typed,
        with a flag.
    """
    known = known_values(policy.standards)
    records = keep_raw(records, _OWN_COLUMNS)
    records, looked_up = apply_lookups(records, policy.standards.lookups.lookups)
    records, named = standardize_names(records, policy)
    records, organized = standardize_organizations(records, policy)
    found = [looked_up, named, organized]
    for column in ("birth_on", "verified_on"):
        if column in records:
            records, changes = _put(records, column, standardize_dates(records, column, policy, known))
            found.append(changes)
    for column, mark in _DATE_ONLY.items():
        if column in records:
            outcomes = standardize_timestamps(records, column, policy, known)
            records, changes = _put(_marked(records, mark, outcomes), column, outcomes)
            found.append(changes)
    for column, outcomes in _identifiers_and_amounts(records, policy, known):
        records, changes = _put(records, column, outcomes)
        found.append(changes)
    return records, all_changes(found)


def _identifiers_and_amounts(
    records: pd.DataFrame, policy: RowPolicy, known: KnownValues
) -> Iterable[tuple[str, pd.DataFrame]]:
    if "tax_id" in records:
        yield "tax_id", standardize_tax_ids(records, policy, known)
    if "duns" in records:
        yield "duns", standardize_duns(column_of(records, "duns"), known)
    if "lei" in records:
        yield "lei", standardize_leis(column_of(records, "lei"), known)
    if "value_amount" in records:
        yield "value_amount", standardize_amounts(column_of(records, "value_amount"))


def _marked(records: pd.DataFrame, mark: str, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Mark timestamps whose source cell was a bare day; a mark given before stays."""
    is_bare = (outcomes["reason"] == FROM_DATE).to_numpy(dtype=bool)
    if mark in records:
        is_bare = is_bare | records[mark].astype("boolean").fillna(False).to_numpy(dtype=bool)
    marks = pd.Series(is_bare, index=records.index, dtype="boolean")
    return records.assign(**{mark: marks.where(outcomes["value"].notna().to_numpy(dtype=bool))})


def standardize_contact_points(contact_points: pd.DataFrame, policy: RowPolicy) -> Step:
    """Standardise phones, e-mails and websites; addresses get lookups only, their own stage does the rest.

    Args:
        contact_points: As mapped: one row per contact point, with the country decided for its row.
        policy: Standards, day of the run and hints per column.

    Returns:
        The contact points, same rows and order, and one change per altered value.
    """
    known = known_values(policy.standards)
    points = keep_raw(contact_points, _POINTS_WITH_RAW)
    points, looked_up = apply_lookups(points, policy.standards.lookups.lookups)
    outcomes = _channel_outcomes(points, known)
    points, extended = _with_extensions(points, outcomes)
    points, changes = _put(points, "value", outcomes)
    found = [looked_up, extended, changes]
    for column in ("valid_from", "valid_to", "verified_on"):
        if column in points:
            points, changes = _put(points, column, standardize_dates(points, column, policy, known))
            found.append(changes)
    if "consent_at" in points:
        # Consent is no value that standardising owns: its date gets one notation, without a change.
        points, _ = _put(points, "consent_at", standardize_timestamps(points, "consent_at", policy, known))
    return points, all_changes(found)


def _channel_outcomes(points: pd.DataFrame, known: KnownValues) -> pd.DataFrame:
    """Return value, reason, flags and extension of every row; addresses and unknown kinds keep their value."""
    values, countries, kinds = (column_of(points, column) for column in ("value", "country", "kind"))
    plain = {"value": values, "reason": missing(points.index), "flags": missing(points.index)}
    outcomes = pd.DataFrame({**plain, "extension": missing(points.index)}, index=points.index).reset_index(drop=True)
    is_phone = kinds.isin(_PHONE_KINDS).to_numpy(dtype=bool)
    is_email = (kinds == "email").to_numpy(dtype=bool)
    is_website = (kinds == "website").to_numpy(dtype=bool)
    pieces = [outcomes[~(is_phone | is_email | is_website)]]
    for rows, standardized in (
        (is_phone, standardize_phones(values[is_phone], countries[is_phone], known)),
        (is_email, standardize_emails(values[is_email], known)),
        (is_website, standardize_websites(values[is_website], known)),
    ):
        piece = standardized.set_axis(outcomes.index[rows])
        pieces.append(piece if "extension" in piece else piece.assign(extension=missing(piece.index)))
    filled = [piece for piece in pieces if len(piece)]
    return (pd.concat(filled).sort_index() if filled else outcomes).set_axis(points.index)


def _with_extensions(points: pd.DataFrame, outcomes: pd.DataFrame) -> Step:
    """Fill extensions found inside numbers where the source gave none of its own, and write given ones as digits."""
    given = column_of(points, "extension")
    digits = given.str.replace(r"[^0-9]", "", regex=True)
    written = given.where((digits.isna() | (digits == "")).to_numpy(dtype=bool), digits)
    extensions = written.where(written.notna().to_numpy(dtype=bool), outcomes["extension"])
    reasons = pd.Series("extension_digits", index=points.index, dtype=given.dtype)
    reasons = reasons.where(given.notna().to_numpy(dtype=bool), "extension_split")
    changes = value_changes(points, "extension", given, extensions, reasons)
    return points.assign(extension=extensions), changes


def _put(frame: pd.DataFrame, column: str, outcomes: pd.DataFrame) -> Step:
    before = column_of(frame, column)
    changes = value_changes(frame, column, before, outcomes["value"], outcomes["reason"])
    return with_flags(frame.assign(**{column: outcomes["value"]}), outcomes["flags"]), changes
