"""What holds for every street file: the vectorised choice against the plain one, and what never depends on order."""

import json
from random import Random
from typing import Any

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dq.address.findings import RANGES
from dq.address.range_match import verify_addresses
from dq.address.range_match.plus4 import delivery_points
from dq.address.range_match.questions import READ
from dq.model import TEXT
from tests.address.range_match.oracle import Asked, judge
from tests.address.range_match.springfield import ALIAS_COLUMNS
from tests.address.range_match.worlds import CITY_COLUMNS, addresses, find, ranges, standards, street, unit

FEW = settings(max_examples=3, deadline=None, phases=[Phase.generate])
"""Each example is a file of many streets asked thousands of times at once: one call costs the same for few or many.
A seed does not shrink."""
STREETS, ASKED_PER_STREET = 90, 12

PLUS4S = ["1001", "1002", "1003-1009", "1004", "ND"]

seeds = st.integers(0, 10**6).map(Random)


def number(random: Random) -> str:
    return random.choice([*[str(random.randint(1, 30))] * 5, "5A", "12B", "A3", "7-1", "N1W2"])


def span(random: Random) -> str:
    low, high = number(random), number(random)
    if low.isdigit() and high.isdigit() and int(low) > int(high) and random.random() < 0.9:
        low, high = high, low  # the tenth that stays upside down holds nothing
    return low if random.random() < 0.4 else f"{low}:{high}"


def record(random: Random, written: str) -> dict[str, str | None]:
    """A street, building, unit, firm or box record of a street."""
    parts = f"|{written}||"
    cells: dict[str, str | None] = {"base_alternate": random.choice("BBBA")}
    house, plus4 = (
        f"{span(random)} {random.choice('OEBBB')}",
        random.choice(["1001", "1002", "1003-1009", "1004", "ND"]),
    )
    kind = random.choice("SSSHHUUUUFP")
    if kind == "U":
        return unit(parts, house, random.choice(["APT", "STE", "LOT", "#"]), span(random), plus4, **cells)
    if kind == "F":
        cells |= {"building": random.choice(["ACME", "APEX"])}
        if random.random() < 0.5:
            cells |= {"unit_type": "STE", "unit_low": "1", "unit_high": "9", "unit_parity": "B"}
    if kind == "P":
        low = random.randint(1, 20)
        house, plus4 = f"{low}:{low + 6}", random.choice(["2001-2007", "2001-2009", "2001"])
    return street(parts, house, plus4, record_type=kind, **cells)


def asked_of(random: Random) -> Asked:
    has_unit = random.random() < 0.6
    kinds = ["APT", "STE", "LOT", "#"]
    unit_type, unit_number = (random.choice(kinds), number(random)) if has_unit else (None, None)
    return Asked(number(random), unit_type, unit_number, random.choice([None, None, "ACME"]))


def frame(asked: list[tuple[str, Asked]]) -> pd.DataFrame:
    """Addresses in parts, so that no reading of lines comes between."""
    rows = [
        {
            "address_key": f"{place:06d}",
            "address_line1": f"{one.number} {written}",
            "zip5": "12345",
            "addr_number": one.number,
            "addr_street": written,
            "addr_unit_type": one.unit_type,
            "addr_unit": one.unit,
            "firm": one.firm,
        }
        for place, (written, one) in enumerate(asked)
    ]
    return pd.DataFrame(rows).astype(TEXT)


def world(random: Random) -> tuple[list[dict[str, str | None]], list[tuple[str, Asked]]]:
    """Records of many streets, few to a street and many, and what is asked of them."""
    names = [f"OAK {n}" for n in range(STREETS)]
    records = [record(random, name) for name in names for _ in range(random.randint(1, 14))]
    return records, [(name, asked_of(random)) for name in names for _ in range(ASKED_PER_STREET)]


@FEW
@given(seeds)
def test_the_choice_is_the_one_of_the_plain_rules(random):
    records, asked = world(random)
    rows: dict[str, list[Any]] = {}
    for row in records:
        rows.setdefault(str(row["street"]), []).append({**dict.fromkeys(RANGES), **row})
    findings = verify_addresses(frame(asked), ranges(*records), standards())[["outcome", "zip4"]].astype(object)
    found = [(outcome, None if pd.isna(zip4) else zip4) for outcome, zip4 in findings.itertuples(index=False)]
    expected = [judge(one, rows[name]) for name, one in asked]
    assert found == expected
    assert len({outcome for outcome, _ in expected}) == 8  # every outcome of a street that is there


@FEW
@given(seeds)
def test_the_order_of_records_and_addresses_is_irrelevant(random):
    records, asked = world(random)
    addresses_there = frame(asked)
    expected = verify_addresses(addresses_there, ranges(*records), standards())
    random.shuffle(records)
    shuffled = addresses_there.sample(frac=1, random_state=random.randint(0, 99))
    others = [record(random, "OAK 1") | {"zip5": "54321", "finance_no": "999999"} for _ in range(50)]
    found = verify_addresses(shuffled, ranges(*others, *records), standards())
    pd.testing.assert_frame_equal(found, expected)


@FEW
@given(seeds)
def test_a_plus4_is_one_that_a_record_determines(random):
    records, asked = world(random)
    findings = verify_addresses(frame(asked), ranges(*records), standards())
    known = {row["plus4_low"] for row in records if row["plus4_low"] == row["plus4_high"]}
    boxes = {f"{plus4:04d}" for plus4 in range(2001, 2008)}
    assert set(findings["zip4"].dropna()) <= known | boxes
    assert findings.loc[findings["zip4"].isna(), "delivery_point"].isna().all()
    assert findings.loc[findings["outcome"].isin(["multiple", "no_delivery"]), "zip4"].isna().all()


DIRECTIONS = ["", "", "N", "S", "E", "W", "NE", "SE"]


def form(random: Random, name: str) -> tuple[str, ...]:
    return random.choice(DIRECTIONS), name, random.choice(["", "ST", "AVE"]), random.choice(DIRECTIONS)


def is_turned(before: str, after: str) -> bool:
    return bool(before) and bool(after) and before != after and not (before in after and len(before) < len(after))


@FEW
@given(seeds)
def test_no_directional_is_turned_and_one_component_changed_at_most(random):
    names = [f"OAK {n}" for n in range(STREETS)]
    there = sorted({form(random, name) for name in names for _ in range(random.randint(1, 5))})
    file = ranges(*(street("|".join(parts), "1:99", f"{1000 + place}") for place, parts in enumerate(there)))
    wanted = [form(random, name) for name in names for _ in range(ASKED_PER_STREET)]
    asked = frame([(parts[1], Asked("5")) for parts in wanted]).assign(
        addr_predirectional=[parts[0] or None for parts in wanted],
        addr_suffix=[parts[2] or None for parts in wanted],
        addr_postdirectional=[parts[3] or None for parts in wanted],
    )
    findings = verify_addresses(asked.astype(TEXT), file, standards())
    answered = 0
    for parts, plus4 in zip(wanted, findings["zip4"].astype(object), strict=True):
        if pd.isna(plus4):
            continue
        found = there[int(plus4) - 1000]
        is_same = " ".join(filter(None, parts)) == " ".join(filter(None, found))
        answered += not is_same
        assert not is_turned(parts[0], found[0])
        assert not is_turned(parts[3], found[3])
        assert is_same or sum(own != other for own, other in zip(parts, found, strict=True)) == 1
    assert answered > 15


words = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "#", "OAK", "12345", "1", "A-1", "APT APT", "PO BOX", "N", "ST", "0", "1/2"]),
    st.text(max_size=12),
)


@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(st.data())
def test_no_text_in_any_cell_raises(data):
    def rows(columns: tuple[str, ...], count: int) -> pd.DataFrame:
        cells = data.draw(st.lists(st.tuples(*[words] * len(columns)), min_size=count, max_size=count))
        return pd.DataFrame(cells, columns=list(columns)).astype(TEXT)

    asked = rows(READ, 8).assign(address_key=[f"{n}" for n in range(8)])
    file, places, aliases = rows(RANGES, 12), rows(CITY_COLUMNS, 6), rows(ALIAS_COLUMNS, 6)
    near = asked.assign(zip5="12345", addr_street="OAK")
    for addresses_there, ranges_there in ((asked, file), (near, file.assign(zip5="12345", street="OAK"))):
        findings = verify_addresses(addresses_there, ranges_there, standards(), places, aliases)
        assert set(findings["address_key"]) <= set(asked["address_key"])
        assert findings["address_key"].is_unique


@given(st.from_regex(r"\A[0-9]{5}\Z"), st.from_regex(r"\A[0-9]{4}\Z"), st.from_regex(r"\A[0-9]{1,6}\Z"))
def test_the_digits_of_a_barcode_add_up_to_tens(zip5, plus4, number):
    point = delivery_points(*(pd.Series([text], dtype=TEXT) for text in (zip5, plus4, number)))[0]
    assert sum(map(int, zip5 + plus4 + point)) % 10 == 0
    assert int(point[:2]) == int(number) % 100


def test_corrections_are_of_columns_that_exist_and_take_what_stands_there():
    file = ranges(street("N|OAK|ST|", "1:99", "1001"), street("|ELM|ST|", "1:99", "1002", zip5="12346"))
    asked = addresses({"address_line1": "5 OAK ST"}, {"address_line1": "5 ELM ST"})
    findings = verify_addresses(asked, file, standards()).set_index("address_key")
    for row in asked.to_dict("records"):
        for column, before, after, why in json.loads(findings.loc[row["address_key"], "corrections"]):
            assert row[column] == before != after
            assert why


def test_misspelling_proposals_need_one_name_alone():
    file = ranges(street("|HARMON|ST|", "1:99", "1001"), street("|HARMAN|RD|", "1:99", "1002"))
    assert find(file, "5 HARMEN ST")[0]["outcome"] == "street_not_found"
    assert find(file, "5 HARMONN ST")[0]["zip4"] == "1001"
