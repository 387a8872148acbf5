"""Workbooks of cases: out to a steward, filled in, back again; and everything that must not come back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from dq.errors import NotAllowedError, NotFoundError, SettingsError
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.auditing import audit_page, verify_audit
from dq.stewardship.deciding import decide_pair
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.pack_return import PackError, check_pack, take_pack
from dq.stewardship.packs import MOST_CASES, make_pack, packs
from dq.stewardship.people import change_user, user_named
from dq.stewardship.queue import case_of, queue
from dq.store.cases import CaseFilter
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, pair_case
from tests.workbooks import cells_of, filled, part_of, saved

LATER = NOW + timedelta(hours=3)
SALESFORCE = ("0018Z00002abcdeAAA", "0018Z00002ABCDEaaa", "0018Z00002aBcDeAaA")
"""Ids that differ by case only."""
Night = Callable[..., Added]
People = dict[str, Actor]


@pytest.fixture
def given() -> Given:
    """Give three customers of sales whose keys differ by case only, one of service, and what is asked about them."""
    persons = [Person(key, last_name=name) for key, name in zip(SALESFORCE, ("Lopez", "=1+1", "+Lopes"), strict=True)]
    persons += [Person("00012", phone="02139"), Person("9", department="service", last_name="Secret")]
    ids = [person.record_id for person in persons]
    return Given(
        persons,
        pairs=[(ids[0], ids[1], 0.5), (ids[1], ids[2], 0.6), (ids[2], ids[4], 0.7)],
        violations=[
            (ids[0], "email_has_the_shape_of_one", "email", '=HYPERLINK("http://x")'),
            (ids[3], "phone_is_dialable", "phone", "02139"),
            (ids[1], "name_is_a_name", "last_name", "=1+1"),
            (ids[2], "note_has_no_payment_card", "extra.NOTE", "4111 1111 1111 1111"),
        ],
    )


def cases_of(house: House, people: People) -> dict[str, str]:
    """Return rule (for a pair: its records) → case."""
    found = queue(house, people["ana"], CaseFilter(), limit=50).cases
    return {case.rule_id or f"{case.record_id} {case.record_id_r}": case.case_id for case in found}


def test_a_pack_goes_out_and_comes_back(house: House, people: People, night: Night, given: Given) -> None:
    night(given)
    made = make_pack(house, people["lea"], "ana", "all", at=NOW)
    named = cases_of(house, people)
    sheets = cells_of(made.workbook)
    assert [*sheets] == ["Read me", "Pairs", "Values", "Lists"]
    ids = {row[1] for row in sheets["Pairs"][1:]} | {row[2] for row in sheets["Pairs"][1:]}
    assert {f"crm:{key}" for key in SALESFORCE} <= ids
    assert "crm:00012" in {row[1] for row in sheets["Values"][1:]}
    same, different = (pair_case(f"crm:{SALESFORCE[one]}", f"crm:{SALESFORCE[one + 1]}") for one in (0, 1))
    pairs = {
        same: {"Answer": "Same customer", "Reason": "The details agree"},
        different: {"Answer": "Different customers"},
    }
    chosen = {
        "email_has_the_shape_of_one": ("The right value is …", "Asked the customer", "=1+1@x.org", "", ""),
        "phone_is_dialable": ("Leave it until a day", "Waiting for the customer", "", "2026-12-24", ""),
        "name_is_a_name": ("close it", "right_as_is", "", "", "really her name"),
        "note_has_no_payment_card": ("Leave it to the lead", "", "", "", ""),
    }
    titles = ("Answer", "Reason", "Right value", "Until", "Comment")
    values = {named[rule]: dict(zip(titles, texts, strict=True)) for rule, texts in chosen.items()}
    back = filled(filled(made.workbook, "Pairs", pairs), "Values", values)
    assert len(check_pack(house, people["lea"], back, at=LATER).answers) == 6
    taken = take_pack(house, people["lea"], back, at=LATER)
    assert (taken.saved, taken.conflicts, taken.checked.empty, taken.checked.missing) == (6, (), 1, 0)
    assert dict(taken.became) == {"resolved": 4, "waived": 1, "disputed": 1}
    assert case_of(house, people["ana"], same).outcome == "SAME"
    assert case_of(house, people["ana"], different).outcome == "DIFFERENT"
    rows, _ = audit_page(house, people["lea"], by="ana")
    assert {row["action"] for row in rows} == {"decide_pair", "override_value", "waive", "resolve", "escalate"}
    assert len(rows) == 6
    assert {row["details"]["via"] for row in rows} == {f"pack {made.pack.number} by lea"}
    assert "=1+1@x.org" not in str(audit_page(house, people["lea"]))
    assert verify_audit(house).faults == ()
    again = take_pack(house, people["lea"], back, at=LATER)
    assert (again.saved, again.conflicts, again.checked.known) == (0, (), 6)
    assert [pack.returned_at != "" for pack in packs(house, people["lea"])] == [True]


def test_a_pack_shows_what_its_steward_may_see(house: House, people: People, night: Night, given: Given) -> None:
    night(given)
    made = make_pack(house, people["lea"], "ana", "all", at=NOW)
    text = part_of(made.workbook, "sharedStrings")
    assert "Secret" not in text
    assert "4111" not in text
    assert "S•••••" in text
    for sheet in ("sheet1", "sheet2", "sheet3"):
        xml = part_of(made.workbook, rf"{sheet}\.xml")
        assert "<f>" not in xml
        assert "<sheetProtection" in xml
    assert 'type="list"' in part_of(made.workbook, r"sheet2\.xml")
    assert make_pack(house, people["lea"], "ana", "today", at=NOW).pack.extent == "today"
    with pytest.raises(NotAllowedError):
        make_pack(house, people["ana"], "bob", "all", at=NOW)
    with pytest.raises(NotFoundError):
        make_pack(house, people["lea"], "vic", "all", at=NOW)


def test_what_was_decided_since_stays(house: House, people: People, night: Night, given: Given) -> None:
    night(given)
    made = make_pack(house, people["lea"], "ana", "all", at=NOW)
    case_id = pair_case(f"crm:{SALESFORCE[0]}", f"crm:{SALESFORCE[1]}")
    decide_pair(house, people["cleo"], case_id, "DIFFERENT", version=1, at=NOW)
    named = cases_of(house, people)
    other = pair_case(f"crm:{SALESFORCE[1]}", f"crm:{SALESFORCE[2]}")
    moved = [
        Person(one.key, one.department, one.golden_id, last_name=one.last_name, phone=one.phone) for one in given.people
    ]
    moved[2] = Person(SALESFORCE[2], last_name="Lopes-Garcia")
    night(Given(moved, given.pairs, given.violations), at=NOW + timedelta(hours=1))
    values = {named["phone_is_dialable"]: {"Answer": "Close it", "Reason": "Nobody knows better"}}
    pairs = {case_id: {"Answer": "Same customer"}, other: {"Answer": "Same customer"}}
    back = filled(filled(made.workbook, "Pairs", pairs), "Values", values)
    taken = take_pack(house, people["lea"], back, at=LATER)
    assert taken.saved == 1
    told = {one.case_id: one.happened for one in taken.conflicts}
    assert "cleo was first: decides DIFFERENT" in told[case_id]
    assert "changed since" in told[other]
    assert case_of(house, people["ana"], case_id).outcome == "DIFFERENT"
    assert case_of(house, people["ana"], other).status == "open"


def test_every_mistake_is_listed_and_nothing_saved(house: House, people: People, night: Night, given: Given) -> None:
    night(given)
    made = make_pack(house, people["lea"], "ana", "all", at=NOW)
    cells = cells_of(made.workbook)
    pairs, values = cells["Pairs"], cells["Values"]
    head = values[0]
    pairs[1][1] = pairs[1][1].lower()  # an id that only looks like the one
    pairs[2][3] = "Perhaps"
    pairs[3][0] = "no-such-case"
    values[1][head.index("Reason")] = "Asked the customer"
    values[2][head.index("Answer")] = "Leave it until a day"
    values[2][head.index("Until")] = "next week"
    values[3][head.index("Answer")] = "Close it"
    values[3][head.index("Reason")] = "I felt like it"
    values[4][head.index("Right value")] = 2139
    with pytest.raises(PackError) as refused:
        take_pack(house, people["lea"], saved(cells), at=LATER)
    told = refused.value.problems
    expected = (
        "Pairs, line 2: the record is not", "Pairs, line 3: 'Perhaps' is no answer", "Pairs, line 4: 'no-such-case'",
        "Values, line 2: reason without an answer", "Values, line 3: 'next week' is no day",
        "Values, line 3: a reason is missing", "Values, line 4: 'I felt like it' is no reason",
        "Values, line 5: the right value is a number",
    )  # fmt: skip
    for start in expected:
        assert any(problem.startswith(start) for problem in told), start
    assert queue(house, people["ana"], CaseFilter(status=("resolved",))).total == 0
    assert audit_page(house, people["lea"], action="take_pack")[1] == 0


def test_a_pack_of_another_house_or_person_is_refused(house: House, people: People, night: Night, given: Given) -> None:
    night(given)
    made = make_pack(house, people["lea"], "ana", "all", at=NOW)
    for place, text, told in ((2, "1-000000000000", "no pack of this house"), (3, "bob", "was made for ana")):
        cells = cells_of(made.workbook)
        cells["Read me"][place][1] = text
        with pytest.raises(PackError, match=told):
            take_pack(house, people["lea"], saved(cells), at=LATER)
    version = user_named(house, "ana").version
    change_user(house, HOUSE, "ana", version=version, at=NOW, state="closed")
    with pytest.raises(NotFoundError):
        take_pack(house, people["lea"], made.workbook, at=LATER)


def test_a_day_with_nothing_to_do_makes_no_pack(house: House, people: People, night: Night) -> None:
    night(Given([Person("1")]))
    with pytest.raises(SettingsError, match="no case waits"):
        make_pack(house, people["lea"], "ana", "all", at=NOW)
    assert MOST_CASES == 1000
