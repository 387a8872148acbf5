"""Where customers can be reached, in truth: postal addresses and phone numbers."""

from dataclasses import dataclass, fields

import numpy as np

from dq.sample.chance import Chance, Indexes, Texts, Weighted
from dq.sample.reference import SampleReference
from dq.sample.words import joined, number_text, padded_text, spaced, where

CANADIAN_RATE = 0.02  # the share of foreign customers a US company meets most
BOX_RATE = 0.04  # post office boxes
RURAL_RATE = 0.01  # rural routes, still written though most were renamed
_FSA_LETTERS = np.array(list("ABCEGHJKLMNPRSTVWXYZ"), dtype=object)  # letters Canadian postal codes use last


@dataclass(frozen=True)
class Addresses:
    """One address per row.

    Attributes:
        line: Delivery line without its unit, in short forms (`12 N Oak St`).
        unit: `Apt 4B`, or empty.
        city: Name in usual case.
        state: USPS or Canadian code.
        postal: ZIP of five digits, or a Canadian postal code.
        country: United States or Canada.
        area: A telephone area code of the place.
    """

    line: Texts
    unit: Texts
    city: Texts
    state: Texts
    postal: Texts
    country: Texts
    area: Texts

    def take(self, rows: Indexes) -> "Addresses":
        """Return the addresses at `rows`."""
        return Addresses(*(getattr(self, field.name)[rows] for field in fields(self)))

    def followed_by(self, others: "Addresses") -> "Addresses":
        """Return these addresses and then the others."""
        pairs = ((getattr(self, field.name), getattr(others, field.name)) for field in fields(self))
        return Addresses(*(np.concatenate(pair) for pair in pairs))

    def in_town_of(self, rows: Indexes) -> "Addresses":
        """Return these streets and units in the towns of the addresses at `rows`."""
        town = self.take(rows)
        return Addresses(self.line, self.unit, town.city, town.state, town.postal, town.country, town.area)

    def street(self) -> Texts:
        """Return line and unit in one cell."""
        return spaced(self.line, self.unit)


@dataclass(frozen=True)
class Phones:
    """Ten digits per row in three pieces; empty pieces where there is no number."""

    area: Texts
    exchange: Texts
    line: Texts

    def take(self, rows: Indexes) -> "Phones":
        """Return the numbers at `rows`."""
        return Phones(self.area[rows], self.exchange[rows], self.line[rows])

    def styled(self, before: str, between: str, dash: str) -> Texts:
        """Return `before`area`between`exchange`dash`line, empty where there is no number."""
        return where(self.area == "", "", joined(before, self.area, between, self.exchange, dash, self.line))


def make_addresses(chance: Chance, count: int, reference: SampleReference, offices: bool) -> Addresses:
    """Return random addresses; `offices` have suites where homes have apartments."""
    place = chance.tickets(reference.places.zips, count)
    line = _delivery_lines(chance, count, reference, boxes=not offices)
    unit_types = reference.words["office_unit_type" if offices else "unit_type"]
    unit = where(_has_street(line), _units(chance, count, unit_types), "")
    area_ticket = reference.places.first_area[place] + chance.integers(0, reference.places.area_count[place], count)
    american = Addresses(
        line,
        unit,
        reference.places.city[place],
        reference.places.state[place],
        reference.places.zips.words[place],
        where(np.ones(count, dtype=bool), "United States", ""),
        reference.places.area_codes[area_ticket],
    )
    return _some_canadian(chance, american, reference)


def make_phones(chance: Chance, area: Texts) -> Phones:
    """Return numbers that a directory could hold: exchange 200–999, neither N11 nor 555."""
    exchange = chance.integers(200, 1000, len(area))
    exchange = exchange + (exchange == 555) + (exchange % 100 == 11)
    return Phones(area, number_text(exchange), padded_text(chance.integers(0, 10_000, len(area)), 4))


def _has_street(line: Texts) -> np.ndarray:
    return np.array([not text.startswith(("PO", "RR")) for text in line], dtype=bool)


def _delivery_lines(chance: Chance, count: int, reference: SampleReference, boxes: bool) -> Texts:
    size = chance.shares((0.1, 0.4, 0.35, 0.15), count)
    number = 1 + chance.integers(0, np.array([9, 99, 999, 9990])[size], count)
    street = spaced(chance.words(reference.words["directional"], count), chance.words(reference.streets, count))
    suffix = chance.words(reference.words["street_suffix"], count)
    line = joined(number_text(number), " ", street, " ", suffix)
    special = chance.uniform(count)
    if boxes:
        line = where(special < BOX_RATE, joined("PO Box ", number_text(number)), line)
    rural = joined("RR ", number_text(1 + number % 9), " Box ", number_text(1 + number // 9))
    return where((special >= BOX_RATE) & (special < BOX_RATE + RURAL_RATE) & boxes, rural, line)


def _units(chance: Chance, count: int, types: Weighted) -> Texts:
    kind = chance.words(types, count)
    letter = np.array(["", "", "", "A", "B", "C", "D"], dtype=object)[chance.integers(0, 7, count)]
    number = joined(number_text(1 + chance.integers(0, 40, count)), letter)
    return where(kind == "", "", joined(kind, " ", number))


def _some_canadian(chance: Chance, addresses: Addresses, reference: SampleReference) -> Addresses:
    count = len(addresses.line)
    is_canadian = chance.happens(CANADIAN_RATE, count)
    row = chance.integers(0, len(reference.canada["city"]), count)
    letter = _FSA_LETTERS[chance.integers(0, len(_FSA_LETTERS), count)]
    digits = chance.integers(0, 100, count)
    postal = joined(
        reference.canada["forward_sortation_area"][row],
        " ",
        number_text(digits // 10),
        letter,
        number_text(digits % 10),
    )
    return Addresses(
        addresses.line,
        addresses.unit,
        where(is_canadian, reference.canada["city"][row], addresses.city),
        where(is_canadian, reference.canada["province"][row], addresses.state),
        where(is_canadian, postal, addresses.postal),
        where(is_canadian, "Canada", addresses.country),
        where(is_canadian, reference.canada["area_code"][row], addresses.area),
    )
