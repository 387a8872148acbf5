"""A processed file into the reference library: read, checked against what was sent, told as findings, counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from dq.address.applying import months_old
from dq.address.bureau.checking import MIXED_UP, REASON, Checked, beside_sent, check_rows
from dq.address.bureau.codes import HAS_NEW, HAS_ZIP4, count_unknown, load_codes, read_codes
from dq.address.bureau.columns import KEY
from dq.address.bureau.exporting import SENT, read_sent
from dq.address.bureau.library import merged_findings, read_findings, write_findings
from dq.address.bureau.postal import postal_parts
from dq.address.bureau.reading import Answer, read_answer, refusal
from dq.address.bureau.telling import address_findings, has_told, move_findings, resolved_moves
from dq.address.words import load_words
from dq.errors import NotFoundError
from dq.model import REJECTS, TEXT
from dq.standards import Standards
from dq.tables.reading import FILE, LINE
from dq.tables.writing import write_csv_for_people

_PLACES: Final = ("file", "first_line", "last_line", "reason")
_REJECT_TEXT: Final = 1_000
"""Characters of a refused row that are kept, as in reading."""


@dataclass(frozen=True)
class LoadReport:
    """What a processed file came to; `rows_read = told + unchanged + sum(rejected)`.

    Attributes:
        files: File names and SHA-256.
        rows_read: Logical records of the files.
        told: Rows that gave a finding about their address or their name.
        unchanged: Rows that say nothing about either.
        rejected: Reason → rows. Reasons of `REASONS`, and those of reading.
        rejects: Columns of `dq.model.REJECTS`, one row per refused piece.
        sent: Keys of the lists that this is the answer to.
        returned: Keys of these lists that came back.
        addresses: Outcome → addresses, of this load.
        moves: Type of move → names, of this load; `possible_move` counts names whose move could not be told.
        corrected: Addresses whose standard form differs from the one sent.
        unchecked: Rows that bring no address to compare with the one sent.
        undated: Rows without a date of their own, which took the earliest of the file or the one that was given.
        unknown_codes: Field → believed rows with a code that nobody knows.
        columns: File → field → header.
        unknown_headers: File → headers that nobody knows; they were not read.
        vintage: Latest day of processing.
        age_months: Whole months from `vintage` to the day of loading.
        findings: Findings of the mail house in the library after the load.
        decisions: How the files were read, one sentence each.
    """

    files: tuple[tuple[str, str], ...]
    rows_read: int
    told: int
    unchanged: int
    rejected: Mapping[str, int]
    rejects: pd.DataFrame
    sent: int
    returned: int
    addresses: Mapping[str, int]
    moves: Mapping[str, int]
    corrected: int
    unchecked: int
    undated: int
    unknown_codes: Mapping[str, int]
    columns: Mapping[str, Mapping[str, str]]
    unknown_headers: Mapping[str, tuple[str, ...]]
    vintage: str
    age_months: int | None
    findings: int
    decisions: tuple[str, ...]

    @property
    def not_returned(self) -> int:
        """Return how many keys were sent and did not come back."""
        return self.sent - self.returned

    @property
    def is_balanced(self) -> bool:
        """Tell whether every row read is accounted for."""
        return self.rows_read == self.told + self.unchanged + sum(self.rejected.values())


def load_answer(
    paths: Sequence[Path],
    library: Path,
    standards: Standards,
    as_of: date,
    mapping: Mapping[str, str] | None = None,
    processed_on: date | None = None,
) -> LoadReport:
    """Read a processed file, check it against what was sent, and merge its findings into the library.

    Args:
        paths: Files of one answer: delimited text or Excel, also zipped.
        library: The reference library, with the lists that were sent.
        standards: Words of headers, codes, and the standard form of addresses.
        as_of: Day of loading.
        mapping: Header → field of `dq.address.bureau.FIELDS`, for headers that the words do not know.
        processed_on: Day of processing, where the file does not say it.

    Raises:
        NotFoundError: No list was ever sent.
        SourceError: The file cannot be used; with everything that is wrong with it. Nothing is loaded.
    """
    lists = read_sent(library)
    if not lists:
        raise NotFoundError(
            f"{library} remembers no list that was sent to a mail house",
            "write one with `dq address export --bureau`, or name the library it was written with",
        )
    everything = pd.concat(lists, ignore_index=True).drop_duplicates(KEY)
    answer = read_answer(paths, frozenset(everything[KEY]), standards, mapping, library / "bureau")
    words = load_words(standards)
    checked = check_rows(_interpreted(answer.rows, everything, standards), as_of, processed_on, words)
    _refuse_unusable(checked, answer, everything)
    believed = checked.rows[checked.rows[REASON].isna()]
    of_address = address_findings(believed, standards, words)
    of_names = move_findings(believed)
    asked = _asked(lists, frozenset(checked.rows[KEY].dropna()))
    findings = merged_findings(pd.concat([of_address, of_names], ignore_index=True), read_findings(library), everything)
    report = _report(answer, checked, of_address, of_names, asked, len(findings), as_of)
    # Where each refused row stands, without what is in it: the file itself is still there, and names are not copied.
    write_csv_for_people(report.rejects, library / "bureau" / "rejects.csv", _PLACES)
    write_findings(findings, _document(report, as_of), library)
    return report


def _interpreted(rows: pd.DataFrame, sent: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    """Put what was sent, the codes' meaning and both addresses beside each row."""
    beside = beside_sent(rows, sent)
    standard = postal_parts(rows, "std")
    new = postal_parts(rows, "new").add_prefix("new_")
    # A +4 that only repeats the one sent is no sign that the address was found.
    brings_zip4 = standard["zip4"].notna() & (standard["zip4"] != beside["sent_zip4"]).fillna(True)
    flags = {HAS_ZIP4: brings_zip4, HAS_NEW: new["new_line1"].notna() | new["new_line2"].notna()}
    said = read_codes(rows.assign(**flags), load_codes(standards))
    said["is_converted"] = said["is_converted"].notna()
    asked = beside[[f"sent_{column}" for column in SENT if column != KEY]]
    read = pd.concat([asked, said, standard, new], axis=1)
    typed = rows.drop(columns=[column for column in rows.columns if column in read.columns])
    return resolved_moves(pd.concat([typed, read], axis=1))


def _refuse_unusable(checked: Checked, answer: Answer, sent: pd.DataFrame) -> None:
    """Refuse files of which nothing can be believed.

    Raises:
        SourceError: With everything that is wrong.
    """
    rows = checked.rows
    problems = []
    if not len(rows):
        problems.append("there are no rows")
    elif not rows[KEY].isin(sent[KEY]).any():
        problems.append(f"none of its {len(rows):,} keys was ever sent")
    elif checked.is_mixed_up:
        wrong = int((rows[REASON] == MIXED_UP).sum())
        problems.append(f"{wrong:,} of {int(rows['is_checked'].sum()):,} rows carry the key of another address")
    if len(rows) and rows["evidence_on"].isna().all():
        problems.append("no row says when it was processed; give the day")
    elif len(rows) and (rows[REASON] == "date_in_future").all():
        problems.append("every row was processed in the future")
    if problems:
        raise refusal([f"{', '.join(answer.columns)}: {problem}" for problem in problems])


def _asked(lists: Sequence[pd.DataFrame], returned: frozenset[str]) -> frozenset[str]:
    """Return the keys of the lists that an answer belongs to: the fewest and tightest that cover what came back."""
    waiting, asked = set(returned), set[str]()
    candidates = [frozenset(sent[KEY]) for sent in lists]
    while waiting and candidates:
        best = max(candidates, key=lambda keys: (len(keys & waiting), -len(keys)))
        if not best & waiting:
            break
        asked |= best
        waiting -= best
        candidates.remove(best)
    return frozenset(asked)


def _report(
    answer: Answer,
    checked: Checked,
    of_address: pd.DataFrame,
    of_names: pd.DataFrame,
    asked: frozenset[str],
    findings: int,
    as_of: date,
) -> LoadReport:
    rows = checked.rows
    believed = rows[rows[REASON].isna()]
    told = int(has_told(believed).sum())
    rejects = _rejects(answer, rows)
    vintage = str(believed["evidence_on"].max()) if len(believed) else ""
    moves = of_names["move_type"].fillna("possible_move").value_counts()
    return LoadReport(
        files=answer.files,
        rows_read=len(rows) + len(answer.rejects),
        told=told,
        unchanged=len(believed) - told,
        rejected=_counts(rejects["reason"].value_counts()),
        rejects=rejects,
        sent=len(asked),
        returned=len(asked & frozenset(rows[KEY].dropna())),
        addresses=_counts(of_address["outcome"].value_counts()),
        moves=_counts(moves),
        corrected=int(of_address["corrections"].notna().sum()),
        unchecked=checked.unchecked,
        undated=checked.undated,
        unknown_codes=count_unknown(believed["unknown"]),
        columns={file: dict(read.headers) for file, read in answer.columns.items()},
        unknown_headers={file: read.unknown for file, read in answer.columns.items() if read.unknown},
        vintage=vintage,
        age_months=months_old(vintage, as_of),
        findings=findings,
        decisions=answer.decisions,
    )


def _counts(counts: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in sorted(counts.items())}


def _rejects(answer: Answer, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the pieces refused by reading and the rows refused here, columns of REJECTS."""
    refused = rows[rows[REASON].notna()]
    typed = [column for column in answer.rows.columns if column not in (LINE, FILE)]
    cells = answer.rows.loc[refused.index, typed].fillna("")
    texts = ["\t".join(row) for row in cells.itertuples(index=False)]
    own = pd.DataFrame(
        {
            "source": "bureau",
            "file": refused[FILE],
            "first_line": refused[LINE],
            "last_line": refused[LINE],
            "reason": refused[REASON],
            "text": pd.Series([text[:_REJECT_TEXT] for text in texts], index=refused.index, dtype=TEXT),
        }
    )
    joined = pd.concat([answer.rejects, own], ignore_index=True).reindex(columns=list(REJECTS.columns))
    return joined.sort_values(list(REJECTS.sort), ignore_index=True)


def _document(report: LoadReport, as_of: date) -> dict[str, object]:
    """Return what `bureau.json` keeps of the last load: counts, no row."""
    return {
        "vintage": report.vintage,
        "loaded_at": as_of.isoformat(),
        "files": [{"file": name, "sha256": digest} for name, digest in report.files],
        "counts": {
            "rows_read": report.rows_read,
            "told": report.told,
            "unchanged": report.unchanged,
            "rejected": dict(report.rejected),
            "sent": report.sent,
            "not_returned": report.not_returned,
            "addresses": dict(report.addresses),
            "moves": dict(report.moves),
            "corrected": report.corrected,
            "unknown_codes": dict(report.unknown_codes),
        },
        "columns": {file: dict(fields) for file, fields in report.columns.items()},
    }
