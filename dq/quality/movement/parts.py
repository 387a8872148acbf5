"""What a movement is made of: the counts that go in, and the parts that come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal, get_args

Part = Literal["rules", "gone", "new", "fixed", "broken", "filled", "decisions", "reference", "others"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
"""In the order they are told. `rules`: rules added, removed, rewritten or weighed anew, and rules that judged nothing
in one of the runs. `gone`, `new`: records of one run only. `fixed`, `broken`: records whose source sent something else.
`filled`: values that came into or went out of records that stayed, so that more or fewer are judged. `decisions`:
records a person decided on. `reference`: records that the source left alone while reference data or standards
changed. `others`: records that the source left alone and that only grew older, or whose neighbours changed."""
RULES: Final[Part] = "rules"


@dataclass(frozen=True)
class RuleWeight:
    """How a run weighed a rule.

    Attributes:
        dimension: Its dimension.
        weight: In the score of the dimension; 0 keeps the rule out.
        threshold: Least acceptable pass rate.
        definition: What it judges; two runs whose texts differ judged different things.
    """

    dimension: str
    weight: float
    threshold: float = 1.0
    definition: str = ""


@dataclass(frozen=True)
class RunSide:
    """What one run weighed and counted.

    Attributes:
        rules: rule_id → how it was weighed.
        dimensions: Dimension → weight in the overall score; 1 where none is named.
        judged: rule_id → units judged and units failed.
        records: Records there are.
        troubled: Records with a problem that is more than `info`.
    """

    rules: Mapping[str, RuleWeight]
    dimensions: Mapping[str, float]
    judged: Mapping[str, tuple[int, int]]
    records: int
    troubled: int


@dataclass(frozen=True)
class RuleCounts:
    """What changed between two runs under one rule: per part, units judged and units failed that came or went.

    Attributes:
        steps: Part → change of (judged, failed). Summed they lead from the earlier run's counts to the later one's.
    """

    steps: Mapping[Part, tuple[int, int]]


@dataclass(frozen=True)
class MovementCounts:
    """Everything the split needs.

    Attributes:
        then: The earlier run.
        now: The later run.
        compared: Rules that both runs judged, in the same words.
        by_rule: Those rules → what changed.
        then_common: Records with a problem under the compared rules, in the earlier run.
        now_common: The same in the later run.
        records: What changed among records with a problem under the compared rules.
    """

    then: RunSide
    now: RunSide
    compared: frozenset[str]
    by_rule: Mapping[str, RuleCounts]
    then_common: int
    now_common: int
    records: RuleCounts


@dataclass(frozen=True)
class Movement:
    """A difference and its parts; all numbers are exact, on a scale of 0–100.

    Attributes:
        then: The score of the earlier run as it was weighed then.
        then_today: The same counts under the rules and weights of the later run: what to compare with.
        now: The score of the later run.
        parts: Part → its share of `now - then`; they sum to it exactly.
        by_rule: rule_id → part → its share, for the parts that data made.
        units: Part → units (or records) that came, went or changed.
    """

    then: Fraction
    then_today: Fraction
    now: Fraction
    parts: Mapping[Part, Fraction]
    by_rule: Mapping[str, Mapping[Part, Fraction]] = field(default_factory=dict)
    units: Mapping[Part, int] = field(default_factory=dict)

    @property
    def difference(self) -> Fraction:
        """How far the score moved."""
        return self.now - self.then
