"""Phones: the case table, and the fast road against phonenumbers itself."""

import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.standardize.phones import is_plain, standardize_phone, standardize_phones
from tests.standardize.policies import cases, known, texts


@pytest.mark.parametrize("case", cases("phones"), ids=lambda case: f"{case['input']} {case['country']}")
def test_case(case: dict[str, str]) -> None:
    outcome = standardize_phones(texts([case["input"]]), texts([case["country"] or None]), known()).fillna("")
    found = outcome.loc[0]
    assert (found["value"], found["extension"], found["flags"]) == (case["expected"], case["extension"], case["flags"])


_SEPARATOR = st.sampled_from(["", " ", "-", "."])


@st.composite
def plain_numbers(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(["", "1-", "+1 ", "1"]))
    area, exchange = (draw(st.integers(200, 999)) for _ in range(2))
    line = draw(st.integers(0, 9999))
    area_text = draw(st.sampled_from([f"{area}", f"({area})"]))
    return f"{prefix}{area_text}{draw(_SEPARATOR)}{exchange}{draw(_SEPARATOR)}{line:04d}"


@given(st.lists(plain_numbers(), min_size=20, max_size=60), st.sampled_from(["US", "CA", "GB", ""]))
def test_fast_road_equals_phonenumbers(numbers: list[str], country: str) -> None:
    typed = texts(numbers)
    whole = standardize_phones(typed, texts([country or None] * len(numbers)), known())
    slow = [standardize_phone(text, country, known()) for text in numbers]
    assert whole["value"].tolist() == [phone.value for phone in slow]
    assert whole["flags"].fillna("").tolist() == [phone.flags or "" for phone in slow]
    if country in {"US", "CA"}:
        assert is_plain(typed, country).all()


@given(st.integers(0, 2**32))
def test_validity_equals_phonenumbers_over_the_plan(seed: int) -> None:
    chance = random.Random(seed)
    numbers = [f"{chance.randrange(200, 1000)}{chance.randrange(2_000_000, 10_000_000)}" for _ in range(100)]
    flags = standardize_phones(texts(numbers), texts(["US"] * len(numbers)), known())["flags"].fillna("").tolist()
    for number, flag in zip(numbers, flags, strict=True):
        is_valid = phonenumbers.is_valid_number(phonenumbers.parse(number, "US"))
        assert (flag == "phone:invalid") == (not is_valid and flag in {"", "phone:invalid"})


def test_every_area_code_is_judged_as_phonenumbers_judges_it() -> None:
    numbers = [f"{area}234{line}" for area in range(200, 1000) for line in ("1234", "0000")]
    flags = standardize_phones(texts(numbers), texts(["US"] * len(numbers)), known())["flags"]
    expected = [phonenumbers.is_valid_number(phonenumbers.parse(number, "US")) for number in numbers]
    assert [flag != "phone:invalid" for flag in flags.fillna("")] == expected
