"""Findings of the mail house in the reference library: newer evidence replaces older, a load is whole or not at all."""

import hashlib
import json
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.address.findings import FINDINGS
from dq.model import ADDRESS_COLUMNS, TEXT
from dq.tables.writing import atomic

STEM: Final = "bureau"
Correction: TypeAlias = list[Any]
"""Field, value before, value after, why: as FINDINGS has them."""
_FIELD, _BEFORE, _AFTER = 0, 1, 2


def read_findings(library: Path) -> pd.DataFrame:
    """Return the findings of the mail house that are known, columns of FINDINGS; none where nothing was loaded."""
    path = library / "findings" / f"{STEM}.parquet"
    if not path.is_file():
        return pd.DataFrame(columns=list(FINDINGS), dtype=TEXT)
    return pd.read_parquet(path).reindex(columns=list(FINDINGS)).astype(TEXT)


def merged_findings(new: pd.DataFrame, known: pd.DataFrame, sent: pd.DataFrame) -> pd.DataFrame:
    """Return both together, one finding per address and per name that left it.

    The newer evidence stands, of equal days the one loaded now. A move and a possible move of one name stand side by
    side: a possible one is no news about a move that was seen before.

    Args:
        new: Findings of this load.
        known: Findings loaded before.
        sent: What was asked, columns of SENT: an address that was sent as an earlier load corrected it keeps that
            correction.

    Returns:
        Columns of FINDINGS, sorted by `address_key`, `name_key`.
    """
    both = pd.concat([_with_kept_corrections(new, known, sent), known], ignore_index=True).astype(TEXT)
    both["_has_outcome"] = both["outcome"].notna()
    keys = ["address_key", "name_key", "_has_outcome"]
    newest = both.sort_values("evidence_on", ascending=False, kind="stable").drop_duplicates(keys)
    return newest.sort_values(keys, kind="stable", ignore_index=True).drop(columns="_has_outcome")


def write_findings(findings: pd.DataFrame, counts: Mapping[str, object], library: Path) -> Path:
    """Write `findings/bureau.parquet` and, as the sign that it is whole, `findings/bureau.json` beside it.

    Args:
        findings: Of `merged_findings`.
        counts: What `bureau.json` says of the load; rows and hash of the content are added.
        library: The reference library.
    """
    folder = library / "findings"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{STEM}.parquet"
    schema = pa.schema([(column, pa.large_string()) for column in FINDINGS])
    with atomic(path) as temporary:
        pq.write_table(pa.Table.from_pandas(findings, schema, preserve_index=False), temporary, compression="zstd")
    document = {"kind": STEM, **counts, "rows": len(findings), "sha256": content_hash(findings)}
    with atomic(path.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def content_hash(findings: pd.DataFrame) -> str:
    """Return the SHA-256 of findings, whatever file they stand in."""
    text = findings.fillna("\0").to_csv(index=False, sep="\x1f", lineterminator="\x1e")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _with_kept_corrections(new: pd.DataFrame, known: pd.DataFrame, sent: pd.DataFrame) -> pd.DataFrame:
    """Carry corrections over where the address was sent as they left it: it would fall back to its old form."""
    corrected = known[known["name_key"].isna() & known["corrections"].notna()]
    earlier = {
        str(key): str(text) for key, text in zip(corrected["address_key"], corrected["corrections"], strict=True)
    }
    is_concerned = new["name_key"].isna() & new["address_key"].isin(earlier)
    if not is_concerned.any():
        return new
    columns = [column for column in sent.columns if column in ADDRESS_COLUMNS]
    asked = sent.drop_duplicates("address_key").set_index("address_key")[columns].to_dict("index")
    texts = []
    for key, own in new.loc[is_concerned, ["address_key", "corrections"]].itertuples(index=False):
        chained = _chained(json.loads(earlier[key]), json.loads(own) if isinstance(own, str) else [], asked[key])
        texts.append(json.dumps(chained, ensure_ascii=False) if chained else None)
    corrections = new["corrections"].copy()
    corrections[is_concerned] = pd.Series(texts, index=new.index[is_concerned], dtype=TEXT)
    return new.assign(corrections=corrections)


def _chained(earlier: list[Correction], own: list[Correction], sent: Mapping[Hashable, object]) -> list[Correction]:
    """Return the corrections of the source's own values where the values sent were corrected ones."""
    kept = {change[_FIELD]: change for change in earlier if sent.get(change[_FIELD]) == change[_AFTER]}
    for change in own:
        first = kept.get(change[_FIELD])
        kept[change[_FIELD]] = [change[_FIELD], first[_BEFORE], *change[_AFTER:]] if first else change
    return [change for _, change in sorted(kept.items()) if change[_BEFORE] != change[_AFTER]]
