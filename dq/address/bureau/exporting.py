"""The list that goes to the mail house, and what is remembered of it. Sends nothing."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dq.address.bureau.parties import BUSINESS, FAMILY, INDIVIDUAL, NAME_COLUMNS, party_names
from dq.address.findings import address_key
from dq.model import ADDRESS_KEY, TEXT
from dq.tables.writing import atomic, guard, write_csv_for_machines

SENT_ADDRESS: Final = ("address_line1", "address_line2", "city", "state", "zip5", "zip4")
EXPORT: Final = ("key", *NAME_COLUMNS, *SENT_ADDRESS)
"""Columns of the list: what a mail house needs to standardise an address and to match a move, and nothing else."""
SENT: Final = ("key", ADDRESS_KEY, "name_key", INDIVIDUAL, FAMILY, BUSINESS, *SENT_ADDRESS)
"""Columns of what is remembered: names only as keys, so that nobody has to be erased from it."""

_NOT_ASKED: Final = ("foreign", "missing", "moved")
_NOBODY: Final = "0" * 20
"""Stands for the name in the key of an address that nobody is known at."""


@dataclass(frozen=True)
class ExportReport:
    """What was written for the mail house.

    Attributes:
        rows: Rows of the list: distinct addresses and names.
        addresses: Distinct addresses among them.
        left_out: Address contact points that are not asked about: foreign, missing, left, or too little to find.
        formulas: Cells that a spreadsheet would run as a formula; they are written as they are.
        remembered: Where the list is remembered in the reference library.
    """

    rows: int
    addresses: int
    left_out: int
    formulas: int
    remembered: Path


def export_list(points: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return the list a company sends out: one row per distinct address and name, keyed, nothing else.

    Args:
        points: Standardised contact points; other kinds than addresses are passed over.
        records: Standardised records with `record_id` and names.

    Returns:
        Columns of EXPORT, sorted by `key`; US addresses with a street or box and a place only, and none that is known
        to be left.
    """
    return _listed(points, records)[list(EXPORT)]


def sent_list(points: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return what is remembered of `export_list` of the same frames: columns of SENT, sorted by `key`."""
    return _listed(points, records)[list(SENT)]


def write_export(points: pd.DataFrame, records: pd.DataFrame, out: Path, library: Path) -> ExportReport:
    """Write the list as CSV for machines and remember it under `library/bureau/sent/`.

    Returns:
        What was written. A cell that would run as a formula is counted and not altered: the mail house reads values.
    """
    listed = _listed(points, records)
    write_csv_for_machines(listed[list(EXPORT)], out)
    is_address = (points["kind"] == "address").to_numpy(dtype=bool) if "kind" in points else [True] * len(points)
    formulas = sum(_formulas(listed[column]) for column in EXPORT)
    remembered = remember_sent(listed[list(SENT)], library)
    left_out = int(sum(is_address)) - int(_askable(_addresses(points)).sum())
    return ExportReport(len(listed), int(listed[ADDRESS_KEY].nunique()), left_out, formulas, remembered)


def remember_sent(sent: pd.DataFrame, library: Path) -> Path:
    """Write what was sent beside the library; the same list has the same file."""
    folder = library / "bureau" / "sent"
    folder.mkdir(parents=True, exist_ok=True)
    text = sent[list(SENT)].fillna("").to_csv(index=False, lineterminator="\n")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    path = folder / f"{digest}.parquet"
    schema = pa.schema([(column, pa.large_string()) for column in SENT])
    with atomic(path) as temporary:
        pq.write_table(pa.Table.from_pandas(sent, schema, preserve_index=False), temporary, compression="zstd")
    return path


def read_sent(library: Path) -> list[pd.DataFrame]:
    """Return every list that is remembered, columns of SENT each, in order of their files."""
    paths = sorted((library / "bureau" / "sent").glob("*.parquet"))
    return [pd.read_parquet(path).reindex(columns=list(SENT)).astype(TEXT) for path in paths]


def _listed(points: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    addresses = _addresses(points)
    asked = addresses[_askable(addresses)]
    names = party_names(records).assign(record_id=records["record_id"].astype(TEXT))
    listed = asked.merge(names, on="record_id", how="left")
    listed["name_key"] = listed[INDIVIDUAL].fillna(listed[BUSINESS])
    listed["key"] = listed[ADDRESS_KEY] + "-" + listed["name_key"].fillna(_NOBODY)
    # Spellings that share a key (case, a +4 beside none) are one row: the first in text order, a filled +4 before none.
    listed = listed.sort_values(["key", *SENT_ADDRESS, *NAME_COLUMNS], na_position="last", kind="stable")
    return listed.drop_duplicates("key").reset_index(drop=True).astype(dict.fromkeys(EXPORT, TEXT))


def _addresses(points: pd.DataFrame) -> pd.DataFrame:
    """Return the address contact points with every column the list needs, and their key."""
    rows = points[points["kind"] == "address"] if "kind" in points else points
    wanted = ["record_id", *SENT_ADDRESS, "country", "address_outcome"]
    addresses = rows.reindex(columns=wanted).astype(TEXT)
    computed = address_key(addresses)
    own = rows[ADDRESS_KEY].astype(TEXT) if ADDRESS_KEY in rows else computed
    return addresses.assign(**{ADDRESS_KEY: own.fillna(computed)})


def _askable(addresses: pd.DataFrame) -> pd.Series:
    is_american = (addresses["country"] == "US") & ~addresses["address_outcome"].isin(_NOT_ASKED)
    has_place = addresses["zip5"].notna() | (addresses["city"].notna() & addresses["state"].notna())
    return is_american & addresses["address_line1"].notna() & has_place & addresses[ADDRESS_KEY].notna()


def _formulas(cells: pd.Series) -> int:
    texts = pa.array(cells.fillna("").to_list(), pa.large_string())
    return int(pc.sum(pc.not_equal(guard(texts), texts)).as_py() or 0)
