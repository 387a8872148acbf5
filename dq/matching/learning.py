"""What a run learns from its own records, without labels: how matches look, how many there are, what is nobody's.

u comes from random pairs, everything else from candidate pairs (`maximising`). Where there is too little to learn from,
the policy stays and the model says so.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.ceilings import with_ceiling
from dq.matching.compare import MatchPolicy
from dq.matching.encoding import Codes
from dq.matching.estimation import Numbers, counted, estimated_u, rungs
from dq.matching.evidence import Evidence, weigh_organizations, weigh_persons
from dq.matching.generic import Generic
from dq.matching.groups import groups_of
from dq.matching.known import Known
from dq.matching.known_cache import known_of
from dq.matching.maximising import Compared, maximised
from dq.matching.model import MatchModel, PartyModel
from dq.matching.scoring import probability
from dq.matching.thresholds import calibrated
from dq.model import Frames
from dq.standards.matching import Matching


def sample_query(matching: Matching) -> str:
    """Return the query that takes every n-th candidate pair, spread evenly; its column `every` says what n is."""
    most = int(matching.learning.candidate_pairs)
    return f"""
        WITH size AS (SELECT greatest(1, ceil(count(*) / {most}))::BIGINT AS every FROM pairs)
        SELECT index_l, index_r, every FROM pairs, size
        WHERE (index_l::BIGINT * {_SPREAD[0]} + index_r::BIGINT * {_SPREAD[1]}) % every = 0
    """  # noqa: S608 (only integers are put in)


def take_every(pairs: int, matching: Matching) -> int:
    """Return which candidate pairs are taken out of so many: every n-th."""
    return max(1, -(-pairs // int(matching.learning.candidate_pairs)))


def sampled(left: Codes, right: Codes, every: int) -> NDArray[np.bool_]:
    """Say which candidate pairs are taken: `sample_query` on arrays."""
    chosen: NDArray[np.bool_] = (left.astype(np.int64) * _SPREAD[0] + right.astype(np.int64) * _SPREAD[1]) % every == 0
    return chosen


_SPREAD = (40503, 9973)
"""Odd numbers that no list of records has a rhythm of."""


def learn(frames: Frames, policy: MatchPolicy) -> Frames:
    """Learn the model of a run.

    Args:
        frames: `pairs` with `index_l`, `index_r`, `every` (each stands for so many candidate pairs); where the policy
            knows no records, `features` of all of them, sorted by `record_id`.
        policy: Policy of comparing, without a model.

    Returns:
        `model`: one row, column `document`: the model as JSON text.
    """
    pairs, matching = frames["pairs"], policy.matching
    known = policy.known or known_of(frames["features"], policy.row.standards)
    every = int(pairs["every"].max()) if len(pairs) else 1
    left, right = (pairs[name].to_numpy(dtype=np.int64) for name in ("index_l", "index_r"))
    persons = known.is_person[left] & known.is_person[right]
    person, organization = (
        maximised(_compared(party, known, left[chosen], right[chosen], every, matching))
        for party, chosen in zip(PARTIES, (persons, ~persons), strict=True)
    )
    model = model_of(person, organization, known.generic, matching)
    return {"model": pd.DataFrame({"document": [model.model_dump_json()]}, dtype="str")}


PARTIES = ("person", "organization")
"""What a model knows of each; pairs of which one record is an organisation are compared as organisations."""


def learn_party(frames: Frames, policy: MatchPolicy) -> Frames:
    """Learn what a model knows of one party type: `learn` in two halves that need nothing of each other.

    Args:
        frames: `pairs` as for `learn`, those of one party type; `party`: one row, columns `party` and `every`.
        policy: Policy of comparing with all records, without a model.

    Returns:
        `learned`: one row, column `document`: the half as JSON text; `weights`: the match weight of each pair.
    """
    known = policy.known
    assert known is not None, "all records are encoded before anything is learned of them"
    left, right = (frames["pairs"][name].to_numpy(dtype=np.int64) for name in ("index_l", "index_r"))
    party, every = str(frames["party"]["party"].iloc[0]), int(frames["party"]["every"].iloc[0])
    half, weights = maximised(_compared(party, known, left, right, every, policy.matching))
    return {
        "learned": pd.DataFrame({"document": [half.model_dump_json()]}, dtype="str"),
        "weights": pd.DataFrame({"weight": weights}),
    }


def model_of(
    person: tuple[PartyModel, Numbers], organization: tuple[PartyModel, Numbers], generic: Generic, matching: Matching
) -> MatchModel:
    """Put both halves of a model together; the weights of all pairs say where a pair is a match."""
    return MatchModel(
        person=person[0],
        organization=organization[0],
        generic_values=generic,
        thresholds=calibrated(np.concatenate([person[1], organization[1]]), matching),
    )


def _compared(party: str, known: Known, left: Codes, right: Codes, every: int, matching: Matching) -> Compared:
    return Compared(
        party=party,
        evidence=_weighed(party, known, left, right, matching),
        u=_shares_of_random_pairs(party, known, matching),
        group=known.sources.of_pairs(left, right),
        groups=groups_of(known, party),
        every=every,
        matching=matching,
    )


def _weighed(party: str, known: Known, left: Codes, right: Codes, matching: Matching) -> Evidence:
    weigh = weigh_persons if party == "person" else weigh_organizations
    return weigh(known, left, right, matching, None)


def _shares_of_random_pairs(party: str, known: Known, matching: Matching) -> dict[str, Numbers]:
    """Return u of each comparison; a random pair counts as little as it looks like a match."""
    left, right = random_pairs(known, party, matching.learning.random_pairs)
    evidence = _weighed(party, known, left, right, matching)
    different = 1 - probability(with_ceiling(evidence, matching.ceilings).total)
    ladders = {name: rungs(getattr(getattr(matching, party), name)) for name in evidence.levels}
    return {
        name: estimated_u(ladder, counted(evidence.levels[name], different, len(ladder.names)), matching.learning)
        for name, ladder in ladders.items()
    }


def random_pairs(known: Known, party: str, count: int) -> tuple[Codes, Codes]:
    """Return random pairs of records of one party type, the same whenever there are as many records."""
    places = np.flatnonzero(known.is_person if party == "person" else ~known.is_person)
    if len(places) < 2:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    chance = np.random.default_rng(0)
    one = chance.integers(0, len(places), count)
    other = (one + chance.integers(1, len(places), count)) % len(places)
    one, other = places[one], places[other]
    return np.minimum(one, other), np.maximum(one, other)
