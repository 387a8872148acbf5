"""Lets relations follow the merge: golden relations, what was lost on the way, and circles as cases."""

from typing import Final

from dq.engine import Parts, paths_of
from dq.engine.parts import to_arrow, write_part
from dq.pipeline.run import Run
from dq.survivorship.relations import (
    DOUBTFUL_LINKS,
    GOLDEN_RELATIONS,
    LINKS,
    circle_cases,
    cut_circles,
    lost_relations,
)

_ENDS: Final = f"""
    WITH ends AS (SELECT r.record_id, r.updated_at, r.created_at, x.golden_id
                  FROM records r JOIN crosswalk x USING (record_id))
    {LINKS}
"""  # noqa: S608 (queries are ours)


def relate(run: Run, bounds: list[str]) -> Parts:
    """Make golden relations; keeps the parts `golden_relations` and `relation_cases`.

    Args:
        run: The run; its records have golden ids.
        bounds: Where the parts of golden records end.

    Returns:
        Parts with `lost_relations`: provenance of what no golden relation carries, cut at `bounds`.
    """
    engine, work = run.engine, run.engine.work / "relations"
    tables = {
        "relations": paths_of(run.parts("relations"), "relations"),
        "records": paths_of(run.parts("verified"), "records"),
        "crosswalk": paths_of(run.parts("crosswalk"), "crosswalk"),
    }
    order = ("from_golden_id", "type", "to_golden_id", "from_record_id", "to_record_id", "source")
    found = engine.sql(_ENDS, tables, order, stage="relation_links", table="links")
    links = {"links": paths_of(found, "links")}
    doubtful = engine.frame(DOUBTFUL_LINKS, links, order)
    ranks = {name: policy.trust for name, policy in run.standards.sources.items() if policy.trust is not None}
    cuts = cut_circles(doubtful, ranks)
    write_part(work / "cuts.parquet", to_arrow(cuts))
    write_part(work / "lost.parquet", to_arrow(lost_relations(doubtful, cuts)))
    write_part(work / "cases.parquet", to_arrow(circle_cases(doubtful, cuts)))
    run.keep_parts("relation_cases", [{"cases": work / "cases.parquet"}])
    if len(cuts):
        run.listener.say(f"{len(cuts):,} relations closed a circle of parents and were cut (cases `hierarchy_circle`)")
    golden = engine.sql(
        GOLDEN_RELATIONS,
        links | {"cuts": [work / "cuts.parquet"]},
        ("from_golden_id", "type", "to_golden_id"),
        stage="golden_relations",
        table="golden_relations",
    )
    run.keep_parts("golden_relations", golden)
    return engine.sql(
        "SELECT * FROM lost",
        {"lost": [work / "lost.parquet"]},
        ("golden_id", "column"),
        stage="lost_relations",
        table="lost_relations",
        key="golden_id",
        bounds=bounds,
    )
