"""Which country's rules a source follows, from its states, ZIPs and phones. Says so in words; doubt is no country."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dq.tables.recognition.shapes import Profile
from dq.tables.recognition.vocabulary import Vocabulary

STATES_LEAST: Final = 0.9
"""CONTRACTS 4: nine of ten filled states must be American."""
ZIPS_LEAST: Final = 0.8
"""ZIP columns lose zeros and hold Canadian codes; four of five in American shape still leave no other country."""
PHONES_LEAST: Final = 0.9
"""Where a source has neither states nor ZIPs, nine of ten phones in North American shape make it American."""

WHOLES_LEAST: Final = 0.3
"""Where addresses come in one cell, three of ten must end as American ones do: many leave state or ZIP out."""


@dataclass(frozen=True)
class CountryChoice:
    """ISO alpha-2 code or None, and the reason in words."""

    code: str | None
    reason: str


@dataclass(frozen=True)
class PlaceEvidence:
    """Distinct spellings of the state columns with their cells, and the profiles of other columns.

    Attributes:
        states: Spelling → cells.
        zips: Columns of ZIPs.
        phones: Columns of phones.
        wholes: Columns whose cells end in state and ZIP, or hold a phone behind a name and an address.
    """

    states: dict[str, int]
    zips: tuple[Profile, ...]
    phones: tuple[Profile, ...]
    wholes: tuple[Profile, ...] = ()


def decide_country(evidence: PlaceEvidence, vocabulary: Vocabulary) -> CountryChoice:
    """Decide the country of rows that name none (CONTRACTS 4, country first).

    Where a source has no state and no ZIP at all, phones decide: that widens the contract to lists such as name,
    street, city, phone.
    """
    filled = sum(evidence.states.values())
    american = _count(evidence.states, vocabulary.states)
    zips = _mean(evidence.zips, ("zip_us", "zip_lost"))
    full = _mean(evidence.zips, ("zip_us",))
    if filled >= 3 or (filled and evidence.zips):
        share = american / filled
        if share < STATES_LEAST:
            return CountryChoice(None, _foreign(evidence.states, share, vocabulary))
        others = _count(evidence.states, vocabulary.regions) / filled
        if full is None and others >= STATES_LEAST:
            return CountryChoice(None, "states fit another country too and there are no ZIPs to tell; use --country XX")
        if zips is not None and (zips < ZIPS_LEAST or (full or 0.0) < zips / 2):
            return CountryChoice(
                None, f"states fit the US but only {full or 0:.0%} of postal codes do; use --country US"
            )
        note = "" if zips is None else f" and {zips:.0%} of ZIPs have American shapes"
        return CountryChoice("US", f"{share:.0%} of filled states are American{note}")
    if full is not None and full >= STATES_LEAST and _mean(evidence.phones, ("phone_us",)) is not None:
        phones = _mean(evidence.phones, ("phone_us",)) or 0.0
        if phones >= PHONES_LEAST:
            return CountryChoice(
                "US", f"no state column, but {full:.0%} of ZIPs and {phones:.0%} of phones have American shapes"
            )
    if zips is None and not filled:
        ours, others = (_mean(evidence.wholes, (shape,)) or 0.0 for shape in ("place_us", "place_other"))
        if ours >= WHOLES_LEAST and ours >= STATES_LEAST * (ours + others):
            return CountryChoice("US", f"{ours:.0%} of whole addresses end in an American state and a ZIP")
        inside = _mean(evidence.wholes, ("phone_inside",)) or 0.0
        if inside >= WHOLES_LEAST:
            return CountryChoice("US", f"no state and no ZIP, but {inside:.0%} of cells hold a phone of American shape")
    if zips is None:
        phones = _mean(evidence.phones, ("phone_us",)) or 0.0
        if phones >= PHONES_LEAST:
            return CountryChoice("US", f"no state and no ZIP, but {phones:.0%} of phones have American shapes")
    return CountryChoice(None, "no column tells the country; nothing American is done to the rows; use --country XX")


def _count(cells: dict[str, int], known: Iterable[str]) -> int:
    spellings = set(known)
    return sum(count for cell, count in cells.items() if cell in spellings)


def _mean(profiles: tuple[Profile, ...], shapes: tuple[str, ...]) -> float | None:
    filled = sum(profile.filled for profile in profiles)
    if not filled:
        return None
    return (
        sum(min(1.0, sum(profile.share(shape) for shape in shapes)) * profile.filled for profile in profiles) / filled
    )


def _foreign(states: dict[str, int], share: float, vocabulary: Vocabulary) -> str:
    tally: dict[str, int] = {}
    for cell, count in states.items():
        for country in vocabulary.regions.get(cell, ()):
            tally[country] = tally.get(country, 0) + count
    reason = f"only {share:.0%} of filled states are American; nothing American is done to the rows"
    best = max(sorted(tally), key=lambda country: tally[country], default="")
    if best and tally[best] >= STATES_LEAST * sum(states.values()) * 0.9:
        return f"{reason}; they look like states of {best}: use --country {best}"
    return f"{reason}; use --country XX"
