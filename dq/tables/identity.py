"""Identity of what is read: content hashes, record ids, contact point ids (CONTRACTS 1). Interprets no value."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from dq.model import CONTACT_KINDS, CONTACT_ROLES, TEXT, Frames
from dq.tables.text_columns import joined_entries

ORGANIZATION_PART: Final = "#organization"
FIELD: Final = "\x1f"
"""Parts a column from its value inside a digest; never in text, control characters are blanks by then."""
ENTRY: Final = "\x1e"
"""Parts the values of a digest from each other."""

Ranks = npt.NDArray[Any]

_ROLE_RANKS: Final = {role: rank for rank, role in enumerate(CONTACT_ROLES)}
_KIND_RANKS: Final = {kind: rank for rank, kind in enumerate(CONTACT_KINDS)}


def content_hash(text: str, key: bytes) -> str:
    """Return the keyed hash (HMAC-SHA-256, hexadecimal) of a record's mapped values.

    >>> content_hash("city\x1fBoston\x1e", b"a key of sixteen")[:16]
    'bca0610aed958dc0'
    """
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def content_hashes(texts: Iterable[str], key: bytes) -> ExtensionArray:
    """Return `content_hash` of each text."""
    return pd.array([content_hash(text, key) for text in texts], dtype=TEXT)


def row_hashes(texts: Iterable[str]) -> ExtensionArray:
    """Return 32 hexadecimal digits of SHA-256 per text: breaks ties between rows, says nothing else."""
    return pd.array(
        [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] for text in texts], dtype=TEXT
    )


def source_prefix(source: str, table: str) -> str:
    """Return what stands before the key in a record id; the table only where a source has several.

    >>> source_prefix("crm", "accounts"), source_prefix("web", "")
    ('crm/accounts:', 'web:')
    """
    return f"{source}/{table}:" if table else f"{source}:"


def personal_keys(values: pd.Series, key: bytes) -> pd.Series:
    """Return the keyed hash of personal values that policy names as key; nulls stay null."""
    codes, uniques = pd.factorize(values.astype(TEXT))
    hashed = pd.array(["k" + content_hash(value, key)[:16] for value in uniques.tolist()], dtype=TEXT)
    return pd.Series(hashed.take(codes, allow_fill=True), index=values.index, dtype=TEXT)


def number_points(points: pd.DataFrame) -> pd.DataFrame:
    """Give contact points their ids: `record_id|kind|n`, n counted by role and content within record and kind.

    The result does not depend on the order of the rows, so it may be repeated after points of several tables have come
    together or record ids have changed.

    Args:
        points: Any contact points with whole records; `order` (place within its cell) is used where it is there.
    """
    if points.empty:
        return points.assign(contact_point_id=pd.Series(dtype=TEXT))
    records, _ = pd.factorize(points["record_id"])
    kinds = points["kind"].map(_KIND_RANKS).fillna(99).to_numpy(dtype=np.int64)
    roles = points["role"].map(_ROLE_RANKS).fillna(99).to_numpy(dtype=np.int64)
    places = points["order"].to_numpy(dtype=np.int64) if "order" in points else np.zeros(len(points), dtype=np.int64)
    content = _tie_breaks(points, records, kinds, roles, places)
    order = np.lexsort((content, places, roles, kinds, records))
    groups = records[order] * 100 + kinds[order]
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    lengths = np.diff(np.r_[starts, len(groups)])
    numbers = np.empty(len(points), dtype=np.int64)
    numbers[order] = np.arange(len(points)) - np.repeat(starts, lengths) + 1
    suffix = pd.Series(numbers, index=points.index).astype(TEXT)
    return points.assign(contact_point_id=points["record_id"] + "|" + points["kind"] + "|" + suffix)


_NOT_SAID: Final = frozenset(("contact_point_id", "record_id", "kind", "role", "row", "order"))
"""Columns that rank before the content, or follow the order of the file."""


def _tie_breaks(points: pd.DataFrame, *ranks: Ranks) -> Ranks:
    """Return a number made of the content for points that are equal in everything else, 0 for the others."""
    content = np.zeros(len(points), dtype=np.uint64)
    tied = pd.DataFrame(dict(enumerate(ranks))).duplicated(keep=False).to_numpy()
    if tied.any():
        rows = points[tied]
        names = sorted(name for name in points.columns if name not in _NOT_SAID)
        texts = joined_entries([(name, rows[name].astype(TEXT)) for name in names], rows.index, FIELD, ENTRY)
        content[tied] = pd.util.hash_array(np.array(texts, dtype=object), categorize=False)
    return content


def with_final_ids(frames: Frames, finals: pd.DataFrame) -> Frames:
    """Replace provisional record ids where repeated keys were numbered (`~2`, `~3`).

    Args:
        frames: What mapping gave: `records`, `contact_points`, `relations`, `changes`; each carries `row`.
        finals: `row`, `record_id` (as mapping gave it) and `final_id`; rows that keep their id may be left out. Numbers
            stand behind the key and before the part: `crm:17~2#organization`.

    Returns:
        The frames with final ids; contact points are numbered anew, targets of relations within one row follow.
    """
    lookup = finals.set_index(["row", "record_id"])["final_id"]
    result = dict(frames)
    for name, column in (
        ("records", "record_id"),
        ("contact_points", "record_id"),
        ("changes", "record_id"),
        ("relations", "from_record_id"),
        ("relations", "to_record_id"),
    ):
        if name in result and not result[name].empty:
            rows = result[name]
            result[name] = rows.assign(**{column: _replaced(rows, column, lookup)})
    if "contact_points" in result:
        result["contact_points"] = number_points(result["contact_points"])
    if "records" in result:
        records = result["records"]
        keys = records["record_id"].str.split(":", n=1).str[1].str.removesuffix(ORGANIZATION_PART)
        result["records"] = records.assign(source_key=keys.where(records["source_key"].notna()))
    return result


def _replaced(rows: pd.DataFrame, column: str, lookup: pd.Series) -> pd.Series:
    places = pd.MultiIndex.from_arrays([rows["row"], rows[column]])
    found = pd.Series(lookup.reindex(places).to_numpy(dtype=object), index=rows.index)
    return found.where(found.notna(), rows[column]).astype(TEXT)


def case_id(kind: str, *subject: str) -> str:
    """Return the id of a case: the same question always has the same id."""
    return hashlib.sha256("\0".join((kind, *subject)).encode()).hexdigest()[:16]
