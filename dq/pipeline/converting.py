"""Holds the customers of a run against its targets; writes blockers, verdicts, proposals and the readiness."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dq import model
from dq.conversion import Customers, TargetRows, build_rows, find, judge
from dq.conversion.agreeing import PICKLISTS, agree
from dq.conversion.fixes import customers_of, loading_customers, rank_fixes
from dq.conversion.lacking import Lacking, never_filled
from dq.conversion.meanings import picklist_counts
from dq.conversion.owning import TEMPLATE, OwnerCount, count_owners, map_owners, owner_template
from dq.conversion.parking import without_parked
from dq.conversion.proposals import LOAD_CHANGES, PROPOSALS, Agreement, accepted_before, apply_proposals, propose
from dq.conversion.readiness import (
    Readiness,
    by_name,
    count_path,
    headline,
    left_out,
    placed,
    troubles_of,
)
from dq.engine import paths_of
from dq.errors import SourceError
from dq.pipeline.convertible import places_of, read_customers, spellings, surroundings, users_of
from dq.pipeline.known_there import FILE as POSSIBLE_FILE
from dq.pipeline.known_there import THERE, held_against_exports
from dq.pipeline.loading import prepare_load, raw_of
from dq.pipeline.owners import FILE as USER_MAP_FILE
from dq.pipeline.owners import map_file, read_user_map
from dq.pipeline.parking import parked_ids
from dq.pipeline.picklists import FILE as PICKLIST_FILE
from dq.pipeline.picklists import read_learned, read_proposals, vocabulary_of
from dq.pipeline.run import Run
from dq.pipeline.target_choice import TargetChoice
from dq.pipeline.together import Held, together
from dq.quality.scorecard.masking import mask, shorten
from dq.standards.targets import PARK, Target, TargetField, load_target
from dq.tables.writing import atomic, write_csv_for_people, write_parquet

READINESS_FILE = "readiness.json"
COLUMNS_NAMED, COLUMNS_SHOWN = 3, 8
"""Columns named in a refusal: of a field the first ones, which the expression prefers; of a source what fits two
lines."""
_OPEN_TYPES = ("picklist", "boolean", "integer", "number", "reference", "id")
"""Types of fields whose values say nothing about a person by themselves; neither do values that have a form to keep."""


def convert(run: Run, *, refuse_lacking: bool = False, with_loads: bool = False) -> tuple[Readiness, ...]:
    """Judge every target of the plan; write `blockers`, `load_verdicts`, `proposals.csv` and `readiness.json`.

    What accepted proposals changed goes to `load_changes.csv`. Keeps `readiness`, the document.

    Args:
        run: The run.
        refuse_lacking: Refuse sources in which nothing at all stands for a required field.
        with_loads: Write `load/<target>/` as well: the files a loader takes.

    Raises:
        SourceError: With every such field of every target.
    """
    lacking: list[tuple[Target, Lacking]] = []
    held = Held()
    names = ("blockers", "verdicts", "proposals", "changes", "picklists", "possible")
    frames: dict[str, list[pd.DataFrame]] = {name: [] for name in names}
    learned = read_learned(run.plan.settings.standards)
    found: list[Readiness] = []
    for choice in run.plan.conversion.targets:
        target = load_target(run.plan.settings.standards, choice.name)
        customers, parked = without_parked(read_customers(run, target), parked_ids(run, choice.name))
        rows, changes, agreement = rows_to_load(run, target, choice, customers, learned)
        rows = rows.with_parked(parked)
        held.add(choice.name, target, rows.objects)
        lacking += [(target, one) for one in never_filled(target, customers.rows, rows)]
        rows, owners, map_name = _owned(run, choice, target, rows, customers)
        readiness, blockers, verdicts, proposals, possible = _judged(run, target, choice, customers, rows, agreement)
        readiness = replace(readiness, owners=owners, owner_map=map_name)
        found.append(readiness)
        if with_loads:
            _write_load(run, choice, target, rows, blockers, verdicts)
        made = (blockers, verdicts, proposals, changes, agreement.crosswalk, possible)
        for name, frame in zip(names, made, strict=True):
            frames[name].append(frame)
    if lacking and refuse_lacking:
        raise _refused(lacking, found)
    run.keep("readiness", [one.document() for one in found])
    run.keep("conversion", [account(one) for one in found])
    run.keep("together", together(run, frames["verdicts"], found, held))
    if found:
        _write(run, frames)
    return tuple(found)


def _owned(
    run: Run, choice: TargetChoice, target: Target, rows: TargetRows, customers: Customers
) -> tuple[TargetRows, tuple[OwnerCount, ...], str]:
    """Return the rows with the users who take over, the counts where anything is known of users, and the map's name.

    The map with every owner found is written for each target that has owners; with several, or where the home keeps one
    for this target alone, it bears the name under which the home reads it for that target.
    """
    conversion = run.plan.conversion
    path, users = conversion.owner_map_of(choice.name), users_of(run, choice.name)
    rows, lines = taken_over(run, choice.name, target, rows, customers)
    counts = count_owners(lines)
    shared = len(conversion.targets) == 1 and path == conversion.owner_map
    name = USER_MAP_FILE if shared else map_file(choice.name)
    if counts:
        template = owner_template(counts, None if path is None else read_user_map(path), users)
        write_csv_for_people(template, run.result / name, list(TEMPLATE))
    return rows, () if users is None else counts, name if counts else ""


def taken_over(
    run: Run, name: str, target: Target, rows: TargetRows, customers: Customers
) -> tuple[TargetRows, pd.DataFrame]:
    """Return the rows with the users who take over by the target's own map or the one for all, and what became of each.

    Args:
        run: The run.
        name: Of the target's file.
        target: The target.
        rows: Rows to load, owners as the sources have them.
        customers: Whose rows they are.
    """
    path = run.plan.conversion.owner_map_of(name)
    return map_owners(target, rows, customers, None if path is None else read_user_map(path), users_of(run, name))


def _refused(lacking: Sequence[tuple[Target, Lacking]], found: Sequence[Readiness]) -> SourceError:
    """Return the refusal of sources that have nothing for what is required, with the way out of it."""
    named = ", ".join(f"{target.title} {one.field}" for target, one in lacking)
    columns = list(dict.fromkeys(column for _, one in lacking for column in one.columns[:COLUMNS_NAMED]))
    fields = [one.field.partition(".")[2] for _, one in lacking if not one.columns]
    ways = [f"say which column it is: {', '.join(f'--map HEADER={column}' for column in columns)}"] if columns else []
    ways += [f"name a column of the source {' or '.join(fields)}"] if fields else []
    spare = sorted({header for one in found for header in one.left_out})
    left = f"; columns that stand for nothing so far: {', '.join(spare[:COLUMNS_SHOWN])}" if spare else ""
    return SourceError(
        f"no source has a column for what is required: {named}", f"{'; '.join(ways)}; or leave the target out{left}"
    )


def _write_load(
    run: Run, choice: TargetChoice, target: Target, rows: TargetRows, blockers: pd.DataFrame, verdicts: pd.DataFrame
) -> None:
    query = "SELECT source, source_key, record_id, golden_id FROM crosswalk ORDER BY record_id"
    files = {"crosswalk": paths_of(run.parts("crosswalk"), "crosswalk")}
    crosswalk = run.engine.frame(query, files, ("record_id",))
    about = {"target": choice.name, "path": choice.path, "assign": choice.assign}
    out = verdicts.loc[~verdicts["would_load"]]
    behind = crosswalk["golden_id"].isin(out["golden_id"].dropna()) | crosswalk["record_id"].isin(out["record_id"])
    raw = raw_of(paths_of(run.parts("verified"), "records"), set(crosswalk.loc[behind, "record_id"]))
    prepare_load(run.result / "load" / choice.name, target, about, rows, verdicts, blockers, crosswalk, raw=raw)


def account(readiness: Readiness) -> dict[str, object]:
    """Return the account of one target, which stands beside the ledger: what is parked differs by target.

    Raises:
        AssertionError: A customer is unaccounted for; a bug, never a property of the data.
    """
    blocked = readiness.customers - readiness.loading - readiness.parked - readiness.suppressed
    assert blocked >= 0, f"{readiness.target}: more customers load or stay out than there are"
    return {
        "target": readiness.target,
        "path": readiness.path,
        "assign": readiness.assign,
        "unit": readiness.unit,
        "customers": readiness.customers,
        "would_load": readiness.loading,
        "blocked": blocked,
        "parked": readiness.parked,
        "suppressed": readiness.suppressed,
    }


def rows_to_load(
    run: Run, target: Target, choice: TargetChoice, customers: Customers, learned: pd.DataFrame
) -> tuple[TargetRows, pd.DataFrame, Agreement]:
    """Return the rows with everything applied that was accepted, what that changed, and what words mean."""
    rows = build_rows(target, choice.assign, customers)
    vocabulary = vocabulary_of(run, target, rows, customers.rows)
    agreement = Agreement(agree(target, choice.name, vocabulary, learned), vocabulary.origins)
    files = [accepted_before(choice.name, agreement.crosswalk, learned)]
    if run.plan.conversion.proposals is not None:
        files.append(read_proposals(run.plan.conversion.proposals))
    changes = []
    for proposals in files:
        rows, changed = apply_proposals(target, choice.name, rows, proposals, agreement.origins)
        changes.append(changed)
    return rows, pd.concat(changes, ignore_index=True), agreement


def _judged(
    run: Run, target: Target, choice: TargetChoice, customers: Customers, rows: TargetRows, agreement: Agreement
) -> tuple[Readiness, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    around = surroundings(run, choice.name, target, customers)
    findings = find(target, rows, run.plan.as_of, around)
    blockers, verdicts = judge(target, choice.name, choice.path, rows, findings)
    known, possible = held_against_exports(run, target, choice.name, rows, findings, around)
    proposals = propose(target, choice.name, rows, blockers, spellings(run.standards), agreement)

    def show(value: str, field: TargetField) -> str:
        if run.plan.unmasked or field.type in _OPEN_TYPES or field.place or field.format:
            return shorten(value)
        return mask(value)

    troubles = troubles_of(target, blockers, show)
    asked = {example.customer for trouble in troubles for example in trouble.examples}
    readiness = Readiness(
        **_counts(run, target, choice, verdicts),
        paths=tuple(
            count_path(target, path, judge(target, choice.name, path, rows, findings)[1]) for path in target.paths
        ),
        objects={
            str(name): {str(verdict): int(count) for verdict, count in own["verdict"].value_counts().items()}
            for name, own in verdicts.groupby("object", sort=True)
        },
        troubles=placed(troubles, places_of(run, asked)),
        fixes=rank_fixes(target, rows, blockers, verdicts, proposals, show, agreement.origins),
        made_of=rows.made_of,
        by_name=by_name(target, rows),
        left_out=left_out(customers.rows, rows),
        picklists=picklist_counts(agreement.crosswalk),
        unknowable=target.unknowable,
        existing=known,
        parking=_mapping_of(run.kept("parking")),
    )
    return readiness, blockers, verdicts, proposals, possible


def _counts(run: Run, target: Target, choice: TargetChoice, verdicts: pd.DataFrame) -> dict[str, Any]:
    unit = "customers" if run.plan.merge else "rows"
    total, loading = int(customers_of(verdicts).nunique()), loading_customers(verdicts)
    parked = int(verdicts["object"].eq(PARK).sum())
    suppressed = int(customers_of(verdicts[verdicts["verdict"].eq("suppressed")]).nunique())
    path_title = target.paths[choice.path].title
    return {
        "target": choice.name,
        "title": target.title,
        "assign": choice.assign,
        "path": choice.path,
        "path_title": path_title,
        "unit": unit,
        "customers": total,
        "loading": loading,
        "parked": parked,
        "suppressed": suppressed,
        "headline": headline(target.title, path_title, unit, total, loading, parked, suppressed),
    }


def _mapping_of(kept: object | None) -> dict[str, Any]:
    return kept if isinstance(kept, dict) else {}


def _write(run: Run, frames: dict[str, list[pd.DataFrame]]) -> None:
    folder = run.result
    for name, table in (("blockers", model.BLOCKERS), ("verdicts", model.LOAD_VERDICTS)):
        rows = pd.concat(frames[name], ignore_index=True).sort_values(list(table.sort), ignore_index=True)
        write_parquet([rows], folder / f"{table.name}.parquet", table)
    proposals = pd.concat(frames["proposals"], ignore_index=True)
    write_csv_for_people(proposals, folder / "proposals.csv", list(PROPOSALS))
    picklists = pd.concat(frames["picklists"], ignore_index=True)
    if len(picklists):
        write_csv_for_people(picklists, folder / PICKLIST_FILE, list(PICKLISTS))
    possible = pd.concat(frames["possible"], ignore_index=True)
    if run.plan.conversion.existing:
        write_csv_for_people(possible, folder / POSSIBLE_FILE, list(THERE))
    changes = pd.concat(frames["changes"], ignore_index=True)
    if run.plan.conversion.proposals is not None or len(changes):
        write_csv_for_people(changes, folder / "load_changes.csv", list(LOAD_CHANGES))
    with atomic(folder / READINESS_FILE) as unfinished:
        text = json.dumps(run.kept("readiness"), ensure_ascii=False, indent=1, sort_keys=True)
        unfinished.write_text(text, encoding="utf-8")
