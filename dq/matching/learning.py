"""What a run learns from its own records, without labels: how matches look, how many there are, what is nobody's.

u comes from random pairs, everything else from candidate pairs (`maximising`). Where there is too little to learn from,
the policy stays and the model says so.
"""

import numpy as np
import pandas as pd

from dq.matching.ceilings import with_ceiling
from dq.matching.compare import MatchPolicy
from dq.matching.encoding import Codes
from dq.matching.estimation import Numbers, counted, estimated_u, rungs
from dq.matching.evidence import Evidence, weigh_organizations, weigh_persons
from dq.matching.groups import groups_of
from dq.matching.known import Known, known_of
from dq.matching.maximising import Compared, maximised
from dq.matching.model import MatchModel
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
        WHERE (index_l::BIGINT * 40503 + index_r::BIGINT * 9973) % every = 0
    """  # noqa: S608 (only integers are put in)


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
    learned = {
        party: maximised(_compared(party, known, left[chosen], right[chosen], every, matching))
        for party, chosen in (("person", persons), ("organization", ~persons))
    }
    model = MatchModel(
        person=learned["person"][0],
        organization=learned["organization"][0],
        generic_values=known.generic,
        thresholds=calibrated(np.concatenate([weights for _, weights in learned.values()]), matching),
    )
    return {"model": pd.DataFrame({"document": [model.model_dump_json()]}, dtype="str")}


def _compared(party: str, known: Known, left: Codes, right: Codes, every: int, matching: Matching) -> Compared:
    return Compared(
        party=party,
        evidence=_weighed(party, known, left, right, matching),
        u=_shares_of_random_pairs(party, known, matching),
        group=known.groups(left, right),
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
