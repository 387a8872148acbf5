"""What a target (a CRM, a mailing list) demands, and what its load paths do with a row that falls short.

Facts and policy stand in one file per target, `standards/targets/<name>.yml`. Nothing here looks at data.
"""

from dq.standards.targets.checks import CHECKS, ON_LIST, OWNER_CHECKS
from dq.standards.targets.contradictions import KNOWN_COLUMNS, RESERVED
from dq.standards.targets.fields import DOMINANT, FieldType, TargetField, TargetObject
from dq.standards.targets.load_paths import CERTAINTIES, Certainty, FactSource, LoadPath, MergeCall, Outcome, Verdict
from dq.standards.targets.reading import load_target, load_targets, read_target, target_names
from dq.standards.targets.target import HOUSEHOLD, PARK, Assignment, Target, parent_field

__all__ = [
    "CERTAINTIES",
    "CHECKS",
    "DOMINANT",
    "HOUSEHOLD",
    "KNOWN_COLUMNS",
    "ON_LIST",
    "OWNER_CHECKS",
    "PARK",
    "RESERVED",
    "Assignment",
    "Certainty",
    "FactSource",
    "FieldType",
    "LoadPath",
    "MergeCall",
    "Outcome",
    "Target",
    "TargetField",
    "TargetObject",
    "Verdict",
    "load_target",
    "load_targets",
    "parent_field",
    "read_target",
    "target_names",
]
