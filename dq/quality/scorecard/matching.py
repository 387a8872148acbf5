"""What the scorecard says of matching: the model's own estimates, the queue, values that are nobody's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MILLION = 1_000_000
"""Probabilities are summed as millionths: integers give equal sums in every order."""


@dataclass(frozen=True)
class GenericValue:
    """A value that is nobody's own.

    Attributes:
        party: `person` or `organization`.
        comparison: What it would have been evidence of.
        shown: The value, masked.
        records: Records that carry it.
        weight_lost: Bits that two records with it would have got.
    """

    party: str
    comparison: str
    shown: str
    records: int
    weight_lost: float


@dataclass(frozen=True)
class MatchCounts:
    """What was counted in the pairs of a run.

    Attributes:
        matched_pairs: Pairs the machine matched; judged ones are not its own.
        wrong_millionths: Sum over them of the probability that they are no match.
        missed_millionths: Sum of the match probability over weighed pairs left apart without a veto.
        review: Pairs that wait for a person.
        merges: Records merged away.
        households: Households with several customers.
        at_home: Customers in them.
        bridges: Matched pairs cut because their groups look different.
        kept_apart: Matched pairs cut because records beside them must not meet.
        vetoed: Pairs forbidden whatever they weigh.
        judged: Judgements in force.
    """

    matched_pairs: int
    wrong_millionths: int
    missed_millionths: int
    review: int
    merges: int
    households: int
    at_home: int
    bridges: int
    kept_apart: int
    vetoed: int
    judged: int


@dataclass(frozen=True)
class MatchLine:
    """A line of the table: what it is, how much, what the number rests on."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class MatchTable:
    """The matching section of the scorecard.

    Attributes:
        lines: The table.
        generic: Values that are nobody's own, the most shared first.
        charts: File names of the pictures in `charts/`.
        learned: What the model of each party type was estimated on.
    """

    lines: tuple[MatchLine, ...]
    generic: tuple[GenericValue, ...]
    charts: tuple[str, ...]
    learned: tuple[str, ...]


NO_MATCHING = MatchTable((), (), (), ())


def match_table(
    counts: MatchCounts,
    thresholds: Mapping[str, float],
    match_at: str,
    generic: Sequence[GenericValue],
    charts: Sequence[str],
    learned: Sequence[str],
) -> MatchTable:
    """Return the section from what was counted."""
    ordered = sorted(generic, key=lambda value: (-value.records, value.party, value.comparison, value.shown))
    return MatchTable(tuple(_lines(counts, thresholds, match_at)), tuple(ordered), tuple(charts), tuple(learned))


def per_10_000(counts: MatchCounts) -> float:
    """Return the wrong merges per 10,000 matched pairs that the model expects of itself.

    >>> per_10_000(MatchCounts(20_000, 30 * MILLION, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    15.0
    """
    return round(counts.wrong_millionths / MILLION / counts.matched_pairs * 10_000, 1) if counts.matched_pairs else 0.0


def _lines(counts: MatchCounts, thresholds: Mapping[str, float], match_at: str) -> list[MatchLine]:
    wrong = f"about {per_10_000(counts):g}" if counts.matched_pairs else "none matched"
    missed = round(counts.missed_millionths / MILLION)
    return [
        MatchLine(
            "records merged without a person",
            f"{counts.merges:,}",
            f"from match weight {thresholds['match_threshold']:g} on, at “{match_at}”; "
            f"{counts.matched_pairs:,} pairs matched, {counts.judged:,} judgements of people in force",
        ),
        MatchLine(
            "wrong merges per 10,000 matched pairs",
            wrong,
            "the model's own estimate, which cannot know its own mistakes; a blind sample judged by people replaces it "
            "(dq evaluate)",
        ),
        MatchLine(
            "duplicates missed",
            f"about {missed:,}",
            "the model's estimate over the pairs it weighed and left apart; pairs of no blocking rule are unseen",
        ),
        MatchLine(
            "pairs to review",
            f"{counts.review:,}",
            f"match weight {thresholds['review_threshold']:g} and more, the strongest first, "
            "as many as policy lets a review hold (review_share)",
        ),
        MatchLine(
            "households",
            f"{counts.households:,}",
            f"{counts.at_home:,} customers share a surname and a home with another one and were not merged for it",
        ),
        MatchLine(
            "matched pairs cut again",
            f"{counts.bridges + counts.kept_apart:,}",
            f"{counts.bridges:,} weak bridges between groups that look different or would be too large, "
            f"{counts.kept_apart:,} beside records that must not meet",
        ),
        MatchLine("pairs forbidden", f"{counts.vetoed:,}", "a veto or a judgement stands above their weight"),
    ]
