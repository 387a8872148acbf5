"""Material: one keyed hash per record of all that a decision about it rests on. Remembered decisions compare it."""

import hashlib
import hmac

import pandas as pd

from dq.model import ADDRESS_COLUMNS, IDENTIFIER_COLUMNS, NAME_COLUMNS, ORGANIZATION_COLUMNS, TEXT
from dq.standardize.distinct import column_of, joined

_UNIT, _GROUP = "\x1f", "\x1d"
_INSIDE = "[\x1d\x1f]"
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
    reached: dict[str, set[str]] = {}
    points = _joined(contact_points, _POINT_COLUMNS)
    for record_id, point in zip(column_of(contact_points, "record_id").tolist(), points, strict=True):
        reached.setdefault(record_id, set()).add(point)
    identities = column_of(records, "record_id").tolist()
    digests = [
        hmac.digest(key, _GROUP.join((own, *sorted(reached.get(record_id, ())))).encode(), hashlib.sha256).hex()
        for record_id, own in zip(identities, _joined(records, _OWN_COLUMNS), strict=True)
    ]
    return pd.Series(pd.array(digests, dtype=TEXT), index=records.index)


def _joined(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[str]:
    """Join columns to one text per row; separators inside values become blanks so that no two rows can look alike."""
    plain = {column: column_of(frame, column).str.replace(_INSIDE, " ", regex=True) for column in columns}
    return joined(pd.DataFrame(plain, index=frame.index), columns, _UNIT).tolist()
