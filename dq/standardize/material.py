"""Material: one keyed hash per record of all that a decision about it rests on. Remembered decisions compare it."""

import hashlib
import hmac

import pandas as pd

from dq.model import ADDRESS_COLUMNS, IDENTIFIER_COLUMNS, NAME_COLUMNS, ORGANIZATION_COLUMNS, TEXT
from dq.standardize.distinct import column_of, missing

_UNIT, _ROW, _GROUP = "\x1f", "\x1e", "\x1d"
_OWN_COLUMNS = (
    *(column for column in NAME_COLUMNS if column != "job_title"),
    *ORGANIZATION_COLUMNS,
    "birth_on",
    *IDENTIFIER_COLUMNS,
)
_POINT_COLUMNS = ("kind", "value", "extension", *ADDRESS_COLUMNS)


def material(records: pd.DataFrame, contact_points: pd.DataFrame, key: bytes) -> pd.Series:
    """Return the HMAC-SHA-256 of what a decision about a record rests on (CONTRACTS 1), as 64 hex digits.

    Name, organisation, birth date, identifiers and every contact point (whatever its role or order) count; job
    titles, dates, consent and status do not.

    Args:
        records: One row per record.
        contact_points: Standardised.
        key: Secret of the home.
    """
    own = _joined(records, _OWN_COLUMNS)
    points = pd.DataFrame(
        {
            "record_id": column_of(contact_points, "record_id"),
            "text": _joined(contact_points, _POINT_COLUMNS),
        }
    )
    points = points.sort_values(["record_id", "text"], kind="stable").drop_duplicates()
    by_record = points.groupby("record_id", sort=False)["text"].agg(_ROW.join)
    reached = column_of(records, "record_id").map(by_record).astype(TEXT).fillna("")
    digests = [
        hmac.digest(key, (person + _GROUP + contact).encode(), hashlib.sha256).hex()
        for person, contact in zip(own.tolist(), reached.tolist(), strict=True)
    ]
    return pd.Series(pd.array(digests, dtype=TEXT), index=records.index)


def _joined(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """Join columns to one text; separators inside values become blanks so that no two rows can look alike."""
    inside = f"[{_UNIT}{_ROW}{_GROUP}]"
    joined = missing(frame.index).fillna("")
    for column in columns:
        joined = joined.str.cat(column_of(frame, column).fillna("").str.replace(inside, " ", regex=True), sep=_UNIT)
    return joined
