"""The matching model of a run as a document: all that decided, to be used again or held against another run's."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from pydantic import ValidationError

from dq.errors import SettingsError
from dq.matching.compare import MatchPolicy
from dq.matching.model import MatchModel
from dq.standards.ladders import OrganizationComparisons, PersonComparisons

LEARNED = "learned"
"""Key of `model.json` under which the model itself stands, which `--model` reads back."""


def model_document(policy: MatchPolicy, features: pd.DataFrame) -> Mapping[str, Any]:
    """Return the content of `model.json`.

    Args:
        policy: Policy of comparing.
        features: `party_type` of all records.

    Returns:
        Values that JSON can hold, in a fixed order, with `hash` over all others.
    """
    matching, model = policy.matching, policy.model
    persons = int(features["party_type"].ne("organization").sum())
    document: dict[str, Any] = {
        "estimated_on": {
            "person": model.person.note if model else "nothing: the values of the policy",
            "organization": model.organization.note if model else "nothing: the values of the policy",
        },
        "match_at": policy.match_at,
        "thresholds": policy.thresholds.model_dump(),
        "records": {"person": persons, "organization": len(features) - persons},
        "generic_values": _plain(model.generic_values) if model else {},
        "weights": {"person": _weights(matching.person), "organization": _weights(matching.organization)},
        "ceilings": matching.ceilings.model_dump(),
        "vetoes": matching.vetoes.model_dump(),
        LEARNED: model.model_dump() if model else None,
    }
    content = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**document, "hash": hashlib.sha256(content.encode()).hexdigest()}


def read_model(content: bytes, place: str) -> MatchModel:
    """Return the model of a `model.json`.

    Args:
        content: The file.
        place: How it is called in the message.

    Raises:
        SettingsError: It is no model, or none was learned.
    """
    try:
        document = json.loads(content)
        return MatchModel.model_validate(document[LEARNED])
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError) as error:
        raise SettingsError(f"--model {place} is no model of a run", "name the model.json of an earlier run") from error


def _plain(values: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, dict[str, list[str]]]:
    return {party: {name: list(found) for name, found in parts.items()} for party, parts in values.items()}


def _weights(ladders: PersonComparisons | OrganizationComparisons) -> dict[str, dict[str, dict[str, Any]]]:
    return {
        name: {
            level: {"m": values.m, "u": values.u, "weight": values.weight, "frequency": values.frequency}
            for level, values in getattr(ladders, name).levels()
        }
        for name in type(ladders).model_fields
    }
