"""The round trip over a mail house: the list that goes out, the answer that comes back, the moves it tells of.

Sends nothing and asks nobody: people send the file and load the answer.
"""

from dq.address.bureau.checking import REASONS
from dq.address.bureau.columns import FIELDS
from dq.address.bureau.exporting import EXPORT, ExportReport, export_list, remember_sent, sent_list, write_export
from dq.address.bureau.loading import LoadReport, load_answer
from dq.address.bureau.moves import apply_moves

__all__ = [
    "EXPORT",
    "FIELDS",
    "REASONS",
    "ExportReport",
    "LoadReport",
    "apply_moves",
    "export_list",
    "load_answer",
    "remember_sent",
    "sent_list",
    "write_export",
]
