"""Rows that stay out of a load: the target's own words, what helps, where they stand, and what the sources say."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from dq.conversion import TargetRows
from dq.conversion.hints import hint_of
from dq.conversion.loading import fields_of
from dq.conversion.rows import ROW_COLUMNS
from dq.conversion.verdicts import STAYING_OUT
from dq.engine.parts import to_frame
from dq.model import EXTRA, RECORDS, TEXT, raw
from dq.standards.targets import Target

RAW: Final = "raw"
"""Table of a load's state with what the sources say of rows that stay out, and its column in `blocked.csv`."""
MOST_RAW: Final = 100_000
"""Records whose raw text is kept: a list that is refused as a whole is mended by a rule, not read row by row."""
_TOLD: Final = ("errors", "fields", "hint", "records", RAW)


def blocked_rows(
    target: Target,
    rows: TargetRows,
    verdicts: pd.DataFrame,
    blockers: pd.DataFrame,
    crosswalk: pd.DataFrame,
    told: pd.DataFrame,
) -> pd.DataFrame:
    """Return the rows that stay out, one per row and object: ids, `errors`, `fields`, `hint`, `records`, `raw`, fields.

    Args:
        target: What was to be loaded into.
        rows: Everything as it would be.
        verdicts: Of the load path.
        blockers: Of the load path; those that keep a row out are told.
        crosswalk: `record_id`, `golden_id` of every record.
        told: `record_id`, `raw`: what the sources say.
    """
    refused = set(verdicts.loc[~verdicts["would_load"], "row_id"])
    why = blockers[blockers["row_id"].isin(refused) & blockers["verdict"].isin(STAYING_OUT)]
    hints = [hint_of(target, check, code) for check, code in zip(why["check"], why["code"], strict=True)]
    why = why.assign(error=why["code"] + ": " + why["message"], hint=pd.Series(hints, index=why.index, dtype=TEXT))
    said = why.groupby("row_id").agg(
        errors=("error", "; ".join),
        fields=("field", " ".join),
        hint=("hint", lambda own: "; ".join(dict.fromkeys(own))),
    )
    blocks = []
    for thing, frame in rows.objects.items():
        own = frame[frame["row_id"].isin(refused)]
        blocks.append(own.assign(object=thing).join(said, on="row_id"))
    columns = ["object", *ROW_COLUMNS, *_TOLD]
    blocked = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=columns)
    blocked = _with_sources(blocked, crosswalk, told)
    cells = [column for column in dict.fromkeys(fields_of(blocked)) if column not in columns]
    return blocked[[*columns, *cells]]


def _with_sources(blocked: pd.DataFrame, crosswalk: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the records behind them and what those say, a line per record."""
    by = "record_id" if blocked["golden_id"].isna().all() else "golden_id"
    known = crosswalk.loc[crosswalk[by].isin(blocked[by].dropna()), list(dict.fromkeys([by, "record_id"]))]
    known = known.assign(who=known[by]).merge(told, on="record_id", how="left").sort_values("record_id")
    line = known["record_id"] + ": " + known[RAW].fillna("")
    records = known.groupby("who")["record_id"].agg(" ".join)
    raws = known.assign(line=line)[known[RAW].notna()].groupby("who")["line"].agg("\n".join)
    return blocked.assign(records=blocked[by].map(records).astype(TEXT), **{RAW: blocked[by].map(raws).astype(TEXT)})


def raw_of(paths: Iterable[Path], wanted: Collection[str]) -> pd.DataFrame:
    """Return what the sources say of some records: `record_id`, `raw` (`first_name=Mel; birth_on=02/30/1981`).

    Args:
        paths: Parts of the records.
        wanted: Their ids; none are told where there are more than MOST_RAW.
    """
    found: list[tuple[str, str]] = []
    for path in paths if 0 < len(wanted) <= MOST_RAW else ():
        there = set(pq.read_schema(path).names)
        texts = {name: raw(name) for name in RECORDS.columns if raw(name) in there}
        texts |= {name: name for name in there if name.startswith(EXTRA)}
        columns = ["record_id", *texts.values(), *(name for name in texts if name not in texts.values())]
        own = to_frame(pq.read_table(path, columns=columns, filters=[("record_id", "in", list(wanted))]))
        lines = [{str(name): cell for name, cell in line.items()} for line in own.to_dict("records")]
        found += [(str(line["record_id"]), _said(line, texts)) for line in lines]
    return pd.DataFrame(sorted(found), columns=["record_id", RAW]).astype(TEXT)


def _said(line: Mapping[str, object], texts: Mapping[str, str]) -> str:
    told = []
    for name in sorted(texts):
        text = line[texts[name]] if isinstance(line[texts[name]], str) else line.get(name)
        if isinstance(text, str) and text:
            told.append(f"{name.removeprefix(EXTRA)}={text}")
    return "; ".join(told)
