"""The proof that nothing is lost: read = kept + merged + parked + rejected + erased, per source and to the row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Account:
    """The account of one source, in source rows of its party tables.

    Attributes:
        read: Logical records read.
        kept: Rows whose main record stands for its golden record (the smallest main record of the cluster).
        merged: Rows whose main record went into a golden record that another row stands for.
        parked: Rows whose main record went into a golden record that policy keeps out, whether it stands for it or not.
        rejected: Pieces that are not a record.
        erased: Rows of forgotten persons.
        split: Further records cut out of rows; counted beside the balance.
        attached: Rows of address, owner and other child tables.
        attached_rejected: Pieces of child tables that are not a row, and rows that belong to no record.
    """

    source: str
    read: int
    kept: int
    merged: int
    parked: int
    rejected: int
    erased: int
    split: int
    attached: int
    attached_rejected: int

    @property
    def balances(self) -> bool:
        """Whether every row that was read is accounted for."""
        return self.read == self.kept + self.merged + self.parked + self.rejected + self.erased


def open_ledger(read: pd.DataFrame, crosswalk_counts: pd.DataFrame) -> list[Account]:
    """Draw up the account of every source.

    Args:
        read: One row per table: `source`, `is_party`, `read`, `rejected` (logical records).
        crosswalk_counts: One row per source: `source`, `kept`, `merged`, `parked`, `split` (see `COUNTS_QUERY`).

    Raises:
        AssertionError: A row is unaccounted for; a bug, never a property of the data.
    """
    counts = {str(row["source"]): row for row in crosswalk_counts.to_dict("records")}
    accounts: list[Account] = []
    for source, tables in read.groupby("source", sort=True):
        party, child = tables.loc[tables["is_party"]], tables.loc[~tables["is_party"]]
        found: Mapping[Any, Any] = counts.get(str(source), {"kept": 0, "merged": 0, "parked": 0, "split": 0})
        account = Account(
            source=str(source),
            read=int(party["read"].sum()),
            kept=int(found["kept"]),
            merged=int(found["merged"]),
            parked=int(found["parked"]),
            rejected=int(party["rejected"].sum()),
            erased=0,
            split=int(found["split"]),
            attached=int((child["read"] - child["rejected"]).sum()),
            attached_rejected=int(child["rejected"].sum()),
        )
        assert account.balances, f"the ledger of {source} does not balance: {account}"
        accounts.append(account)
    return accounts


COUNTS_QUERY = """
    WITH mains AS (
        SELECT source, golden_id IN (SELECT id FROM parked) AS is_parked,
               row_number() OVER (PARTITION BY golden_id ORDER BY record_id) AS place
        FROM crosswalk WHERE coalesce(part, '') = ''
    ), kept AS (
        SELECT source, count(*) FILTER (WHERE NOT is_parked AND place = 1) AS kept,
               count(*) FILTER (WHERE NOT is_parked AND place > 1) AS merged,
               count(*) FILTER (WHERE is_parked) AS parked
        FROM mains GROUP BY source
    ), cut AS (
        SELECT source, count(*) FILTER (WHERE coalesce(part, '') <> '') AS split FROM crosswalk GROUP BY source
    )
    SELECT cut.source, coalesce(kept, 0) AS kept, coalesce(merged, 0) AS merged, coalesce(parked, 0) AS parked, split
    FROM cut LEFT JOIN kept USING (source)
"""
"""Counts the rows of the crosswalk; `parked` holds the `id` of every parked golden record."""


def as_document(accounts: list[Account]) -> dict[str, object]:
    """Return the ledger for `manifest.json`: every account and the sum over all sources."""
    terms = [name for name in asdict(accounts[0]) if name != "source"] if accounts else []
    total = {term: sum(getattr(account, term) for account in accounts) for term in terms}
    return {
        "sources": {account.source: {t: getattr(account, t) for t in terms} for account in accounts},
        "total": total,
    }
