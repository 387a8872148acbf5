"""The findings of one source in the reference library: `findings/<source>.parquet` and what is said of it beside it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from dq.address.findings import FINDINGS
from dq.address.providers.cache import Dated
from dq.address.providers.contract import findings
from dq.errors import SourceError
from dq.model import TEXT, Table
from dq.tables.writing import atomic, write_parquet

_TABLE: Final = Table(
    "findings",
    "one row per address: the newest a source said of it",
    {column: pa.large_string() for column in FINDINGS},
    ("address_key",),
)


def merge_findings(library: Path, source: str, answers: Iterable[Dated], now: float) -> Path | None:
    """Put answers into the findings of a source; the newest of an address stays.

    Args:
        library: The reference library; its folder `findings` is made where it is missing.
        source: One of `dq.address.findings.GRADES`.
        answers: Dated answers in the order they came.
        now: Seconds since 1970, for `loaded_at`; unchanged findings keep theirs.

    Returns:
        The Parquet file, which appears whole or not at all, as does the JSON file beside it; None where there is none
        because nobody ever gave an outcome.

    Raises:
        SourceError: What stands there already is no findings file.
        SettingsError: The disk is full.
    """
    path = library / "findings" / f"{source}.parquet"
    fresh = findings(answers, source)
    if fresh.empty:
        return path if path.is_file() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    before = _existing(path)
    rows = pd.concat([before, fresh], ignore_index=True) if len(before) else fresh
    # Stable: of two answers of one day the later one stays.
    rows = rows.sort_values("evidence_on", kind="stable").drop_duplicates("address_key", keep="last")
    rows = rows.sort_values("address_key").reset_index(drop=True)
    write_parquet(rows, path, _TABLE)
    _describe(path, source, rows, now)
    return path


def _existing(path: Path) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame(columns=list(FINDINGS)).astype(TEXT)
    try:
        return pd.read_parquet(path, columns=list(FINDINGS)).astype(TEXT)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{path} is no file of findings", "set it aside; answers of the month are kept") from error


def _describe(path: Path, source: str, rows: pd.DataFrame, now: float) -> None:
    place = path.with_suffix(".json")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if _digest_of(place) == digest:
        return
    about: dict[str, Any] = {
        "kind": source,
        "vintage": rows["evidence_on"].max() if len(rows) else None,
        "loaded_at": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
        "rows": len(rows),
        "counts": {str(outcome): int(count) for outcome, count in rows["outcome"].value_counts().sort_index().items()},
        "skipped": {},
        "sha256": digest,
        "files": [],
    }
    with atomic(place) as temporary:
        temporary.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _digest_of(place: Path) -> object:
    try:
        about = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about.get("sha256") if isinstance(about, dict) else None
