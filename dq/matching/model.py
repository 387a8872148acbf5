"""What a run learned about its own records: shares of levels, odds before any evidence, how common relatives are.

Applying a model gives a `Matching` policy with the learned shares in the place of the policy's, so that comparing,
explaining and reporting need not know where a number comes from.
"""

from collections.abc import Mapping

from dq.standards.ladders import Ladder, Level, OrganizationComparisons, PersonComparisons
from dq.standards.matching import Matching, ThresholdPairs
from dq.standards.reader import Policy

BETWEEN = "between sources"
"""Group of pairs whose records come from two sources; every source is a group of its own."""
WITHIN = "within a source"
"""Group of pairs within a source that the model does not know."""


class Shares(Policy):
    """Learned shares of one level.

    Attributes:
        m: Share of true matches.
        u: Share of random pairs of different customers.
    """

    m: float
    u: float


class PartyModel(Policy):
    """What was learned about one party type.

    Attributes:
        learned: Whether there was enough to learn from; otherwise everything stays as the policy has it.
        note: How learning went, in one sentence.
        pairs: Candidate pairs looked at.
        matches: Matches expected among all candidate pairs.
        rounds: Rounds until nothing moved any more.
        prior: Group → log2 of the odds that two random records are one customer.
        relatives: Group → bits by which ceilings move: above 0 where there are fewer relatives per match than usual.
        levels: Comparison → level → shares.
    """

    learned: bool
    note: str
    pairs: int
    matches: float
    rounds: int
    prior: Mapping[str, float]
    relatives: Mapping[str, float]
    levels: Mapping[str, Mapping[str, Shares]]

    def in_groups(self, name: str, groups: tuple[str, ...]) -> tuple[float, ...]:
        """Return `prior` or `relatives` of each group; a source that is not known counts as any."""
        values: Mapping[str, float] = getattr(self, name)
        return tuple(values.get(group, values.get(WITHIN, 0.0)) for group in groups)


class MatchModel(Policy):
    """What a run learned, or was given with `--model`.

    Attributes:
        thresholds: Where a pair is a match at each setting.
        generic_values: Party type → comparison → values that are nobody's own.
    """

    person: PartyModel
    organization: PartyModel
    thresholds: ThresholdPairs
    generic_values: Mapping[str, Mapping[str, tuple[str, ...]]]

    def applied(self, matching: Matching) -> Matching:
        """Return the policy with the learned shares in its ladders."""
        person = _with_shares(matching.person, self.person)
        organization = _with_shares(matching.organization, self.organization)
        return matching.model_copy(update={"person": person, "organization": organization})


def _with_shares(
    ladders: PersonComparisons | OrganizationComparisons, learned: PartyModel
) -> PersonComparisons | OrganizationComparisons:
    made: dict[str, Ladder] = {}
    for name, levels in learned.levels.items():
        ladder: Ladder = getattr(ladders, name)
        changed: dict[str, Level] = {}
        for level, shares in levels.items():
            old: Level = getattr(ladder, level)
            changed[level] = old.model_copy(update={"m": shares.m, "u": shares.u})
        made[name] = ladder.model_copy(update=changed)
    return ladders.model_copy(update=made)
