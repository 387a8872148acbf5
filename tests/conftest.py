"""Defaults of all tests: property tests are reproducible and nothing phones home."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
# Reference data that somebody loaded on this machine would change what runs find.
os.environ["DQ_REFERENCE"] = str(Path(__file__).parent / "no-reference-data")

# Derandomized: the same commit gives the same verdict on every machine; the clock decides nothing (deadline=None).
settings.register_profile(
    "dq", max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("dq")

LONG = ("flows", "test_docs.py", "pipeline", "cli", "web", "stewardship")
"""What takes long, in the order in which it is begun: begun last, one file would keep one process busy alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; within a room, files and their tests stay in order."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONG)}

    def place_of(item: pytest.Item) -> int:
        return min((places[path] for path in (item.path, *item.path.parents) if path in places), default=len(places))

    items.sort(key=place_of)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case after its argument where the value is bytes: a gzip header holds the second it was made in.

    Two workers of pytest-xdist import the same module a moment apart and must collect the same names.
    """
    return argname if isinstance(val, bytes) else None
