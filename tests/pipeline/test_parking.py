"""Parking in a whole run: who is kept out, by whose word, in which file; the ledger; and the way back."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dq.pipeline import RunResult, run_all, run_apply, run_check
from dq.pipeline.applying import base_of
from dq.pipeline.applying import plan_of as apply_plan
from dq.pipeline.listening import Silence
from dq.pipeline.planning import convert_into
from dq.settings import Settings, load_settings
from tests.pipeline.runs import differences, plan_of, write_csv

ACCOUNTS = [
    ("Id", "Name", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "Registry Status", "AR",
     "Last Activity"),
    ("A1", "Granite Robin LLC", "57 N Sunset Trl", "Owego", "NY", "13827", "dissolved", "", "2026-01-05"),
    ("A2", "Hardy Farms Inc", "9 Oak St", "Owego", "NY", "13827", "active", "", "2026-02-01"),
    ("A3", "Bell Roofing Inc", "11 Elm St", "Bowie", "MD", "20715", "dissolved", "120.50", "2026-02-01"),
]  # fmt: skip
CONTACTS = [
    ("Id", "AccountId", "FirstName", "LastName", "Email", "MailingStreet", "MailingCity", "MailingState",
     "MailingPostalCode", "AR", "Last Activity"),
    ("C1", "A1", "Sarah", "Linkous", "s.linkous@bluefin.com", "12 Pine Rd", "Owego", "NY", "13827", "", "2026-03-01"),
    ("C2", "A2", "Brenda", "Caldwell", "b.cald@bluefin.com", "44 Birch Ave", "Owego", "NY", "13827", "", "2026-03-01"),
    ("C3", "", "Walter", "Hodges", "w.hodges@bluefin.com", "8 Cedar Ln", "Bowie", "MD", "20715", "", "2019-05-05"),
    ("C4", "", "Nora", "Whitfield", "nora.w@bluefin.com", "61 Spruce Ct", "Bowie", "MD", "20715", "0.00", "2020-06-30"),
    ("C5", "", "Irene", "Castillo", "irene.c@bluefin.com", "3 Aspen Dr", "Bowie", "MD", "20715", "88.10", "2018-01-15"),
    ("C6", "", "Test", "Test", "qa@bluefin.com", "1 Maple St", "Bowie", "MD", "20715", "", "2026-04-01"),
    ("C7", "A1", "Hugo", "Marsh", "h.marsh@bluefin.com", "29 Willow Way", "Owego", "NY", "13827", "10", "2026-03-01"),
]  # fmt: skip
BILLING = [
    ("cust_no", "first name", "last name", "email", "street", "city", "state", "zip"),
    ("50017", "Walter", "Hodges", "w.hodges@bluefin.com", "8 Cedar Ln", "Bowie", "MD", "20715"),
]
ACCEPTED = "    accepted: {by: Ana Lim, on: 2026-11-01}\n"
PARKED = {
    "crm/accounts:A1",
    "crm/contacts:C1",
    "crm/contacts:C3",
    "billing:50017",
    "crm/contacts:C4",
    "crm/contacts:C6",
}


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The standards that ship with dq, three rules accepted, AR meaning open receivables."""
    settings = load_settings()
    folder = tmp_path_factory.mktemp("policy") / "standards"
    shutil.copytree(settings.standards, folder)
    text = (folder / "parking.yml").read_text(encoding="utf-8")
    for rule in ("test", "dissolved", "inactive"):
        text = text.replace(f"  {rule}:\n", f"  {rule}:\n{ACCEPTED}", 1)
    text = text.replace("columns: [open receivables", "columns: [AR, open receivables", 1)
    (folder / "parking.yml").write_text(text, encoding="utf-8")
    return replace(settings, standards=folder)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three accounts, their contacts, and one of them known to billing as well."""
    folder = tmp_path_factory.mktemp("extracts")
    write_csv(folder / "crm" / "accounts.csv", ACCOUNTS)
    write_csv(folder / "crm" / "contacts.csv", CONTACTS)
    return [folder / "crm", write_csv(folder / "billing.csv", BILLING)]


def run(sources: list[Path], policy: Settings, out: Path, **options: object) -> RunResult:
    plan = replace(plan_of(sources, out), settings=policy, conversion=convert_into(["salesforce"]), **options)  # type: ignore[arg-type]
    return run_all(plan, Silence())


@pytest.fixture(scope="module")
def parked(sources: list[Path], policy: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(sources, policy, tmp_path_factory.mktemp("parked") / "out").out


def listed(out: Path, name: str = "parked.csv") -> pd.DataFrame:
    return pd.read_csv(out / name, dtype=str, keep_default_na=False)


def test_who_is_parked_is_in_the_file_the_ledger_and_no_load(parked: Path) -> None:
    rows = listed(parked)
    assert set(rows["record_id"]) == PARKED
    assert set(rows["approver"]) == {"Ana Lim"}
    told = rows.set_index("record_id")
    assert dict(told["rule"].loc[["crm/accounts:A1", "crm/contacts:C1", "crm/contacts:C3", "crm/contacts:C6"]]) == {
        "crm/accounts:A1": "dissolved", "crm/contacts:C1": "dissolved", "crm/contacts:C3": "inactive",
        "crm/contacts:C6": "test",
    }  # fmt: skip
    assert told.loc["crm/contacts:C1", "reason"].startswith("works for ")
    manifest = json.loads((parked / "manifest.json").read_text(encoding="utf-8"))
    for account in manifest["ledger"]["sources"].values():
        assert account["read"] == sum(account[term] for term in ("kept", "merged", "parked", "rejected", "erased"))
    assert manifest["ledger"]["total"]["parked"] == len(rows)
    target = manifest["conversion"][0]
    golden = pd.read_parquet(parked / "golden.parquet")
    assert target["customers"] == len(golden) == target["would_load"] + target["blocked"] + target["parked"]
    assert target["parked"] == rows["golden_id"].nunique()
    loaded = "".join(path.read_text("utf-8") for path in (parked / "load" / "salesforce").glob("*-*.csv"))
    blocked = (parked / "load" / "salesforce" / "blocked.csv").read_text("utf-8")
    assert not [one for one in rows["golden_id"] if one in loaded + blocked]
    assert "Granite Robin" not in loaded


def test_rules_are_counted_whether_accepted_or_not(parked: Path) -> None:
    parking = json.loads((parked / "readiness.json").read_text(encoding="utf-8"))[0]["parking"]
    counts = {rule["rule"]: rule for rule in parking["rules"]}
    assert {name: (rule["state"], rule["customers"], rule["only"]) for name, rule in counts.items()} == {
        "test": ("accepted", 1, 1),
        "deceased": ("preview", 0, 0),
        "dissolved": ("accepted", 1, 1),
        "inactive": ("accepted", 2, 2),
        "unreachable": ("preview", 0, 0),
    }
    assert counts["dissolved"]["exempt"] == {"open_receivables": 1}, "Bell Roofing owes 120.50"
    assert counts["inactive"]["exempt"]["open_receivables"] == 1, "Irene owes 88.10"
    assert counts["dissolved"]["with_contacts"] == 1
    around = listed(parked, "parked_relations.csv")
    assert sorted(around["outcome"]) == ["parked_with_it", "stays_without_it"], "Hugo owes 10 and stays"


def test_bringing_back_restores_and_the_next_run_honours_it(
    sources: list[Path], policy: Settings, parked: Path, tmp_path: Path
) -> None:
    back = write_csv(
        tmp_path / "back.csv", [("key", "reason", "by"), ("C3", "called us", "Ben"), ("A1", "", "Ben"), ("X9", "", "")]
    )
    first = run(sources, policy, tmp_path / "first", bring_back=back, previous=parked).out
    gone = {"crm/contacts:C3", "billing:50017", "crm/accounts:A1", "crm/contacts:C1"}
    assert set(listed(first)["record_id"]) == PARKED - gone, "Sarah comes back with her employer"
    log = listed(first, "brought_back.csv").set_index("record_id")
    assert set(log.index) == {"crm/contacts:C3", "billing:50017", "crm/accounts:A1"}
    assert dict(log.loc["billing:50017", ["rules", "reason", "by", "origin"]]) == {
        "rules": "inactive", "reason": "called us", "by": "Ben", "origin": "list",
    }  # fmt: skip
    # Without the list the run before is honoured; a steward's decision brings back as well, by applying it alone.
    judgements, overrides = first / "judgements.csv", tmp_path / "overrides.csv"
    write_csv(
        overrides,
        [("record_id", "column", "value", "reason", "by", "at"),
         ("crm/contacts:C4", "is_parked", "no", "key account", "Ana", "2026-11-20T10:00:00Z"),
         ("crm/contacts:C3", "is_parked", "yes", "a mistake", "Ana", "2026-11-20T10:00:00Z")],
    )  # fmt: skip
    plain = replace(policy)
    base = base_of(first)
    applied = run_apply(
        base, apply_plan(base, tmp_path / "applied", plain, judgements, overrides, workers=1), Silence()
    )
    assert set(listed(applied.out)["record_id"]) == (PARKED - gone) - {"crm/contacts:C4"} | {
        "crm/contacts:C3",
        "billing:50017",
    }
    whole = run(
        sources, policy, tmp_path / "whole", previous=first, bring_back=back, judgements=judgements, overrides=overrides
    )
    assert differences(applied.out, whole.out) == []


def test_a_rule_of_one_target_parks_for_it_alone(sources: list[Path], policy: Settings, tmp_path: Path) -> None:
    standards = tmp_path / "standards"
    shutil.copytree(policy.standards, standards)
    text = (standards / "parking.yml").read_text(encoding="utf-8")
    text = text.replace("    title: nothing heard", "    targets: [mailing]\n    title: nothing heard")
    (standards / "parking.yml").write_text(text, encoding="utf-8")
    both = convert_into(["salesforce", "mailing"])
    plan = replace(plan_of(sources, tmp_path / "out"), settings=replace(policy, standards=standards), conversion=both)
    out = run_check(replace(plan, merge=False), Silence()).out
    rows = listed(out)
    quiet = rows.loc[rows["rule"].eq("inactive")]
    assert set(quiet["targets"]) == {"mailing"}
    accounts = {one["target"]: one["parked"] for one in json.loads((out / "manifest.json").read_text())["conversion"]}
    assert accounts["mailing"] - accounts["salesforce"] == len(quiet) == 2
    assert set(rows.loc[rows["rule"].ne("inactive"), "targets"]) == {""}
