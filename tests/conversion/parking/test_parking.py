"""Whom parking rules keep out: cases of a table, and what holds whatever the rules and the customers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.conversion.assigning import GOLDEN_GRAIN
from dq.conversion.parking import Known, count_rules, decide, decide_for, find_hits, without_parked
from dq.conversion.rows import Customers
from dq.errors import Problem
from dq.model import TEXT
from dq.settings import load_settings
from dq.standards.parking import Accepted, Exemption, Parking, ParkingRule, read_parking

AS_OF = date(2026, 11, 22)
CASES = pd.read_csv(Path(__file__).parents[2] / "cases" / "parking.csv", dtype="str", keep_default_na=False)
ACCEPTED = Accepted(by="Ana Lim", on=date(2026, 11, 1))


def shipped() -> Parking:
    """Return the rules that ship with dq."""
    parking = read_parking(load_settings().standards, [])
    assert parking is not None
    return parking


def accepting(policy: Parking, *names: str) -> Parking:
    """Return the rules, these ones accepted and the others off."""
    rules = {
        name: rule.model_copy(update={"accepted": ACCEPTED} if name in names else {"state": "off"})
        for name, rule in policy.rules.items()
    }
    return policy.model_copy(update={"rules": rules})


def customers_of(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Return customers as the rules look at them; cells are those of the case table."""
    given_rows = pd.DataFrame(rows, dtype=TEXT)
    texts = given_rows[["id", "last_active_on", "doubts", "country"]].replace({"": None}).astype(TEXT)
    flags = {name: given_rows[name].eq("yes") for name in ("has_unread_date", "is_deceased", "is_reachable")}
    registry = given_rows["registry"].replace({"": None}).astype(TEXT)
    return texts.assign(**flags, value=100.0).assign(**{"extra.Registry-Status": registry})


NO_EMPLOYERS = pd.DataFrame({"id": [], "employer_id": []}, dtype=TEXT)


@pytest.mark.parametrize("case", CASES.to_dict("records"), ids=list(CASES["case"]))
def test_a_rule_speaks_of_whom_it_means(case: dict[str, str]) -> None:
    known = Known(customers_of([{"id": "G1", **case}]), {}, NO_EMPLOYERS)
    policy = accepting(shipped(), case["rule"])
    parked = decide(policy, find_hits(policy, known, AS_OF), known, (), AS_OF)
    assert list(parked["rule"]) == ([case["rule"]] if case["expected"] else [])
    assert set(parked["approver"]) <= {"Ana Lim"}


def test_nobody_is_parked_by_what_ships_or_before_the_day_of_the_acceptance() -> None:
    dead = {**dict(CASES.iloc[8]), "id": "G1"}
    known = Known(customers_of([dead]), {}, NO_EMPLOYERS)
    for policy, day in ((shipped(), AS_OF), (accepting(shipped(), "deceased"), date(2026, 10, 31))):
        hits = find_hits(policy, known, day)
        assert list(hits["rule"]) == ["deceased"]
        assert decide(policy, hits, known, (), day).empty
        assert {count.rule: count.customers for count in count_rules(policy, hits, known, (), day)}["deceased"] == 1


PEOPLE = {"id": ["P1", "P2", "P2", "P3", "P4"], "employer_id": ["A1", "A1", "A2", "A1", "A1"]}


def test_contacts_go_along_with_their_only_employer_unless_spared_or_brought_back() -> None:
    policy = accepting(shipped(), "dissolved")
    rows = [dict(CASES.iloc[11], id=one) for one in ("A2", "P1", "P2", "P3", "P4")]
    rows.append(dict(CASES.iloc[10], id="A1"))
    known = Known(customers_of(rows), {"open_receivables": frozenset({"P3"})}, pd.DataFrame(PEOPLE, dtype=TEXT))
    hits = find_hits(policy, known, AS_OF)
    parked = decide(policy, hits, known, ("P4",), AS_OF)
    assert list(parked["id"]) == ["A1", "P1"]
    assert list(parked["employer_id"].fillna("")) == ["", "A1"]
    assert parked["reason"].str.startswith(("Registry-Status is DISSOLVED", "works for A1: ")).all()
    assert next(c for c in count_rules(policy, hits, known, ("P4",), AS_OF)).with_contacts == 1
    staying = policy.model_copy(update={"contacts": "stay"})
    assert list(decide(staying, hits, known, (), AS_OF)["id"]) == ["A1"]


@st.composite
def programmes(draw: st.DrawFn) -> tuple[Parking, Known, tuple[str, ...]]:
    """Draw rules in any order, some accepted, with customers, employers, exemptions and customers brought back."""
    policy = shipped()
    names = draw(st.permutations(list(policy.rules)))
    rules: dict[str, ParkingRule] = {}
    for name in names:
        state = draw(st.sampled_from(["off", "preview", "accepted"]))
        update = {"accepted": ACCEPTED} if state == "accepted" else {"state": state, "accepted": None}
        rules[name] = policy.rules[name].model_copy(update=update)
    ids = [f"G{number}" for number in range(draw(st.integers(1, 8)))]
    rows = [dict(draw(st.sampled_from(CASES.to_dict("records"))), id=one) for one in ids]
    some = st.sets(st.sampled_from(ids))
    pairs = draw(st.sets(st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda p: p[0] != p[1])))
    employers = pd.DataFrame(sorted(pairs), columns=["id", "employer_id"], dtype=TEXT)
    exempt = {name: frozenset(draw(some)) for name in policy.exemptions}
    return policy.model_copy(update={"rules": rules}), Known(customers_of(rows), exempt, employers), tuple(draw(some))


@given(programmes())
def test_order_changes_only_the_rule_told_and_bringing_back_restores(
    programme: tuple[Parking, Known, tuple[str, ...]],
) -> None:
    policy, known, back = programme
    hits = find_hits(policy, known, AS_OF)
    parked = decide(policy, hits, known, back, AS_OF)
    other = policy.model_copy(update={"rules": dict(reversed(policy.rules.items()))})
    own = parked.loc[parked["employer_id"].isna()]
    turned = decide(other, find_hits(other, known, AS_OF), known, back, AS_OF)
    assert set(own["id"]) == set(turned.loc[turned["employer_id"].isna(), "id"])
    assert not set(parked["id"]) & set(back)
    assert parked["id"].is_unique
    # Shuffled customers are the same customers.
    shuffled = replace(known, customers=known.customers.sample(frac=1, random_state=3).reset_index(drop=True))
    pd.testing.assert_frame_equal(parked, decide(policy, find_hits(policy, shuffled, AS_OF), shuffled, back, AS_OF))
    # Whoever is brought back takes nobody else out of a rule of their own.
    alone = decide(policy, hits, known, (), AS_OF)
    assert set(own["id"]) == set(alone.loc[alone["employer_id"].isna(), "id"]) - set(back)
    counts = count_rules(policy, hits, known, back, AS_OF)
    spoken = hits.loc[~hits["id"].isin(back)]
    for count in counts:
        mine = set(spoken.loc[spoken["rule"] == count.rule, "id"])
        others = set(spoken.loc[spoken["rule"] != count.rule, "id"])
        assert (count.customers, count.only) == (len(mine), len(mine - others))


def test_an_exemption_that_nobody_wrote_is_refused() -> None:
    rule = {"title": "t", "why": "w", "when": {"deceased": True}, "unless": ["open_recievables"]}
    with pytest.raises(ValueError, match="did you mean `open_receivables`"):
        Parking.model_validate({"exemptions": {"open_receivables": Exemption(value_above=1)}, "rules": {"dead": rule}})


def test_a_rule_of_one_target_keeps_nobody_out_of_another() -> None:
    rows = [{**dict(CASES.iloc[8]), "id": "G1"}, {**dict(CASES.iloc[8]), "id": "G2", "is_reachable": "no"}]
    policy = accepting(shipped(), "deceased", "unreachable")
    of_mailing = policy.rules["deceased"].model_copy(update={"targets": ("mailing",)})
    policy = policy.model_copy(update={"rules": {**policy.rules, "deceased": of_mailing}})
    known = Known(customers_of(rows), {}, NO_EMPLOYERS)

    def parked(*targets: str) -> dict[str, tuple[str, str]]:
        own = policy.about(targets)
        found = decide_for(targets, own, find_hits(own, known, AS_OF), known, (), AS_OF)
        return {line["id"]: (line["rule"], line["targets"]) for line in found.to_dict("records")}

    assert parked("salesforce", "mailing") == {"G1": ("deceased", "mailing"), "G2": ("deceased", "")}
    assert parked("mailing") == {"G1": ("deceased", ""), "G2": ("deceased", "")}
    assert parked("salesforce") == {"G2": ("unreachable", "")}
    assert parked() == {"G2": ("unreachable", "")}


def test_a_rule_for_a_target_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / "mailing.yml").write_text("", encoding="utf-8")
    rule = "{title: t, why: w, when: {deceased: yes}, targets: [mailling]}"
    (tmp_path / "parking.yml").write_text(f"rules:\n  dead: {rule}\n", encoding="utf-8")
    problems: list[Problem] = []
    read_parking(tmp_path, problems)
    assert [(one.key, one.hint) for one in problems] == [("rules.dead.targets", "did you mean `mailing`?")]


def test_the_account_of_a_household_is_parked_with_the_last_of_its_members() -> None:
    rows = pd.DataFrame(
        {"golden_id": ["G1", "G2", "G3", "G4", "G5"], "household_id": ["H1", "H1", "H2", "H2", None]}, dtype=TEXT
    )
    none = pd.DataFrame(columns=["from_golden_id", "type", "to_golden_id"], dtype=TEXT)
    left, parked = without_parked(Customers(rows, none, none, GOLDEN_GRAIN), ["G1", "G2", "G3", "G5"])
    assert list(left.rows["golden_id"]) == ["G4"]
    assert dict(zip(parked["row_id"], parked["parent_row_id"].fillna(""), strict=True)) == {
        "G1": "H:H1", "G2": "H:H1", "G3": "", "G5": "H:G5"
    }  # fmt: skip
