"""The words each source uses in a picklist, whose word stands in a row to be loaded, which words meet in a customer.

Decides nothing: `agreeing` says what the words mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.conversion.evaluating import evaluate
from dq.conversion.rows import TargetRows, field_mapping
from dq.model import EXTRA, TEXT
from dq.standards.expressions import Expression, columns_of
from dq.standards.targets import Target

WORDS: Final = ("object", "field", "source", "value", "columns", "records")
"""One row per word of a source in a field: `columns` are the source columns it is made of, parted by `|`."""
ORIGINS: Final = ("object", "field", "row_id", "source")
"""One row per cell to be loaded that holds a word: the source it came from."""
MEETINGS: Final = ("object", "field", "source", "value", "other_source", "other_value", "customers")
"""One row per two words of two sources: how many customers have the one in the one and the other in the other."""


@dataclass(frozen=True)
class Vocabulary:
    """What sources say in picklists: frames of WORDS, ORIGINS and MEETINGS."""

    words: pd.DataFrame
    origins: pd.DataFrame
    meetings: pd.DataFrame


def picklist_fields(target: Target, rows: TargetRows) -> dict[str, tuple[str, ...]]:
    """Return the fields with a list that something is made of, by object; those of states and countries are none."""
    found = {}
    for thing, made in rows.made_of.items():
        fields = target.in_force(thing)
        kept = tuple(key for key in made if fields[key].type == "picklist" and fields[key].picklist)
        kept = tuple(key for key in kept if not fields[key].place)
        if kept:
            found[thing] = kept
    return found


def read_vocabulary(target: Target, rows: TargetRows, records: pd.DataFrame) -> Vocabulary:
    """Return what each source says in the picklists of a target.

    Every record is asked for the value the field would have if it were alone: what survives of several records is one
    of these.

    Args:
        target: What is to be loaded into.
        rows: What would be loaded, before anything accepted is applied.
        records: `record_id`, `source`, `customer_id` (golden_id, or the record's own id) and the columns that fields
            are made of.
    """
    words, origins, meetings = [], [], []
    for thing, keys in picklist_fields(target, rows).items():
        own = rows.objects[thing]
        ids = own["golden_id"].fillna(own["record_id"])
        mapping = field_mapping(target, thing, records)
        mine = records[records["customer_id"].isin(ids)]
        for key in keys:
            if key not in mapping:
                continue
            told = _told(mine, mapping[key], target.maps)
            named = {"object": thing, "field": key}
            words.append(_words(told, mapping[key]).assign(**named))
            meetings.append(_meetings(told).assign(**named))
            cells = pd.DataFrame({"row_id": own["row_id"], "customer_id": ids, "value": own[key]}).dropna()
            origins.append(_origins(told, cells).assign(**named))
    return Vocabulary(_stacked(words, WORDS), _stacked(origins, ORIGINS), _stacked(meetings, MEETINGS))


def _told(records: pd.DataFrame, tree: Expression, maps: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    values = evaluate(tree, records, maps)
    return records[["record_id", "source", "customer_id"]].assign(value=values).dropna(subset=["value"])


def _words(told: pd.DataFrame, tree: Expression) -> pd.DataFrame:
    counts = told.groupby(["source", "value"], sort=True).size().rename("records").reset_index()
    return counts.assign(columns=column_key(tree))


def column_key(tree: Expression) -> str:
    """Return the source columns something is made of, as one text.

    >>> from dq.standards.expressions import parse_expression
    >>> column_key(parse_expression("first(`extra.Rating`, `extra.Priority`)"))
    'Priority|Rating'
    """
    return "|".join(sorted({column.removeprefix(EXTRA) for column in columns_of(tree)}))


def _origins(told: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the source of each cell: that of the smallest record of the customer that says the same."""
    first = told.sort_values("record_id").drop_duplicates(["customer_id", "value"])
    found = cells.merge(first[["customer_id", "value", "source"]], on=["customer_id", "value"])
    return found[["row_id", "source"]]


def _meetings(told: pd.DataFrame) -> pd.DataFrame:
    once = told[["customer_id", "source", "value"]].drop_duplicates()
    pairs = once.merge(once.rename(columns={"source": "other_source", "value": "other_value"}), on="customer_id")
    pairs = pairs[pairs["source"] != pairs["other_source"]]
    keys = ["source", "value", "other_source", "other_value"]
    return pairs.groupby(keys, sort=True).size().rename("customers").reset_index()


def _stacked(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    counted = [column for column in columns if column in ("records", "customers")]
    texts = [column for column in columns if column not in counted]
    if not any(len(frame) for frame in frames):
        return pd.DataFrame({column: pd.Series(dtype="int64" if column in counted else TEXT) for column in columns})
    made = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)[list(columns)]
    made = made.astype({**dict.fromkeys(texts, TEXT), **dict.fromkeys(counted, "int64")})
    return made.sort_values(texts, ignore_index=True)
