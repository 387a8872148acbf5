"""What another `survivorship.yml` would do to this run's golden records, before anybody puts it in force."""

from dataclasses import replace
from typing import Final

from dq.engine import Parts, paths_of
from dq.model import ADDRESS_COLUMNS, CHANNEL_COLUMNS, EXTRA, GOLDEN
from dq.pipeline.run import Run
from dq.standards import load_survivorship
from dq.survivorship import SurvivePolicy, survive
from dq.tables.writing import write_csv_for_people

COLUMNS: Final = ("golden_id", "column", "before", "after", "is_lost")
"""Columns of `preview.csv`: one row per golden value that would differ. `is_lost`: the value would stand
nowhere on the golden side any more, in no golden record's column and no golden contact point; its records and
`provenance` still hold it."""

_POINTS: Final = {column: ("value", column) for column in CHANNEL_COLUMNS} | {
    column: (column, "address") for column in ADDRESS_COLUMNS
}
"""Flat column → the column of golden contact points, and their kind, that hold its values, too."""
_FIXED: Final = frozenset({"golden_id", "household_id", "cluster_size", "sources"})


def preview(run: Run, parts: Parts, golden: Parts, policy: SurvivePolicy) -> None:
    """Choose golden values again under the rules of `--preview-rules`; keeps the parts `preview`.

    Args:
        run: The run; without rules to preview nothing happens.
        parts: Records and contact points as they were merged.
        golden: What the rules in force made of them.
        policy: The policy in force.
    """
    if run.plan.preview_rules is None:
        return
    other = replace(policy, rules=load_survivorship(run.plan.preview_rules))
    made = run.engine.map(survive, parts, other, stage="golden_preview")
    files = {"golden": paths_of(golden, "golden"), "preview": paths_of(made, "golden")}
    files["points"] = paths_of(made, "golden_contact_points")
    names = run.engine.frame("SELECT column_name FROM (DESCRIBE golden)", files)["column_name"]
    columns = [name for name in names if (name in GOLDEN.columns and name not in _FIXED) or name.startswith(EXTRA)]
    query = " UNION ALL ".join(_differences(column) for column in columns)
    found = run.engine.sql(query, files, ("golden_id", "column"), stage="preview", table="preview")
    run.keep_parts("preview", found)


def write_preview(run: Run) -> list[str]:
    """Write `preview.csv`; return what it comes to in a sentence, nothing where no rules were previewed."""
    if run.plan.preview_rules is None:
        return []
    files = {"preview": paths_of(run.parts("preview"), "preview")}
    rows = run.engine.frame("SELECT * FROM preview", files, ("golden_id", "column"))
    write_csv_for_people(rows[list(COLUMNS)], run.result / "preview.csv")
    lost = int(rows["is_lost"].eq("yes").sum())
    return [
        f"Under {run.plan.preview_rules.name} {rows['golden_id'].nunique():,} golden records would differ in "
        f"{len(rows):,} values; {lost:,} of the values now chosen would stand nowhere on the golden side: "
        "{out}/preview.csv"
    ]


def _differences(column: str) -> str:
    name = '"' + column.replace('"', '""') + '"'
    text = "'" + column.replace("'", "''") + "'"
    held = f"SELECT {name} FROM preview WHERE {name} IS NOT NULL"  # noqa: S608 (names are quoted)
    if column in _POINTS:
        value, kind = _POINTS[column]
        held += f" UNION ALL SELECT {value} FROM points WHERE kind = '{kind}' AND {value} IS NOT NULL"  # noqa: S608
    return f"""
        SELECT g.golden_id, {text} AS "column", CAST(g.{name} AS VARCHAR) AS before, CAST(p.{name} AS VARCHAR) AS after,
               CASE WHEN g.{name} IS NULL OR g.{name} IN ({held}) THEN 'no' ELSE 'yes' END AS is_lost
        FROM golden g JOIN preview p USING (golden_id) WHERE g.{name} IS DISTINCT FROM p.{name}
    """  # noqa: S608 (names are quoted)
