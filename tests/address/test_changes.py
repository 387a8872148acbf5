"""Why a line differs from its source: the most telling reason."""

import pytest

from dq.address.changes import line_reasons
from dq.address.publication28 import standardize_line
from tests.address.policies import ABBREVIATE, grammar


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two Main St\n", "number_word"),
        ("12 Seventh St\n", "number_word"),
        ("12 Oak St Suite Two\n", "number_word"),
        ("12 31 Street\n", "abbreviated"),
        ("12 oak st\n", "case"),
        ("12 Oak Street\n", "abbreviated"),
        ("Apt 4 12 Oak St\n", "unit"),
        ("12 Oak St\nApt 4", "moved"),
        ("POST OFFICE BX 12\n", "delivery_form"),
    ],
)
def test_reason_of_the_first_line(text, expected):
    assert line_reasons(text, standardize_line(text, grammar(), ABBREVIATE))[0] == expected
