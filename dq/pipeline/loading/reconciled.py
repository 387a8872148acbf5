"""Reconciles a load on disk: counts per source, what changed on the way, and the files that repair it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dq.conversion.loading import CHANGED, Operations, Reconciliation, Score, reconcile
from dq.errors import SourceError
from dq.model import TEXT
from dq.pipeline.loading.answering import fresh_folder, take_answers
from dq.pipeline.loading.files import write_batches
from dq.pipeline.loading.folder import STATE, LoadFolder, open_load, read_state
from dq.pipeline.target_choice import object_of
from dq.quality.scorecard.reconciliation_page import render_reconciliation
from dq.standards.targets import Target
from dq.tables.exported_files import read_exported_csv
from dq.tables.writing import atomic, write_csv_for_people

DOCUMENT: Final = "reconciliation.json"
PAGE: Final = "reconciliation.html"
REPAIR: Final = "repair"
"""Folder of the files that bring in what was refused and put right what was changed."""


@dataclass(frozen=True)
class Reconciled:
    """What became of a load.

    Attributes:
        found: Row by row and cell by cell.
        document: The same in numbers, as `reconciliation.json` holds it.
        complete: Every row that was sent is in.
    """

    found: Reconciliation
    document: Mapping[str, Any]
    complete: bool


def reconcile_load(
    folder: Path, successes: tuple[Path, ...], errors: tuple[Path, ...], exports: Sequence[str]
) -> Reconciled:
    """Hold a load against what the target answered and holds; write what was found into its folder.

    Args:
        folder: The load.
        successes, errors: Answers not taken in yet.
        exports: `OBJECT=FILE` or `FILE`: what the target holds now.

    Raises:
        NotFoundError: The folder is no load.
        SourceError: A file is no CSV, an export is none of this target, or it has no row of this load.
    """
    load = open_load(folder)
    there = _exports(load.target, exports)
    if successes or errors:
        take_answers(folder, successes, errors)
        load = open_load(folder)
    sent = _sent(load.plans())
    _refuse_strange(load, sent, there, exports)
    blockers = read_state(folder / STATE / "blockers.parquet")
    found = reconcile(load.target, load.load_path, sent, load.results(), blockers, there)
    crosswalk = read_state(folder / STATE / "crosswalk.parquet")
    document = _document(load, sent, found, crosswalk, there)
    complete = not (len(found.refused) or len(found.missing))
    for name, rows in (("differences", found.differences), ("refused", found.refused), ("missing", found.missing)):
        write_csv_for_people(rows, folder / f"{name}.csv")
    _write_repair(load, found)
    for name, text in (
        (DOCUMENT, json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)),
        (PAGE, render_reconciliation(document)),
    ):
        with atomic(folder / name) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    return Reconciled(found, document, complete)


def _sent(plans: Mapping[str, Operations]) -> dict[str, pd.DataFrame]:
    """Return the rows that were inserted or updated, as they shall be."""
    return {
        thing: pd.concat([rows for rows in (plan.inserts, plan.updates) if len(rows)], ignore_index=True)
        for thing, plan in plans.items()
        if len(plan.inserts) or len(plan.updates)
    }


def _exports(target: Target, named: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return exports by object, their columns named like the fields."""
    found: dict[str, pd.DataFrame] = {}
    for text in named:
        thing, _, place = text.rpartition("=")
        rows = read_exported_csv(Path(place))
        thing = thing or object_of(target, rows.columns)
        if thing not in target.objects:
            known = ", ".join(target.load_order())
            raise SourceError(f"--export {text} is none of {target.title}", f"say of what: {known} (OBJECT=FILE)")
        fields = target.in_force(thing)
        names = {key.casefold(): key for key in fields}
        names |= {field.label.casefold(): key for key, field in fields.items() if field.label}
        names |= {field.header.casefold(): key for key, field in fields.items() if field.header}
        called = {column: names[column.casefold()] for column in rows.columns if column.casefold() in names}
        renamed = rows[list(called)].rename(columns=called)
        found[thing] = renamed.loc[:, ~renamed.columns.duplicated()].astype(TEXT)
    return found


def _refuse_strange(
    load: LoadFolder, sent: Mapping[str, pd.DataFrame], there: Mapping[str, pd.DataFrame], named: Sequence[str]
) -> None:
    for thing, rows in there.items():
        key = load.target.objects[thing].key
        if key not in rows.columns:
            raise SourceError(f"the export of {thing} has no column {key}", "export the field that carries our ids too")
        if thing not in sent or not rows[key].isin(list(sent[thing]["row_id"])).any():
            raise SourceError(
                f"no row of the export of {thing} is of the load {load.path}", f"one of {', '.join(named)} is another's"
            )


def _document(
    load: LoadFolder,
    sent: Mapping[str, pd.DataFrame],
    found: Reconciliation,
    crosswalk: pd.DataFrame,
    there: Mapping[str, pd.DataFrame],
) -> dict[str, Any]:
    results = load.results()
    answers = load.about.get("answers") or {"loaded": 0, "refused": 0, "problems": []}
    out = set(found.refused["row_id"])
    cells = found.differences.groupby(["object", "field", "kind"]).size().reset_index(name="cells")
    codes = found.refused.fillna({"code": "not answered"}).groupby(["object", "code"]).size().reset_index(name="rows")
    example = found.refused.dropna(subset="error").drop_duplicates(["object", "code"])
    words = _plain_words(load.target, load.load_path)
    examples = {
        (line["object"], line["code"]): words.get(line["code"], line["error"]) for line in example.to_dict("records")
    }
    return {
        "target": load.about["target"],
        "title": load.target.title,
        "path_title": load.target.paths[load.load_path].title,
        "tag": load.about.get("tag", ""),
        "answers": {**answers, "problems": [*answers["problems"], *_notes(found)]},
        "answered": len(results),
        "compared": sorted(there),
        "cells": found.compared,
        "objects": [
            {"object": thing, "sent": len(rows), "in": len(rows) - int(rows["row_id"].isin(out).sum())}
            for thing, rows in sent.items()
        ],
        "sources": _by_source(sent, out, crosswalk),
        "sums": _sums(load.target, sent, there),
        "missing": len(found.missing),
        "unexpected": len(found.unexpected),
        "twice": len(found.twice),
        "changes": [{**line, "cells": int(line["cells"])} for line in cells.to_dict("records")],
        "refusals": [
            {**line, "rows": int(line["rows"]), "example": examples.get((line["object"], line["code"]), "")}
            for line in codes.sort_values("rows", ascending=False, kind="stable").to_dict("records")
        ],
        "rejects": _score(found.rejects),
        "alterations": _score(found.alterations),
    }


def _notes(found: Reconciliation) -> list[str]:
    """Return what is odd about the exports, in sentences with counts."""
    counts = found.twice["object"].value_counts().sort_index()
    return [
        f"{count:,} key{'s stand' if count > 1 else ' stands'} more than once in the export of {thing}: "
        "the target holds a record twice, the first is compared"
        for thing, count in counts.items()
    ]


def _plain_words(target: Target, path: str) -> dict[str, str]:
    """Return the messages of codes without the values of anybody: the page is mailed around."""
    outcomes = [target.outcome(check, path) for check in target.checks]
    return {outcome.code: re.sub(r"\{\w+\}", "…", outcome.message) for outcome in outcomes if outcome.code}


def _score(score: Score) -> dict[str, Any]:
    return {
        "right": score.right,
        "false_alarms": score.false_alarms,
        "missed": score.missed,
        "precision": score.precision,
        "recall": score.recall,
    }


def _by_source(sent: Mapping[str, pd.DataFrame], out: set[str], crosswalk: pd.DataFrame) -> list[dict[str, Any]]:
    """Return per source and object how many of its records are behind rows that were sent, and behind those in."""
    lines = []
    for thing, rows in sent.items():
        for column in ("golden_id", "record_id"):
            known = crosswalk.merge(rows[["row_id", column]].dropna(), on=column)
            for source, group in known.groupby("source"):
                inside = ~group["row_id"].isin(out)
                lines.append({"source": source, "object": thing, "records": len(group), "in": int(inside.sum())})
    return sorted(lines, key=lambda line: (line["source"], line["object"]))


def _sums(target: Target, sent: Mapping[str, pd.DataFrame], there: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return the sums of numbers as sent and as they are there, for rows of this load."""
    lines = []
    for thing, export in there.items():
        rows, key = sent[thing], target.objects[thing].key
        own = export[export[key].isin(list(rows["row_id"]))]
        for name, field in target.in_force(thing).items():
            if field.type in ("number", "integer") and name in rows.columns and name in own.columns:
                sums = [float(pd.to_numeric(frame[name], errors="coerce").sum()) for frame in (rows, own)]
                lines.append({"object": thing, "field": name, "sent": round(sums[0], 2), "found": round(sums[1], 2)})
    return lines


def _write_repair(load: LoadFolder, found: Reconciliation) -> None:
    """Write what is refused as inserts again, and what was changed on the way as updates of just those fields."""
    changed = found.differences.groupby("row_id")["field"].agg(" ".join)
    missing, refused = set(found.missing["row_id"]), set(found.refused["row_id"])
    out = refused | missing
    plans = {}
    for thing, plan in load.plans().items():
        rows = pd.concat([plan.inserts, plan.updates], ignore_index=True)
        again = rows[rows["row_id"].isin(list(changed.index)) & ~rows["row_id"].isin(out)]
        # An update of a record that is not there any more makes it anew; one that was refused goes in as it was.
        whole = plan.updates[plan.updates["row_id"].isin(missing)]
        once_more = plan.updates[plan.updates["row_id"].isin(refused - missing)]
        updates = [again.assign(**{CHANGED: again["row_id"].map(changed)}), once_more]
        plans[thing] = Operations(
            inserts=pd.concat([plan.inserts[plan.inserts["row_id"].isin(out)], whole], ignore_index=True),
            updates=pd.concat([rows for rows in updates if len(rows)] or updates[:1], ignore_index=True),
            before=plan.before.iloc[:0],
            merges=plan.merges.iloc[:0],
            gone=plan.gone.iloc[:0],
            parked=plan.parked.iloc[:0],
            unchanged=0,
        )
    write_batches(fresh_folder(load.path / REPAIR), load.target, load.about, plans)
