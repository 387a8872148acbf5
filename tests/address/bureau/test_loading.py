"""The answer of the mail house: told, refused or unchanged, and every row accounted for."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dq.address.bureau import REASONS, LoadReport, export_list, load_answer, write_export
from dq.address.bureau.library import read_findings
from dq.address.findings import FINDINGS, address_key
from dq.errors import NotFoundError, SourceError
from dq.model import ADDRESS_COLUMNS, ADDRESS_OUTCOMES, TEXT
from tests.address.bureau.mailhouse import VENDORS, Place, Truth, answered, key_of, people
from tests.address.policies import policy

TODAY = date(2026, 11, 22)
BOSTON = Place("9 Elm Avenue", "Apt 3", "Boston", "MA", "02139", "4444")
POINTS, RECORDS = people()
LISTED = export_list(POINTS, RECORDS)
HOMER, MARGE = (key_of(LISTED, "742 EVERGREEN TER APT 2B", name) for name in ("Homer", "Marge"))
NED = key_of(LISTED, "12 OAK ST", "Ned")
ACME, BOX = (key_of(LISTED, line1, "Acme Corp") for line1 in ("100 MAIN ST", "PO BOX 77"))
TRUTHS = {
    HOMER: Truth(ncoa="A", move_type="I", move_on="202608", new=BOSTON),
    NED: Truth(dpv="N", notes="AAM3", zip4=""),
    ACME: Truth(dpv="D", notes="AAN1", ncoa="02", move_type="B", move_on="202601"),
    BOX: Truth(vacant="Y"),
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A reference library that remembers the list."""
    write_export(POINTS, RECORDS, tmp_path / "list.csv", tmp_path / "library")
    return tmp_path / "library"


def load(library: Path, answer: pd.DataFrame, name: str = "answer.csv", **options: object) -> LoadReport:
    path = library.parent / name
    answer.to_csv(path, index=False)
    return load_answer([path], library, policy().standards, TODAY, **options)  # type: ignore[arg-type]


def by_address(library: Path) -> pd.DataFrame:
    """Findings about addresses, by the delivery line that was sent."""
    findings = read_findings(library)
    lines = dict(zip(address_key(POINTS), POINTS["address_line1"], strict=True))
    own = findings[findings["name_key"].isna()]
    return own.set_index(own["address_key"].map(lines))


def moves(library: Path) -> pd.DataFrame:
    findings = read_findings(library)
    return findings[findings["name_key"].notna()]


# ---- the round trip -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_tells_the_same(library: Path, vendor: str) -> None:
    report = load(library, answered(LISTED, TRUTHS, vendor))
    assert (report.rows_read, report.told, report.unchanged, dict(report.rejected)) == (5, 5, 0, {})
    assert (report.sent, report.returned, report.not_returned, report.undated) == (5, 5, 0, 0)
    assert report.unknown_codes == {}
    found = by_address(library)
    assert found["outcome"].to_dict() == {
        "742 EVERGREEN TER APT 2B": "confirmed",
        "12 OAK ST": "number_out_of_range",
        "100 MAIN ST": "unit_missing",
        "PO BOX 77": "vacant",
    }
    assert found["zip4"].dropna().to_dict() == dict.fromkeys(
        ["742 EVERGREEN TER APT 2B", "100 MAIN ST", "PO BOX 77"], "1234"
    )
    assert found.loc["742 EVERGREEN TER APT 2B", ["dpv", "dpv_footnotes", "delivery_point"]].tolist() == [
        "Y",
        "AABB",
        "425",
    ]
    assert found["corrections"].isna().all()
    gone = moves(library).set_index("move_type")
    assert sorted(gone.index) == ["business", "individual"]
    assert gone.loc["individual", ["outcome", "move_on", "new_line1", "new_zip5", "new_zip4"]].tolist() == [
        "moved",
        "2026-08",
        "9 Elm Avenue",
        "02139",
        "4444",
    ]
    assert gone.loc["business", ["move_on", "detail"]].tolist() == ["2026-01", "NCOA 02: moved and left no address"]
    assert gone.loc["business", [f"new_{part}" for part in ("line1", "city", "zip5")]].isna().all()


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_stands_over_a_moved_address_is_no_evidence_about_it(library: Path, vendor: str) -> None:
    both = {key: Truth(ncoa="A", move_type="F", move_on="202608", new=BOSTON) for key in (HOMER, MARGE)}
    load(library, answered(LISTED, both, vendor))
    found = by_address(library)
    assert ("742 EVERGREEN TER APT 2B" in found.index) == (vendor == "long")
    assert len(moves(library)) == 1


def test_the_answer_may_be_a_workbook_with_a_summary(library: Path) -> None:
    path = library.parent / "answer.xlsx"
    answer = answered(LISTED, TRUTHS).fillna("")
    with xlsxwriter.Workbook(path) as book:
        summary, sheet = book.add_worksheet("Summary"), book.add_worksheet("Records")
        for place, row in enumerate([["Statistic", "Count"], ["Rows", "5"], ["Moves", "2"]]):
            summary.write_row(place, 0, row)
        sheet.write_row(0, 0, list(answer.columns))
        for place, row in enumerate(answer.to_numpy().tolist(), 1):
            for column, cell in enumerate(row):
                # Excel makes numbers of digits: leading zeros are lost.
                sheet.write(place, column, int(cell) if cell.isdigit() else cell)
    report = load_answer([path], library, policy().standards, TODAY)
    assert (report.told, dict(report.rejected)) == (5, {})
    assert any("Summary" in sentence and "left out" in sentence for sentence in report.decisions)
    assert moves(library).set_index("move_type").loc["individual", "new_zip5"] == "02139"
    assert moves(library).set_index("move_type").loc["business", "detail"].startswith("NCOA 02")


def test_tab_separated_files_and_several_files_of_one_answer(library: Path) -> None:
    answer = answered(LISTED, TRUTHS)
    first, second = library.parent / "a.tsv", library.parent / "b.csv"
    answer.iloc[:2].to_csv(first, index=False, sep="\t")
    answered(LISTED, TRUTHS, "written_over").iloc[2:].to_csv(second, index=False)
    report = load_answer([first, second], library, policy().standards, TODAY)
    assert (report.told, report.not_returned) == (5, 0)
    assert list(report.columns) == ["a.tsv", "b.csv"]


def test_the_findings_are_described_beside_them(library: Path) -> None:
    report = load(library, answered(LISTED, TRUTHS))
    document = json.loads((library / "findings" / "bureau.json").read_text(encoding="utf-8"))
    assert (document["kind"], document["vintage"], document["rows"]) == ("bureau", "2026-10-05", report.findings)
    assert (report.vintage, report.age_months) == ("2026-10-05", 1)
    assert document["counts"]["addresses"] == {"confirmed": 1, "number_out_of_range": 1, "unit_missing": 1, "vacant": 1}
    assert read_findings(library).columns.tolist() == list(FINDINGS)


def test_some_mail_houses_return_who_moved_twice_at_the_old_and_at_the_new_address(library: Path) -> None:
    old = answered(LISTED, {}, "prefixed").set_index("input_key")
    new = answered(LISTED, {HOMER: TRUTHS[HOMER]}, "prefixed").set_index("input_key").loc[[HOMER]]
    flagged = old.assign(
        **{column: new.loc[HOMER, column] for column in ("move_type", "move_date", "match_flag", "nxi")}
    )
    for first in (old, flagged.loc[[HOMER]]):
        report = load(library, pd.concat([first, new]).reset_index())
        assert dict(report.rejected) == {}
        assert moves(library)["new_line1"].tolist() == ["9 Elm Avenue"]
        assert by_address(library).loc["742 EVERGREEN TER APT 2B", "outcome"] == "confirmed"


def test_where_refused_rows_stand_is_written_without_what_is_in_them(library: Path) -> None:
    answer = answered(LISTED)
    load(library, pd.concat([answer, answer.iloc[[0]]]))
    written = (library / "bureau" / "rejects.csv").read_text(encoding="utf-8")
    assert written == "file,first_line,last_line,reason\nanswer.csv,7,7,returned_twice\n"
    assert sorted(path.name for path in (library / "bureau").iterdir()) == ["rejects.csv", "sent"]


# ---- corrections --------------------------------------------------------------------------------------------------
def corrections_of(library: Path, **cells: str) -> object:
    answer = answered(LISTED).set_index("key")
    for column, cell in cells.items():
        answer.loc[MARGE, column] = cell
    load(library, answer.loc[[MARGE]].reset_index())
    found = by_address(library).loc["742 EVERGREEN TER APT 2B", "corrections"]
    return json.loads(found) if isinstance(found, str) else None


def test_a_standard_form_that_differs_is_a_correction(library: Path) -> None:
    found = corrections_of(
        library, std_address="742 N Evergreen Terrace Apt 2B", std_city="Springfield", std_zip="62711"
    )
    assert found == [
        ["address_line1", "742 EVERGREEN TER APT 2B", "742 N EVERGREEN TER APT 2B", "bureau_standard"],
        ["zip5", "62704", "62711", "bureau_standard"],
    ]


@pytest.mark.parametrize(
    "cells",
    [
        {"std_address": "742 Evergreen Terrace Apt. 2b", "std_city": "springfield"},
        {"std_address": "742 EVERGREEN TER", "DPV_CODE": "S"},  # the unit that could not be confirmed is not dropped
        {"std_address": "742 N EVERGREEN TER APT 2B", "DPV_CODE": "N"},  # not found: a copy, no standard form
        {"std_address": ""},
    ],
)
def test_what_only_looks_different_or_drops_something_is_none(library: Path, cells: dict[str, str]) -> None:
    assert corrections_of(library, **cells) is None


def test_a_house_number_is_only_altered_by_lacs(library: Path) -> None:
    answer = answered(LISTED).set_index("key").loc[[NED]].assign(std_address="1875 Moose Lane", std_zip="62703")
    own = [column for column in answer if column in LISTED.columns]
    load(library, answer.drop(columns=own).assign(LACS="Y").reset_index())
    found = json.loads(by_address(library).loc["12 OAK ST", "corrections"])
    assert found == [
        ["address_line1", "12 OAK ST", "1875 MOOSE LN", "bureau_lacs"],
        ["zip5", "62702", "62703", "bureau_lacs"],
    ]


def test_a_suite_found_by_the_firms_name_is_not_everybodys(library: Path) -> None:
    answer = answered(LISTED).set_index("key").loc[[ACME]].assign(std_address="100 MAIN ST STE 5")
    load(library, answer.reset_index())
    found = by_address(library).loc["100 MAIN ST"]
    assert (found["outcome"], found["detail"]) == ("unit_missing", "with the name that was sent: 100 MAIN ST STE 5")
    assert found[["corrections", "zip4", "delivery_point"]].isna().all()


# ---- rows that are refused ----------------------------------------------------------------------------------------
def rejected_as(library: Path, answer: pd.DataFrame) -> dict[str, int]:
    report = load(library, answer)
    assert report.is_balanced
    assert len(report.rejects) == sum(report.rejected.values())
    assert set(report.rejected) <= {*REASONS, "no_values"}
    return dict(report.rejected)


def test_unknown_missing_and_repeated_keys_are_refused(library: Path) -> None:
    answer = answered(LISTED, TRUTHS)
    stranger = answer.iloc[[0]].assign(key="f" * 20 + "-" + "0" * 20)
    keyless = answer.iloc[[1]].assign(key=pd.NA)
    again = answer.iloc[[2]]
    every = pd.concat([answer.iloc[:4], stranger, keyless, again], ignore_index=True)
    assert rejected_as(library, every) == {"no_key": 1, "returned_twice": 1, "unknown_key": 1}
    report = load(library, every)
    assert (report.told, report.returned, report.not_returned) == (4, 4, 1)
    lines = report.rejects.set_index("reason")["first_line"].to_dict()
    assert lines == {"unknown_key": 6, "no_key": 7, "returned_twice": 8}


def test_rows_that_contradict_each_other_are_all_refused(library: Path) -> None:
    answer = answered(LISTED)
    other = answer[answer["key"] == NED].assign(DPV_CODE="N")
    assert rejected_as(library, pd.concat([answer, other])) == {"contradictory": 2}
    assert "12 OAK ST" not in by_address(library).index


def test_keys_in_the_wrong_rows_are_refused(library: Path) -> None:
    answer = answered(LISTED)
    swapped = answer.assign(key=answer["key"].replace({NED: BOX, BOX: NED}))
    assert rejected_as(library, swapped) == {"other_address": 2}
    assert sorted(by_address(library).index) == ["100 MAIN ST", "742 EVERGREEN TER APT 2B"]


def test_the_echo_tells_mixed_up_keys_where_a_move_was_applied(library: Path) -> None:
    answer = answered(LISTED, {NED: Truth(ncoa="A", move_type="I", move_on="202608", new=BOSTON)}, "prefixed")
    swapped = answer.assign(input_key=answer["input_key"].replace({NED: HOMER, HOMER: NED}))
    assert rejected_as(library, swapped) == {"other_address": 2}


def test_a_file_whose_keys_are_shuffled_is_refused_whole(library: Path) -> None:
    streets = [f"{number} {name} ST" for number in range(1, 5) for name in ("OAK", "ELM", "PINE", "LAKE")]
    points = pd.concat(
        [POINTS.iloc[[2]].assign(record_id=f"crm:{n}", address_line1=line) for n, line in enumerate(streets, 10)]
    )
    records = pd.concat([RECORDS.iloc[[2]].assign(record_id=f"crm:{n}") for n in range(10, 10 + len(streets))])
    write_export(points, records, library.parent / "list.csv", library)
    answer = answered(export_list(points, records))
    shifted = answer.assign(key=answer["key"].tolist()[5:] + answer["key"].tolist()[:5])
    with pytest.raises(SourceError, match="carry the key of another address"):
        load(library, shifted)
    assert not (library / "findings").exists()


def test_days_in_the_future_are_refused(library: Path) -> None:
    answer = answered(LISTED)
    answer.loc[0, "CASS Date"] = "20261123"
    assert rejected_as(library, answer) == {"date_in_future": 1}


def test_a_row_without_a_day_takes_the_earliest_of_its_file(library: Path) -> None:
    answer = answered(LISTED)
    answer.loc[0, "CASS Date"] = pd.NA
    answer.loc[1, "CASS Date"] = "2026-09-30"
    report = load(library, answer)
    assert report.undated == 1
    assert sorted(by_address(library)["evidence_on"].unique()) == ["2026-09-30", "2026-10-05"]


def test_a_day_may_be_given(library: Path) -> None:
    report = load(library, answered(LISTED).drop(columns="CASS Date"), processed_on=date(2026, 10, 1))
    assert (report.vintage, report.undated) == ("2026-10-01", 5)


@pytest.mark.parametrize(("key", "kind"), [(ACME, "I"), (ACME, "F"), (HOMER, "B")])
def test_a_move_of_the_other_kind_of_party_is_refused(library: Path, key: str, kind: str) -> None:
    truth = Truth(ncoa="A", move_type=kind, move_on="202608", new=BOSTON)
    assert rejected_as(library, answered(LISTED, {key: truth})) == {"move_of_other_party": 1}


def test_a_row_that_says_nothing_is_unchanged(library: Path) -> None:
    silent = Truth(dpv="", notes="", zip4="", point="", vacant="", no_stat="", ncoa="")
    report = load(library, answered(LISTED, {NED: silent}))
    assert (report.told, report.unchanged, report.is_balanced) == (4, 1, True)


# ---- files that are refused ---------------------------------------------------------------------------------------
def test_without_a_list_there_is_nothing_to_check_against(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="remembers no list"):
        load_answer([tmp_path / "answer.csv"], tmp_path, policy().standards, TODAY)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"key": "account"}, "no column has the key"),
        ({"DPV_CODE": "DPV Confirm", "Vacant": "DPV"}, "both say dpv"),
    ],
)
def test_what_is_wrong_with_a_file_is_listed(library: Path, columns: dict[str, str], message: str) -> None:
    answer = answered(LISTED).assign(key=lambda rows: rows["key"].str.slice(0, 8) if "key" in columns else rows["key"])
    with pytest.raises(SourceError, match=message) as caught:
        load(library, answer.rename(columns=columns))
    assert caught.value.exit_code == 2
    assert not (library / "findings").exists()


def test_keys_that_were_never_sent_refuse_the_file(library: Path) -> None:
    answer = answered(LISTED).assign(key=lambda rows: rows["key"].str.replace("-", "_"))
    with pytest.raises(SourceError, match="none of its 5 keys was ever sent"):
        load(library, answer)


@pytest.mark.parametrize(("day", "message"), [("", "no row says when"), ("20270101", "every row was processed in")])
def test_files_without_a_day_or_of_the_future_are_refused(library: Path, day: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        load(library, answered(LISTED).assign(**{"CASS Date": day}))


# ---- loads after one another --------------------------------------------------------------------------------------
def test_newer_evidence_replaces_older_and_older_replaces_nothing(library: Path) -> None:
    load(library, answered(LISTED, TRUTHS))
    newer = answered(LISTED, {NED: Truth()}).assign(**{"CASS Date": "20261101"})
    load(library, newer[newer["key"] == NED])
    assert by_address(library).loc["12 OAK ST", ["outcome", "evidence_on"]].tolist() == ["confirmed", "2026-11-01"]
    load(library, answered(LISTED, TRUTHS))
    assert by_address(library).loc["12 OAK ST", "outcome"] == "confirmed"
    assert len(by_address(library)) == 4


def test_loading_the_same_file_twice_changes_no_finding(library: Path) -> None:
    load(library, answered(LISTED, TRUTHS))
    before = json.loads((library / "findings" / "bureau.json").read_text(encoding="utf-8"))
    load(library, answered(LISTED, TRUTHS))
    assert json.loads((library / "findings" / "bureau.json").read_text(encoding="utf-8")) == before


def test_a_possible_move_is_no_news_about_a_move(library: Path) -> None:
    load(library, answered(LISTED, TRUTHS))
    load(library, answered(LISTED, {HOMER: Truth(ncoa="15")}).assign(**{"CASS Date": "20261101"}))
    assert sorted(moves(library)["outcome"].fillna("possible").tolist()) == ["moved", "moved", "possible"]


def test_an_address_that_was_sent_corrected_stays_corrected(library: Path) -> None:
    answer = answered(LISTED).assign(std_zip="62703")
    load(library, answer[answer["key"] == NED])
    keys = address_key(POINTS)
    mended = POINTS.assign(zip5=POINTS["zip5"].replace("62702", "62703"), address_key=keys)
    write_export(mended, RECORDS, library.parent / "list.csv", library)
    again = answered(export_list(mended, RECORDS)).assign(**{"CASS Date": "20261101"})
    report = load(library, again)
    assert dict(report.rejected) == {}
    assert json.loads(by_address(library).loc["12 OAK ST", "corrections"]) == [
        ["zip5", "62702", "62703", "bureau_standard"]
    ]


def test_the_answer_belongs_to_the_tightest_list_that_covers_it(library: Path) -> None:
    small = RECORDS[RECORDS["record_id"] == "crm:3"]
    points = POINTS[POINTS["record_id"] == "crm:3"]
    write_export(points, small, library.parent / "small.csv", library)
    report = load(library, answered(export_list(points, small)))
    assert (report.sent, report.returned) == (1, 1)


# ---- whatever comes back ------------------------------------------------------------------------------------------
HOSTILE = st.sampled_from(
    [
        '=HYPERLINK("http://x","y")',
        "<script>alert(1)</script>",
        "+1-555",
        "@SUM(A1)",
        "' OR 1=1 --",
        "NULL",
        "99999",
        "0000",
        "2026-13-45",
        "AABBCCDDEE",
        "Ωμέγα 𝟙𝟚𝟛",
        "a\tb\nc",
        "x" * 500,
    ]
)
DAMAGE = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40), HOSTILE), max_size=12)
REPEATS = st.lists(st.integers(0, 4), max_size=3)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(VENDORS), DAMAGE, REPEATS, st.permutations(range(5)))
def test_every_row_is_told_refused_or_unchanged(
    library: Path, vendor: str, damage: list[tuple[int, int, str]], repeats: list[int], order: list[int]
) -> None:
    answer = answered(LISTED, TRUTHS, vendor)
    for row, column, cell in damage:
        answer.iloc[row, column % answer.shape[1]] = cell
    answer = answer.iloc[[*order, *repeats]]
    try:
        report = load(library, answer)
    except SourceError:
        # Damage to every key, every day or a column's only meaning refuses the file; nothing else is raised.
        return
    assert report.is_balanced
    assert report.rows_read == len(answer)
    assert len(report.rejects) == sum(report.rejected.values())
    findings = read_findings(library)
    assert set(findings["outcome"].dropna()) <= set(ADDRESS_OUTCOMES)
    assert not findings.duplicated(["address_key", "name_key", "outcome"]).any()
    assert findings["zip4"].dropna().str.fullmatch(r"\d{4}").all()
    assert findings["delivery_point"].dropna().str.fullmatch(r"\d{3}").all()
    assert findings["address_key"].isin(address_key(POINTS)).all()
    for text in findings["corrections"].dropna():
        assert all(change[0] in ADDRESS_COLUMNS and len(change) == 4 for change in json.loads(text))


def test_hostile_cells_stay_text(library: Path) -> None:
    formula = '=HYPERLINK("http://x","y")'
    page = "<script>alert(1)</script>"
    truth = Truth(ncoa="A", move_type="I", move_on="202608", new=BOSTON._replace(line1=formula, city=page))
    load(library, answered(LISTED, {NED: truth}))
    gone = moves(library).iloc[0]
    assert (gone["new_line1"], gone["new_city"]) == (formula, page)


def test_the_answer_may_come_in_any_order(library: Path) -> None:
    load(library, answered(LISTED, TRUTHS))
    before = read_findings(library)
    (library / "findings" / "bureau.parquet").unlink()
    load(library, answered(LISTED, TRUTHS).iloc[::-1])
    pd.testing.assert_frame_equal(read_findings(library), before.astype(TEXT))
