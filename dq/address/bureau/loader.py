"""`dq reference load bureau`: the mail house's answer as a load of reference data, and what came of it in sentences."""

from collections.abc import Iterable, Mapping

from dq.address.bureau.checking import REASONS
from dq.address.bureau.library import STEM, content_hash, read_findings
from dq.address.bureau.loading import LoadReport as AnswerReport
from dq.address.bureau.loading import load_answer
from dq.address.reference.dataset import Dataset
from dq.address.reference.loading import LoadOrder, LoadReport


def load_bureau(order: LoadOrder) -> LoadReport:
    """Load the answer of a mail house.

    Raises:
        NotFoundError: No list was ever sent.
        SourceError: The file cannot be used.
    """
    answer = load_answer(order.paths, order.library, order.standards, order.loaded_at.date())
    told = {"told": answer.told, "unchanged": answer.unchanged, "refused": sum(answer.rejected.values())}
    dataset = Dataset(
        kind=STEM,
        vintage=answer.vintage or None,
        vintages=(answer.vintage,) if answer.vintage else (),
        loaded_at=order.loaded_at.isoformat(),
        rows=answer.findings,
        records=told,
        skipped={},
        sha256=content_hash(read_findings(order.library)),
        files=tuple(name for name, _ in answer.files),
    )
    return LoadReport(dataset, tuple(sentences(answer)))


def sentences(report: AnswerReport) -> Iterable[str]:
    """Say what a processed file came to, the most important first."""
    if report.not_returned:
        yield f"{report.not_returned:,} of {_rows(report.sent)} that were sent did not come back"
    for reason, count in report.rejected.items():
        yield f"{_rows(count)} refused: {REASONS.get(reason, reason.replace('_', ' '))}"
    if report.unchanged:
        yield f"{_rows(report.unchanged)} without a word about address or name"
    if report.addresses:
        yield "addresses: " + _counted(report.addresses)
    if report.moves:
        yield "moves: " + _counted(report.moves)
    if report.corrected:
        yield f"corrected: {report.corrected:,} addresses have another standard form than the one sent"
    if report.undated:
        yield f"{_rows(report.undated)} without a date of their own took that of the file"
    if report.unchecked:
        yield f"{_rows(report.unchecked)} without an address that could be held against the one sent"
    for field, count in report.unknown_codes.items():
        yield f"{_rows(count)} with an unknown code in {field}; it stands in the detail of the finding"
    for file, headers in report.unknown_headers.items():
        yield f"{file}: not read: {', '.join(headers)}"
    for file, fields in report.columns.items():
        yield f"{file}: " + ", ".join(f"{field} from {header}" for field, header in fields.items())


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
