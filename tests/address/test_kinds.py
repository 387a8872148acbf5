"""What a token may be: looked at once, and forgotten when there are too many."""

import pytest

from dq.address import kinds
from dq.address.kinds import COMMON, DIRECTION, GLUED, HOUSE, NUMBER, ROAD, SPECIAL, SUFFIX, UNIT, WORD
from tests.address.policies import grammar


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("123", NUMBER | HOUSE),
        ("5TH", NUMBER),
        ("MAIN", 0),
        ("N", DIRECTION),
        ("BLVD", SUFFIX | COMMON),
        ("#", UNIT),
        ("APT", UNIT),
        ("APT4B", NUMBER | HOUSE | GLUED),
        ("8FL", NUMBER | HOUSE | GLUED),
        ("I-10", NUMBER | HOUSE | ROAD),
        ("US41", NUMBER | HOUSE | ROAD),
        ("KENTUCKY", ROAD),
        ("PMB", SPECIAL),
        ("ELEVEN", WORD),
    ],
)
def test_bits_of_a_token(token, expected):
    assert grammar().words.kinds[token] == expected


def test_memory_starts_afresh_beyond_its_size(monkeypatch):
    monkeypatch.setattr(kinds, "MOST_TOKENS", 3)
    memory = kinds.Kinds(grammar().words.kinds._lists)
    assert [memory[token] for token in ("1", "2", "3", "4")] == [NUMBER | HOUSE] * 4
    assert list(memory) == ["4"]
