"""Why a score moved between two runs, to the last digit. Reads counts and keys, never a value of a customer."""

from dq.quality.movement.counting import Weights, count_movement
from dq.quality.movement.parts import PARTS, Movement, MovementCounts, Part, RuleCounts, RuleWeight, RunSide
from dq.quality.movement.scoring import rescored, score_of
from dq.quality.movement.splitting import Step, shapley, split
from dq.quality.movement.weighing import as_document, weights_from, weights_of
from dq.quality.movement.wording import Sentence, rounded, sentences

__all__ = [
    "PARTS",
    "Movement",
    "MovementCounts",
    "Part",
    "RuleCounts",
    "RuleWeight",
    "RunSide",
    "Sentence",
    "Step",
    "Weights",
    "as_document",
    "count_movement",
    "rescored",
    "rounded",
    "score_of",
    "sentences",
    "shapley",
    "split",
    "weights_from",
    "weights_of",
]
