"""One sample for all tests of this room: the committed one."""

import pandas as pd
import pytest

from dq.sample import make_sample
from dq.settings import load_settings

SEED = 20261121
ROWS = 5000


def reference_table(name: str) -> pd.DataFrame:
    """Return a reference table as `Standards.table` does."""
    path = load_settings().standards / "reference" / f"{name}.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_filter=False)


@pytest.fixture(scope="session")
def sample() -> dict[str, pd.DataFrame]:
    return make_sample(ROWS, SEED, reference_table)
