"""What `dq standardize` and `dq match` leave: the same tables as a whole run, without the later ones."""

from dq.engine import paths_of, rows_of
from dq.model import ADDRESS_OUTCOMES
from dq.pipeline.manifest import write_manifest
from dq.pipeline.match_numbers import draw_charts
from dq.pipeline.reporting import write_cases, write_crosswalk, write_matching, write_records
from dq.pipeline.rule_yields import write_rule_yields
from dq.pipeline.run import Run

_OUTCOMES = """
    SELECT address_outcome, count(*) AS n FROM contact_points WHERE kind = 'address' GROUP BY 1
"""


def report_standardize(run: Run) -> None:
    """Write records, contact points, relations, changes, rejects and doubtful addresses as cases."""
    counts = write_records(run)
    counts["cases"] = write_cases(run, "address_cases")
    run.keep(
        "lines",
        [
            f"{counts['records']:,} records, {counts['changes']:,} values altered, "
            f"{counts['rejects']:,} pieces rejected.",
            *_address_lines(run),
            "Records: {out}/records.parquet; every alteration with its reason: {out}/changes.parquet",
        ],
    )
    write_manifest(run, {}, counts)


def report_match(run: Run) -> None:
    """Write records, pairs, possible matches as cases, the model and the crosswalk."""
    counts = write_records(run) | write_matching(run) | write_crosswalk(run)
    draw_charts(run)
    run.keep(
        "lines",
        [
            f"{counts['records']:,} records are {counts['customers']:,} customers; "
            f"{rows_of(run.parts('cases'), 'cases'):,} pairs wait for a decision.",
            "Who is whom: {out}/crosswalk.csv; the evidence: {out}/pairs.parquet, dq explain {out} RECORD_L RECORD_R",
            *write_rule_yields(run),
        ],
    )
    write_manifest(run, {}, counts)


def _address_lines(run: Run) -> list[str]:
    """Return one line that says how many addresses have which outcome; none where there are no addresses."""
    found = run.engine.frame(_OUTCOMES, {"contact_points": paths_of(run.parts("verified"), "contact_points")})
    counts = dict(zip(found["address_outcome"], found["n"], strict=True))
    total = sum(counts.values())
    shares = [f"{outcome} {counts[outcome] / total:.1%}" for outcome in ADDRESS_OUTCOMES if counts.get(outcome)]
    return [f"{total:,} addresses: {', '.join(shares)}."] if shares else []
