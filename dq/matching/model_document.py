"""The matching model of a run as a document: everything that decided, so that another run can be held against it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dq.matching.compare import MatchPolicy


def model_document(policy: MatchPolicy, features: pd.DataFrame) -> Mapping[str, Any]:
    """Return the content of `model.json`.

    Args:
        policy: Policy of comparing.
        features: `party_type` of all records: the prior depends on how many there are of each kind.

    Returns:
        Values that JSON can hold, in a fixed order, with `hash` over all others.
    """
    matching = policy.matching
    persons = int(features["party_type"].ne("organization").sum())
    records = {"person": persons, "organization": len(features) - persons}
    document: dict[str, Any] = {
        "estimated_on": "fixed values of standards/matching.yml",
        "match_at": policy.match_at,
        "thresholds": policy.thresholds.model_dump(),
        "records": records,
        "prior_weight": {party: matching.prior.weight(count) for party, count in records.items()},
        "ceilings": matching.ceilings.model_dump(),
        "vetoes": matching.vetoes.model_dump(),
        "comparisons": {
            party: {
                name: {
                    level: {"m": values.m, "u": values.u, "weight": values.weight, "frequency": values.frequency}
                    for level, values in getattr(ladders, name).levels()
                }
                for name in type(ladders).model_fields
            }
            for party, ladders in (("person", matching.person), ("organization", matching.organization))
        },
        "generic_above": {
            party: {
                name: getattr(ladders, name).generic_above
                for name in type(ladders).model_fields
                if hasattr(getattr(ladders, name), "generic_above")
            }
            for party, ladders in (("person", matching.person), ("organization", matching.organization))
        },
    }
    content = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return {**document, "hash": hashlib.sha256(content.encode()).hexdigest()}
