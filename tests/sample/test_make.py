"""The sample as a whole: sizes, answer keys, defects, relations."""

import pandas as pd
import pytest

from dq.sample import make_sample
from tests.sample.conftest import ROWS, SEED, reference_table

Sample = dict[str, pd.DataFrame]
SOURCES = {
    "crm/accounts": "Id",
    "crm/contacts": "Id",
    "billing": "CUST_NO",
    "web_signups": "signup_id",
}


def record_ids(sample: Sample) -> list[str]:
    ids = [f"{name}:{key}" for name, column in SOURCES.items() for key in sample[f"{name}.csv"][column]]
    signups = sample["web_signups.csv"]
    companies = signups.loc[~signups["company"].isin(placeholders("company_placeholder") | {""}), "signup_id"]
    return [*ids, *(f"web_signups:{key}#organization" for key in companies)]


def placeholders(kind: str) -> set[str]:
    variants = reference_table("sample/variants")
    return set(variants.loc[variants["kind"] == kind, "becomes"])


def test_rows_are_about_as_many_as_asked(sample: Sample) -> None:
    rows = sum(len(sample[path]) for path in sample if not path.startswith("answers/") and path != "crm/users.csv")
    assert abs(rows - ROWS) < 0.05 * ROWS


def test_equal_seeds_give_equal_samples(sample: Sample) -> None:
    again = make_sample(ROWS, SEED, reference_table)
    assert list(again) == list(sample)
    for path, frame in sample.items():
        pd.testing.assert_frame_equal(again[path], frame)


def test_another_seed_gives_another_sample(sample: Sample) -> None:
    other = make_sample(ROWS, SEED + 1, reference_table)
    assert not other["billing.csv"].equals(sample["billing.csv"])


@pytest.mark.parametrize("rows", [1, 7, 60])
def test_tiny_samples_have_every_file(rows: int, sample: Sample) -> None:
    assert set(make_sample(rows, 3, reference_table)) == set(sample)


def test_answer_key_partitions_the_records(sample: Sample) -> None:
    clusters = sample["answers/true_clusters.csv"]
    assert clusters["record_id"].is_unique
    assert sorted(clusters["record_id"]) == sorted(record_ids(sample))


def test_one_record_in_five_is_a_duplicate(sample: Sample) -> None:
    clusters = sample["answers/true_clusters.csv"]
    sizes = clusters["true_id"].value_counts()
    assert 0.17 < 1 - len(sizes) / len(clusters) < 0.23
    assert set(sizes) == {1, 2, 3, 4, 5, 6}


def test_people_and_organisations_never_share_a_cluster(sample: Sample) -> None:
    clusters = sample["answers/true_clusters.csv"]
    is_organization = clusters["true_id"].str.startswith("O")
    assert is_organization[clusters["record_id"].str.startswith("crm/accounts:")].all()
    assert not is_organization[clusters["record_id"].str.startswith("crm/contacts:")].any()


def test_every_person_has_one_household(sample: Sample) -> None:
    clusters = sample["answers/true_clusters.csv"]
    people = clusters[clusters["true_id"].str.startswith("P")]
    both = people.merge(sample["answers/true_households.csv"], on="record_id", how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    assert (both.groupby("true_id")["household_id"].nunique() == 1).all()
    assert both.groupby("household_id")["true_id"].nunique().max() > 1


def test_every_kind_of_defect_is_planted(sample: Sample) -> None:
    planned = set(reference_table("sample/defects")["kind"])
    assert set(sample["answers/planted_defects.csv"]["kind"]) == planned | {"moved"}


def test_defects_tell_what_stands_in_the_file(sample: Sample) -> None:
    defects = sample["answers/planted_defects.csv"]
    assert not defects.duplicated(["record_id", "column"]).any()
    assert (defects["before"] != defects["after"]).all()
    main = defects["record_id"].str.replace("#organization", "", regex=False)
    defects = defects.assign(table=main.str.rpartition(":")[0], key=main.str.rpartition(":")[2])
    for table, planted in defects.groupby("table"):
        cells = sample[f"{table}.csv"].set_index(SOURCES[str(table)])
        for column, part in planted.groupby("column"):
            assert cells.loc[part["key"], str(column)].tolist() == part["after"].tolist()


def test_defects_name_records_of_the_answer_key(sample: Sample) -> None:
    defects = sample["answers/planted_defects.csv"]
    # A placeholder company is no organisation: its defect is the person's.
    assert set(defects["record_id"]) <= set(sample["answers/true_clusters.csv"]["record_id"])


def test_crm_tables_are_related(sample: Sample) -> None:
    accounts, contacts = sample["crm/accounts.csv"], sample["crm/contacts.csv"]
    defects = sample["answers/planted_defects.csv"]
    lost = set(defects.loc[defects["kind"] == "account_missing_in_crm", "after"])
    parents = accounts[accounts["ParentId"] != ""]
    assert set(parents["ParentId"]) <= set(accounts["Id"]) - set(parents["Id"])
    assert len(parents) > 0
    assert set(contacts["AccountId"]) - set(accounts["Id"]) == lost | {""}
    assert set(sample["crm/addresses.csv"]["AccountId"]) <= set(accounts["Id"])
    assert set(accounts["OwnerId"]) | set(contacts["OwnerId"]) <= set(sample["crm/users.csv"]["Id"])


def test_owners_who_left_still_own_records(sample: Sample) -> None:
    users, defects = sample["crm/users.csv"], sample["answers/planted_defects.csv"]
    left = set(users.loc[users["IsActive"] == "false", "Id"])
    owned = sample["crm/contacts.csv"].set_index("Id")["OwnerId"]
    planted = defects[(defects["kind"] == "owner_left") & defects["record_id"].str.startswith("crm/contacts:")]
    assert set(owned[owned.isin(left)].index) == set(planted["record_id"].str.removeprefix("crm/contacts:"))


def test_mailboxes_tie_families_and_offices(sample: Sample) -> None:
    signups = sample["web_signups.csv"]
    clusters = sample["answers/true_clusters.csv"].set_index("record_id")["true_id"]
    owner = clusters.loc["web_signups:" + signups["signup_id"]].to_numpy()
    people_per_mailbox = pd.Series(owner).groupby(signups["email"].to_numpy()).nunique()
    assert people_per_mailbox.drop(["", *placeholders("email_placeholder")], errors="ignore").max() > 1
    assert sample["crm/contacts.csv"]["Email"].str.startswith("info@").sum() > 5


def test_a_fiftieth_of_the_addresses_is_canadian(sample: Sample) -> None:
    share = sample["web_signups.csv"]["zip"].str.match(r"[A-Z]\d[A-Z]").mean()
    assert 0.005 < share < 0.04
