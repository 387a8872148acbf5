"""Who may be in the target already: its export is matched with the customers by names, addresses, phones and mails."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from dq.conversion import Surroundings, TargetRows
from dq.conversion.findings import compared_by
from dq.conversion.readiness import KnownThere, known_there
from dq.engine import Parts, paths_of
from dq.errors import SettingsError, SourceError
from dq.matching import PLACES
from dq.model import ADDRESS_COLUMNS, CHANNEL_COLUMNS, NAME_COLUMNS, ORGANIZATION_COLUMNS, TEXT
from dq.pipeline.cleaning import standardize
from dq.pipeline.convertible import exports_of
from dq.pipeline.duplicates import find_pairs
from dq.pipeline.ingest import ingest
from dq.pipeline.matchable import refuse_unmatchable
from dq.pipeline.run import Run, open_run
from dq.pipeline.target_choice import NO_CONVERSION
from dq.pipeline.verifying import verify
from dq.standards.expressions import Column, parse_expression
from dq.standards.targets import Target
from dq.tables.exported_files import read_exported_csv
from dq.tables.reading.source import Source

POSSIBLE: Final = ("id", "record_id", "key", "line", "match_weight", "outcome")
"""One row per customer and row of an export that may be the same: the customer, the strongest of its records, key and
line of the row there, `match` (a run would merge them) or `possible_match`."""
_SUFFIX: Final = "_there"
"""An export follows all sources by name: records are numbered in the order of their ids, and its own come last."""
_COMPARED: Final = (*NAME_COLUMNS, *ORGANIZATION_COLUMNS, *ADDRESS_COLUMNS, *CHANNEL_COLUMNS, "birth_on")
_FACING: Final = """
    SELECT p.record_id_l AS record_id, t.source_key AS key, t.line_number AS line, p.match_weight, p.outcome
    FROM pairs p JOIN records t ON t.record_id = p.record_id_r
    WHERE p.outcome IN ('match', 'possible_match') AND t.source = '{source}' AND coalesce(t.part, '') = ''
"""


THERE: Final = ("target", "object", "file", "line", "key", "id", "record_id", "match_weight", "outcome")
"""Columns of `possible_there.csv`; `id` is the customer, `record_id` the one of its records that fits best."""
FILE: Final = "possible_there.csv"


def held_against_exports(
    run: Run, target: Target, name: str, rows: TargetRows, findings: pd.DataFrame, around: Surroundings
) -> tuple[tuple[KnownThere, ...], pd.DataFrame]:
    """Say what exports of a target were good for, and which customers may be there besides those found by a value.

    Args:
        run: The run.
        target: What the exports are of.
        name: Its name.
        rows: What would be loaded.
        findings: Where the rows fall short; those that are there by a unique value are not told again.
        around: The exports as they were read.

    Returns:
        One entry per object, and rows of `possible_there.csv`, columns THERE.
    """
    told: list[KnownThere] = []
    found: dict[str, list[pd.DataFrame]] = {}
    unmatched: dict[str, str] = {}
    for thing, path in exports_of(run, target):
        maybe = possible_there(run, path, target, thing) if thing in rows.objects else "nothing of it would be loaded"
        if isinstance(maybe, str):
            unmatched[thing] = maybe
            continue
        own = rows.objects[thing]
        is_found = findings["object"].eq(thing) & findings["check"].eq("duplicate_existing")
        customers = own["golden_id"].fillna(own["record_id"])
        fresh = customers[~own["row_id"].isin(findings.loc[is_found, "row_id"])]
        maybe = maybe.loc[maybe["id"].isin(fresh)].assign(target=name, object=thing, file=path.name)
        found.setdefault(thing, []).append(maybe)
    for thing, there in sorted(around.existing.items()):
        compared = compared_by(target, thing, rows.objects[thing], there) if thing in rows.objects else ()
        maybe = pd.concat(found.get(thing, [pd.DataFrame(columns=list(THERE))]), ignore_index=True)
        sure = maybe.loc[maybe["outcome"].eq("match"), "id"].nunique()
        told.append(known_there(thing, len(there), compared, maybe["id"].nunique(), sure, unmatched.get(thing, "")))
    frames = [frame for frames in found.values() for frame in frames]
    every = pd.concat([pd.DataFrame(columns=list(THERE)), *frames], ignore_index=True)[list(THERE)]
    return tuple(told), every.sort_values(["object", "file", "line", "key", "id"], ignore_index=True)


def possible_there(run: Run, path: Path, target: Target, thing: str) -> pd.DataFrame | str:
    """Return which customers may be in an export already, columns POSSIBLE, sorted by `id` and `line`.

    Every record of a customer is compared, not only what survived of them: an old name may be the one known there.

    Args:
        run: The run, after its records are standardised.
        path: The export.
        target: What it is of.
        thing: Object whose rows it holds; tells what its columns are.

    Returns:
        The frame, or why the export cannot be compared.
    """
    folder = run.engine.work / "known_there"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        found = _facing(run, path, folder, _columns(target, thing, path))
    except (SourceError, SettingsError) as error:
        return str(error.message)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if run.plan.merge:
        query = "SELECT record_id, golden_id AS id FROM crosswalk"
        files = {"crosswalk": paths_of(run.parts("crosswalk"), "crosswalk")}
        found = found.merge(run.engine.frame(query, files, ("record_id",)), on="record_id")
    else:
        found["id"] = found["record_id"]
    order = ["id", "line", "key", "match_weight", "record_id"]
    found = found.sort_values(order, ascending=[True, True, True, False, True]).drop_duplicates(["id", "line", "key"])
    return found[list(POSSIBLE)].reset_index(drop=True)


def _facing(run: Run, path: Path, folder: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the pairs of a record of the run and a row of the export."""
    name = max(source.name for source in _sources(run)) + _SUFFIX
    model = folder / "model.json"
    learned = run.kept("model")
    if learned is not None:
        model.write_text(str(learned), encoding="utf-8")
    plan = replace(
        run.plan,
        sources=(Source(name, path.resolve()),),
        out=folder / "there",
        conversion=NO_CONVERSION,
        key_column=None,
        columns=tuple(columns.items()),
        ignore=(),
        sample=None,
        previous=None,
        bring_back=None,
        judgements=None,
        overrides=None,
        preview_rules=None,
        explain_blocking=False,
        model=run.plan.model if learned is None else model,
        fresh=True,
    )
    with open_run(plan) as inner:
        for step in (ingest, standardize, verify):
            step(inner)
        refuse_unmatchable(inner)
        before = _linked(run, inner)
        files = {"records": paths_of(before, "records")}
        count = int(inner.engine.frame("SELECT count(*) AS count FROM records", files)["count"].iloc[0])
        inner.keep_parts("verified", [*before, *inner.parts("verified")])
        find_pairs(inner, since=count)
        files = {"records": paths_of(inner.parts("verified"), "records")[len(before) :]}
        pairs = {"pairs": paths_of(inner.parts("weighed"), "pairs")}
        query = _FACING.format(source=name)
        found = inner.engine.frame(query, files | pairs, ("record_id", "line"))
    return found.drop(columns=list(PLACES), errors="ignore").astype({"key": TEXT, "outcome": TEXT})


def _sources(run: Run) -> list[Source]:
    """Return the sources of a run; one that decisions were applied to names none, and keeps where they were."""
    if run.plan.sources:
        return list(run.plan.sources)
    kept = run.kept("read_from")
    assert isinstance(kept, dict), "a run without sources says where they were"
    return [Source(name, Path(place)) for name, place in kept["sources"].items()]


def _linked(run: Run, inner: Run) -> Parts:
    """Bring the run's records beside those of the export, without a copy where the disk allows it."""
    parts: Parts = []
    for number, part in enumerate(run.parts("verified")):
        own = {}
        for table in ("records", "contact_points"):
            place = inner.engine.work / "here" / f"{table}-{number:05d}.parquet"
            place.parent.mkdir(exist_ok=True)
            try:
                os.link(part[table], place)
            except OSError:  # a disk that knows no links
                shutil.copy2(part[table], place)
            own[table] = place
        parts.append(own)
    return parts


def _columns(target: Target, thing: str, path: Path) -> dict[str, str]:
    """Return header → column of the export's fields that are made of one column as it is: these need no guess."""
    fields = target.in_force(thing)
    names = {word.casefold(): key for key, field in fields.items() for word in (field.label, key) if word}
    found: dict[str, str] = {}
    for header in read_exported_csv(path).columns:
        field = fields.get(names.get(str(header).casefold(), ""))
        tree = parse_expression(field.value) if field is not None and field.value else None
        if isinstance(tree, Column) and tree.name in _COMPARED and tree.name not in found.values():
            found[str(header)] = tree.name
    return found
