"""`dq load` and `dq reconcile` on the terminal: from the files of a run to a load that is repaired."""

import json

import pandas as pd

from tests.cli.terminals import Terminal
from tests.pipeline.loading.houses import KEY, House, contacts, run_folder, salesforce

IDS = [f"C{number:05d}" for number in range(30)]
TOO_LONG = {IDS[3]: {"LastName": "x" * 90}}


def test_a_load_goes_in_is_answered_reconciled_and_repaired(terminal: Terminal) -> None:
    folder, house = terminal.folder, House()
    run_folder(folder / "run", contacts(IDS, TOO_LONG), {f"r{one}": one for one in IDS}, salesforce())
    made = terminal.dq("load", "run", "--target", "salesforce", "--out", "first", "--tag", "mock-1", "--batch", "10")
    assert made.code == 0, made.err
    assert made.out.splitlines()[1].split() == ["Account", "3", "0", "0", "0", "0"]
    assert made.out.splitlines()[2].split() == ["Contact", "29", "0", "0", "0", "0"]
    blocked = pd.read_csv(folder / "first/blocked.csv")
    assert blocked["errors"].str.startswith("STRING_TOO_LONG: ").tolist() == [True]

    files = sorted((folder / "first").glob("*-*.csv"))
    told = [house.take(path, broken=path.name.startswith("02-Contact.insert.0002")) for path in files]
    good, bad = [path for path in told if "success" in path.name], [path for path in told if "error" in path.name]
    answer = terminal.dq("load", "answers", "first", *(word for path in good for word in ("--success", path)))
    assert answer.out.splitlines()[0] == "22 rows are in, 0 were refused."
    export = folder / "export.csv"
    rows = [{KEY: key, "Last Name": row["LastName"]} for (thing, key), row in house.rows.items() if thing == "Contact"]
    pd.DataFrame(rows).replace({"Linkous 0": "Linkous"}).to_csv(export, index=False)
    became = terminal.dq("reconcile", "first", "--error", bad[0], "--export", f"Contact={export}", "--format", "json")
    assert became.code == 3
    document = json.loads(became.out)
    assert [(line["code"], line["rows"]) for line in document["refusals"]] == [("UNABLE_TO_LOCK_ROW", 10)]
    assert document["changes"] == [{"object": "Contact", "field": "LastName", "kind": "cut", "cells": 1}]
    assert (folder / "first/reconciliation.html").read_text(encoding="utf-8").count("<table>") >= 4
    repair = sorted(path.name for path in (folder / "first/repair").glob("*.csv"))
    assert repair == ["02-Contact.insert.0001.csv", "02-Contact.update.0001.csv"]
    for path in sorted((folder / "first/repair").glob("02-Contact.insert*.csv")):
        house.take(path)
    assert len(house.rows) == 32


def test_wrong_uses_are_named_before_any_work(terminal: Terminal) -> None:
    folder = terminal.folder
    run_folder(folder / "run", contacts(IDS, {}), {f"r{one}": one for one in IDS}, salesforce())
    strange = folder / "strange.csv"
    strange.write_text(f"{KEY},LastName\nX1,Else\n", encoding="utf-8")
    cases = {
        ("load", "run", "--target", "hubspot", "--out", "x"): "dq: run was not made for hubspot",
        ("load", "nothing", "--target", "hubspot", "--out", "x"): "dq: nothing is no run",
        ("load", "run", "--target", "salesforce", "--out", "run"): "dq: run is there already",
        ("load", "answers", "run"): "dq: no answer is given",
        ("load", "answers", "run/load/salesforce", "--success", "none.csv"): (
            "dq: none.csv cannot be read: No such file or directory"
        ),
        ("load", "answers", "run/load/salesforce", "--success", "strange.csv"): (
            "dq: no row of strange.csv is of this load"
        ),
        ("load", "answers", "nothing", "--success", "strange.csv"): "dq: nothing is no load: load.json is missing",
        ("reconcile", "run/load/salesforce", "--export", "Contract=strange.csv"): (
            "dq: --export Contract=strange.csv is none of Salesforce"
        ),
        ("reconcile", "run/load/salesforce", "--export", "Contact=strange.csv"): (
            "dq: no row of the export of Contact is of the load run/load/salesforce"
        ),
    }
    for words, said in cases.items():
        answer = terminal.dq(*words)
        assert (answer.code, answer.said[0]) == (2, said), answer.err


def test_a_load_nobody_answered_is_all_missing(terminal: Terminal) -> None:
    run_folder(terminal.folder / "run", contacts(IDS, {}), {f"r{one}": one for one in IDS}, salesforce())
    answer = terminal.dq("reconcile", "run/load/salesforce")
    assert (answer.code, answer.out.splitlines()[0]) == (3, "0 of 33 rows are in."), answer.err
    for place, content in (("state/merged.parquet", b""), ("load.json", b"{"), ("load.json", b"[]")):
        (terminal.folder / "run/load/salesforce" / place).write_bytes(content)
        said = terminal.dq("reconcile", "run/load/salesforce")
        assert (said.code, said.said[0]) == (2, f"dq: run/load/salesforce/{place} is damaged or gone"), said.err


def test_answers_are_not_put_where_the_next_run_would_lose_them(terminal: Terminal) -> None:
    folder = terminal.folder
    run_folder(folder / "run", contacts(IDS, {}), {f"r{one}": one for one in IDS}, salesforce())
    (folder / "run/manifest.json").write_text("{}", encoding="utf-8")
    (folder / "in.csv").write_text(f"{KEY}\n{IDS[0]}\n", encoding="utf-8")
    answer = terminal.dq("load", "answers", "run/load/salesforce", "--success", "in.csv")
    assert answer.code == 2
    assert answer.said[0] == "dq: run/load/salesforce is part of a run, and goes with it when the run is made again"
    assert "--target salesforce --out DIR" in answer.said[1]
