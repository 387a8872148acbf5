"""Consent of a part: opt-out and opt-in cells onto the contact points they speak about, and onto the record."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.tables.mapping.columns import Columns
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.text_columns import null_text, same_text

_KINDS: Final = {
    "email": ("email",),
    "call": ("phone", "mobile"),
    "text": ("mobile",),
    "mail": ("address",),
    "fax": ("fax",),
    "all": ("email", "phone", "mobile", "fax", "address"),
}
"""Channel of a flag → kinds of points it speaks about."""
_ALL: Final = ("email", "call", "text", "mail", "fax")
DO_NOT: Final = {"email": "do_not_email", "call": "do_not_call", "text": "do_not_text", "mail": "do_not_mail"}


@dataclass(frozen=True)
class Consents:
    """What the flags of the rows say.

    Attributes:
        by_kind: Kind of point → consent per row (`opt_in`, `opt_out`, null).
        at_kind: Kind of point → when it was given, as typed.
        do_not: Column of the record → True where opted out, null where nothing is said.
        source: Where consent was given, as typed.
        unreadable: Rows with a flag that is neither yes nor no.
    """

    by_kind: dict[str, pd.Series]
    at_kind: dict[str, pd.Series]
    do_not: dict[str, pd.Series]
    source: pd.Series
    unreadable: pd.Series


def read_consents(columns: Columns, policy: MappingPolicy) -> Consents:
    """Read the flags: opting out beats opting in, a channel's flag speaks for its kinds only.

    An opt-out that is not ticked says nothing; an opt-in that is answered no is an opt-out, the more careful reading.
    """
    unreadable = pd.Series(False, index=columns.index)
    said: dict[str, pd.Series] = {}
    for way in ("out", "in"):
        for channel in ("all", *_ALL):
            for column in columns.having(f"opt_{way}_{channel}"):
                yes, no = _ticks(column.cells.values, policy)
                unreadable |= column.cells.values.notna() & ~yes & ~no
                is_out = yes if way == "out" else no
                is_in = yes & (way == "in")
                for name in _ALL if channel == "all" else (channel,):
                    said[name] = _stricter(said.get(name), is_out, is_in, columns)
    by_kind: dict[str, pd.Series] = {}
    at_kind: dict[str, pd.Series] = {}
    for channel in _ALL:
        when = _when(columns, channel)
        for kind in _KINDS[channel]:
            if channel in said:
                by_kind[kind] = _merged(by_kind.get(kind), said[channel])
                at_kind[kind] = when
    do_not = {DO_NOT[channel]: _flag(said[channel]) for channel in _ALL if channel in said and channel in DO_NOT}
    return Consents(by_kind, at_kind, do_not, columns.first("consent_source")[0], unreadable)


def with_consent(points: pd.DataFrame, consents: Consents) -> pd.DataFrame:
    """Write consent onto the points; a point nobody spoke about is `unknown`."""
    consent, at, source = (null_text(points.index) for _ in range(3))
    if not consents.by_kind:
        return points.assign(consent=same_text("unknown", points.index), consent_at=at, consent_source=source)
    for kind, by_row in consents.by_kind.items():
        of_kind = points["kind"] == kind
        places = points.loc[of_kind, "position"].to_numpy()
        consent[of_kind] = by_row.reindex(places).to_numpy(dtype=object)
        at[of_kind] = consents.at_kind[kind].reindex(places).to_numpy(dtype=object)
        source[of_kind] = consents.source.reindex(places).to_numpy(dtype=object)
    is_said = consent.notna()
    return points.assign(
        consent=consent.fillna("unknown"), consent_at=at.where(is_said), consent_source=source.where(is_said)
    )


def _ticks(cells: pd.Series, policy: MappingPolicy) -> tuple[pd.Series, pd.Series]:
    folded = cells.str.lower().str.rstrip(".")
    return folded.isin(tuple(policy.words.get("true", {}))), folded.isin(tuple(policy.words.get("false", {})))


def _stricter(before: pd.Series | None, is_out: pd.Series, is_in: pd.Series, columns: Columns) -> pd.Series:
    said = columns.missing() if before is None else before
    said = said.mask(is_in & said.isna(), "opt_in")
    return said.mask(is_out, "opt_out")


def _merged(before: pd.Series | None, after: pd.Series) -> pd.Series:
    if before is None:
        return after
    return before.where(before.notna(), after).mask(after == "opt_out", "opt_out")


def _when(columns: Columns, channel: str) -> pd.Series:
    own, _ = columns.first(f"consent_at_{channel}")
    general, _ = columns.first("consent_at_all")
    return own.where(own.notna(), general)


def _flag(said: pd.Series) -> pd.Series:
    flags = pd.Series(pd.array([None] * len(said), dtype="boolean"), index=said.index)
    flags[(said == "opt_out")] = True
    flags[(said == "opt_in")] = False
    return flags
