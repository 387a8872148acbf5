"""Money is failures times unit costs, and a saving is told as wide as the unit cost is uncertain, not wider."""

import pytest
from pydantic import ValidationError

from dq.quality.cost import Money, cost_lines, saved, total
from dq.standards.costs import Cost

MAIL = Cost(name="returned mailing", rules=("zip_is_valid",), low=1, high=2, times_per_year=4, why="four mailings")
LOAD = Cost(name="failed load", rules=("zip_is_valid", "x_holds"), sources=("crm",), low=5, high=5, why="an hour")


def test_money_now() -> None:
    failures = {("zip_is_valid", "crm"): 10, ("zip_is_valid", "web"): 5, ("x_holds", "web"): 99, ("other", "crm"): 7}
    lines = cost_lines(failures, [MAIL, LOAD])
    assert [(line.name, line.source, line.money) for line in lines] == [
        ("returned mailing", "crm", Money(40, 80)),
        ("failed load", "crm", Money(50, 50)),
        ("returned mailing", "web", Money(20, 40)),
    ]
    assert (lines[0].failed, lines[0].unit) == (10, Money(4, 8))
    assert total(lines) == Money(110, 170)
    assert total([]) == Money(0, 0)


def test_what_a_run_saved() -> None:
    then, now = {("zip_is_valid", "web"): 10}, {("zip_is_valid", "web"): 4}
    assert saved(then, now, [MAIL, LOAD]) == Money(24, 48)
    assert saved(now, then, [MAIL, LOAD]) == Money(-48, -24)
    assert saved(then, then, [MAIL]) == Money(0, 0)


def test_a_range_has_its_ends_in_order() -> None:
    with pytest.raises(ValidationError, match=r"low .3. is above high .2."):
        Cost(name="a", rules=("b",), low=3, high=2, why="c")
