"""Defaults of all tests: property tests are reproducible and nothing phones home."""

import os
from pathlib import Path

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


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case after its argument where the value is bytes: a gzip header holds the second it was made in.

    Two workers of pytest-xdist import the same module a moment apart and must collect the same names.
    """
    return argname if isinstance(val, bytes) else None
