"""The whole loop against a real CRM: load, read back, reconcile, repair, until everything that can be in is in.

It proves the loop and what is said of Creme; of other CRMs it says nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dq.conversion import TargetRows, find, judge
from dq.model import TEXT
from dq.pipeline.loading import make_load, open_load, prepare_load, reconcile_load
from dq.settings import load_settings
from dq.standards.targets import Target, load_target
from tests.crm.creme import Creme
from tests.crm.dirt import dirty_rows

pytestmark = pytest.mark.system

AS_OF = date(2026, 11, 22)
COUNT = 2000
LEAST = 0.99
"""Share of rows whose verdict and altered fields have to be as foretold."""


def seen_as(field: str) -> str:
    """Return the name under which Creme exports a field of its import form."""
    return "civility__shortcut" if field == "civility" else field.replace("billaddr_", "billing_address__")


def a_run(folder: Path, target: Target, rows: TargetRows) -> Path:
    """Return a folder with the load of `rows`, as `dq run --target creme` leaves it."""
    blockers, verdicts = judge(target, "creme", "mass_import", rows, find(target, rows, AS_OF))
    ids = [row for frame in rows.objects.values() for row in frame["row_id"]]
    crosswalk = pd.DataFrame({"source": "crm", "source_key": ids, "record_id": ids, "golden_id": ids}, dtype=TEXT)
    about = {"target": "creme", "path": "mass_import"}
    prepare_load(folder / "load" / "creme", target, about, rows, verdicts, blockers, crosswalk)
    return folder


def load_into(creme: Creme, target: Target, folder: Path) -> list[Path]:
    """Load the files of a folder in their order; return the error files."""
    said = []
    for path in sorted(folder.glob("*-*.csv")):
        name, work = path.name.split(".")[0].split("-")[1], path.name.split(".")[1]
        thing = target.objects[name]
        columns = {field: field for field in pd.read_csv(path, nrows=0).columns}
        searched = {"civility": "shortcut"} if "civility" in columns else None
        keys = (thing.key,) if work == "update" else ()
        loaded = creme.load(thing.api_name, path, columns, keys=keys, searched=searched)
        error = folder / f"{path.stem}-error.csv"
        loaded.errors.to_csv(error, index=False)
        said.append(error)
    return said


def export_of(creme: Creme, target: Target, folder: Path) -> dict[str, Path]:
    """Export every object with all fields of the target, headed by their names."""
    files = {}
    for name, thing in target.objects.items():
        fields = list(thing.fields)
        rows = creme.export(thing.api_name, [seen_as(field) for field in fields])
        rows.columns = pd.Index(fields)
        files[name] = folder / f"export-{name}.csv"
        rows.to_csv(files[name], index=False)
    return files


def named(exports: Mapping[str, Path]) -> list[str]:
    """Return exports as `--export` takes them."""
    return [f"{name}={path}" for name, path in exports.items()]


def repaired(target: Target, rows: TargetRows, folder: Path) -> TargetRows:
    """Return the rows as somebody mends them who reads the reconciliation: what was refused or emptied is put right."""
    differences, refused = (pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("differences", "refused"))
    mended = {}
    for name, frame in rows.objects.items():
        own = frame.set_index("row_id", drop=False)
        own.loc[own.index.isin(refused["row_id"]), "last_name" if name == "contact" else "name"] = "Unknown"
        for line in differences[differences["object"] == name].to_dict("records"):
            length = target.objects[name].fields[line["field"]].length or 0
            fits = isinstance(line["sent"], str) and len(line["sent"]) > length > 0 and line["field"] != "email"
            own.loc[line["row_id"], line["field"]] = line["sent"][:length].strip() if fits else None
        mended[name] = own.reset_index(drop=True).astype(TEXT)
    return replace(rows, objects=mended)


def test_the_gate_says_what_creme_does_and_the_loop_ends_with_all_in(creme: Creme, tmp_path: Path) -> None:
    target = load_target(load_settings().standards, "creme")
    rows = dirty_rows(COUNT)
    run = a_run(tmp_path / "run", target, rows)
    rehearsal = tmp_path / "rehearsal"
    make_load(run, "creme", rehearsal, tag="mock-1", rehearse=True)
    errors = load_into(creme, target, rehearsal)
    exports = export_of(creme, target, tmp_path)
    first = reconcile_load(rehearsal, tuple(exports.values()), tuple(errors), named(exports))

    said = pd.concat([open_load(rehearsal).results(), first.found.refused[["row_id", "error"]]])
    assert said["row_id"].nunique() == COUNT, "every row is in the export or in an error file"
    score, cells = first.found.rejects, first.found.alterations
    wrong = score.missed + score.false_alarms + cells.missed + cells.false_alarms
    assert wrong <= (1 - LEAST) * COUNT, f"{score}, {cells}: {first.found.differences}"
    assert score.right > COUNT / 100, "the dirt is dirty enough to be refused"
    assert cells.right > COUNT / 20, "and to be altered"
    unnamed = first.found.refused.loc[lambda rows: ~rows["code"].isin({"blank", "max_length"})]
    assert unnamed.empty, f"errors are in the gate's names: {unnamed['error'].tolist()}"
    assert not first.complete

    mended = a_run(tmp_path / "mended", target, repaired(target, rows, rehearsal))
    second = tmp_path / "second"
    made = make_load(mended, "creme", second, since="mock-1", tag="cut-over")
    counts = {work: sum(of[work] for of in made["counts"].values()) for work in ("insert", "update", "gone")}
    assert counts["insert"] == len(first.found.refused)
    assert counts["gone"] == 0
    errors = load_into(creme, target, second)
    exports = export_of(creme, target, tmp_path)
    last = reconcile_load(second, tuple(exports.values()), tuple(errors), named(exports))
    assert last.complete, last.document
    inside = pd.concat([pd.read_csv(path, dtype=str) for path in exports.values()])
    keys = pd.concat([inside["skype"], inside["code"]]).dropna()
    assert sorted(keys) == sorted(row for frame in rows.objects.values() for row in frame["row_id"])
