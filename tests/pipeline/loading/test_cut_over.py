"""The weekend: a mock load, a night of changes, the delta, a batch that fails, and the way back."""

import json
from pathlib import Path

import pandas as pd
import pytest

from dq.errors import ConflictError, NotFoundError, SettingsError
from dq.pipeline.loading import make_load, reconcile_load, take_answers
from dq.pipeline.staging import locked
from tests.pipeline.loading.houses import KEY, House, contacts, run_folder, salesforce

MANY = 10_000
IDS = [f"C{number:05d}" for number in range(MANY)]
NEW = [f"C{number:05d}" for number in range(MANY, MANY + 40)]
CHANGED = {
    one: {"Phone": "+13015550199", "MailingCity": "Laurel", "Email": None if place < 5 else f"new{place}@example.com"}
    for place, one in enumerate(IDS[100:125])
}
MERGED = {IDS[7000 + number]: IDS[8000 + number] for number in range(5)}


@pytest.fixture(scope="module")
def weekend(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, House]:
    """A folder with the runs before and after the night, mock-2 loaded and answered, and what took it in."""
    folder, house = tmp_path_factory.mktemp("weekend"), House()
    records = {f"r{one}": one for one in IDS}
    run_folder(folder / "friday", contacts(IDS, {}), records, salesforce())
    make_load(folder / "friday", "salesforce", folder / "first", tag="mock-2", batch=4000)
    told = [house.take(path) for path in sorted((folder / "first").glob("*-*.csv"))]
    answers = take_answers(folder / "first", tuple(told), ())
    assert answers.problems == ()
    (folder / "mock-2.rows").write_bytes(house.export())
    for thing in ("Account", "Contact"):
        house.write_export(folder, thing)
    alive = [one for one in [*IDS, *NEW] if one not in MERGED]
    after = {f"r{one}": MERGED.get(one, one) for one in [*IDS, *NEW]}
    run_folder(folder / "saturday", contacts(alive, CHANGED), after, salesforce())
    return folder, house


@pytest.fixture(scope="module")
def delta(weekend: tuple[Path, House]) -> Path:
    """The load of the night against mock-2."""
    folder, _ = weekend
    make_load(folder / "saturday", "salesforce", folder / "delta", since="mock-2", tag="cut-over")
    return folder / "delta"


def rows_of(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_the_first_load_is_cut_into_batches_with_parents_first(weekend: tuple[Path, House]) -> None:
    folder, house = weekend
    files = json.loads((folder / "first/load.json").read_text())["files"]
    assert [(line["file"], line["rows"]) for line in files] == [
        ("01-Account.insert.0001.csv", 1000),
        ("02-Contact.insert.0001.csv", 4000),
        ("02-Contact.insert.0002.csv", 4000),
        ("02-Contact.insert.0003.csv", 2000),
    ]
    assert len(house.rows) == MANY + 1000
    assert house.rows["Contact", "C00100"]["Account.External_Id__c"] == "A0010"


def test_the_delta_is_what_changed_and_nothing_else(delta: Path) -> None:
    about = json.loads((delta / "load.json").read_text())
    assert about["counts"]["Contact"] == {
        "insert": 40,
        "update": 25,
        "merge": 5,
        "unchanged": MANY - 25 - 5,
        "gone": 0,
        "parked": 0,
    }
    assert [about["counts"]["Account"][work] for work in ("insert", "update", "merge", "unchanged")] == [4, 0, 0, 1000]
    inserts = rows_of(delta / "02-Contact.insert.0001.csv")
    assert sorted(inserts[KEY]) == NEW, "exactly the 40 new ones"
    updates = rows_of(delta / "02-Contact.update.0001.csv")
    assert sorted(updates[KEY]) == sorted(CHANGED), "exactly the 25 that changed"
    assert set(updates.columns) == {KEY, "Email", "MailingCity", "Phone"}
    assert updates["Email"].value_counts()["#N/A"] == 5, "a field that was emptied gets the mark that empties it"
    merges = rows_of(delta / "merges.csv")
    assert dict(zip(merges["row_id"], merges["into_row_id"], strict=True)) == MERGED
    assert merges["target_id"].str.len().eq(18).all()


def test_a_batch_that_fails_remains_and_nothing_goes_in_twice(weekend: tuple[Path, House], delta: Path) -> None:
    _, house = weekend
    first, second, third = sorted(delta.glob("*-*.csv"))
    assert [first.name, second.name, third.name] == [
        "01-Account.insert.0001.csv",
        "02-Contact.insert.0001.csv",
        "02-Contact.update.0001.csv",
    ]
    failed = rows_of(second)[KEY]
    answers = take_answers(delta, (house.take(first), house.take(third)), (house.take(second, broken=True),))
    assert any("5 of 74 rows" in problem for problem in answers.problems), "the merges are not answered yet"
    left = sorted((delta / "remaining").glob("*-*.csv"))
    assert [path.name for path in left] == ["02-Contact.insert.0001.csv"]
    assert sorted(rows_of(left[0])[KEY]) == sorted(failed)
    again = take_answers(delta, (house.take(left[0]),), ())
    assert not list((delta / "remaining").glob("*-*.csv")), again.problems
    assert len(house.rows) == MANY + 1000 + 40 + 4


def test_counts_tie_to_the_export(weekend: tuple[Path, House], delta: Path) -> None:
    _, house = weekend
    answers = json.loads((delta / "load.json").read_text())["answers"]
    assert answers["loaded"] == 40 + 25 + 4
    for one, change in CHANGED.items():
        for field, value in change.items():
            assert house.rows["Contact", one].get(field, "") == (value or "")


def test_counts_and_sums_of_the_first_load_tie_to_its_export(weekend: tuple[Path, House]) -> None:
    folder, _ = weekend
    exports = [f"{thing}={folder / f'{thing}.export.csv'}" for thing in ("Account", "Contact")]
    became = reconcile_load(folder / "first", (), (), exports)
    assert became.complete
    document = became.document
    assert [(line["object"], line["sent"], line["in"]) for line in document["objects"]] == [
        ("Account", 1000, 1000),
        ("Contact", MANY, MANY),
    ]
    assert [(line["source"], line["records"], line["in"]) for line in document["sources"]] == [("crm", MANY, MANY)]
    total = sum(range(1000, 2000))
    assert document["sums"] == [{"object": "Account", "field": "AnnualRevenue", "sent": total, "found": total}]
    assert (document["changes"], document["missing"], document["unexpected"], document["twice"]) == ([], 0, 0, 0)
    assert (document["rejects"]["false_alarms"], document["rejects"]["missed"]) == (0, 0)


def test_the_way_back_undoes_just_this_load(delta: Path) -> None:
    back = {path.name: rows_of(path) for path in sorted((delta / "back_out").glob("*.csv"))}
    assert list(back) == ["01-Contact.restore.csv", "02-Contact.delete.csv", "03-Account.delete.csv"]
    assert sorted(back["02-Contact.delete.csv"][KEY]) == sorted(NEW)
    restored = back["01-Contact.restore.csv"].set_index(KEY)
    assert sorted(restored.index) == sorted(CHANGED)
    assert restored.loc["C00100"].to_dict() == {
        "Email": "sarah100@example.com",
        "MailingCity": "Bowie",
        "Phone": "+13015550100",
    }


def test_five_merges_end_the_night_and_all_of_it_is_taken_back(weekend: tuple[Path, House], delta: Path) -> None:
    folder, house = weekend
    (call,) = (delta / "remaining/merge").iterdir()
    answers = take_answers(delta, (house.merge(call),), ())
    assert answers.problems == ()
    assert not list((delta / "remaining").glob("**/*.*"))
    assert len(house.rows) == MANY + 1000 + 40 + 4 - 5
    back = sorted((delta / "back_out").glob("*.csv"))
    assert [(path.name, len(rows_of(path))) for path in back] == [
        ("01-Contact.unmerge.csv", 5),
        ("02-Contact.restore.csv", 25),
        ("03-Contact.delete.csv", 40),
        ("04-Account.delete.csv", 4),
    ]
    for path in back:
        house.delete(path) if path.name.endswith(".delete.csv") else house.take(path)
    assert house.export() == (folder / "mock-2.rows").read_bytes()


def test_a_load_knows_what_it_follows(weekend: tuple[Path, House]) -> None:
    folder, _ = weekend
    with pytest.raises(NotFoundError, match="mock-9") as unknown:
        make_load(folder / "saturday", "salesforce", folder / "lost", since="mock-9")
    assert "mock-2" in str(unknown.value.hint)
    with pytest.raises(SettingsError, match="there already"):
        make_load(folder / "saturday", "salesforce", folder / "first")
    make_load(folder / "friday", "salesforce", folder / "silent", tag="silent")
    make_load(folder / "friday", "salesforce", folder / "again", tag="again")
    make_load(folder / "friday", "salesforce", folder / "again-2", tag="again")
    with pytest.raises(SettingsError, match=r"2 loads: .*again, .*again-2"):
        make_load(folder / "saturday", "salesforce", folder / "lost", since="again")
    with pytest.raises(SettingsError, match="not known"):
        make_load(folder / "saturday", "salesforce", folder / "lost", since="silent")


def test_two_commands_do_not_make_one_folder(weekend: tuple[Path, House], tmp_path: Path) -> None:
    folder, _ = weekend
    (tmp_path / ".twice.unfinished/state").mkdir(parents=True)
    with locked(tmp_path / ".twice.unfinished"), pytest.raises(ConflictError, match="another dq load"):
        make_load(folder / "friday", "salesforce", tmp_path / "twice")
    make_load(folder / "friday", "salesforce", tmp_path / "twice")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["twice"]
    assert not (tmp_path / "twice/lock").exists()


def test_a_change_that_was_refused_is_repaired(weekend: tuple[Path, House], tmp_path: Path) -> None:
    """A record is there whether or not its change was taken: an export does not make a refused update a loaded one."""
    folder, _ = weekend
    make_load(folder / "saturday", "salesforce", tmp_path / "load", since=str(folder / "first"))
    (update,) = (tmp_path / "load").glob("*.update.*")
    refused = rows_of(update).head(3).assign(sf__Error="FIELD_CUSTOM_VALIDATION_EXCEPTION:No:Phone --", sf__Id="")
    refused.to_csv(tmp_path / "error.csv", index=False)
    rows_of(update).tail(22).drop(columns="Phone").to_csv(tmp_path / "success.csv", index=False)
    rows_of(tmp_path / "load/02-Contact.insert.0001.csv").to_csv(tmp_path / "new.csv", index=False)
    told = (tmp_path / "success.csv", tmp_path / "new.csv")
    answers = take_answers(tmp_path / "load", told, (tmp_path / "error.csv",))
    assert any("40 new rows are in and no file tells the id" in problem for problem in answers.problems)
    named = rows_of(tmp_path / "new.csv").assign(Id="003X")
    named.to_csv(tmp_path / "named.csv", index=False)
    answers = take_answers(tmp_path / "load", (tmp_path / "named.csv",), ())
    assert not any("no file tells" in problem for problem in answers.problems)
    for exports in ([], [f"Contact={folder / 'Contact.export.csv'}"]):
        became = reconcile_load(tmp_path / "load", (), (), exports)
        assert became.document["unexpected"] == 0
        (repair,) = (tmp_path / "load/repair").glob("*.update.*")
        again = rows_of(repair).set_index(KEY)
        assert set(refused[KEY]) <= set(again.index)
        cells = ["Phone", "MailingCity", "Email"]
        pd.testing.assert_frame_equal(again.loc[refused[KEY], cells], refused.set_index(KEY)[cells], check_names=False)
