"""How many decisions the run that is shown does not know yet: what the next one will do."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dq.matching.judging import changed_pairs
from dq.model import JUDGEMENTS_TABLE, OVERRIDES, TEXT
from dq.stewardship.exporting import judgements, overrides
from dq.stewardship.house import House, run_of
from dq.tables.people_files import read_people_csv


@dataclass(frozen=True)
class Waiting:
    """Decisions that wait for the next run.

    Attributes:
        run_id: The run that does not know them.
        pairs: Pairs that are judged otherwise now than in that run, taken back ones among them.
        values: Values that are pinned, or no longer, since.
    """

    run_id: str
    pairs: int
    values: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.pairs + self.values


def waiting_decisions(house: House) -> Waiting:
    """Count the decisions that the run that is shown does not know.

    Raises:
        NotFoundError: The home has no run yet.
    """
    run_id = str(run_of(house)["run_id"])
    folder = house.runs_folder / run_id
    known = {name: folder / name for name in ("judgements.csv", "overrides.csv")}
    pairs = changed_pairs(_read(known["judgements.csv"], tuple(JUDGEMENTS_TABLE.columns)), judgements(house))
    columns = ["record_id", "column", "value"]
    before = _read(known["overrides.csv"], tuple(OVERRIDES.columns))[columns].drop_duplicates()
    both = pd.concat([before, overrides(house)[columns]], ignore_index=True).drop_duplicates(keep=False)
    return Waiting(run_id, len(pairs), len(both.drop_duplicates(["record_id", "column"])))


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read the decisions of a run; one of an earlier version says nothing of them."""
    if not path.is_file():
        return pd.DataFrame(columns=list(columns)).astype(TEXT)
    return read_people_csv(path, columns)
