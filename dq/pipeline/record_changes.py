"""Holds two finished runs against each other record by record: what was fixed, broken, re-clustered, or changed.

Every count balances: a record stands in exactly one class of each kind. What the runs hold stays on disk; DuckDB
answers from there in bounded memory.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from dq.engine.comparing import RunPair
from dq.pipeline.record_queries import (
    BOTH,
    BROKEN,
    CLUSTERS,
    COMPARED,
    COUNTS,
    CROSSWALK,
    GOLDEN_CELLS,
    GOLDEN_COUNTS,
    LISTED,
    LOADING,
    MOVES,
    NO_CROSSWALK,
    NOT_BROKEN,
    SIDE,
    STATE,
    TARGETS,
)
from dq.tables.writing import write_csv_for_people

RECORDS_FILE, GOLDEN_FILE = "records.csv", "golden_values.csv"
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "presence": ("both", "new", "gone"),
    "input": ("same", "edited"),
    "problems": ("fixed", "newly_broken", "still_broken", "clean"),
    "cluster": ("same", "merged", "split", "regrouped", "nobody"),
    "id": ("same", "changed"),
}
"""Kind of difference → its classes. All but `presence` share out the records that both runs have; `nobody` are records
that belong to no customer in one of the runs."""
_OF_THE_CLUSTER: Final = frozenset({"golden_id", "household_id", "cluster_size", "sources"})
"""Columns of a golden record that say who belongs to it; what it says of the customer are the others."""


@dataclass(frozen=True)
class LoadMove:
    """How many records were in one state for a target and are in another: `loads`, `blocked`, `parked`, `nobody`."""

    target: str
    then: str
    now: str
    records: int


@dataclass(frozen=True)
class RecordChanges:
    """What two runs come to by record.

    Attributes:
        then: Records of the earlier run.
        now: Records of the later run.
        counts: Kind → class → records (`KINDS`).
        loads: Of records in both runs, per target that both runs were held against.
        golden: Golden records `then`, `now`, `kept`, `new`, `gone`; of those kept `changed` and `same`; empty where one
            run has none.
        columns: Column → golden values that differ, the most first.
    """

    then: int
    now: int
    counts: Mapping[str, Mapping[str, int]]
    loads: tuple[LoadMove, ...]
    golden: Mapping[str, int]
    columns: Mapping[str, int]

    def document(self) -> dict[str, Any]:
        """Return it for machines."""
        return asdict(self)


def compare_records(then: Path, now: Path, out: Path | None = None) -> RecordChanges:
    """Compare two runs by record.

    Args:
        then: Folder of the earlier run.
        now: Folder of the later run.
        out: Folder for `records.csv` (one row per record that differs in anything) and `golden_values.csv` (one row per
            golden value that differs).

    Raises:
        NotFoundError: A folder holds no finished run.
    """
    pair = RunPair(then, now)
    try:
        targets = _prepare(pair)
        counts = {kind: _counted(pair, kind, words) for kind, words in KINDS.items()}
        loads = tuple(move for number, target in enumerate(targets) for move in _moves(pair, number, target))
        differs, cells = _golden_columns(pair)
        golden = _golden(pair, differs)
        columns = _columns(pair, differs, cells)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            _write(pair, out, targets, differs, cells)
        presence = counts["presence"]
        return RecordChanges(
            presence["both"] + presence["gone"], presence["both"] + presence["new"], counts, loads, golden, columns
        )
    finally:
        pair.close()


def _whole(count: object) -> int:
    """Return a count that DuckDB gave."""
    assert isinstance(count, int)
    return count


def _prepare(pair: RunPair) -> tuple[str, ...]:
    """Keep the table `compared`, one row per record of either run; return the targets of both."""
    for side in ("then", "now"):
        has = f"{side}_crosswalk" in pair.tables
        crosswalk = CROSSWALK.format(side=side) if has else NO_CROSSWALK
        broken = BROKEN.format(side=side) if f"{side}_violations" in pair.tables else NOT_BROKEN
        pair.keep(f"side_{side}", SIDE.format(side=side, crosswalk=crosswalk, broken=broken))
    pair.keep("met_records", BOTH)
    pair.keep("met_clusters", CLUSTERS)
    targets = _targets(pair)
    loads, joins = [], []
    for number, target in enumerate(targets):
        for side in ("then", "now"):
            name = f"load_{number}_{side}"
            loading = LOADING.format(side=side, target=target.replace("'", "''"))
            joins.append(f"LEFT JOIN ({loading}) {name} ON {name}.golden_id = m.golden_id_{side}")
            loads.append(f", {STATE.format(side=side, name=name)} AS {name}")
    pair.keep("compared", COMPARED.format(loads=" ".join(loads), joins="\n".join(joins)))
    return targets


def _targets(pair: RunPair) -> tuple[str, ...]:
    if not pair.has("load_verdicts"):
        return ()
    then, now = ({str(row["target"]) for row in pair.sql(TARGETS.format(side=side))} for side in ("then", "now"))
    return tuple(sorted(then & now))


def _counted(pair: RunPair, kind: str, words: tuple[str, ...]) -> dict[str, int]:
    found = {str(row["word"]): _whole(row["n"]) for row in pair.sql(COUNTS.format(column=kind))}
    return {word: found.get(word, 0) for word in words}


def _moves(pair: RunPair, number: int, target: str) -> list[LoadMove]:
    asked = MOVES.format(then=f"load_{number}_then", now=f"load_{number}_now")
    return [LoadMove(target, str(row["word_then"]), str(row["word_now"]), _whole(row["n"])) for row in pair.sql(asked)]


def _golden_columns(pair: RunPair) -> tuple[str, str]:
    """Return the condition under which a golden record differs, and its cells as structs; empty without any."""
    if not pair.has("golden"):
        return "", ""
    there = set(pair.columns("then_golden"))
    shared = [name for name in pair.columns("now_golden") if name in there and name not in _OF_THE_CLUSTER]
    quoted = [(name.replace("'", "''"), '"' + name.replace('"', '""') + '"') for name in shared]
    differs = " OR ".join(f"t.{column} IS DISTINCT FROM n.{column}" for _, column in quoted) or "false"
    cells = ", ".join(
        f"{{'name': '{name}', 'before': CAST(t.{column} AS VARCHAR), 'after': CAST(n.{column} AS VARCHAR)}}"
        for name, column in quoted
    )
    return differs, cells


def _golden(pair: RunPair, differs: str) -> dict[str, int]:
    if not differs:
        return {}
    (row,) = pair.sql(GOLDEN_COUNTS.format(differs=differs))
    was, present, kept, changed = (_whole(row[name]) for name in ("was", "present", "kept", "changed"))
    return {
        "then": was,
        "now": present,
        "kept": kept,
        "new": present - kept,
        "gone": was - kept,
        "changed": changed,
        "same": kept - changed,
    }


def _columns(pair: RunPair, differs: str, cells: str) -> dict[str, int]:
    if not cells:
        return {}
    query = f"SELECT column_name, count(*) AS n FROM ({GOLDEN_CELLS.format(differs=differs, cells=cells)}) GROUP BY 1"  # noqa: S608 (columns are quoted)
    found = {str(row["column_name"]): _whole(row["n"]) for row in pair.sql(query)}
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _write(pair: RunPair, out: Path, targets: tuple[str, ...], differs: str, cells: str) -> None:
    names = ["record_id", "source", *KINDS, "rules_then", "rules_now", "golden_id_then", "golden_id_now"]
    headers = {
        f"load_{number}_{side}": f"{target}_{side}" for number, target in enumerate(targets) for side in ("then", "now")
    }
    moves = " ".join(f"OR load_{number}_then IS DISTINCT FROM load_{number}_now" for number, _ in enumerate(targets))
    listed = LISTED.format(columns=", ".join([*names, *headers]), moves=moves)
    write_csv_for_people(pair.batches(listed), out / RECORDS_FILE, [*names, *headers], headers)
    if cells:
        query = f"{GOLDEN_CELLS.format(differs=differs, cells=cells)} ORDER BY golden_id, column_name"
        columns = ["golden_id", "column_name", "before", "after"]
        write_csv_for_people(pair.batches(query), out / GOLDEN_FILE, columns, {"column_name": "column"})
