"""Load folders: what is to go into a target, what it answered, what remains and the way back."""

from dq.pipeline.loading.answering import take_answers
from dq.pipeline.loading.blocked import raw_of
from dq.pipeline.loading.folder import LoadFolder, find_load, open_load
from dq.pipeline.loading.making import make_load, prepare_load
from dq.pipeline.loading.reconciled import Reconciled, reconcile_load

__all__ = [
    "LoadFolder",
    "Reconciled",
    "find_load",
    "make_load",
    "open_load",
    "prepare_load",
    "raw_of",
    "reconcile_load",
    "take_answers",
]
