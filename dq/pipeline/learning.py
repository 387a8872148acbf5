"""Learns the model of a run from its candidate pairs, each party type in a process of its own."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from dq.engine import Parts, paths_of, rows_of
from dq.engine.parts import read_part, to_arrow, write_part
from dq.matching import PARTIES, MatchModel, MatchPolicy, learn_party, model_of, sampled, take_every
from dq.matching.model import PartyModel
from dq.pipeline.run import Run


def learned_model(run: Run, candidates: Parts, policy: MatchPolicy) -> MatchModel:
    """Learn the model, and say what it was learned from.

    Args:
        run: Its engine learns.
        candidates: Parts of `pairs` with `index_l`, `index_r`, sorted.
        policy: Policy of comparing with all records, without a model.
    """
    assert policy.known is not None
    parts = _by_party(run, candidates, policy)
    if len(candidates) > 1:
        learned = [read_part(half) for half in run.engine.map(learn_party, parts, policy, stage="learned")]
    else:
        # Where one part holds all pairs nothing else starts processes, and starting them takes longer than learning.
        learned = [learn_party(read_part(part), policy) for part in parts]
    person, organization = (
        (
            PartyModel.model_validate_json(str(half["learned"]["document"].iloc[0])),
            half["weights"]["weight"].to_numpy(dtype=np.float64),
        )
        for half in learned
    )
    model = model_of(person, organization, policy.known.generic, policy.matching)
    for party in PARTIES:
        run.listener.say(f"{party}: {getattr(model, party).note}")
    return model


def _by_party(run: Run, candidates: Parts, policy: MatchPolicy) -> Parts:
    """Return the pairs to learn from, evenly spread over all, a part per party type."""
    assert policy.known is not None
    every = take_every(rows_of(candidates, "pairs"), policy.matching)
    taken = []
    for path in paths_of(candidates, "pairs"):
        rows = pq.read_table(path, columns=["index_l", "index_r"])
        left, right = (rows[name].to_numpy().astype(np.int64) for name in ("index_l", "index_r"))
        chosen = sampled(left, right, every)
        taken.append(np.stack([left[chosen], right[chosen]]))
    left, right = np.concatenate(taken, axis=1)
    persons = policy.known.is_person[left] & policy.known.is_person[right]
    parts = []
    for party, own in zip(PARTIES, (persons, ~persons), strict=True):
        part = {name: run.engine.work / "sampled" / f"{party}-{name}.parquet" for name in ("pairs", "party")}
        write_part(part["pairs"], to_arrow(pd.DataFrame({"index_l": left[own], "index_r": right[own]})))
        write_part(part["party"], to_arrow(pd.DataFrame({"party": [party], "every": [every]})))
        parts.append(part)
    return parts
