"""What people decided about columns: the source's file, and above it the command line."""

from collections.abc import Sequence

from dq.errors import SourceError
from dq.standards.sources import SourcePolicy, TablePolicy
from dq.tables.recognition.source_mapping import Overrides, TableSample
from dq.tables.recognition.targets import EXTRA, IGNORE, Target, parse_target
from dq.tables.recognition.votes import Vote


def decided_votes(sample: TableSample, source: SourcePolicy, policy: TablePolicy, said: Overrides) -> dict[str, Vote]:
    """Return what people decided: the source's file, then above it the command line."""
    decided: dict[str, Vote] = {}
    file_says = "the source's file says so"
    for header, target in policy.columns.items():
        decided[header] = Vote(parse_target(target) or Target(EXTRA), 1.0, file_says)
    decided.update({header: Vote(Target(IGNORE), 1.0, "ignored by the source's file") for header in policy.ignore})
    decided.update(
        {header: Vote(Target(IGNORE), 1.0, "archived: the source's file says so") for header in policy.archive}
    )
    if source.department_column:
        decided[source.department_column] = Vote(Target("department"), 1.0, file_says)
    if source.owner_column:
        decided[source.owner_column] = Vote(Target("owner"), 1.0, file_says)
    for header in sample.headers:
        for name in (header, f"{sample.table}.{header}"):
            if name in said.columns:
                decided[header] = Vote(parse_target(said.columns[name]) or Target(EXTRA), 1.0, "--map says so")
            if name in said.ignore:
                decided[header] = Vote(Target(IGNORE), 1.0, "--ignore says so")
    return {header: vote for header, vote in decided.items() if header in sample.headers}


def check_overrides(source: str, samples: Sequence[TableSample], said: Overrides) -> None:
    """Refuse flags that name no column of the source or no target."""
    known = {name for sample in samples for header in sample.headers for name in (header, f"{sample.table}.{header}")}
    for header, target in said.columns.items():
        if header in known and parse_target(target) is None:
            raise SourceError(
                f"{source}: --map {header}={target} names no column of dq", "see `dq run --help` for the names"
            )
    if len(samples) == 1 and said.key is not None and said.key not in known:
        raise SourceError(
            f"{source} has no column `{said.key}`", f"--key takes one of: {', '.join(sorted(known)[:20])}"
        )
