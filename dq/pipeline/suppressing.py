"""Lists of people not to be reached: read and standardised as any source is, then held against the customers."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from dq.conversion import Customers
from dq.engine import paths_of
from dq.errors import SourceError
from dq.model import TEXT
from dq.pipeline.cleaning import standardize
from dq.pipeline.ingest import ingest
from dq.pipeline.run import Run, open_run
from dq.pipeline.target_choice import NO_CONVERSION
from dq.pipeline.verifying import verify
from dq.tables.reading.source import parse_sources
from dq.text.characters import fold
from dq.text.counts import counted

LISTED: Final = ("id", "value")
"""One row per customer that is on a list: which list and line, and by what."""
_DIRECT: Final = {"email": "e-mail", "phone": "phone", "mobile": "phone"}
_HOME: Final = "US"
"""Country of a list that names none: what is mailed by a list is domestic mail, and a bare phone says nothing else."""
_TOLD: Final = 5
"""Pieces of a list named in an error: enough to find what is wrong with its export."""
_NAMES: Final = ("first_name", "last_name", "organization_name")
_LINES: Final = """
    SELECT record_id, line_number, first_name, last_name, organization_name FROM records
"""
_POINTS: Final = """
    SELECT record_id, kind, value, address_line1, zip5 FROM contact_points
    WHERE kind IN ('email', 'phone', 'mobile', 'address')
"""


def listed_customers(run: Run, customers: Customers) -> pd.DataFrame:
    """Return who is on one of the run's lists, columns LISTED, sorted by `id`.

    An e-mail or phone of a list means whoever has it; an address means the people of the names beside it, and without
    a name everybody there.

    Raises:
        SourceError: Lines of a list cannot be read, or none of them says whom it means: somebody would be mailed who
            must not be.
    """
    found = [pd.DataFrame({column: pd.Series(dtype=TEXT) for column in LISTED})]
    for path in run.plan.conversion.suppress:
        lines, points = _read(run, path)
        hits = pd.concat([_by_value(customers, points), _by_address(customers, lines, points)], ignore_index=True)
        told = hits.merge(lines[["record_id", "line_number"]], on="record_id").sort_values(["id", "line_number", "by"])
        value = path.name + " line " + told["line_number"].astype("Int64").astype(TEXT) + ": " + told["by"]
        found.append(pd.DataFrame({"id": told["id"], "value": value}))
    everything = pd.concat(found, ignore_index=True).astype(TEXT)
    return everything.drop_duplicates("id").sort_values("id", ignore_index=True)


def _read(run: Run, path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lines of a list and their contact points, standardised as customers are."""
    folder = run.engine.work / "suppressing"
    folder.mkdir(parents=True, exist_ok=True)
    plan = replace(
        run.plan,
        sources=parse_sources([str(path)]),
        out=folder / "list",
        conversion=NO_CONVERSION,
        country=run.plan.country or _HOME,
        key_column=None,
        columns=(),
        ignore=(),
        sample=None,
        previous=None,
        bring_back=None,
        workers=1,
        fresh=True,
    )
    with open_run(plan) as inner:
        for step in (ingest, standardize, verify):
            step(inner)
        _refuse_unread(inner, path)
        parts = inner.parts("verified")
        lines = inner.engine.frame(_LINES, {"records": paths_of(parts, "records")}, ("record_id",))
        paths = paths_of(parts, "contact_points")
        points = inner.engine.frame(_POINTS, {"contact_points": paths}, ("record_id", "kind", "value"))
    shutil.rmtree(folder)
    if points["value"].isna().all() and points["address_line1"].isna().all():
        raise SourceError(
            f"{path.name} has no e-mail, phone or address in any of its {len(lines):,} lines: nobody would be left out",
            "name its columns as in the header of an extract, such as email, phone, street and zip",
        )
    return lines, points


def _refuse_unread(run: Run, path: Path) -> None:
    """Refuse a list of which a line was rejected: who stands there cannot be told, and would be mailed."""
    read = run.kept("read")
    assert isinstance(read, list), "the list was read before"
    rejected = pd.concat([pd.read_parquet(run.engine.work / table["rejects"]) for table in read], ignore_index=True)
    if rejected.empty:
        return
    first = rejected.sort_values("first_line").head(_TOLD)
    places = [f"line {row.first_line}: {row.reason}" for row in first.itertuples()]
    more = "; …" if len(rejected) > _TOLD else ""
    raise SourceError(
        f"{path.name}: {counted(len(rejected), 'piece')} of it cannot be read, and who stands there would be mailed",
        f"mend {'; '.join(places)}{more}",
    )


def _by_value(customers: Customers, points: pd.DataFrame) -> pd.DataFrame:
    """Return `id`, `record_id`, `by`: customers with an e-mail or phone of the list."""
    return _plain(customers.points, customers.grain.id).merge(
        _plain(points, "record_id").rename(columns={"id": "record_id"}), on=["by", "plain"]
    )[["id", "record_id", "by"]]


def _plain(points: pd.DataFrame, id_column: str) -> pd.DataFrame:
    """Return e-mails and phones as they are compared: a mobile number of one side may be a phone of the other."""
    own = points.loc[points["kind"].isin(_DIRECT) & points["value"].notna()]
    plain = own["value"].str.strip().str.casefold()
    return pd.DataFrame({"id": own[id_column], "by": own["kind"].map(_DIRECT), "plain": plain}).drop_duplicates()


def _by_address(customers: Customers, lines: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return `id`, `record_id`, `by`: customers at an address of the list, of the name beside it if there is one."""
    there = _places(customers.points, customers.grain.id).merge(_names(customers.rows, customers.grain.id), on="id")
    wanted = _places(points, "record_id").merge(_names(lines, "record_id"), on="id").rename(columns={"id": "record_id"})
    both = there.merge(wanted, on="place", suffixes=("", "_list"))
    nameless = both["last_name_list"].isna() & both["first_name_list"].isna() & both["organization_name_list"].isna()
    first = both["first_name"].str[:1].eq(both["first_name_list"].str[:1])
    person = both["last_name"].eq(both["last_name_list"]).fillna(False).astype(bool) & (
        first.fillna(False).astype(bool) | both["first_name"].isna() | both["first_name_list"].isna()
    )
    firm = both["organization_name"].eq(both["organization_name_list"]).fillna(False).astype(bool)
    hit = both.loc[nameless | person | firm]
    by = nameless.loc[hit.index].map({True: "address", False: "name and address"})
    return hit.assign(by=by)[["id", "record_id", "by"]]


def _places(points: pd.DataFrame, id_column: str) -> pd.DataFrame:
    own = points.loc[points["kind"].eq("address") & points["address_line1"].notna() & points["zip5"].notna()]
    place = own["address_line1"].str.casefold() + "|" + own["zip5"]
    return pd.DataFrame({"id": own[id_column], "place": place}).drop_duplicates()


def _names(rows: pd.DataFrame, id_column: str) -> pd.DataFrame:
    names = {name: fold(rows[name].astype(TEXT)) if name in rows else pd.NA for name in _NAMES}
    return pd.DataFrame({"id": rows[id_column], **names}).astype(TEXT)
