"""Takes a merge apart: what its members were, and the judgements that keep them apart from the next run on.

Writes judgements only: clusters and golden records are functions of records and judgements, so the next run with
`--judgements` gives back each member as it was.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from dq.engine.parts import to_frame
from dq.errors import ConflictError, NotFoundError
from dq.model import JUDGEMENTS_TABLE, TEXT
from dq.tables.people_files import read_people_csv
from dq.tables.writing import write_csv_for_people

MOST_MEMBERS = 200
"""19,900 judgements; a larger cluster is a rule gone wrong, not a merge to be judged by hand."""


@dataclass(frozen=True)
class Unmerge:
    """What taking a merge apart wrote.

    Attributes:
        members: `records.parquet` rows of the golden record, as they were before they were merged.
        written: Judgements added.
        judgements: The file that holds them, to be given to the next run.
    """

    members: pd.DataFrame
    written: int
    judgements: Path


def unmerge(
    folder: Path, golden_id: str, judgements: Path, *, by: str, reason: str, apart: tuple[str, ...] = ()
) -> Unmerge:
    """Judge members of a golden record DIFFERENT.

    Args:
        folder: Folder of a finished run.
        golden_id: The golden record to take apart.
        judgements: File of judgements; rows that are there stay, those that said SAME of a pair are superseded.
        by: Who decides.
        reason: Why, in a few words.
        apart: Records that leave; the others stay together where evidence between them holds them. Empty: everybody
            leaves everybody.

    Raises:
        NotFoundError: The folder is no run, it has no such golden record, or a record is not its member.
        ConflictError: The golden record has one record only, or too many to be judged by hand.
    """
    crosswalk = read_people_csv(_file(folder, "crosswalk.csv"), ("record_id", "golden_id"), guarded=False)
    ids = sorted(crosswalk.loc[crosswalk["golden_id"] == golden_id, "record_id"])
    if not ids:
        raise NotFoundError(f"{folder} has no golden record {golden_id}", "golden ids stand in crosswalk.csv")
    if unknown := sorted(set(apart) - set(ids)):
        raise NotFoundError(f"{unknown[0]} is no record of {golden_id}", f"its records are {', '.join(ids[:10])}")
    if len(ids) == 1 or len(ids) > MOST_MEMBERS:
        raise ConflictError(f"{golden_id} holds {len(ids)} records", f"between 2 and {MOST_MEMBERS} can be taken apart")
    members = to_frame(pq.read_table(_file(folder, "records.parquet"), filters=[("record_id", "in", ids)]))
    known = _known(judgements)
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    judged = judge_apart(ids, apart, members, by=by, reason=reason, at=at, known=known)
    rows = pd.concat([known, judged], ignore_index=True)
    write_csv_for_people(rows, judgements, list(JUDGEMENTS_TABLE.columns))
    return Unmerge(members, len(rows) - len(known), judgements)


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise NotFoundError(f"{folder} is no finished run: {name} is missing", "name the --out folder of dq run")
    return path


def _known(judgements: Path) -> pd.DataFrame:
    columns = tuple(JUDGEMENTS_TABLE.columns)
    if judgements.is_file():
        return read_people_csv(judgements, columns)
    return pd.DataFrame(columns=list(columns), dtype=TEXT)


def judge_apart(
    ids: Sequence[str],
    apart: tuple[str, ...],
    members: pd.DataFrame,
    *,
    by: str,
    reason: str,
    at: str,
    known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the judgements that take records apart; a pair that was judged before names what it supersedes.

    Args:
        ids: Records of one golden record, sorted.
        apart: Who leaves; empty: everybody leaves everybody.
        members: `record_id`, `content` of those records.
        by: Who decides.
        reason: Why.
        at: When, as UTC timestamp.
        known: Judgements that are there already.
    """
    pairs = [pair for pair in combinations(ids, 2) if not apart or set(pair) & set(apart)]
    content = dict(zip(members["record_id"], members["content"], strict=True)) if pairs else {}
    listed = known.to_dict("records") if known is not None else []
    before = {(row["record_id_l"], row["record_id_r"]): row["judgement_id"] for row in listed}
    rows = [
        {
            "judgement_id": hashlib.sha256("\0".join((left, right, by, at)).encode()).hexdigest()[:16],
            "record_id_l": left,
            "record_id_r": right,
            "judgement": "DIFFERENT",
            "reason": reason,
            "by": by,
            "judged_at": at,
            "content_l": content[left],
            "content_r": content[right],
            "supersedes": before.get((left, right)) or before.get((right, left)),
        }
        for left, right in pairs
    ]
    return pd.DataFrame(rows, columns=list(JUDGEMENTS_TABLE.columns)).astype(TEXT)
