"""Makes a load folder: the files of a load in their order, what is blocked, and who is who."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from dq.conversion import TargetRows
from dq.conversion.loading import (
    CHILD_COLUMNS,
    CHILDREN,
    Loaded,
    Operations,
    place_children,
    plan_load,
)
from dq.conversion.rows import ROW_COLUMNS
from dq.errors import NotFoundError, SettingsError
from dq.model import TEXT
from dq.pipeline.loading.blocked import RAW, blocked_rows
from dq.pipeline.loading.files import write_batches
from dq.pipeline.loading.folder import (
    LOAD_FILE,
    STATE,
    WOULD_LOAD,
    LoadFolder,
    find_load,
    open_load,
    read_state,
    write_about,
    write_state,
)
from dq.pipeline.staging import LOCK, locked
from dq.standards.targets import Target
from dq.survivorship.events import golden_events
from dq.tables.exported_files import read_exported_csv
from dq.tables.people_files import read_people_csv
from dq.tables.writing import write_csv_for_machines, write_csv_for_people


def prepare_load(
    folder: Path,
    target: Target,
    about: Mapping[str, Any],
    rows: TargetRows,
    verdicts: pd.DataFrame,
    blockers: pd.DataFrame,
    crosswalk: pd.DataFrame,
    loaded: Loaded | None = None,
    merged: Mapping[str, str] | None = None,
    raw: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Write a load into an empty folder; return the content of its `load.json`.

    Args:
        folder: Where to.
        target: What it goes into.
        about: At least `target`, `path`; also `tag`, `run_id`, `since` where there are any.
        rows: Everything as it shall be.
        verdicts: Of the load path, as `model.LOAD_VERDICTS`.
        blockers: Of the load path, as `model.BLOCKERS`.
        crosswalk: `source`, `source_key`, `record_id`, `golden_id` of every record.
        loaded: What the target holds already.
        merged: `row_id` merged away → the one that survives it.
        raw: `record_id`, `raw` of the records behind rows that stay out: what the sources say.
    """
    folder.mkdir(parents=True, exist_ok=True)
    loading = set(verdicts.loc[verdicts["would_load"], "row_id"])
    before = loaded or {}
    plans = plan_load(target, rows, loading, before, merged or {})
    _write_state(folder, rows, loading, before, merged or {}, crosswalk, blockers)
    document = {
        **about,
        "counts": {thing: _counts(plan) for thing, plan in plans.items()},
        "files": write_batches(folder, target, about, plans),
    }
    told = pd.DataFrame({"record_id": [], "raw": []}, dtype=TEXT) if raw is None else raw
    write_state(folder, RAW, told)
    blocked = blocked_rows(target, rows, verdicts, blockers, crosswalk, told)
    write_csv_for_people(blocked, folder / "blocked.csv", list(blocked.columns))
    _write_crosswalk(folder, rows, loading, crosswalk)
    write_about(folder, document)
    return document


def make_load(
    run: Path,
    target: str,
    out: Path,
    *,
    since: str | None = None,
    tag: str | None = None,
    batch: int | None = None,
    rehearse: bool = False,
    children: tuple[Path, ...] = (),
) -> dict[str, Any]:
    """Make the load of a finished run; with `since` only what is not in the target yet.

    Args:
        run: Folder of a run that was made with `--target`.
        target: Which of its targets.
        out: New folder of the load.
        since: The load before, by folder or tag; its answers say what is in.
        tag: Name of this load, such as `mock-2`.
        batch: Rows of a file at most; None: as the load path says.
        rehearse: Send the rows that would not load as well, to see what the target says of them.
        children: Files of what hangs on customers: `object, id, source, parent_key, parent_id`.

    Raises:
        NotFoundError: The run has no such load, or `since` is none.
        SettingsError: `out` is there already, `since` went into another target, or its answers are not known.
        ConflictError: Another command is making the same folder.
    """
    source = run / "load" / target
    if not (run / "manifest.json").is_file() and not source.parent.is_dir():
        raise NotFoundError(f"{run} is no run", "name the folder of a run that was made with --target")
    if not (source / LOAD_FILE).is_file():
        raise NotFoundError(f"{run} was not made for {target}", f"run it with --target {target} first")
    _refuse_there(out)
    first = open_load(source)
    earlier = open_load(find_load(since, out, target)) if since else None
    if earlier is not None:
        _refuse_unanswered(earlier, target)
    crosswalk = read_state(source / STATE / "crosswalk.parquet")
    blockers = read_state(source / STATE / "blockers.parquet")
    about = {key: first.about[key] for key in ("target", "path", "assign", "run_id") if key in first.about}
    about |= {"tag": tag} if tag else {}
    about |= {"batch": batch} if batch else {}
    about |= {"rehearsal": True} if rehearse else {}
    about |= {"since": str(earlier.about.get("tag") or earlier.path.name)} if earlier else {}
    hanging = [read_exported_csv(path, CHILD_COLUMNS) for path in children]
    with _unfinished(out) as unfinished:
        made = prepare_load(
            unfinished,
            first.target,
            about,
            first.rows,
            _verdicts(first, blockers, rehearse=rehearse),
            blockers,
            crosswalk,
            earlier.after() if earlier else None,
            _merged(earlier, crosswalk) if earlier else None,
            _raw(source),
        )
        if hanging:
            parked = set(first.rows.parked["row_id"])
            placed = _place(unfinished, pd.concat(hanging, ignore_index=True), crosswalk, earlier, parked)
            counts = {str(name): int(count) for name, count in placed["outcome"].value_counts().items()}
            made = {**made, "children": counts}
            write_about(unfinished, made)
    return made


@contextmanager
def _unfinished(out: Path) -> Iterator[Path]:
    """Give an empty folder that becomes `out` once the block ends without an error; one command at a time.

    Raises:
        ConflictError: Another command is making the same load.
        SettingsError: Another command has just made it.
    """
    folder = out.with_name(f".{out.name}.unfinished")
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder, "dq load"):
        _refuse_there(out)
        for rest in folder.iterdir():
            if rest.is_dir():
                shutil.rmtree(rest)
            elif rest.name != LOCK:
                rest.unlink()
        yield folder
        (folder / LOCK).unlink()
        folder.rename(out)


def _refuse_there(out: Path) -> None:
    if out.exists():
        raise SettingsError(f"{out} is there already", "a load is never written over: name a new folder")


def _place(
    folder: Path, children: pd.DataFrame, crosswalk: pd.DataFrame, earlier: LoadFolder | None, parked: set[str]
) -> pd.DataFrame:
    """Write where cases, opportunities and notes go, and where they were before; return the first."""
    placed = place_children(children, _with_external(folder, crosswalk), parked)
    write_csv_for_machines(placed, folder / "children.csv", list(CHILDREN))
    if earlier is not None:
        known = _with_external(earlier.path, read_state(earlier.path / STATE / "crosswalk.parquet"))
        before = place_children(children, known)
        write_state(folder, "children_before", before[["object", "id", "external_id"]])
    return placed


def _with_external(folder: Path, crosswalk: pd.DataFrame) -> pd.DataFrame:
    external = read_people_csv(folder / "crosswalk.csv", ("record_id", "external_id"), guarded=False)
    ids = external.drop_duplicates("record_id").set_index("record_id")["external_id"]
    return crosswalk.assign(external_id=crosswalk["record_id"].map(ids))


def _counts(plan: Operations) -> dict[str, int]:
    return {
        "insert": len(plan.inserts),
        "update": len(plan.updates),
        "merge": len(plan.merges),
        "unchanged": plan.unchanged,
        "gone": len(plan.gone),
        "parked": len(plan.parked),
    }


def _raw(source: Path) -> pd.DataFrame | None:
    """Return what the sources say of rows that stay out; a run of an earlier version kept nothing."""
    path = source / STATE / f"{RAW}.parquet"
    return read_state(path) if path.is_file() else None


def _write_state(
    folder: Path,
    rows: TargetRows,
    loading: set[str],
    loaded: Loaded,
    merged: Mapping[str, str],
    crosswalk: pd.DataFrame,
    blockers: pd.DataFrame,
) -> None:
    for thing, frame in rows.objects.items():
        said = frame["row_id"].isin(loading).map({True: "yes", False: "no"})
        write_state(folder, f"rows/{thing}", frame.assign(**{WOULD_LOAD: said}))
    for thing, frame in loaded.items():
        write_state(folder, f"before/{thing}", frame)
    pairs = pd.DataFrame({"row_id": list(merged), "into_row_id": list(merged.values())}, dtype=TEXT)
    write_state(folder, "parked", rows.parked.reindex(columns=list(ROW_COLUMNS)))
    write_state(folder, "merged", pairs.sort_values("row_id"))
    write_state(folder, "crosswalk", crosswalk[["source", "source_key", "record_id", "golden_id"]])
    write_state(folder, "blockers", blockers)


def _verdicts(load: LoadFolder, blockers: pd.DataFrame, *, rehearse: bool) -> pd.DataFrame:
    """Return which rows go in; a rehearsal sends those the target would refuse, never those nobody wants reached."""
    suppressed = blockers.loc[blockers["verdict"].eq("suppressed"), "row_id"]
    frames = [frame[list(ROW_COLUMNS)] for frame in load.rows.objects.values()]
    rows = pd.concat(frames, ignore_index=True)
    return rows.assign(would_load=rows["row_id"].isin(load.loading) | (rehearse & ~rows["row_id"].isin(suppressed)))


def _merged(earlier: LoadFolder, now: pd.DataFrame) -> dict[str, str]:
    """Return which customers of an earlier load are another customer today; of several the one with most records."""
    then = read_state(earlier.path / STATE / "crosswalk.parquet")
    pair = ["record_id", "golden_id"]
    events = golden_events(then[pair].dropna(), now[pair].dropna())
    events = events[events["event"] == "merged_into"].sort_values(["records", "other_golden_id"])
    return dict(zip(events["golden_id"], events["other_golden_id"], strict=True))


def _refuse_unanswered(earlier: LoadFolder, target: str) -> None:
    if earlier.about["target"] != target:
        raise SettingsError(f"--since {earlier.path} went into {earlier.about['target']}, not {target}", "name another")
    if not (earlier.path / STATE / "results.parquet").is_file():
        raise SettingsError(
            f"what became of {earlier.path} is not known", f"say it with dq load answers {earlier.path} --success FILE"
        )


def _write_crosswalk(folder: Path, rows: TargetRows, loading: set[str], crosswalk: pd.DataFrame) -> None:
    """Write which key of which source became which record of the target."""
    blocks = [
        frame.loc[frame["row_id"].isin(loading), ["row_id", "golden_id", "record_id"]].assign(object=thing)
        for thing, frame in rows.objects.items()
    ]
    made = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=["golden_id", "record_id"])
    by = "record_id" if made["golden_id"].isna().all() else "golden_id"
    made = made.dropna(subset=by).rename(columns={"row_id": "external_id"})[[by, "object", "external_id"]]
    columns = ["source", "source_key", "record_id", "golden_id", "object", "external_id"]
    joined = crosswalk.merge(made, on=by).sort_values(["record_id", "object"])
    write_csv_for_machines(joined, folder / "crosswalk.csv", columns)
