"""Relations follow the merge: what two records were to each other, their golden records are now."""

import json
from collections.abc import Mapping, Sequence

import pandas as pd

from dq.model import CASES, PROVENANCE, TEXT
from dq.survivorship.hierarchies import Edge, circle_edges
from dq.tables.identity import case_id

HIERARCHY = "parent"
"""The type of relation that must not run in a circle."""
CIRCLE = "hierarchy_circle"
"""Kind of the case about a relation that was cut."""
SAME_CUSTOMER = "same_customer"
"""Why a relation is gone: both ends are one customer now."""

LINKS = """
    SELECT r.type, r.source, r.from_record_id, r.to_record_id,
           f.golden_id AS from_golden_id, t.golden_id AS to_golden_id,
           coalesce(f.updated_at, f.created_at) AS said_at
    FROM relations r JOIN ends f ON f.record_id = r.from_record_id JOIN ends t ON t.record_id = r.to_record_id
"""
"""The query over `relations` and `ends` (records with their `golden_id`) that gives relations with both ends.

A relation whose end is no record of the run stays in `relations` and has no golden side.
"""
GOLDEN_RELATIONS = """
    SELECT from_golden_id, type, to_golden_id, min(source) AS source FROM links l
    WHERE from_golden_id <> to_golden_id
      AND NOT EXISTS (SELECT 1 FROM cuts c WHERE l.type = 'parent'
                      AND c.from_golden_id = l.from_golden_id AND c.to_golden_id = l.to_golden_id)
    GROUP BY from_golden_id, type, to_golden_id
"""
"""The query over `links` and `cuts` that gives golden relations; equal ones once, under the first source by name."""
DOUBTFUL_LINKS = "SELECT * FROM links WHERE type = 'parent' OR from_golden_id = to_golden_id"
"""The query over `links` that gives what can be lost: hierarchies, and what two records of one customer were."""


def cut_circles(links: pd.DataFrame, trust: Mapping[str, int]) -> pd.DataFrame:
    """Return the hierarchy relations that are cut because they close a circle.

    The weakest goes: said by the fewest records, then by the source that is trusted least, then longest ago; what is
    left undecided goes by the ids.

    Args:
        links: Columns of DOUBTFUL_LINKS.
        trust: Source → rank, 1 is trusted most.

    Returns:
        `from_golden_id`, `to_golden_id`, `circle` (golden ids along it, parted by blanks), sorted.
    """
    upward = links.loc[(links["type"] == HIERARCHY) & (links["from_golden_id"] != links["to_golden_id"])]
    last = max(trust.values(), default=0) + 1
    ranked = upward.assign(rank=upward["source"].map(dict(trust)).astype("float64").fillna(last))
    said = ranked.groupby(["from_golden_id", "to_golden_id"], as_index=False).agg(
        records=("from_record_id", "nunique"), rank=("rank", "min"), said_at=("said_at", "max")
    )
    order = said.sort_values(
        ["records", "rank", "said_at", "from_golden_id", "to_golden_id"],
        ascending=[False, True, False, True, True],
        na_position="last",
    )
    edges: list[Edge] = list(zip(order["from_golden_id"].tolist(), order["to_golden_id"].tolist(), strict=True))
    rows = [(low, high, " ".join(circle)) for (low, high), circle in circle_edges(edges)]
    cuts = pd.DataFrame(rows, columns=["from_golden_id", "to_golden_id", "circle"]).astype(TEXT)
    return cuts.sort_values(["from_golden_id", "to_golden_id"], ignore_index=True)


def lost_relations(links: pd.DataFrame, cuts: pd.DataFrame) -> pd.DataFrame:
    """Return the provenance of relations that no golden relation carries: what was dropped, and why.

    Args:
        links: Columns of DOUBTFUL_LINKS.
        cuts: What `cut_circles` gave.

    Returns:
        Columns of PROVENANCE: per golden record and type one row without a value; its `alternates` name the record at
        the other end, the records that said so, and `why` (`same_customer` or `hierarchy_circle`).
    """
    of_cut = _of_cuts(links, cuts).assign(why=CIRCLE)
    of_self = links.loc[links["from_golden_id"] == links["to_golden_id"]].assign(why=SAME_CUSTOMER)
    lost = pd.concat([of_self, of_cut], ignore_index=True).sort_values(
        ["from_golden_id", "type", "to_record_id", "why", "from_record_id"], ignore_index=True
    )
    rows: list[tuple[object, ...]] = []
    for (golden_id, kind), group in lost.groupby(["from_golden_id", "type"], sort=True):
        alternates: list[dict[str, object]] = [
            {"value": value, "record_ids": sorted(set(one["from_record_id"])), "why": why}
            for (value, why), one in group.groupby(["to_record_id", "why"], sort=True)
        ]
        text = json.dumps(alternates, ensure_ascii=False, separators=(",", ":"))
        rows.append((golden_id, None, kind, None, None, "relation_dropped", text))
    return pd.DataFrame(rows, columns=list(PROVENANCE.columns)).astype(TEXT)


def circle_cases(links: pd.DataFrame, cuts: pd.DataFrame) -> pd.DataFrame:
    """Return a case per relation that was cut: who stands above whom is for a person to say.

    Args:
        links: Columns of DOUBTFUL_LINKS.
        cuts: What `cut_circles` gave.

    Returns:
        Columns of CASES, sorted by `case_id`.
    """
    first = _of_cuts(links, cuts).sort_values(["from_golden_id", "to_golden_id", "from_record_id", "to_record_id"])
    first = first.drop_duplicates(["from_golden_id", "to_golden_id"])
    cases = pd.DataFrame(
        {
            "case_id": _ids(first["from_record_id"].tolist(), first["to_record_id"].tolist()),
            "kind": CIRCLE,
            "record_id": first["from_record_id"],
            "record_id_r": first["to_record_id"],
            "golden_id": first["from_golden_id"],
            "severity": "warn",
            "evidence": "cut as the weakest relation of the circle " + first["circle"].str.replace(" ", " → "),
        }
    ).reindex(columns=list(CASES.columns))
    texts = [name for name in CASES.columns if name != "value_at_stake"]
    typed = cases.astype(dict.fromkeys(texts, TEXT) | {"value_at_stake": "float64"})
    return typed.sort_values("case_id", ignore_index=True)


def _of_cuts(links: pd.DataFrame, cuts: pd.DataFrame) -> pd.DataFrame:
    return links.loc[links["type"] == HIERARCHY].merge(cuts, on=["from_golden_id", "to_golden_id"])


def _ids(low: Sequence[str], high: Sequence[str]) -> list[str]:
    return [case_id(CIRCLE, one, other) for one, other in zip(low, high, strict=True)]
