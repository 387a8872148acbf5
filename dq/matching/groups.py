"""Groups of pairs by source: two records of one list are one customer less often, or more, than of two lists."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dq.matching.encoding import Codes
from dq.matching.known import Known
from dq.matching.model import WITHIN
from dq.matching.scoring import DECIMALS
from dq.standards.matching import Matching

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Groups:
    """All pairs of one party type, by group (see `Sources.groups`).

    Attributes:
        names: The groups.
        pairs: How many pairs of records a group has, compared or not.
        records: How many records take part in it.
    """

    names: tuple[str, ...]
    pairs: Numbers
    records: Numbers

    def priors(self, matches: Numbers, policy: Matching) -> Numbers:
        """Return log2 of the odds that two records of each group are one customer.

        Matches per record are counted, the policy's own counting for a few records. In a small file its size counts
        as little as few matches were found: ten records that agree on a name are a sample of a larger world.

        Args:
            matches: Expected matches of each group.
            policy: Prior and how much it counts.
        """
        prior = policy.prior
        found = 2 * matches
        partners = np.maximum(2 * self.pairs / np.maximum(self.records, 1), 1)
        trust = found / (found + policy.learning.trusted_records)
        world = np.exp(trust * np.log(partners) + (1 - trust) * np.log(prior.least_records))
        per_record = self.per_record(matches, policy)
        return rounded(np.log2(per_record / np.where(partners < prior.least_records, world, partners)))

    def per_record(self, matches: Numbers, policy: Matching) -> Numbers:
        """Return the matches of a record of each group, the policy's own counting for a few records."""
        own = policy.learning.policy_records
        return (2 * matches + own * policy.prior.matches_per_record) / (self.records + own)

    def relatives(
        self, at_home: Numbers, others: Numbers, per_record: Numbers, usual: float, policy: Matching
    ) -> Numbers:
        """Return by how many bits ceilings move in each group: up where relatives are rarer beside matches than usual.

        Args:
            at_home: Expected matches of one name that share a home or place.
            others: Pairs that share one and have other names, expected to be different.
            per_record: Matches of a record: where a list has none, its tenants are none either.
            usual: log2 of their ratio in the data the ceilings were estimated on.
            policy: How far ceilings may move.
        """
        learning = policy.learning
        own = learning.policy_homes
        rate = np.minimum(per_record / policy.prior.matches_per_record, 1.0)
        ratio = np.log2((at_home + own * rate) / (others + own * 2**-usual)) - usual
        return rounded(np.clip(ratio, -learning.ceiling_drift, learning.ceiling_drift))

    def named(self, values: Numbers, matches: Numbers) -> dict[str, float]:
        """Return values by name, with one for sources not known: the mean of those within a source by their matches."""
        named = {name: float(value) for name, value in zip(self.names, values, strict=True)}
        inner = [place for place, name in enumerate(self.names) if " and " not in name][1:] or [0]
        weights = matches[inner] + 1.0
        return named | {WITHIN: round(float((values[inner] * weights).sum() / weights.sum()), DECIMALS)}


def groups_of(known: Known, party: str) -> Groups:
    """Count the pairs and records of each group of a party type."""
    chosen = known.is_person if party == "person" else ~known.is_person
    sizes = np.bincount(known.sources.codes[chosen], minlength=len(known.sources.names)).astype(np.float64)
    pairs, records = np.outer(sizes, sizes), np.add.outer(sizes, sizes)
    np.fill_diagonal(pairs, sizes * (sizes - 1) / 2)
    np.fill_diagonal(records, sizes)
    upper = np.triu_indices(len(sizes))
    names = known.sources.groups
    places = known.sources.table[upper]
    return Groups(
        names,
        summed(places, pairs[upper], len(names)),
        summed(places, records[upper], len(names)),
    )


def summed(groups: Codes, values: Numbers, size: int) -> Numbers:
    """Return the sum of values by group."""
    return np.bincount(groups, weights=values, minlength=size).astype(np.float64)


def rounded(values: Numbers) -> Numbers:
    """Round so that no machine's last bit decides."""
    return np.round(values, DECIMALS)
