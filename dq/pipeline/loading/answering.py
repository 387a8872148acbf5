"""Takes in what a target answered: what is in, what remains, and the way back, each as files."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dq.conversion.loading import Answers, Operations, read_answers, remaining
from dq.errors import SettingsError, SourceError
from dq.pipeline.loading.back_out_files import write_back_out
from dq.pipeline.loading.files import read_files, write_batches
from dq.pipeline.loading.folder import open_load, write_about, write_state
from dq.pipeline.loading.timing import Span, keep_times
from dq.tables.writing import write_csv_for_people

REST: Final = "remaining"
"""Folder of the files with what is not in yet."""


def take_answers(
    folder: Path,
    successes: tuple[Path, ...],
    errors: tuple[Path, ...],
    span: Span = Span(),  # noqa: B008 (frozen)
) -> Answers:
    """Say what success and error files tell of a load; write `results.csv`, `remaining/` and `back_out/`.

    Files may come in as the batches end: answers given before stay, and a row once in is not taken out by a later
    error file.

    Args:
        folder: The load.
        successes: Files of rows that went in; an export of the target is one too.
        errors: Files of rows that did not, or not whole.
        span: When their loading began and ended, as far as somebody says.

    Raises:
        NotFoundError: The folder is no load.
        SettingsError: The load is part of a run, whose folder the next run replaces.
        SourceError: A file is no CSV, or has rows and none of this load.
    """
    load = open_load(folder)
    _refuse_part_of_run(folder)
    plans = load.plans()
    sent = {
        thing: [*plan.inserts["row_id"], *plan.updates["row_id"], *plan.merges["row_id"]]
        for thing, plan in plans.items()
    }
    good, bad = read_files(successes), read_files(errors)
    for path, rows in zip((*successes, *errors), (*good, *bad), strict=True):
        _refuse_another(path, rows, sent)
    keep_times(folder, (*successes, *errors), (*good, *bad), sent, span)
    answers = read_answers(load.target, sent, good, bad, load.results())
    answers = replace(answers, problems=(*answers.problems, *_nameless(plans, answers.results)))
    # What remained before goes first: killed half-way, no file is left that would load a row twice.
    files = fresh_folder(folder / REST)
    write_state(folder, "results", answers.results)
    write_csv_for_people(answers.results, folder / "results.csv")
    left = remaining(plans, answers.results)
    again = write_batches(files, load.target, load.about, left)
    write_back_out(load, answers.results)
    write_about(folder, {**load.about, "answers": _counted(answers), "remaining": again})
    return answers


def _nameless(plans: Mapping[str, Operations], results: pd.DataFrame) -> list[str]:
    """Say how many rows this load made whose id over there no file tells: deleting and merging them need it."""
    made = [row for plan in plans.values() for row in plan.inserts["row_id"]]
    count = int((results["row_id"].isin(made) & results["loaded"].eq("yes") & results["target_id"].isna()).sum())
    if not count:
        return []
    said = "1 new row is" if count == 1 else f"{count:,} new rows are"
    return [f"{said} in and no file tells the id over there, which deletes may need: give an export as --success"]


def _refuse_another(path: Path, rows: pd.DataFrame, sent: Mapping[str, list[str]]) -> None:
    """Refuse a file of something else: once taken in, it would pass for an answer, and everything be loaded twice."""
    known = [row for ids in sent.values() for row in ids]
    if len(rows) and not rows.isin(known).to_numpy().any():
        raise SourceError(
            f"no row of {path} is of this load", "name the file the loader wrote, with the ids it was sent"
        )


def _refuse_part_of_run(folder: Path) -> None:
    run = folder.resolve().parent.parent
    if folder.resolve().parent.name == "load" and (run / "manifest.json").is_file():
        raise SettingsError(
            f"{folder} is part of a run, and goes with it when the run is made again",
            f"load from a folder of its own: dq load {run} --target {folder.resolve().name} --out DIR",
        )


def fresh_folder(folder: Path) -> Path:
    """Return a folder, empty now."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _counted(answers: Answers) -> dict[str, Any]:
    said = answers.results["loaded"].value_counts()
    return {"loaded": int(said.get("yes", 0)), "refused": int(said.get("no", 0)), "problems": list(answers.problems)}
