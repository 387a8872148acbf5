"""Picklists: sources agree among themselves, then with the target; what was accepted is used again; defaults."""

import pandas as pd
import pytest

from dq.conversion import GOLDEN_GRAIN, Customers, TargetRows, build_rows, find, judge
from dq.conversion.agreeing import LEARNED, agree, no_picklists
from dq.conversion.fixes import rank_fixes
from dq.conversion.proposals import Agreement, accepted_before, apply_proposals, propose
from dq.conversion.vocabulary import Vocabulary, read_vocabulary
from dq.model import TEXT
from dq.standards.targets import Target, TargetField
from tests.conversion.loads import AS_OF, rows_of, shipped

NO_POINTS = pd.DataFrame(columns=["golden_id", "contact_point_id", "kind", "role", "value"], dtype=TEXT)
NO_RELATIONS = pd.DataFrame(columns=["from_golden_id", "type", "to_golden_id", "source"], dtype=TEXT)
MET = [("Hot", "1", 9), ("Warm", "3", 8), ("Hot", "3", 1), ("Cold", "5", 7)]
"""Ratings of customers who are in both sources, and how many."""


def show(value: str, field: TargetField) -> str:
    return value


def sources(lone: tuple[str, ...] = ("1", "1", "3", "9", "hot")) -> tuple[TargetRows, pd.DataFrame]:
    """Return leads of `crm` (Hot, Warm, Cold) and `legacy` (1 to 5); the lone ones stand in legacy alone."""
    records, golden = [], []
    pairs = [(word, number) for word, number, count in MET for _ in range(count)]
    for place, (word, number) in enumerate([*pairs, *((None, number) for number in lone)]):
        name = f"G{place:02d}"
        told = [("crm", word), ("legacy", number)]
        records += [(f"{source}:{place:02d}", source, name, rating) for source, rating in told if rating]
        golden.append((name, "person", "Linkous", "Granite Robin LLC", word or number))
    columns = ["golden_id", "party_type", "last_name", "organization_name", "extra.Rating"]
    customers = Customers(pd.DataFrame(golden, columns=columns).astype(TEXT), NO_RELATIONS, NO_POINTS, GOLDEN_GRAIN)
    kept = pd.DataFrame(records, columns=["record_id", "source", "customer_id", "extra.Rating"]).astype(TEXT)
    return build_rows(shipped("dynamics"), "leads", customers), kept


def agreed(target: Target, learned: pd.DataFrame, **more: tuple[str, ...]) -> tuple[TargetRows, Vocabulary, Agreement]:
    rows, records = sources(**more)
    said = read_vocabulary(target, rows, records)
    return rows, said, Agreement(agree(target, "dynamics", said, learned), said.origins)


def test_words_of_two_sources_meet_in_their_customers() -> None:
    target = shipped("dynamics")
    rows, said, agreement = agreed(target, no_picklists())
    words = agreement.crosswalk.set_index(["source", "value"])
    assert words["records"].sum() == 25 + 25 + 5
    told = words.loc["legacy", ["canonical", "legal", "how"]].fillna("").T.to_dict("list")
    assert told == {
        "1": ["Hot", "Hot", "met"],
        "3": ["Warm", "Warm", "met"],
        "5": ["Cold", "Cold", "met"],
        "9": ["9", "", "none"],
        "hot": ["Hot", "Hot", "spelling"],
    }
    assert words.loc[("legacy", "3"), "evidence"] == "8 of 9 customers who are in both have Warm in crm"
    assert set(words.loc["crm", "how"]) == {"legal"}

    blockers, verdicts = judge(target, "dynamics", "web_api", rows, find(target, rows, AS_OF))
    proposals = propose(target, "dynamics", rows, blockers, {}, agreement)
    lines = proposals.fillna("")[["source", "value", "proposed", "rows", "how"]].to_numpy().tolist()
    assert lines[0] == ["legacy", "1", "Hot", 2, "met"]
    assert sorted(line[1:3] for line in lines[1:]) == [["3", "Warm"], ["9", ""], ["hot", "Hot"]]
    fixes = rank_fixes(target, rows, blockers, verdicts, proposals, show, agreement.origins)
    assert [(fix.fix_id, fix.adds) for fix in fixes] == [
        ("map:lead.leadqualitycode", 4),
        ("choose:lead.leadqualitycode", 1),
    ]
    applied, changes = apply_proposals(target, "dynamics", rows, proposals.assign(accepted="yes"), said.origins)
    assert changes["after"].value_counts().to_dict() == {"Hot": 3, "Warm": 1}
    assert applied.objects["lead"]["leadqualitycode"].value_counts()["9"] == 1, "yes to nothing changes nothing"
    chosen = proposals.assign(accepted="yes", proposed=proposals["proposed"].fillna("Cold"))
    applied, _ = apply_proposals(target, "dynamics", rows, chosen, said.origins)
    assert set(applied.objects["lead"]["leadqualitycode"]) == {"Hot", "Warm", "Cold"}


def test_a_word_everybody_has_says_nothing_of_another() -> None:
    told = (("a", "Hot"), ("b", "5"))
    records = [(f"{source}:{n}", source, f"G{n:02d}", word) for n in range(20) for source, word in told]
    frame = pd.DataFrame(records, columns=["record_id", "source", "customer_id", "extra.Rating"]).astype(TEXT)
    said = read_vocabulary(shipped("dynamics"), sources()[0], frame)
    found = agree(shipped("dynamics"), "dynamics", said, no_picklists()).set_index("value")
    assert found.loc["5", "how"] == "none"


def learned(*lines: tuple[str | None, str, str, str, str]) -> pd.DataFrame:
    """Return a memory: source, value, becomes, target, field."""
    rows = [("Rating", *line, "Mary Kwan", "2026-11-01") for line in lines]
    return pd.DataFrame(rows, columns=list(LEARNED)).astype(TEXT)


@pytest.mark.parametrize(
    ("memory", "value", "legal", "how"),
    [
        pytest.param(
            (None, "9", "Cold", "dynamics", "lead.leadqualitycode"), "9", "Cold", "accepted", id="the same field"
        ),
        pytest.param(
            ("legacy", "1", "Warm", "dynamics", "lead.leadqualitycode"), "1", "Warm", "accepted", id="above all"
        ),
        pytest.param((None, "9", "Cold", "salesforce", "Lead.Rating"), "9", "Cold", "learned", id="another target"),
        pytest.param(("crm", "9", "Cold", "salesforce", "Lead.Rating"), "9", None, "none", id="another source"),
        pytest.param((None, "9", "Frozen", "salesforce", "Lead.Rating"), "9", None, "none", id="not legal here"),
    ],
)
def test_what_was_accepted_is_used_again(
    memory: tuple[str | None, str, str, str, str], value: str, legal: str | None, how: str
) -> None:
    target, known = shipped("dynamics"), learned(memory)
    rows, said, agreement = agreed(target, known)
    line = agreement.crosswalk.set_index(["source", "value"]).loc[("legacy", value)]
    assert (line["legal"] if pd.notna(line["legal"]) else None, line["how"]) == (legal, how)
    before = accepted_before("dynamics", agreement.crosswalk, known)
    _, changes = apply_proposals(target, "dynamics", rows, before, said.origins)
    if how == "accepted":
        assert set(changes["after"]) == {legal}
        assert set(changes["reason"]) == {"accepted by Mary Kwan on 2026-11-01"}
    else:
        assert changes.empty
    if how == "learned":
        assert line["evidence"] == "accepted by Mary Kwan on 2026-11-01 for salesforce Lead.Rating"
        blockers, _ = judge(target, "dynamics", "web_api", rows, find(target, rows, AS_OF))
        proposals = propose(target, "dynamics", rows, blockers, {}, agreement).set_index("value")
        assert proposals.loc[value, ["proposed", "accepted_before_by"]].tolist() == ["Cold", "Mary Kwan"]


def test_the_same_word_of_two_sources_may_mean_two_things() -> None:
    rows, _ = sources()
    lead = rows.objects["lead"].head(2).assign(leadqualitycode="1")
    rows = TargetRows({"lead": lead}, rows.parked, rows.made_of)
    records = pd.DataFrame(
        [("a:1", "a", "G00", "1"), ("b:1", "b", "G01", "1")],
        columns=["record_id", "source", "customer_id", "extra.Rating"],
    ).astype(TEXT)
    target = shipped("dynamics")
    known = learned(
        ("a", "1", "Hot", "dynamics", "lead.leadqualitycode"), ("b", "1", "Cold", "dynamics", "lead.leadqualitycode")
    )
    said = read_vocabulary(target, rows, records)
    before = accepted_before("dynamics", agree(target, "dynamics", said, known), known)
    applied, _ = apply_proposals(target, "dynamics", rows, before, said.origins)
    assert applied.objects["lead"]["leadqualitycode"].tolist() == ["Hot", "Cold"]


@pytest.mark.parametrize(("others", "proposed"), [(19, None), (20, "United States")])
def test_a_country_is_proposed_where_nearly_all_say_it(others: int, proposed: str | None) -> None:
    target = shipped("salesforce", "state_country_picklists")
    bare = {"MailingCountry": None}
    rows = rows_of(target, "Contact", *[{}] * others, bare, bare, {"MailingCountry": None, "MailingState": None})
    blockers, verdicts = judge(target, "salesforce", "bulk_api", rows, find(target, rows, AS_OF))
    found = propose(target, "salesforce", rows, blockers, {})
    assert found[["action", "field", "proposed", "rows"]].to_numpy().tolist() == (
        [["default", "MailingCountry", proposed, 2]] if proposed else []
    )
    fixes = rank_fixes(target, rows, blockers, verdicts, found, show)
    assert [(fix.kind, fix.adds) for fix in fixes] == [("default" if proposed else "ask", 2)]
    applied, changes = apply_proposals(target, "salesforce", rows, found.assign(accepted="yes"))
    assert changes["after"].tolist() == [proposed] * (2 if proposed else 0)
    assert applied.objects["Contact"]["MailingCountry"].isna().sum() == (1 if proposed else 3)


def test_policy_names_a_default_and_nothing_is_filled_in_silence() -> None:
    target = shipped("salesforce")
    rows = rows_of(target, "Lead", {"Status": None}, {"Status": "Working - Contacted"})
    blockers, _ = judge(target, "salesforce", "bulk_api", rows, find(target, rows, AS_OF))
    found = propose(target, "salesforce", rows, blockers, {})
    assert found[["field", "action", "proposed", "rows", "why"]].to_numpy().tolist() == [
        ["Status", "default", "Open - Not Contacted", 1, "Salesforce's file says so"]
    ]
    same, none = apply_proposals(target, "salesforce", rows, found)
    assert none.empty
    assert same.objects["Lead"].equals(rows.objects["Lead"])
