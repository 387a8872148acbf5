"""How right the matching is, as pages show it: as people answered a sample, else as the machine guesses of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dq.errors import NotFoundError
from dq.quality.match_estimates import PER, Band, estimate, more_to_halve
from dq.stewardship.house import House
from dq.stewardship.sampling import BandAnswers, Sample, answers, opinions_of, samples
from dq.web.rules import SCORECARD, read_scorecard
from dq.web.wording import count

MACHINE_SAYS: Final = {"wrong merges per 10,000 matched pairs": "wrong", "duplicates missed": "missed"}
"""Lines of a run's own scorecard: what the machine expects of itself."""


@dataclass(frozen=True)
class Estimated:
    """One number about the matching.

    Attributes:
        name: What is counted.
        value: Among so many pairs (`per`), None while it is not known.
        low: Lower limit, 95 times of 100.
        high: Upper limit.
        per: Pairs it is counted among.
        in_run: The same in the pairs of this run: value, low, high, pairs.
        more: Answers that would halve the range, None where nothing can be said.
        missing: Kinds of pairs without an answer.
    """

    name: str
    value: float | None
    low: float
    high: float
    per: int
    in_run: tuple[float, float, float, int]
    more: int | None
    missing: int


@dataclass(frozen=True)
class Measured:
    """What is known of the matching.

    Attributes:
        sample: The newest sample with answers, None where there is none.
        numbers: Wrong merges and missed duplicates, as people answered.
        answered: Pairs with an answer.
        second: Pairs with a second opinion, and of them those on which two differ.
        machine: What the machine expects of itself: `wrong`, `missed` → words; empty where nothing was matched.
    """

    sample: Sample | None
    numbers: Sequence[Estimated]
    answered: int
    second: tuple[int, int]
    machine: Mapping[str, str]


def measured(house: House, run: Mapping[str, Any]) -> Measured:
    """Return how right the matching is, by the newest sample in which anything was answered."""
    machine = _machine(house, str(run["run_id"]))
    for sample in samples(house):
        bands = answers(house, sample.number)
        if any(band.answered for band in bands):
            given = sum(band.answered for band in bands)
            return Measured(sample, estimates(bands), given, opinions_of(house, sample.number), machine)
    return Measured(None, (), 0, (0, 0), machine)


def estimates(bands: Sequence[BandAnswers]) -> list[Estimated]:
    """Return wrong merges and missed duplicates.

    Missed duplicates are those among pairs that were compared: two records that share nothing were never held
    against each other, and no sample of pairs finds them.
    """
    merged = [Band(one.pairs, one.answered, one.answered - one.same) for one in bands if one.is_match]
    apart = [Band(one.pairs, one.answered, one.same) for one in bands if not one.is_match]
    found = [_estimated("wrong merges", merged), _estimated("missed duplicates", apart)]
    return [one for one in found if one is not None]


def said(one: Estimated) -> list[str]:
    """Return a number in sentences, never without its range."""
    among = "merged pairs" if one.name == "wrong merges" else "pairs that were compared and kept apart"
    if one.value is None:
        return [f"Not known yet: {one.name} among {among}. {count(one.missing, 'kind')} of pairs without an answer."]
    value, low, high, pairs = one.in_run
    lines = [
        f"About {one.value:,.0f} {one.name} among {one.per:,} {among}; between {one.low:,.0f} and {one.high:,.0f}, "
        f"95 times of 100. In this run: {value:,.0f} ({low:,.0f} to {high:,.0f}) of {pairs:,}."
    ]
    if one.more is not None:
        lines.append(f"{one.more:,} more answers would halve that range.")
    return lines


def _estimated(name: str, bands: Sequence[Band]) -> Estimated | None:
    there = [band for band in bands if band.pairs]
    if not there:
        return None
    found = estimate(bands)
    if found is None:
        missing = sum(1 for band in there if not band.answered)
        return Estimated(name, None, 0, 0, PER, (0, 0, 0, 0), None, missing)
    in_run = (found.value, found.low, found.high, found.pairs)
    return Estimated(name, *found.per(), PER, in_run, more_to_halve(bands), 0)


def _machine(house: House, run_id: str) -> dict[str, str]:
    try:
        lines = read_scorecard(house.runs_folder / run_id / SCORECARD).get("matching", {}).get("lines", ())
    except NotFoundError:
        return {}
    return {MACHINE_SAYS[line["name"]]: line["value"] for line in lines if line["name"] in MACHINE_SAYS}
