"""State and ZIP cut off the end of a text, in every order and notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.state_and_zip import cut_end, cut_state, without_repetition
from tests.address.policies import grammar

WORDS = grammar().words


@pytest.mark.parametrize(
    ("text", "head", "state", "zip_text"),
    [
        ("OAK ST BOSTON MA 02108", "OAK ST BOSTON", "MA", "02108"),
        ("OAK ST BOSTON, MA, 02108", "OAK ST BOSTON", "MA", "02108"),
        ("OAK ST BOSTON 02108 MA", "OAK ST BOSTON", "MA", "02108"),
        ("BOSTON MA 02108 - 1234", "BOSTON", "MA", "02108-1234"),
        ("BOSTON MA 02108 1234", "BOSTON", "MA", "02108-1234"),
        ("BOSTON 02108 1234", "BOSTON 02108 1234", "", ""),
        ("BOSTON MA02108", "BOSTON", "MA", "02108"),
        ("BOSTON MA 2108", "BOSTON", "MA", "2108"),
        ("BOSTON 2108", "BOSTON 2108", "", ""),
        ("BOSTON MA ZIP CODE: 02108", "BOSTON", "MA", "02108"),
        ("BOSTON MA 02108 U.S.A.", "BOSTON", "MA", "02108"),
        ("BOSTON MA 02108, US", "BOSTON", "MA", "02108"),
        ("CHARLESTON W. VA. 25301", "CHARLESTON", "WV", "25301"),
        ("NEW YORK N Y 10001", "NEW YORK", "NY", "10001"),
        ("NEW YORK, NEW, YORK 10001", "NEW YORK", "NY", "10001"),
        ("KOROR FEDERATED STATES OF MICRONESIA 96941", "KOROR", "FM", "96941"),
        ("02108", "", "", "02108"),
        ("", "", "", ""),
    ],
)
def test_the_end_is_cut_off(text, head, state, zip_text):
    assert cut_end(text, WORDS)[:3] == (head, state, zip_text)


def test_the_written_state_and_its_comma_are_kept():
    end = cut_state("12 OAK ST, NEW YORK", WORDS)
    assert (end.head, end.state, end.written, end.has_comma) == ("12 OAK ST", "NY", "NEW YORK", True)


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("1 A ST B, CA, 94103 B 1 A ST CA 94103", "1 A ST B, CA, 94103"),
        ("1 A ST B, CA 94103 C 1 A ST CA 94103", "1 A ST B, CA 94103 C 1 A ST CA 94103"),
        ("1 A ST B, CA 94103", "1 A ST B, CA 94103"),
    ],
)
def test_only_what_was_said_before_is_dropped(text, once):
    assert without_repetition(text) == once


@given(st.text(max_size=60))
def test_any_text_is_cut_without_raising(text):
    end = cut_end(text.upper(), WORDS)
    assert end.state == "" or end.state in WORDS.state_names
