"""Collects what the scorecard shows from the parts of a run."""

import json
from collections.abc import Mapping

import pandas as pd

from dq import __version__
from dq.engine import paths_of, rows_of
from dq.model import ADDRESS_OUTCOMES
from dq.pipeline.conformity import conformity_examples, conformity_rules
from dq.pipeline.ledger import Account, as_document
from dq.pipeline.match_numbers import matching_of
from dq.pipeline.run import Run
from dq.quality import summarize
from dq.quality.scorecard import AddressCount, Duplicates, Example, RunFacts, Scorecard, ScorecardInput, make_scorecard
from dq.quality.scorecard.masking import mask, shorten

EXAMPLES = 3
"""Failing values shown per rule: enough to recognise the kind, few enough to read."""

_TROUBLED = """
    SELECT source, count(DISTINCT record_id) AS troubled FROM violations
    WHERE record_id IS NOT NULL AND severity <> 'info' GROUP BY source
"""
_EXAMPLES = f"""
    SELECT v.*, CASE WHEN p.kind = 'address' OR p.kind IS NULL THEN NULL ELSE p.value END AS point_value
    FROM (SELECT *, row_number() OVER (
              PARTITION BY rule_id ORDER BY record_id NULLS LAST, golden_id, contact_point_id, "column", value) AS place
          FROM violations) v
    LEFT JOIN contact_points p ON p.contact_point_id = v.contact_point_id
    WHERE v.place <= {EXAMPLES}
"""  # noqa: S608 (an integer is put in)
_DUPLICATES = """
    SELECT count(*) AS records, count(DISTINCT golden_id) AS customers, max(cluster_size) AS largest,
           count(*) FILTER (WHERE cluster_size > 1) AS merged_records,
           count(DISTINCT golden_id) FILTER (WHERE cluster_size > 1) AS groups
    FROM crosswalk
"""
_PAIRS = """
    SELECT least(l.source, r.source) AS a, greatest(l.source, r.source) AS b, count(*) AS pairs
    FROM pairs p JOIN crosswalk l ON l.record_id = p.record_id_l JOIN crosswalk r ON r.record_id = p.record_id_r
    WHERE p.outcome = 'match' GROUP BY 1, 2
"""


def scorecard_of(
    run: Run, accounts: list[Account], stopped: tuple[str, ...], charts: tuple[str, ...] = ()
) -> Scorecard:
    """Compute the scorecard of a run.

    Args:
        run: The run.
        accounts: Its ledger.
        stopped: Rules of severity `stop` that failed.
        charts: Pictures of matching in `charts/`.
    """
    kept_counts = run.kept("rule_counts")
    assert isinstance(kept_counts, list)
    counts = pd.DataFrame(kept_counts)
    by_rule = summarize(counts, run.standards, by=())
    readiness = run.kept("readiness") or []
    assert isinstance(readiness, list)
    if readiness:
        by_rule = pd.concat([by_rule, conformity_rules(readiness).astype(by_rule.dtypes.to_dict())], ignore_index=True)
    mapping, countries = run.kept("mapping"), run.kept("countries")
    assert isinstance(mapping, list)
    assert isinstance(countries, dict)
    given = ScorecardInput(
        results=summarize(counts, run.standards),
        rules=by_rule,
        examples={**_examples(run), **conformity_examples(readiness)},
        troubled=_counts(run, _TROUBLED, "source", "troubled"),
        records=_counts(run, "SELECT source, count(*) AS n FROM records GROUP BY source", "source", "n"),
        duplicates=_duplicates(run),
        matching=matching_of(run, charts),
        ledger=as_document(accounts),
        changes=_changes(run),
        addresses=_addresses(run),
        mapping=tuple(mapping),
        countries=countries,
        facts=_facts(run),
        stopped=stopped,
        loads=tuple(target["headline"] for target in readiness),
    )
    return make_scorecard(given, run.standards.dimensions)


def _files(run: Run) -> dict[str, list]:  # type: ignore[type-arg]
    clean = run.parts("verified")
    return {
        "records": paths_of(clean, "records"),
        "contact_points": paths_of(clean, "contact_points"),
        "changes": paths_of(clean, "changes"),
        "violations": paths_of(run.parts("violations"), "violations"),
        "crosswalk": paths_of(run.parts("crosswalk"), "crosswalk"),
        "pairs": paths_of(run.parts("pairs"), "pairs"),
    }


def _counts(run: Run, query: str, key: str, number: str) -> dict[str, int]:
    answer = run.engine.frame(query, _files(run), (key,))
    return {str(name): int(count) for name, count in zip(answer[key], answer[number], strict=True)}


def _changes(run: Run) -> dict[str, int]:
    query = "SELECT reason, count(*) AS n FROM changes GROUP BY reason"
    answer = run.engine.frame(query, _files(run), ("reason",)).sort_values(["n", "reason"], ascending=[False, True])
    return {str(reason): int(count) for reason, count in zip(answer["reason"], answer["n"], strict=True)}


def _addresses(run: Run) -> tuple[AddressCount, ...]:
    query = "SELECT address_outcome, count(*) AS n FROM contact_points WHERE kind = 'address' GROUP BY 1"
    found = _counts(run, query, "address_outcome", "n")
    return tuple(AddressCount(outcome, found[outcome]) for outcome in ADDRESS_OUTCOMES if outcome in found)


def _duplicates(run: Run) -> Duplicates:
    files = _files(run)
    totals = run.engine.frame(_DUPLICATES, files).iloc[0]
    matched = run.engine.frame(_PAIRS, files, ("a", "b"))
    one, other = matched["a"] == matched["b"], matched["a"] != matched["b"]
    return Duplicates(
        records=int(totals["records"]),
        customers=int(totals["customers"]),
        merged_records=int(totals["merged_records"]),
        groups=int(totals["groups"]),
        largest=int(totals["largest"]) if totals["records"] else 0,
        possible=rows_of(run.parts("cases"), "cases"),
        within={row["a"]: int(row["pairs"]) for row in matched.loc[one].to_dict("records")},
        across={f"{row['a']}|{row['b']}": int(row["pairs"]) for row in matched.loc[other].to_dict("records")},
    )


def _examples(run: Run) -> Mapping[str, tuple[Example, ...]]:
    files = _files(run)
    rows = run.engine.frame(_EXAMPLES, files, ("rule_id", "place"))
    wanted = ", ".join(
        "'" + record_id.replace("'", "''") + "'" for record_id in sorted(set(rows["record_id"].dropna()))
    )
    query = f"SELECT * FROM records WHERE record_id IN ({wanted or 'NULL'})"  # noqa: S608 (quoted ids of this run)
    records = run.engine.frame(query, {"records": files["records"]}, ("record_id",)).set_index("record_id")
    show = shorten if run.plan.unmasked else mask
    examples: dict[str, tuple[Example, ...]] = {}
    for row in json.loads(rows.to_json(orient="records")):
        # A contact point's value is personal whichever of its columns the rule is about.
        clean, clean_column = row["point_value"], ""
        if (
            clean is None
            and row["layer"] != "golden"
            and row["record_id"] in records.index
            and row["column"] in records
        ):
            clean, clean_column = records.at[row["record_id"], row["column"]], row["column"]
        example = Example(
            record_id=row["record_id"] or row["golden_id"] or row["source"] or "",
            column=row["column"] or "",
            raw=show(row["value"] or "", row["column"] or ""),
            clean=show(clean, clean_column) if isinstance(clean, str) else "",
            reason=row["reason"] or "" if run.plan.unmasked else "",
        )
        examples[row["rule_id"]] = (*examples.get(row["rule_id"], ()), example)
    return examples


def _facts(run: Run) -> RunFacts:
    listed = run.kept("read")
    assert isinstance(listed, list)
    sources = sorted({(str(t["source"]), str(name)) for t in listed for name, _ in t["files"]})
    names: dict[str, list[str]] = {}
    for source, file in sources:
        names.setdefault(source, []).append(file)
    return RunFacts(
        version=__version__,
        as_of=run.plan.as_of.isoformat(),
        match_at=run.plan.match_at,
        standards=run.standards.hash[:12],
        sources=tuple((source, ", ".join(files)) for source, files in names.items()),
        tag=run.plan.tag,
    )
