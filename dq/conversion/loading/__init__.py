"""Loads that survive the night: what to insert, update and merge; what is in, what remains, the way back."""

from dq.conversion.loading.back_out import BackOut, back_out
from dq.conversion.loading.batches import Batch, batches
from dq.conversion.loading.calling import Call, way_back_calls
from dq.conversion.loading.children import CHILD_COLUMNS, CHILDREN, place_children
from dq.conversion.loading.dialect import Sheet, fields_of, sheet
from dq.conversion.loading.merging import MERGES, MergeFile, merge_files, merge_requests, number_merges
from dq.conversion.loading.operations import CHANGED, Loaded, Operations, plan_load
from dq.conversion.loading.reconciling import Reconciliation, Score, reconcile
from dq.conversion.loading.results import RESULTS, Answers, read_answers
from dq.conversion.loading.state import loaded_after, remaining

__all__ = [
    "CHANGED",
    "CHILDREN",
    "CHILD_COLUMNS",
    "MERGES",
    "RESULTS",
    "Answers",
    "BackOut",
    "Batch",
    "Call",
    "Loaded",
    "MergeFile",
    "Operations",
    "Reconciliation",
    "Score",
    "Sheet",
    "back_out",
    "batches",
    "fields_of",
    "loaded_after",
    "merge_files",
    "merge_requests",
    "number_merges",
    "place_children",
    "plan_load",
    "read_answers",
    "reconcile",
    "remaining",
    "sheet",
    "way_back_calls",
]
