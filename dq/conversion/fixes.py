"""What has to be done so that blocked customers load, ranked by how many each step unblocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.conversion.covering import shortest_way
from dq.conversion.proposals import BLANK, CUT, DEFAULT, MAP, NO_AGREEMENT, is_open, with_sources
from dq.conversion.rows import TargetRows
from dq.model import TEXT
from dq.standards.targets import CHECKS, Target, TargetField
from dq.text.counts import counted

SHOWN_VALUES: Final = 8
"""Values listed with a fix: what a person takes in at a glance; all of them are in the proposals."""


Show = Callable[[str, TargetField], str]
"""(value, its field) → what may be shown of it."""


@dataclass(frozen=True)
class Fix:
    """One thing to do, and what it brings.

    Attributes:
        fix_id: `<kind>:<object>.<field>`; `owner:users` for owners of all objects.
        kind: `map`, `cut`, `blank`, `default` (policy, proposed), `choose`, `ask`, `decide`, `owner`, `parent`.
        sentence: What to do.
        touches: Customers that need it, alone or with others.
        alone: Customers that need nothing else.
        adds: Customers it unblocks once everything before it is done.
        loads_after: Customers that load then.
        together: Fixes done in the same step; nearly always this one alone.
        values: Commonest values it is about, with the rows that hold them.
        is_proposed: Rows of policy for it are in the proposals.
    """

    fix_id: str
    kind: str
    sentence: str
    touches: int
    alone: int
    adds: int
    loads_after: int
    together: tuple[str, ...]
    values: tuple[tuple[str, int], ...]
    is_proposed: bool


def rank_fixes(
    target: Target,
    rows: TargetRows,
    blockers: pd.DataFrame,
    verdicts: pd.DataFrame,
    proposals: pd.DataFrame,
    show: Show,
    origins: pd.DataFrame = NO_AGREEMENT.origins,
) -> tuple[Fix, ...]:
    """Return the fixes in the order in which they pay; the counts are customers, not rows.

    Args:
        target: What is to be loaded into.
        rows: What would be loaded.
        blockers: Of one load path.
        verdicts: Of the same.
        proposals: Of the same blockers (see `proposals.PROPOSALS`).
        show: What may be shown of a value.
        origins: Whose word stands in a cell of a picklist.
    """
    rejected = blockers.loc[blockers["verdict"].eq("reject")]
    if rejected.empty:
        return ()
    named = _named(_defaulted(target, with_sources(rejected, origins), proposals), proposals, rows)
    needs = _needs(named, rows, verdicts)
    counted: dict[frozenset[str], int] = {}
    for need in needs.values():
        counted[need] = counted.get(need, 0) + 1
    loading = loading_customers(verdicts)
    told = named.loc[~named["is_orphan"]].groupby("fix_id", sort=True)
    fixes: list[Fix] = []
    for step in shortest_way(counted):
        loading += step.adds
        for fix_id in step.fixes:
            own = told.get_group(fix_id)
            fixes.append(
                Fix(
                    fix_id=fix_id,
                    kind=str(own["kind"].iloc[0]),
                    sentence=_sentence(target, own),
                    touches=sum(count for need, count in counted.items() if fix_id in need),
                    alone=counted.get(frozenset({fix_id}), 0),
                    adds=step.adds if fix_id == step.fixes[-1] else 0,
                    loads_after=loading,
                    together=step.fixes if len(step.fixes) > 1 else (),
                    values=_values(target, own, show),
                    is_proposed=str(own["kind"].iloc[0]) in (MAP, CUT, BLANK, DEFAULT),
                )
            )
    return tuple(fixes)


def customers_of(verdicts: pd.DataFrame) -> pd.Series:
    """Return the customer of each row: a golden record, else an input row; null for a household's own account."""
    return verdicts["golden_id"].fillna(verdicts["record_id"])


def loading_customers(verdicts: pd.DataFrame) -> int:
    """Return how many customers load: those none of whose rows is refused or parked."""
    customers = customers_of(verdicts)
    stuck = set(customers.loc[~verdicts["would_load"]].dropna())
    return int(customers.nunique()) - len(stuck)


def _named(rejected: pd.DataFrame, proposals: pd.DataFrame, rows: TargetRows) -> pd.DataFrame:
    """Give every rejected cell the fix it needs; orphans of a refused parent need what the parent needs."""
    keys = ["object", "field", "check", "value", "source"]
    known = proposals[(proposals["action"] != DEFAULT) & ~is_open(proposals)]
    known = known.assign(source=proposals["source"].fillna(""))
    named = rejected.merge(known.drop_duplicates(keys)[[*keys, "action"]], on=keys, how="left")
    named["action"] = named["action"].mask(named["defaulted"], DEFAULT)
    kinds = named["check"].map(_KINDS).fillna("ask")
    named["kind"] = named["action"].fillna(kinds).astype("str")
    there = {row for own in rows.objects.values() for row in own["row_id"]}
    named["is_orphan"] = named["check"].eq("parent_missing") & named["value"].isin(there)
    named["fix_id"] = named["kind"] + ":" + named["object"] + "." + named["field"]
    # Who takes over from an owner is decided once, whatever object the rows are.
    named["fix_id"] = named["fix_id"].where(named["kind"] != "owner", "owner:users")
    return named


def _defaulted(target: Target, rejected: pd.DataFrame, proposals: pd.DataFrame) -> pd.DataFrame:
    """Say which cells a proposed default would fill: `defaulted`; a state without its country needs the country's."""
    lines = proposals.loc[proposals["action"] == DEFAULT, ["object", "field"]]
    filled = set(lines.itertuples(index=False, name=None))
    needed = [
        target.in_force(thing)[key].requires if check == "state_without_country" else key
        for thing, key, check in zip(rejected["object"], rejected["field"], rejected["check"], strict=True)
    ]
    defaulted = [
        check in ("required", "state_without_country") and place in filled
        for place, check in zip(zip(rejected["object"], needed, strict=True), rejected["check"], strict=True)
    ]
    hit = pd.Series(defaulted, index=rejected.index, dtype=bool)
    return rejected.assign(
        defaulted=hit,
        field=rejected["field"].mask(hit, pd.Series(needed, index=rejected.index, dtype=TEXT)),
        value=rejected["value"].mask(hit),
    )


_KINDS: Final = {
    "not_in_picklist": "choose",
    "state_unknown": "choose",
    "country_unknown": "choose",
    "duplicate_in_batch": "decide",
    "duplicate_existing": "decide",
    "owner_unknown": "owner",
    "owner_inactive": "owner",
    "parent_missing": "parent",
}
"""Check → what helps where nothing can be proposed; everything else is asked of the owner of the record."""


def _needs(named: pd.DataFrame, rows: TargetRows, verdicts: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return what each blocked customer needs: its own fixes and those of every row above it."""
    own: dict[str, set[str]] = {}
    direct = named.loc[~named["is_orphan"]]
    for row_id, fix_id in zip(direct["row_id"], direct["fix_id"], strict=True):
        own.setdefault(row_id, set()).add(fix_id)
    above = {
        row: parent
        for rows_of in rows.objects.values()
        for row, parent in zip(rows_of["row_id"], rows_of["parent_row_id"], strict=True)
        if isinstance(parent, str)
    }
    customers = dict(zip(verdicts["row_id"], customers_of(verdicts), strict=True))
    needs: dict[str, frozenset[str]] = {}
    for row_id in sorted(set(named["row_id"])):
        wanted: set[str] = set()
        seen: set[str] = set()
        step: str | None = row_id
        while step is not None and step not in seen:
            seen.add(step)
            wanted |= own.get(step, set())
            step = above.get(step)
        customer = customers[row_id]
        if isinstance(customer, str):
            needs[customer] = needs.get(customer, frozenset()) | wanted
    return {customer: need for customer, need in needs.items() if need}


def _values(target: Target, own: pd.DataFrame, show: Show) -> tuple[tuple[str, int], ...]:
    field = target.in_force(str(own["object"].iloc[0])).get(str(own["field"].iloc[0]), TargetField())
    counts = own.groupby("value", sort=True)["row_id"].nunique()
    ordered = sorted(((str(value), int(count)) for value, count in counts.items()), key=lambda one: (-one[1], one[0]))
    return tuple((show(value, field), count) for value, count in ordered[:SHOWN_VALUES])


def _sentence(target: Target, own: pd.DataFrame) -> str:
    first = own.iloc[0]
    thing, key, kind = str(first["object"]), str(first["field"]), str(first["kind"])
    field = target.in_force(thing).get(key, TargetField())
    remedies = [target.remedies[code] for code in sorted(set(own["code"])) if code in target.remedies]
    if remedies:
        return f"{'; '.join(remedies)} ({counted(own['row_id'].nunique(), 'row')})"
    label = f"{thing}.{key}" if field.label in ("", key) else f"{thing}.{key} ({field.label})"
    rows, values = counted(own["row_id"].nunique(), "row"), own["value"].nunique()
    listed = f"{counted(values, 'value')} of {label}"
    sentences: Mapping[str, str] = {
        MAP: f"map {listed} to values that {target.title} knows",
        CUT: f"cut {label} to {field.length} characters in {rows}",
        BLANK: f"leave {label} empty in {rows}: {_why(own)}",
        DEFAULT: f"fill {label} in {rows} with what is proposed as its default",
        "choose": f"choose a legal value for {listed}",
        "decide": f"decide {rows} with the {label} of another: one customer or two?",
        "owner": f"map {counted(values, 'owner')} to active users ({rows}): --owner-map",
        "parent": f"find the {'' if values == 1 else f'{values:,} '}missing parent{_s(values)} of {rows} ({label})",
    }
    return sentences.get(kind, f"ask the owner{_s(own['row_id'].nunique())} of {rows} for {label}: {_why(own)}")


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _why(own: pd.DataFrame) -> str:
    """Say what is wrong; where it is not the same with all rows, with how many it is what."""
    counts = own.groupby("check", sort=True)["row_id"].nunique().sort_values(ascending=False, kind="stable")
    if len(counts) == 1:
        return CHECKS[str(counts.index[0])]
    return "; ".join(f"{CHECKS[str(check)]} ({count:,})" for check, count in counts.items())
