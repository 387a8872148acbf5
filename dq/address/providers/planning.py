"""What asking would take: which addresses, how many calls, how long, at what price. Asks nobody."""

import math
import re
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pandas as pd

from dq.address.findings import address_key
from dq.address.providers.contract import Address, Terms
from dq.model import ADDRESS_KEY, TEXT

_LOCATION: Final = ("address_line1", "address_line2", "city", "state", "zip5")
_PARTS: Final = ("addr_number", "addr_unit_type", "addr_unit", "addr_box", "addr_route")


@dataclass(frozen=True)
class CallPlan:
    """What asking a provider about a set of addresses would take.

    Attributes:
        terms: The provider's.
        to_ask: Distinct addresses, those of most contact points first.
        distinct: Distinct addresses there are.
        settled: Of these, what no answer would change.
        known: Answered (or passed over in silence) this month already.
        not_askable: What the provider does not take, and lines that do not begin like an address.
        over_budget: Left for another time by the budget.
        price: Of one address, in whatever money it was given in; None where nobody said.
    """

    terms: Terms
    to_ask: tuple[Address, ...]
    distinct: int
    settled: int
    known: int
    not_askable: int
    over_budget: int
    price: Decimal | None = None

    @property
    def calls(self) -> int:
        """Calls, at the least."""
        return math.ceil(len(self.to_ask) / self.terms.batch_size)

    @property
    def hours(self) -> float | None:
        """Hours the quota takes for them, None where no quota is known."""
        return self.terms.quota.seconds(self.calls) / 3600 if self.terms.quota else None

    @property
    def cost(self) -> Decimal | None:
        """Price of all addresses, None where nobody said what one costs."""
        return None if self.price is None else self.price * len(self.to_ask)

    def lines(self) -> list[str]:
        """Return the plan in sentences."""
        quota = self.terms.quota
        said = f"{self.distinct:,} distinct addresses: {self.settled:,} need no answer, {self.known:,} were asked"
        lines = [
            f"{said} this month, {self.not_askable:,} cannot be asked, {self.over_budget:,} are over the budget",
            f"{self.terms.title}: {len(self.to_ask):,} addresses in {self.calls:,} calls",
        ]
        if quota and self.hours is not None:
            pace = f"{quota.calls:,} calls in {quota.period_s / 3600:g} h"
            lines.append(f"quota: {pace}, so about {self.hours:,.1f} hours")
        else:
            lines.append("quota: none known; the provider says when it is too much")
        lines.append("cost: no price was given" if self.cost is None else f"cost: {self.cost:,.2f}")
        return [*lines, *filter(None, [self.terms.caution])]


def plan_calls(
    points: pd.DataFrame,
    terms: Terms,
    asked: Collection[str] = frozenset(),
    budget: int | None = None,
    price: Decimal | None = None,
) -> CallPlan:
    """Choose the addresses a lookup is worth being spent on.

    Args:
        points: Contact points as a run writes them; rows of another kind than address are left out. Standardised
            `address_line1`, `address_line2`, `city`, `state`, `zip5`; `address_outcome`, the `addr_*` components and
            `address_key` count as null where absent.
        terms: Of the provider.
        asked: `address_key`s that were asked this month.
        budget: Addresses to ask at most; None for no limit.
        price: Of one address.

    Returns:
        The plan; row order has no part in it.
    """
    addresses = _addresses(points)
    distinct = int(addresses[ADDRESS_KEY].nunique())
    is_open = ~addresses["address_outcome"].isin(terms.settled)
    open_rows = addresses[is_open]
    counts = open_rows.groupby(ADDRESS_KEY, sort=True).size().sort_values(ascending=False, kind="stable")
    left = counts[~counts.index.isin(list(asked))]
    # Rows of one key say the same but for case and what was recognised; the fullest stands for all, in any order.
    rows = open_rows.sort_values([*_PARTS, *_LOCATION]).drop_duplicates(ADDRESS_KEY, keep="last")
    rows = rows.set_index(ADDRESS_KEY)
    found = [_address(row) for row in rows.loc[left.index].reset_index().to_dict("records")]
    askable = [address for address in found if address is not None and terms.is_askable(address)]
    kept = len(askable) if budget is None else min(max(budget, 0), len(askable))
    return CallPlan(
        terms,
        tuple(askable[:kept]),
        distinct=distinct,
        settled=distinct - len(counts),
        known=len(counts) - len(left),
        not_askable=len(left) - len(askable),
        over_budget=len(askable) - kept,
        price=price,
    )


def _addresses(points: pd.DataFrame) -> pd.DataFrame:
    """Return the address rows with a key, every column read here as text without nulls but the outcome."""
    rows = points[points["kind"] == "address"] if "kind" in points else points
    filled = pd.DataFrame(index=rows.index)
    for column in (*_LOCATION, *_PARTS):
        given = rows[column].astype(TEXT) if column in rows else pd.Series(pd.NA, rows.index, TEXT)
        filled[column] = given.fillna("")
    filled["address_outcome"] = rows.get("address_outcome", pd.NA)
    computed = address_key(filled)
    filled[ADDRESS_KEY] = rows[ADDRESS_KEY].astype(TEXT).fillna(computed) if ADDRESS_KEY in rows else computed
    return filled[filled[ADDRESS_KEY].notna()]


def _address(row: Mapping[Hashable, str]) -> Address | None:
    """Return what may leave the house of a row; None where its line does not begin like an address.

    A line without number, box or route in front may be a name that nothing recognised: it stays here.
    """
    cells = {str(name): " ".join(str(value).upper().split()) for name, value in row.items()}
    line = cells["address_line1"]
    first = line.partition(" ")[0]
    is_line = any(character.isdigit() for character in first) or first == cells["addr_number"] != ""
    if not is_line and not cells["addr_box"] and not cells["addr_route"]:
        return None
    unit = f"{cells['addr_unit_type']} {cells['addr_unit']}".strip()
    urbanization = re.search(r"\bURB (?=\S).*", cells["address_line2"])
    return Address(
        row[ADDRESS_KEY],
        line,
        unit=unit if unit and line.endswith(f" {unit}") else "",
        urbanization=urbanization[0] if urbanization and cells["state"] == "PR" else "",
        city=cells["city"],
        state=cells["state"],
        zip5=cells["zip5"],
    )
