"""How a run weighed its rules, kept in its manifest so that a later run can be held against it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from dq.quality.movement.counting import Weights
from dq.quality.movement.parts import RuleWeight
from dq.standards.dimensions import Dimensions
from dq.standards.rules import Rule

_NOT_WHAT_IT_JUDGES = {"weight", "threshold", "owner", "reason", "why", "shows", "dimension"}


def weights_of(rules: tuple[Rule, ...], dimensions: Dimensions, reference: str = "") -> Weights:
    """Return the weights of a policy; `reference` is the hash of what values are held against."""
    weighed = {
        rule.rule_id: RuleWeight(rule.dimension, rule.weight, rule.threshold, definition_of(rule)) for rule in rules
    }
    return Weights(weighed, dict(dimensions.weights), reference)


def definition_of(rule: Rule) -> str:
    """Return 12 hex digits that change when a rule judges something else, or by another severity."""
    text = rule.model_dump_json(exclude=_NOT_WHAT_IT_JUDGES)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def as_document(weights: Weights) -> dict[str, Any]:
    """Return the weights as the manifest keeps them."""
    return {
        "dimensions": dict(weights.dimensions),
        "reference": weights.reference,
        "rules": {name: vars(rule) for name, rule in weights.rules.items()},
    }


def weights_from(document: Mapping[str, Any] | None, otherwise: Weights) -> Weights:
    """Return the weights that a manifest keeps.

    Args:
        document: What `as_document` gave; None for a run that kept none.
        otherwise: Weights that are assumed of a run that kept none, its reference data unknown.
    """
    if not document:
        return Weights(otherwise.rules, otherwise.dimensions)
    rules = {name: RuleWeight(**rule) for name, rule in document["rules"].items()}
    return Weights(rules, document["dimensions"], document["reference"])
