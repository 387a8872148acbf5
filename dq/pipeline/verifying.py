"""The step that holds addresses against evidence gathered before: street data, mail house, providers.

Asks nobody: a run reads the reference library and stays reproducible. Without a library the addresses stay as
standardising left them.
"""

from dq.address.doubts import doubt_cases
from dq.engine import paths_of
from dq.engine.parts import to_arrow, write_part
from dq.pipeline.run import Run

_DOUBTS = """
    SELECT * FROM contact_points WHERE kind = 'address' AND address_outcome = 'parse_doubt'
"""


def verify(run: Run) -> None:
    """Give addresses the outcome of their best evidence; keeps the parts `verified` and `address_cases`."""
    run.keep_parts("verified", run.parts("clean"))
    tables = {"contact_points": paths_of(run.parts("verified"), "contact_points")}
    doubts = run.engine.frame(_DOUBTS, tables, ("contact_point_id",))
    path = run.engine.work / "doubts" / "cases.parquet"
    write_part(path, to_arrow(doubt_cases(doubts)))
    run.keep_parts("address_cases", [{"cases": path}])
