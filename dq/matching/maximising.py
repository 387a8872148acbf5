"""Expectation and maximisation over compared pairs of one party type: m, priors and ceilings that explain them best.

Dempster, Laird and Rubin (1977), started from the policy and held near it by the guard rails of `estimation` and
`groups`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dq.matching.ceilings import shared_homes, with_ceiling
from dq.matching.encoding import MISSING, Codes
from dq.matching.estimation import Numbers, Rungs, counted, estimated_m, rungs
from dq.matching.evidence import Evidence
from dq.matching.groups import Groups, rounded, summed
from dq.matching.model import WITHIN, PartyModel, Shares
from dq.matching.scoring import probability
from dq.matching.vetoes import vetoes_of
from dq.standards.matching import Matching

SETTLED = 0.01
"""Between the last two rounds no pair's probability moves by more."""


@dataclass(frozen=True)
class Compared:
    """Candidate pairs of one party type, compared by the ladders of the policy.

    Attributes:
        party: Party type.
        evidence: Levels and weights, without ceilings.
        u: u of each comparison, as estimated.
        group: Group of each pair.
        groups: What is known of the groups.
        every: How many candidate pairs each stands for.
        matching: Policy.
    """

    party: str
    evidence: Evidence
    u: Mapping[str, Numbers]
    group: Codes
    groups: Groups
    every: int
    matching: Matching

    def ladder(self, comparison: str) -> Rungs:
        """Return a ladder of the policy as arrays."""
        return rungs(getattr(getattr(self.matching, self.party), comparison))


@dataclass(frozen=True)
class Guess:
    """What one round believes.

    Attributes:
        m: m of each comparison.
        prior: log2 of the prior odds of each group.
        relatives: Bits by which the ceilings of each group move.
        matches: Expected matches of each group.
    """

    m: Mapping[str, Numbers]
    prior: Numbers
    relatives: Numbers
    matches: Numbers


def maximised(pairs: Compared) -> tuple[PartyModel, Numbers]:
    """Return the model that explains the pairs best, and the weight it gives each."""
    evidence = pairs.evidence
    none = np.zeros(len(pairs.groups.names))
    start = {name: pairs.ladder(name).m for name in evidence.levels}
    fixed = float(evidence.prior[0]) if len(evidence.prior) else 0.0
    guess = Guess(start, none + fixed, none, none)
    vetoed = vetoes_of(with_ceiling(evidence, pairs.matching.ceilings), pairs.matching.vetoes, "balanced") != ""
    before = np.zeros(len(vetoed))
    learning = pairs.matching.learning
    rounds, found, least = 0, 0.0, learning.least_matches
    while rounds < learning.rounds and len(before):
        rounds += 1
        share = np.where(vetoed, 0.0, probability(weights_of(pairs, guess)))
        found = float(share.sum() * pairs.every)
        guess = _next(pairs, guess, sharpened(share)) if found >= least else _rarer(pairs, guess, share)
        if np.abs(share - before).max() < SETTLED:
            break
        before = share
    if found < least:
        unlearned = replace(evidence, prior=guess.prior[pairs.group])
        return _policy_stays(pairs, guess, found), with_ceiling(unlearned, pairs.matching.ceilings).total
    return _model(pairs, guess, rounds), weights_of(pairs, guess)


def weights_of(pairs: Compared, guess: Guess) -> Numbers:
    """Return the match weight of each pair, ceilings included."""
    changed: dict[str, Numbers] = {}
    for name, weights in pairs.evidence.weights.items():
        ladder, levels = pairs.ladder(name), pairs.evidence.levels[name]
        # One more at the end: a generic value, or none, weighs what it weighed.
        moved = np.append(np.log2(guess.m[name] / ladder.m) - np.log2(pairs.u[name] / ladder.u), 0.0)
        by_frequency = np.append(ladder.by_frequency, False)
        places = np.where(levels == MISSING, len(moved) - 1, levels)
        new = weights + moved[places]
        # A value so common that it weighs nothing still does: how common it is stands in no ladder.
        new = np.where(by_frequency[places], np.where(weights > 0, np.maximum(new, 0.0), 0.0), new)
        changed[name] = rounded(new)
    evidence = replace(
        pairs.evidence,
        prior=guess.prior[pairs.group],
        relatives=guess.relatives[pairs.group],
        weights=changed,
    )
    return with_ceiling(evidence, pairs.matching.ceilings).total


def sharpened(share: Numbers) -> Numbers:
    """Return probabilities moved away from one half: what is unclear teaches less than it counts.

    Thousands of pairs that are a match once in five would otherwise teach that matches look like them: where
    frequencies are a little off, plain maximisation runs away with it.

    >>> sharpened(np.array([0.2, 0.5, 0.99])).round(3).tolist()
    [0.059, 0.5, 1.0]
    """
    matched, other = share**2, (1 - share) ** 2
    return rounded(matched / (matched + other))


def _next(pairs: Compared, guess: Guess, share: Numbers) -> Guess:
    """Return what follows from each pair's probability of being a match."""
    matching, size = pairs.matching, len(pairs.groups.names)
    m = {
        name: estimated_m(
            pairs.ladder(name),
            pairs.u[name],
            counted(levels, share * pairs.every, len(guess.m[name])),
            matching.learning,
        )
        for name, levels in pairs.evidence.levels.items()
    }
    matches = summed(pairs.group, share, size) * pairs.every
    home, other = shared_homes(pairs.evidence)
    at_home = summed(pairs.group, share * (home & ~other), size) * pairs.every
    others = summed(pairs.group, (1 - share) * (home & other), size) * pairs.every
    usual = getattr(matching.learning.usual_relatives, pairs.party)
    per_record = pairs.groups.per_record(matches, matching)
    relatives = pairs.groups.relatives(at_home, others, per_record, usual, matching)
    if pairs.party == "organization":
        # Clean matches at one place do not make its tenants rarer: ceilings of organisations only sink.
        relatives = np.minimum(relatives, 0.0)
    return Guess(m, pairs.groups.priors(matches, matching), relatives, matches)


def _rarer(pairs: Compared, guess: Guess, share: Numbers) -> Guess:
    """Return the guess with priors alone: too few matches to see what they look like show how rare they are.

    Otherwise a list of ten thousand without duplicates would be searched as if half of it were some.
    """
    matches = summed(pairs.group, share, len(pairs.groups.names)) * pairs.every
    return replace(guess, prior=np.minimum(pairs.groups.priors(matches, pairs.matching), guess.prior), matches=matches)


def _model(pairs: Compared, guess: Guess, rounds: int) -> PartyModel:
    levels = {}
    for name, m in guess.m.items():
        ladder = pairs.ladder(name)
        rows = zip(ladder.names, m.tolist(), pairs.u[name].tolist(), strict=True)
        levels[name] = {level: Shares(m=_short(one), u=_short(other)) for level, one, other in rows}
    matches = float(guess.matches.sum())
    return PartyModel(
        learned=True,
        note=f"learned from {len(pairs.group):,} candidate pairs, {matches:,.0f} of them expected to be matches",
        pairs=len(pairs.group),
        matches=round(matches, 1),
        rounds=rounds,
        prior=pairs.groups.named(guess.prior, guess.matches),
        relatives=pairs.groups.named(guess.relatives, guess.matches),
        levels=levels,
    )


def _policy_stays(pairs: Compared, guess: Guess, matches: float) -> PartyModel:
    least = pairs.matching.learning.least_matches
    return PartyModel(
        learned=False,
        note=f"{matches:,.0f} matches expected, {least:,} needed to learn from: the values of the policy stay",
        pairs=len(pairs.group),
        matches=round(matches, 1),
        rounds=0,
        prior=pairs.groups.named(guess.prior, guess.matches),
        relatives={WITHIN: 0.0},
        levels={},
    )


def _short(share: float) -> float:
    return float(f"{share:.6g}")
