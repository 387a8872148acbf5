"""Material: what moves the hash and what does not."""

import pytest

from dq.standardize.material import material
from tests.standardize.policies import frame

KEY = b"a key of the home"
RECORDS = frame(record_id=["a"], first_name=["Ann"], last_name=["Lee"], birth_on=["1978-04-03"], job_title=["VP"])
POINTS = frame(
    contact_point_id=["a|email|1", "a|phone|1"],
    record_id=["a", "a"],
    kind=["email", "phone"],
    role=["home", "work"],
    value=["ann@lee.org", "+16174951234"],
)
BEFORE = material(RECORDS, POINTS, KEY).tolist()


@pytest.mark.parametrize(("column", "value"), [("first_name", "Anna"), ("birth_on", None), ("tax_id", "123-45-6788")])
def test_what_a_decision_rests_on_moves_it(column: str, value: str | None) -> None:
    assert material(RECORDS.assign(**frame(**{column: [value]})), POINTS, KEY).tolist() != BEFORE


@pytest.mark.parametrize(("column", "value"), [("job_title", "CEO"), ("created_at", "2020-01-01T00:00:00Z")])
def test_the_rest_does_not(column: str, value: str) -> None:
    assert material(RECORDS.assign(**frame(**{column: [value]})), POINTS, KEY).tolist() == BEFORE


def test_roles_order_and_repetition_of_contact_points_do_not() -> None:
    turned = POINTS.iloc[[1, 0, 0]].assign(role=frame(role=["other", "home", "home"])["role"].set_axis([1, 0, 0]))
    assert material(RECORDS, turned, KEY).tolist() == BEFORE


def test_a_lost_contact_point_and_another_key_do() -> None:
    assert material(RECORDS, POINTS.iloc[:1], KEY).tolist() != BEFORE
    assert material(RECORDS, POINTS, b"another key").tolist() != BEFORE


def test_values_do_not_run_into_each_other() -> None:
    left = frame(record_id=["a"], first_name=["Ann"], middle_name=["B"])
    right = frame(record_id=["a"], first_name=["Ann\x1fB"])
    assert material(left, POINTS, KEY).tolist() != material(right, POINTS, KEY).tolist()
