"""Each level of each comparison, and that no level depends on which record stands left."""

import csv
from itertools import combinations, pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.matching import PAIR_COLUMNS, compare_pairs, match_features
from tests.matching.runs import compared, level_of, match_policy, records_of, row_policy

CASES = list(csv.DictReader((Path(__file__).parents[1] / "cases" / "match_levels.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['comparison']}: {case['left']} | {case['right']}")
def test_level(case: dict[str, str]) -> None:
    left, right = ({case["column"]: case[side]} for side in ("left", "right"))
    expected = case["level"] or None
    assert level_of(case["comparison"], left, right, party_type=case["party"]) == expected
    assert level_of(case["comparison"], right, left, party_type=case["party"]) == expected


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (("12 Oak St", "94103", "X"), ("12 OAK STREET", "94103", "X"), "exact"),
        (("12 Oak St Apt 4", "94103", "X"), ("12 Oak St Apt 5", "94103", "X"), "other_unit"),
        (("12 Oak St Apt 4", "94103", "X"), ("12 Oak St", "94103", "X"), "exact"),
        (("PO Box 12", "94103", "X"), ("P.O. Box 12", "94103", "X"), "exact"),
        (("12 Oak St", "94103", "X"), ("12 Oakk St", "94103", "X"), "near_street"),
        (("12 N Oak St", "94103", "X"), ("12 S Oak St", "94103", "X"), "near_street"),
        (("123 Oak St", "94103", "X"), ("132 Oak St", "94103", "X"), "near_number"),
        (("12 Oak St", "94103", "X"), ("977 Oak St", "94103", "X"), "same_street"),
        (("12 Oak St", "94103", "X"), ("12 Oak St", "10001", "Y"), "same_line"),
        (("12 Oak St", "94103", "X"), ("3 Elm Ave", "94103", "X"), "same_zip"),
        (("12 Oak St", None, "Reno"), ("3 Elm Ave", None, "Reno"), "same_city"),
        (("12 Oak St", "94103", "X"), ("3 Elm Ave", "94601", "Y"), "near_by"),
        (("12 Oak St", "94103", "X"), ("3 Elm Ave", "93720", "Y"), "same_region"),
        (("12 Oak St", "94103", "X"), ("3 Elm Ave", "10001", "Y"), "other"),
        (("12 Oak St", "94103", "X"), (None, None, None), None),
    ],
)
def test_address_level(left: tuple[str, str, str], right: tuple[str, str, str], level: str | None) -> None:
    one, two = (dict(zip(("address_line1", "zip5", "city"), side, strict=True)) for side in (left, right))
    assert level_of("address", one, two) == level
    assert level_of("address", two, one) == level


def test_swapped_names_count_once_for_both() -> None:
    row = compared({"first_name": "Mary", "last_name": "Zywicki"}, {"first_name": "Zywicki", "last_name": "Mary"}).iloc[
        0
    ]
    assert (row["first_name"], row["last_name_weight"]) == ("swapped", 0)
    assert not isinstance(row["last_name"], str)


def test_a_row_without_a_name_meets_persons_and_organisations() -> None:
    rows = [{"phone": "4155550123"}, {"phone": "4155550123", "organization_name": "Acme", "party_type": "organization"}]
    features = match_features({"records": records_of(rows).assign(party_type=[None, "organization"])}, row_policy())
    assert features["features"]["other_party"].notna().tolist() == [True, False]


def test_middle_name_used_as_first() -> None:
    left = {"first_name": "James", "middle_name": "Tiberius", "last_name": "Kirk"}
    assert level_of("first_name", left, {"first_name": "Tiberius", "last_name": "Kirk"}) == "middle"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (("Hunter", "White"), ("White", None), "compound"),
        (("Hunter", "White"), ("Baker", "White"), "same_former"),
        (("Hunter", "White"), ("Baker", "Young"), "other"),
    ],
)
def test_a_former_name_in_use_says_more_than_one_in_common(
    left: tuple[str, str], right: tuple[str, str | None], level: str
) -> None:
    one, two = (dict(zip(("last_name", "extra.MAIDEN"), side, strict=True)) for side in (left, right))
    assert (level_of("last_name", one, two), level_of("last_name", two, one)) == (level, level)


def test_every_phone_meets_every_phone() -> None:
    left = {"phone": "4155550123", "mobile": "2125550188"}
    assert level_of("phone", left, {"phone": "7075550100", "mobile": "(415) 555-0123"}) == "exact"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (("Zywicki Grill Reno", "Reno"), ("Zywicki Grill", "Reno"), "same_words"),
        (("Zywicki Grill Reno", "Reno"), ("Zywicki Grill Sparks", "Sparks"), "most_words"),
        (("Reno", "Reno"), ("Zywicki", "Reno"), "other"),
    ],
)
def test_the_own_town_in_a_name_says_where_it_is(left: tuple[str, str], right: tuple[str, str], level: str) -> None:
    one, two = (dict(zip(("organization_name", "city"), side, strict=True)) for side in (left, right))
    assert level_of("name", one, two, party_type="organization") == level
    assert level_of("name", two, one, party_type="organization") == level


@pytest.mark.parametrize(
    ("left", "right", "site", "level"),
    [
        ("Blue Barrel Pharmacy", "Padilla Grill", "padillagrillreno.com", "by_website"),
        ("Blue Barrel Pharmacy", "Padilla Grill", "the-padilla-grill.com", "by_website"),
        ("Blue Barrel Pharmacy", "Padilla Grill", "reno-business.com", "other"),
        ("Blue Barrel Pharmacy", "Blue Barrel Pharmacy", "padillagrillreno.com", "exact"),
    ],
)
def test_a_website_made_of_a_name_explains_another(left: str, right: str, site: str, level: str) -> None:
    one, two = ({"organization_name": name, "website": site} for name in (left, right))
    assert level_of("name", one, two, party_type="organization") == level
    assert level_of("name", two, one, party_type="organization") == level


@pytest.mark.parametrize(
    ("home", "part", "level"),
    [
        (("94601", "CA"), "#organization", "near"),
        (("93720", "CA"), "#organization", "region"),
        (("10001", "NY"), "#organization", "far"),
        (("94601", "NSW"), "#organization", None),
        (("94601", "CA"), "", None),
    ],
)
def test_whoever_names_an_organisation_lives_near_it(home: tuple[str, str], part: str, level: str | None) -> None:
    firm = {"record_id": "a:1", "organization_name": "Acme", "zip5": "94103", "state": "CA"}
    named = {"record_id": f"b:1{part}", "organization_name": "Acme", "zip5": home[0], "state": home[1]}
    assert level_of("vicinity", firm, named, party_type="organization") == level


NAMES = st.one_of(
    st.none(), st.sampled_from(["Ana", "Ann", "Bob", "Robert", "M", "O'Neil", "de la Cruz", "Cruz", "-", "Jr"])
)
DATES = st.one_of(st.none(), st.sampled_from(["1980-01-02", "1980-02-01", "1981-01-02", "0000-00-00"]))
TEXTS = st.one_of(st.none(), st.text(max_size=12))
ROWS = st.fixed_dictionaries(
    {
        "party_type": st.sampled_from(["person", "organization"]),
        "first_name": NAMES,
        "middle_name": NAMES,
        "last_name": NAMES,
        "organization_name": TEXTS,
        "birth_on": DATES,
        "tax_id": TEXTS,
        "email": st.one_of(st.none(), st.sampled_from(["a@b.c", "a+x@b.c", "info@acme.com", "@", "x"])),
        "phone": st.one_of(st.none(), st.sampled_from(["4155550123", "4155550124", "12"])),
        "address_line1": TEXTS,
        "zip5": st.one_of(st.none(), st.sampled_from(["94103", "94130"])),
        "city": TEXTS,
    }
)


@settings(max_examples=15)
@given(st.lists(ROWS, min_size=4, max_size=6))
def test_comparing_is_symmetric_and_sums(rows: list[dict[str, str]]) -> None:
    forth, back = _all_pairs(rows), _all_pairs(rows[::-1])
    same = [name for name in PAIR_COLUMNS if name not in ("record_id_l", "record_id_r")]
    last = len(rows) - 1
    mirrored = {
        (f"crm:{last - int(b[4:]):04d}", f"crm:{last - int(a[4:]):04d}"): n for n, (a, b) in enumerate(_ids(back))
    }
    back = back.iloc[[mirrored[pair] for pair in _ids(forth)]].reset_index(drop=True)
    pd.testing.assert_frame_equal(forth[same], back[same])
    weights = [name for name in PAIR_COLUMNS if name.endswith("_weight") and name != "match_weight"]
    sums = forth[weights].fillna(0).to_numpy(dtype="float64").sum(axis=1)
    assert abs(sums - forth["match_weight"].to_numpy(dtype="float64")).max() < 1e-6


def _ids(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(pairs["record_id_l"], pairs["record_id_r"], strict=True))


def _all_pairs(rows: list[dict[str, str]], cuts: tuple[int, ...] = ()) -> pd.DataFrame:
    """Compare all pairs of some records, cut into parts."""
    features = match_features({"records": records_of(rows)}, row_policy())["features"]
    pairs = pd.DataFrame(list(combinations(range(len(rows)), 2)), columns=["index_l", "index_r"]).assign(rule=-1)
    edges = (0, *cuts, len(pairs))
    made = [
        compare_pairs({"pairs": pairs[start:end], "features": features}, match_policy(keep_all=True))["pairs"]
        for start, end in pairwise(edges)
    ]
    return pd.concat(made, ignore_index=True)


@settings(max_examples=10)
@given(st.lists(ROWS, min_size=3, max_size=5), st.integers(1, 2))
def test_weights_do_not_depend_on_how_pairs_are_cut(rows: list[dict[str, str]], cut: int) -> None:
    pd.testing.assert_frame_equal(_all_pairs(rows), _all_pairs(rows, (cut,)), check_dtype=False)
