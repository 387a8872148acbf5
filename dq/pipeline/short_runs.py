"""What `dq standardize` and `dq match` leave: the same tables as a whole run, without the later ones."""

from dq.pipeline.manifest import write_manifest
from dq.pipeline.reporting import write_crosswalk, write_matching, write_records
from dq.pipeline.run import Run


def report_standardize(run: Run) -> None:
    """Write records, contact points, relations, changes and rejects."""
    counts = write_records(run)
    run.keep(
        "lines",
        [
            f"{counts['records']:,} records, {counts['changes']:,} values altered, "
            f"{counts['rejects']:,} pieces rejected.",
            "Records: {out}/records.parquet; every alteration with its reason: {out}/changes.parquet",
        ],
    )
    write_manifest(run, {}, counts)


def report_match(run: Run) -> None:
    """Write records, pairs, possible matches as cases, the model and the crosswalk."""
    counts = write_records(run) | write_matching(run) | write_crosswalk(run)
    run.keep(
        "lines",
        [
            f"{counts['records']:,} records are {counts['customers']:,} customers; "
            f"{counts['cases']:,} pairs wait for a decision.",
            "Who is whom: {out}/crosswalk.csv; the evidence: {out}/pairs.parquet, dq explain {out} RECORD_L RECORD_R",
        ],
    )
    write_manifest(run, {}, counts)
