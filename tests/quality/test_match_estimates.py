"""The interval holds at least as often as it says, in worlds whose truth is known."""

from random import Random

import pytest

from dq.quality.match_estimates import Band, estimate, exact_interval, more_to_halve

WORLDS = {
    "a good matcher": ((8000, 0.0005, 30), (1500, 0.004, 40), (500, 0.02, 60)),
    "a poor one": ((8000, 0.01, 30), (1500, 0.08, 40), (500, 0.35, 60)),
    "no mistakes": ((900, 0.0, 30), (90, 0.0, 30)),
    "few pairs": ((40, 0.1, 30), (12, 0.25, 12)),
    "one band": ((5000, 0.03, 200),),
}
"""Per band: pairs, share that is wrong, pairs drawn."""


@pytest.mark.parametrize("name", WORLDS)
def test_the_interval_holds(name: str) -> None:
    """600 samples of each world, without putting back; the truth lies within in 95 of 100 at least (two sigma less)."""
    chance, held = Random(11), 0
    truth = [(pairs, round(pairs * share), drawn) for pairs, share, drawn in WORLDS[name]]
    for _ in range(600):
        bands = [
            Band(pairs, drawn, sum(place < wrong for place in chance.sample(range(pairs), drawn)))
            for pairs, wrong, drawn in truth
        ]
        found = estimate(bands)
        assert found is not None
        held += found.low - 1e-9 <= sum(wrong for _, wrong, _ in truth) <= found.high + 1e-9
    assert held / 600 > 0.95 - 2 * (0.95 * 0.05 / 600) ** 0.5


def test_one_band_is_the_exact_interval() -> None:
    found = estimate([Band(10**9, 50, 5)])
    assert found is not None
    assert found.per(1) == pytest.approx((0.1, *exact_interval(5, 50)))


def test_bands_are_weighed_by_their_pairs() -> None:
    found = estimate([Band(9000, 30, 0), Band(1000, 50, 5)])
    assert found is not None
    assert found.value == 100
    assert found.per()[0] == 100
    assert found.low < 100 < found.high
    assert found.answered == 80


def test_what_is_known_whole_is_certain() -> None:
    found = estimate([Band(40, 40, 3)])
    assert found is not None
    assert (found.low, found.value, found.high) == (3, 3, 3)
    assert more_to_halve([Band(40, 40, 3)]) is None


def test_a_band_that_nobody_answered_leaves_it_open() -> None:
    assert estimate([Band(40, 30, 0), Band(10, 0, 0)]) is None
    assert estimate([]) is None
    assert more_to_halve([Band(10, 0, 0)]) is None
    assert estimate([Band(40, 30, 0), Band(0, 0, 0)]) is not None, "a band without pairs needs no answer"


def test_a_half_never_shortens_the_interval() -> None:
    low, high = exact_interval(2.5, 30)
    assert low == exact_interval(2, 30)[0]
    assert high == exact_interval(3, 30)[1]


@pytest.mark.parametrize("bands", [[Band(10**6, 30, 0)], [Band(8000, 30, 0), Band(1500, 40, 2), Band(500, 60, 12)]])
def test_so_many_more_answers_halve_it(bands: list[Band]) -> None:
    more = more_to_halve(bands)
    first = estimate(bands)
    assert more is not None
    assert first is not None
    # As many again where nobody found a mistake (the limit falls as 1 / n); fewer where one band is what is uncertain.
    assert 0.4 * first.answered < more < 1.2 * first.answered
