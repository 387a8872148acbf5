"""What must and must not merge, from records to clusters."""

from dataclasses import replace
from pathlib import Path

import pytest

from dq.matching import match_features, questions
from dq.matching.extra_features import is_never_merged
from dq.standards.matching import NeverMerge
from tests.matching.runs import Row, compared, judgements_of, matched, points_of, records_of, review, row_policy

HOME = {"address_line1": "12 OAK ST", "city": "RENO", "state": "NV", "zip5": "89501"}
SMITHS: list[Row] = [
    {"first_name": "Robert", "last_name": "Smith", "suffix": "Jr", "phone": "+17755550101", **HOME},
    {"first_name": "Robert", "last_name": "Smith", "suffix": "Sr", "phone": "+17755550101", **HOME},
]
TWINS: list[Row] = [
    {"first_name": "Ana", "last_name": "Ruiz", "birth_on": "1990-04-05", "phone": "+17755550102"},
    {"first_name": "Ann", "last_name": "Ruiz", "birth_on": "1990-04-05", "phone": "+17755550102"},
]
PATELS: list[Row] = [
    {"party_type": "organization", "organization_name": "Patel Foods LLC", "tax_id": "12-3456789", **HOME},
    {"party_type": "organization", "organization_name": "Patel Food Inc", "tax_id": "12-3456780", **HOME},
]
DESK: list[Row] = [
    {"first_name": first, "last_name": last, "email": "info@acme.com"}
    for first, last in (
        ("Mary", "Jones"), ("Tom", "Baker"), ("Lin", "Chen"), ("Omar", "Haddad"), ("Mary", "Baker"), ("T", "Jones"),
    )
]  # fmt: skip


@pytest.mark.parametrize("match_at", ["safe", "balanced"])
def test_no_wrong_merge(tmp_path: Path, match_at: str) -> None:
    rows = [{"party_type": "person", **row} for row in (*SMITHS, *TWINS, *PATELS, *DESK)]
    assert matched(records_of(rows), tmp_path, match_at=match_at).together() == set()


def test_households_stay_apart(tmp_path: Path) -> None:
    family = [
        {"first_name": first, "last_name": "Zywicki", "phone": "+17755550103", "email": "zywickis@example.com", **HOME}
        for first in ("Maria", "Mario", "Peter", "Petra")
    ]
    assert matched(records_of(family), tmp_path, match_at="balanced").together() == set()


def test_father_and_son_of_one_name_stay_apart(tmp_path: Path) -> None:
    namesake: Row = {"first_name": "Robert", "last_name": "Zywicki", "phone": "+17755550103", **HOME}
    rows = [{**namesake, "birth_on": born} for born in ("1950-03-07", "1978-11-21")]
    assert matched(records_of(rows), tmp_path, match_at="balanced").together() == set()


PHONE: Row = {"phone": "+17755550108"}


@pytest.mark.parametrize(
    ("left", "right", "ceiling"),
    [
        ({"first_name": "Joan"}, {"first_name": "Joanne"}, "alike_name"),
        ({"first_name": "Maya", **PHONE}, {"first_name": "Mia", **PHONE}, "household"),
        ({"first_name": "Ana", "birth_on": "1990-04-05"}, {"first_name": "Anna", "birth_on": "1990-04-05"},
         "alike_name_proven"),
        ({"last_name": "Hunter", **PHONE}, {"last_name": "White", **PHONE},
         "other_family"),
        ({"phone": "+17755550108"}, {"phone": "+17752228734"}, "namesake"),
        ({**PHONE, "email": "peter@example.com"}, {**PHONE, "email": "kwan99@example.org"}, "namesake"),
        (
            {"phone": "+17755550108", "email": "peter.kwan@acme.example"},
            {"phone": "+17752228734", "email": "peter.kwan@brightsparrow.org"},
            "namesake_apart",
        ),
        ({"suffix": "Sr", **PHONE}, PHONE, "generation"),
        ({"first_name": "P", "email": "pz@example.com"}, {"email": "pz@example.com"}, "initial"),
        ({"first_name": "P", **PHONE}, PHONE, "initial"),
        ({"first_name": "Bill"}, {"first_name": "William"}, "nickname"),
        ({"first_name": "Kim", **PHONE}, {"first_name": "Kimberly", **PHONE}, "nickname"),
        (PHONE, {"email": "pz@example.com"}, "name_and_home"),
        (
            {"first_name": "Kim", "birth_on": "1990-04-05", **PHONE},
            {"first_name": "Kimberly", "birth_on": "1990-04-05", "phone": "+17752228734"},
            "nickname",
        ),
        (
            {"first_name": "Kim", "birth_on": "1990-04-05", "email": "kim.z@example.com", **PHONE},
            {"first_name": "Kimberly", "birth_on": "1990-04-05", "email": "z17@acme.example", "phone": "+17752228734"},
            "nickname_twins",
        ),
        ({"tax_id": "078051120", "birth_on": "1960-04-05"}, {"tax_id": "078061120", "birth_on": "1990-04-05"},
         "near_number"),
        ({"tax_id": "078051120", "last_name": "Hunter"}, {"tax_id": "078061120"}, "near_number_other_name"),
        ({"tax_id": "078051120", "first_name": "Mavin", "birth_on": "1990-04-05"},
         {"tax_id": "078061120", "first_name": "Melvin", "birth_on": "1990-04-15"}, "near_number"),
        ({"extra.passport": "X1234567"}, {"extra.passport": "Z7654321"}, "household"),
    ],
)  # fmt: skip
def test_relatives_are_not_merged_for_good(left: Row, right: Row, ceiling: str) -> None:
    """A household of people who look alike on paper: never one customer at `safe`, and the waterfall says why."""
    one = {"first_name": "Peter", "last_name": "Zywicki", **HOME}
    pair = compared({**one, **left}, {**one, **right}).iloc[0]
    assert (pair["ceiling"], pair["outcome"] == "match") == (ceiling, False)
    assert pair["ceiling_weight"] < 0


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (PHONE, PHONE),
        ({"email": "pz@example.com", "phone": "+17755550108"}, {"email": "pz@example.com", "phone": "+17752228734"}),
        ({"birth_on": "1961-02-03", "phone": "+17755550108"}, {"birth_on": "1961-02-03", "phone": "+17752228734"}),
        ({"first_name": "Micheal", **PHONE}, {"first_name": "Michael", **PHONE}),
        ({"first_name": "Bill", **PHONE}, {"first_name": "William", **PHONE}),
        ({"first_name": "P", "birth_on": "1961-02-03", **PHONE}, {"birth_on": "1961-02-03", **PHONE}),
        ({"suffix": "Sr", **PHONE}, {"suffix": "Sr", **PHONE}),
        ({"first_name": "Bill", "extra.passport": "X1234567"}, {"extra.passport": "X1234567", "first_name": "William"}),
        ({"extra.passport": "X1234567", **PHONE}, {"extra.passport": "Z7654321", **PHONE}),
    ],
)
def test_one_person_with_something_of_their_own_is_merged(left: Row, right: Row) -> None:
    one = {"first_name": "Peter", "last_name": "Zywicki", **HOME}
    assert compared({**one, **left}, {**one, **right}).iloc[0]["outcome"] == "match"


def test_no_third_record_joins_two_relatives(tmp_path: Path) -> None:
    """An initial that fits Mark and Marta is nobody's in particular."""
    rows = [{"first_name": first, "last_name": "Zywicki", **PHONE, **HOME} for first in ("Mark", "Marta", "M")]
    result = matched(records_of(rows), tmp_path)
    assert result.together() == set()
    assert "other_given_name" in set(result.pairs["veto"].dropna())


def test_no_third_record_joins_who_are_rather_two(tmp_path: Path) -> None:
    """Bill and William of one door, other phones and other e-mails; a third has the phone of one, the mail of one."""
    bill: Row = {
        "first_name": "Bill",
        "last_name": "Zywicki",
        "phone": "+17755550108",
        "email": "bz@acme.example",
        **HOME,
    }
    william = {**bill, "first_name": "William", "phone": "+17752228734", "email": "w17@brightsparrow.org"}
    between = {**william, "phone": bill["phone"]}
    together = matched(records_of([bill, william, between]), tmp_path).together()
    assert not any({"crm:0000", "crm:0001"} <= group for group in together)


def test_who_has_the_name_of_father_and_son_may_be_either(tmp_path: Path) -> None:
    """Two unmarked Roberts with one phone are one, unless a Robert Sr lives at their door."""
    robert: Row = {"first_name": "Robert", "last_name": "Zywicki", **PHONE, **HOME}
    senior = {"first_name": "Robert", "last_name": "Zywicki", "suffix": "Sr", **HOME}
    alone, beside = ([robert, {**robert, "source": "web"}, *more] for more in ([], [senior]))
    assert matched(records_of(alone), tmp_path / "alone").together() == {frozenset({"crm:0000", "crm:0001"})}
    found = matched(records_of(beside), tmp_path / "beside")
    assert found.together() == set()
    assert "marked_door" in set(found.pairs["ceiling"].dropna())


def test_who_may_be_father_or_son_joins_neither(tmp_path: Path) -> None:
    unmarked = {"first_name": "Robert", "last_name": "Smith", "phone": "+17755550101", **HOME}
    result = matched(records_of([*SMITHS, unmarked]), tmp_path)
    assert result.together() == set()
    cases = questions(result.pairs, result.clusters, judgements_of(), review(), "safe").cases
    assert set(cases["record_id"]) == {"crm:0000", "crm:0001"}


@pytest.mark.parametrize(
    "pair",
    [
        (
            {"first_name": "Mary", "last_name": "Kwan"},
            {"first_name": "M", "last_name": "Kwan"},
            {"phone": "+17755550104", "birth_on": "1961-02-03"},
        ),
        (
            {"first_name": "Bob", "last_name": "O'Neil"},
            {"first_name": "ROBERT", "last_name": "ONEIL"},
            {"phone": "+17755550104", **HOME},
        ),
        ({"first_name": "José", "last_name": "Peña"}, {"first_name": "Jose", "last_name": "Pena"}, HOME),
        ({"first_name": "Zywicki", "last_name": "Adam"}, {"first_name": "Adam", "last_name": "Zywicki"}, HOME),
    ],
    ids=["initial", "nickname", "accents", "swapped"],
)
def test_one_person_in_two_spellings(tmp_path: Path, pair: tuple[Row, Row, Row]) -> None:
    left, right, shared = pair
    assert matched(records_of([{**left, **shared}, {**right, **shared}]), tmp_path).together() == {
        frozenset({"crm:0000", "crm:0001"})
    }


def test_accounts_of_one_company_with_its_trade_name(tmp_path: Path) -> None:
    place = {"address_line1": "12 OAK ST", "city": "RENO", "state": "NV", "zip5": "89501", "party_type": "organization"}
    rows = [
        {"organization_name": "Kwan Enterprises LLC", "trade_name": "Sunrise Cafe", **place},
        {"organization_name": "Sunrise Café", **place},
        {"organization_name": "Subway #4411", "party_type": "organization"},
    ]
    assert matched(records_of(rows), tmp_path).together() == {frozenset({"crm:0000", "crm:0001"})}


def test_branches_of_a_chain_are_told_apart_by_more_than_its_website(tmp_path: Path) -> None:
    """A website at two places is a chain's: who has nothing but it and the name is one of them, nobody knows which."""
    chain: Row = {"party_type": "organization", "organization_name": "Zywicki Foods", "website": "zywicki-foods.com"}
    nowhere = {**chain, "city": None}
    there = {"address_line1": "7 ELM AVE", "city": "ELKO", "state": "NV", "zip5": "89801"}
    alone, shared = (records_of([nowhere, {**chain, **HOME}, *more]) for more in ([], [{**chain, **there}]))
    assert matched(alone, tmp_path / "alone").together() == {frozenset({"crm:0000", "crm:0001"})}
    found = matched(shared, tmp_path / "shared")
    assert found.together() == set()
    assert {"chain"} == set(found.pairs["ceiling"].dropna())


def test_a_company_whose_street_is_unknown_does_not_lie_elsewhere(tmp_path: Path) -> None:
    firm: Row = {"party_type": "organization", "organization_name": "Zywicki Harbor Foods", "phone": "+17755550123"}
    town = {name: HOME[name] for name in ("city", "state", "zip5")}
    moved = {**town, "phone": "+17755559876"}
    unknown, other = (
        matched(records_of([{**firm, **HOME}, {**firm, **moved, **street}]), tmp_path / name, match_at="balanced")
        for name, street in (("unknown", {}), ("other", {"address_line1": "812 W COUNTY HIGHWAY"}))
    )
    assert (len(unknown.together()), len(other.together())) == (1, 0)


def test_a_company_named_for_its_town_says_little_more_by_its_website(tmp_path: Path) -> None:
    """A website made of a name and most of its words bear each other out, not so where town and trade are the name."""
    site: Row = {"party_type": "organization", "website": "renoelectric.com"}
    own: Row = {"party_type": "organization", "website": "zywickiharborfoods.com"}
    town = [{**site, "organization_name": "Reno Electric", **place} for place in (HOME, {})]
    alike = [
        {**own, "organization_name": "Zywicki Harbor Foods", **HOME},
        {**own, "organization_name": "Zywicki Harbor Food Market"},
    ]
    found = matched(records_of(town), tmp_path / "town")
    assert (found.together(), set(found.pairs["ceiling"].dropna())) == (set(), {"town_name"})
    assert len(matched(records_of(alike), tmp_path / "alike").together()) == 1


@pytest.mark.parametrize(
    ("row", "first", "last"),
    [
        ({"first_name": "John & Mary", "last_name": "Zywicki"}, "john", "zywicki"),
        ({"last_name": "Zywicki, John A & Mary"}, "john", "zywicki"),
        ({"last_name": "Mr. and Mrs. John Zywicki"}, "john", "zywicki"),
        ({"last_name": "Smith and Sons"}, None, "smithandsons"),
    ],
)
def test_an_account_of_two_people_is_of_the_one_named_first(row: Row, first: str | None, last: str) -> None:
    features = match_features({"records": records_of([{"party_type": "person", **row}])}, row_policy())["features"]
    assert features[["first", "middle", "last"]].iloc[0].dropna().to_dict() == {
        name: value for name, value in (("first", first), ("last", last)) if value
    }


def test_a_contact_point_that_is_not_primary_takes_part(tmp_path: Path) -> None:
    records = records_of(
        [{"first_name": "Mary", "last_name": "Zywicki"}, {"first_name": "Mary", "last_name": "Zywicki"}]
    )
    points = points_of(
        [
            {"contact_point_id": f"{record}|phone|{place}", "record_id": record, "kind": "phone", "value": value}
            for record in ("crm:0000", "crm:0001")
            for place, value in enumerate(("+17755550105", "+1775555020" + record[-1]))
        ]
    )
    assert len(matched(records, tmp_path / "a", points=points).together()) == 1
    assert matched(records, tmp_path / "b").together() == set()


@pytest.mark.parametrize(("confidence", "clusters"), [("0.6", 1), ("0.95", 0)])
def test_a_doubtful_party_meets_both_kinds(tmp_path: Path, confidence: str, clusters: int) -> None:
    place = {"phone": "+17755550107", **HOME}
    rows = [
        {
            "party_type": "person",
            "party_confidence": confidence,
            "first_name": "Arnie",
            "last_name": "Mortons",
            **place,
        },
        {"party_type": "organization", "organization_name": "Arnie Mortons", **place},
    ]
    assert len(matched(records_of(rows), tmp_path).together()) == clusters


def test_judgements_decide(tmp_path: Path) -> None:
    same = {"first_name": "Mary", "last_name": "Zywicki", "phone": "+17755550106", **HOME}
    rows = [same, same, {"first_name": "Otto", "last_name": "Baker"}, {"first_name": "Lin", "last_name": "Chen"}]
    judgements = judgements_of(("crm:0001", "crm:0000", "DIFFERENT"), ("crm:0002", "crm:0003", "SAME"))
    result = matched(records_of(rows), tmp_path, judgements=judgements)
    assert result.together() == {frozenset({"crm:0002", "crm:0003"})}
    veto = result.pairs.set_index(["record_id_l", "record_id_r"])["veto"]
    assert veto[("crm:0000", "crm:0001")] == "judged_different"


def test_a_later_judgement_replaces_an_earlier_one(tmp_path: Path) -> None:
    rows = [{"first_name": "Otto", "last_name": "Baker"}, {"first_name": "Lin", "last_name": "Chen"}]
    judgements = judgements_of(("crm:0000", "crm:0001", "SAME"), ("crm:0000", "crm:0001", "UNSURE"))
    assert matched(records_of(rows), tmp_path, judgements=judgements).together() == set()


@pytest.mark.parametrize(
    "rows",
    [
        [{"first_name": None, "last_name": None}],
        [{"first_name": None, "last_name": None}] * 3,
        [{"party_type": "organization", "organization_name": None}] * 2,
        [{"first_name": "Mary", "last_name": "Zywicki", **HOME}] * 2100,  # fewer would be compared whole
    ],
    ids=["one record", "nothing known", "nameless organisations", "all identical"],
)
def test_odd_tables_are_matched_without_failing(tmp_path: Path, rows: list[Row]) -> None:
    result = matched(records_of(rows), tmp_path)
    assert list(result.clusters["record_id"]) == sorted(result.features["record_id"])
    assert len(result.candidates) <= 10 * len(rows)


def test_three_hundred_identical_rows_are_one_customer(tmp_path: Path) -> None:
    rows: list[Row] = [{"first_name": "Mary", "last_name": "Zywicki", "email": "mary@zywicki.org", **HOME}] * 300
    assert matched(records_of(rows), tmp_path).clusters["cluster_id"].nunique() == 1


def test_customers_with_obligations_of_their_own_stay_two(tmp_path: Path) -> None:
    """Open receivables on both: no evidence merges them, not even through a third record without any."""
    one = {"first_name": "Peter", "last_name": "Zywicki", "email": "pz@example.com", **PHONE, **HOME}
    rows = [{**one, "extra.Open A/R": balance} for balance in ("120.50", "0.00", "77", None)]
    standards = row_policy().standards
    marks = (NeverMerge(column="extra.open a/r"),)
    marked = replace(standards, matching=standards.matching.model_copy(update={"never_merge": marks}))
    found = matched(records_of(rows), tmp_path / "marked", row=replace(row_policy(), standards=marked))
    assert not any({"crm:0000", "crm:0002"} <= group for group in found.together())
    assert set(found.pairs["veto"].dropna()) >= {"never_merge"}
    assert matched(records_of(rows), tmp_path / "unmarked").together() == {frozenset(records_of(rows)["record_id"])}


@pytest.mark.parametrize(
    ("value", "values", "expected"),
    [("120.50", (), True), ("0.00", (), False), ("$0", (), False), (" No ", (), False), (None, (), False),
     ("yes", (), True), ("OPEN", ("open",), True), ("closed", ("open",), False)],
)  # fmt: skip
def test_marks(value: str | None, values: tuple[str, ...], expected: bool) -> None:
    records = records_of([{"first_name": "Peter", "extra.AR": value}])
    mark = NeverMerge(column="extra.AR", values=values)
    assert is_never_merged(records, (mark,)).tolist() == [expected]


def test_a_company_in_a_persons_row_has_the_domain_of_her_work_mail() -> None:
    rows: list[Row] = [
        {"record_id": "web:1", "first_name": "Mary", "email": "mary@zywicki-foods.com"},
        {"record_id": "web:1#organization", "party_type": "organization", "organization_name": "Zywicki Foods"},
        {"record_id": "web:2", "first_name": "Tom", "email": "tom.baker@gmail.com"},
        {"record_id": "web:2#organization", "party_type": "organization", "organization_name": "Zywicki Foods"},
    ]
    features = match_features({"records": records_of(rows)}, row_policy())["features"].set_index("record_id")
    assert features["domains"].dropna().to_dict() == {"web:1#organization": "zywicki-foods.com"}
