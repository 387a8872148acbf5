"""Every way to fall short of a target has something that helps, and a target's own remedy stands above ours."""

import pytest

from dq.conversion.hints import hint_of
from dq.standards.targets import CHECKS
from tests.conversion.loads import shipped


@pytest.mark.parametrize("check", CHECKS)
def test_a_hint_is_what_to_do_and_no_repetition_of_the_error(check: str) -> None:
    said = hint_of(shipped("salesforce"), check, "ANY")
    assert len(said) > 20
    assert said != CHECKS[check] or check == "wrong_line_end"


def test_a_remedy_of_the_target_comes_first() -> None:
    target = shipped("mailing")
    assert hint_of(target, "required", "ZIP4_MISSING") == target.remedies["ZIP4_MISSING"]
