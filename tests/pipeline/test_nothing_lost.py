"""Nothing is lost: the ledger balances and every value of every extract stands somewhere in the result."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.pipeline import run_match
from dq.pipeline.listening import Silence
from tests.finished import FinishedRun
from tests.pipeline.runs import lost_values, plan_of, run, table, write_csv

ACCOUNTS = ("Id", "Name", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "Industry")
CONTACTS = ("Id", "AccountId", "FirstName", "LastName", "Email", "Phone", "OwnerId", "Note")
ADDRESSES = ("Id", "AccountId", "Type", "Street", "City", "State", "PostalCode", "ValidFrom", "Remark")
USERS = ("Id", "Name", "Email", "Department")

words = st.sampled_from(
    [
        "N/A",
        "none",
        "-",
        "café",
        "CAFÉ",
        "O'BRIEN",
        "12 Oak St",
        "=1+1",
        "'quoted",
        "a;b",
        "x" * 40,
        "  padded  ",
        "測試",
    ]
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)
dirty = st.one_of(words, texts, st.just(""))
phones = st.sampled_from(["(217) 442-1038", "217.442.1038 x12", "555-0148; 217-555-0199", "1.23457E+11", "none", ""])
emails = st.sampled_from(["a.b@gmail.com", "A.B@GMIAL.COM", "info@acme.com", "no mail", "a@b.com; c@d.org", ""])
zips = st.sampled_from(["62704", "2139", "62704-1234", "K1A 0B1", "00000", ""])
account_keys = st.sampled_from(["A1", "A2", "A3", "A9", "a1", ""])


def rows_of(*cells: st.SearchStrategy[str], most: int = 12) -> st.SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(st.tuples(*cells), min_size=1, max_size=most)


accounts = rows_of(
    st.sampled_from(["A1", "A2", "A3"]), dirty, dirty, dirty, st.sampled_from(["IL", "Illinois", "QQ"]), zips, dirty
)
contacts = rows_of(
    st.sampled_from(["C1", "C2", "C3"]),
    account_keys,
    dirty,
    dirty,
    emails,
    phones,
    st.sampled_from(["U1", "U2", ""]),
    dirty,
)
addresses = rows_of(
    st.sampled_from(["P1", "P2", ""]),
    account_keys,
    st.sampled_from(["Billing", "SHIPPING", "Lair"]),
    dirty,
    dirty,
    st.just("IL"),
    zips,
    st.sampled_from(["2025-02-03", "02/30/2025", ""]),
    dirty,
)
users = rows_of(st.sampled_from(["U1", "U2", "U3"]), dirty, emails, dirty, most=3)


def _with_anchors(folder: Path, tables: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]]) -> None:
    """Write the tables; a few plain rows first, so that the columns are recognised whatever follows."""
    for name, (headers, rows) in tables.items():
        write_csv(folder / f"{name}.csv", [headers, *rows])


PLAIN = {
    "accounts": [
        (f"A{n}0", f"Oak {n} Foods LLC", f"{n} Main St", "Springfield", "IL", "62704", "Food") for n in range(4, 8)
    ],
    "contacts": [
        (f"C{n}0", f"A{n}0", "Mary", "Kwan", f"m{n}@gmail.com", "217-442-1038", "U10", "note") for n in range(4, 8)
    ],
    "addresses": [
        (f"P{n}0", f"A{n}0", "Billing", f"{n} Elm St", "Decatur", "IL", "62521", "2025-01-01", "ok")
        for n in range(4, 8)
    ],
    "users": [("U10", "Sam Seller", "sam@example.com", "Sales")],
}


@settings(max_examples=2)  # two runs over many rows hold more dirt than five over few
@given(accounts=accounts, contacts=contacts, addresses=addresses, users=users)
def test_every_value_of_related_tables_is_findable(
    accounts: list[tuple[str, ...]],
    contacts: list[tuple[str, ...]],
    addresses: list[tuple[str, ...]],
    users: list[tuple[str, ...]],
) -> None:
    with TemporaryDirectory() as place:
        folder, out = Path(place) / "crm", Path(place) / "out"
        tables = {
            "accounts": (ACCOUNTS, PLAIN["accounts"] + accounts),
            "contacts": (CONTACTS, PLAIN["contacts"] + contacts),
            "addresses": (ADDRESSES, PLAIN["addresses"] + addresses),
            "users": (USERS, PLAIN["users"] + users),
        }
        _with_anchors(folder, tables)
        run_match(plan_of([folder], out), Silence())
        assert lost_values([folder], out) == {}
        records = table(out, "records.parquet")
        assert len(table(out, "crosswalk.csv")) == len(records)
        assert records["record_id"].is_unique
        points = table(out, "contact_points.parquet")
        assert set(points["record_id"]) <= set(records["record_id"])
        assert points["contact_point_id"].is_unique


def test_every_value_of_the_sample_is_findable(sample_run: FinishedRun) -> None:
    assert lost_values(sample_run.sources, sample_run.out) == {}


def test_the_ledger_of_every_source_balances(sample_run: FinishedRun) -> None:
    manifest = json.loads((sample_run.out / "manifest.json").read_text())
    crosswalk = table(sample_run.out, "crosswalk.csv")
    assert set(manifest["ledger"]["sources"]) == {"billing", "crm", "web_signups"}
    for source, account in manifest["ledger"]["sources"].items():
        assert account["read"] == sum(account[term] for term in ("kept", "merged", "parked", "rejected", "erased"))
        of_source = crosswalk.loc[crosswalk["source"] == source]
        assert account["kept"] + account["merged"] == (of_source["part"] == "").sum()
        assert account["split"] == (of_source["part"] != "").sum()
    # Every golden record is counted once: by the row that stands for it.
    total = manifest["ledger"]["total"]
    mains = crosswalk.loc[crosswalk["part"] == ""]
    assert total["kept"] == mains["golden_id"].nunique()


@pytest.fixture(scope="module")
def related(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """Return a run over related tables, two addresses of which hang on nobody and two on one account."""
    place = tmp_path_factory.mktemp("related")
    folder = place / "crm"
    write_csv(folder / "accounts.csv", [ACCOUNTS, *PLAIN["accounts"]])
    write_csv(folder / "contacts.csv", [CONTACTS, *PLAIN["contacts"]])
    stray = [("P1", "A99", "Billing", "77 Lost Rd", "Decatur", "IL", "62521", "2025-01-01", "stray remark")]
    homeless = [("P2", "", "Billing", "78 Lost Rd", "Decatur", "IL", "62521", "2025-01-01", "no key")]
    more = [("P9", "A40", "Shipping", "9 Elm St", "Decatur", "IL", "62521", "", "second")]
    write_csv(folder / "addresses.csv", [ADDRESSES, *PLAIN["addresses"], *more, *stray, *homeless])
    write_csv(folder / "users.csv", [USERS, *PLAIN["users"], ("U99", "Gone Owner", "gone@example.com", "Nowhere")])
    return FinishedRun([folder], run([folder], place / "out").out)


def test_rows_that_hang_on_nobody_are_told(related: FinishedRun) -> None:
    out = related.out
    rejects = table(out, "rejects.csv").set_index("text")["reason"]
    reasons = {
        key: [reason for text, reason in rejects.items() if key in text] for key in ("77 Lost", "78 Lost", "Gone Owner")
    }
    assert reasons == {
        "77 Lost": ["belongs_to_no_record"],
        "78 Lost": ["belongs_to_no_record"],
        "Gone Owner": ["no_record_refers_to_it"],
    }
    violations = table(out, "violations.parquet")
    told = violations.loc[violations["rule_id"] == "child_row_has_its_record"]
    assert sorted(told["value"]) == ["(empty)", "crm/accounts:A99"]
    ledger = json.loads((out / "manifest.json").read_text())["ledger"]["sources"]["crm"]
    assert (ledger["attached"], ledger["attached_rejected"]) == (6, 3)
    assert lost_values(related.sources, out) == {}


def test_cells_of_child_rows_travel_with_their_record(related: FinishedRun) -> None:
    records = table(related.out, "records.parquet").set_index("record_id")
    assert records.at["crm/accounts:A40", "extra.addresses.Remark"] == "ok; second"
    assert records.at["crm/accounts:A40", "extra.addresses.Id"] == "P40; P9"
    assert records.at["crm/accounts:A50", "extra.addresses.Remark"] == "ok"


def test_declared_columns_are_all_there(sample_run: FinishedRun) -> None:
    from dq import model

    described = [value for value in vars(model).values() if isinstance(value, model.Table)]
    for one in described:
        path = sample_run.out / f"{one.name}.parquet"
        if path.exists():
            names = [name for name in pq.read_schema(path).names if not name.startswith(model.EXTRA)]
            assert names[: len(one.columns)] == list(one.columns)


def test_words_that_become_roles_and_days_are_kept_as_typed(tmp_path: Path) -> None:
    headers = ["id", "name", "ADDR_TYPE", "ADDR_FULL", "PHONE_TYPE", "PHONE_NUMBER"]
    rows = [
        [str(n), "Mary Kwan", "HOME", f"{n} Oak St, Dayton, OH 45402", "MOBILE", "937-222-4810"] for n in range(1, 9)
    ]
    source = write_csv(tmp_path / "people.csv", [headers, *rows])
    run_match(plan_of([source], tmp_path / "out"), Silence())
    assert set(table(tmp_path / "out", "contact_points.parquet")["role"]) >= {"home"}
    assert lost_values([source], tmp_path / "out") == {}
