"""Why a score moved between two runs, to the last digit. Reads counts and keys, never a value of a customer."""

from dq.quality.movement.changes import EVERYWHERE, Changes, Scope
from dq.quality.movement.counting import Weights, alike_rules, count_changes, count_movement
from dq.quality.movement.parts import PARTS, Movement, MovementCounts, Part, RuleCounts, RuleWeight, RunSide
from dq.quality.movement.scoring import rescored, score_of
from dq.quality.movement.splitting import Step, shapley, split
from dq.quality.movement.steps import counts_within
from dq.quality.movement.weighing import as_document, weights_from, weights_of
from dq.quality.movement.wording import Sentence, rounded, sentences

__all__ = [
    "EVERYWHERE",
    "PARTS",
    "Changes",
    "Movement",
    "MovementCounts",
    "Part",
    "RuleCounts",
    "RuleWeight",
    "RunSide",
    "Scope",
    "Sentence",
    "Step",
    "Weights",
    "alike_rules",
    "as_document",
    "count_changes",
    "count_movement",
    "counts_within",
    "rescored",
    "rounded",
    "score_of",
    "sentences",
    "shapley",
    "split",
    "weights_from",
    "weights_of",
]
