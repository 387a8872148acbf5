"""Decisions for all cases of a pattern, applied again when a run brings new ones."""

from dq.stewardship.house import Act, House


def replay(act: Act, house: House, run_id: str) -> int:
    """Return 0."""
    del act, house, run_id
    return 0
