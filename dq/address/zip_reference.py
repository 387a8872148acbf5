"""Which ZIPs, cities and states belong together, after GeoNames and the Census Bureau. Rewrites nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dq.address.place_names import distance_km, key_variants, key_words, without_side

NEAR_KM: Final = 40.0
"""A named place this near its ZIP is accepted: on 168,000 real addresses it leaves 1.2 % flagged, nearly all wrong."""
TOWNSHIP_KM: Final = 15.0
"""A township reaches about 5 km from its centre; all 59 real rows that name one lie within 12 km of it, while at 40 km
its common name (Union, Jackson) would vouch for wrong cities."""
LONG_BEGINNING: Final = 6
"""Letters from which the first word of a city stands for it: Milligan for Milligan College, not Oak for Oak Park."""
CELL_DEGREES: Final = 0.5
"""Side of a cell of the grid that near places are looked up in: at least 36 km from north to south."""
MEMO_LIMIT: Final = 200_000
"""Names whose keys are remembered per process: a few dozen megabytes at most."""


class ZipPlace(NamedTuple):
    """A ZIP's post office: its city with its comparable keys, state, county and position in degrees."""

    city: str
    keys: tuple[str, ...]
    state: str
    county: str
    latitude: float
    longitude: float

    @property
    def key(self) -> str:
        """The key of the whole name."""
        return self.keys[0] if self.keys else ""


class Position(NamedTuple):
    """Where a named place lies, in degrees, and how far from it its name is accepted, in km."""

    latitude: float
    longitude: float
    reach: float

    @property
    def is_township(self) -> bool:
        """Whether it is a township, whose name proves little."""
        return self.reach < NEAR_KM


@dataclass(frozen=True)
class ZipReference:
    """The reference tables as look-ups.

    Attributes:
        zips: ZIP → its places.
        zip3: First three digits → ZIPs.
        states: State code → name in upper case.
        zip3_states: First three digits → states that use them.
        places: State and key of a place's name → positions.
        centres: State and key → the place's own centre, where a list of places has one.
        names: State and key → the name as the source writes it, a post office's before others.
        city_zips: State and key of a post office's name → its ZIPs.
        known_keys: Keys of places of any state; townships have no part in it.
        beginnings: First words of names of several words, in every spelling.
        words: Abbreviation in a place name → word.
        aliases: State and key of a nickname → the city.
        cells: Cell of the grid → states and keys of the places in it.
        near_spellings: What `zip_proposals` remembers of the places near a ZIP; empty at first.
    """

    zips: Mapping[str, tuple[ZipPlace, ...]]
    zip3: Mapping[str, tuple[str, ...]]
    states: Mapping[str, str]
    zip3_states: Mapping[str, frozenset[str]]
    places: Mapping[tuple[str, str], tuple[Position, ...]]
    centres: Mapping[tuple[str, str], Position]
    names: Mapping[tuple[str, str], str]
    city_zips: Mapping[tuple[str, str], tuple[str, ...]]
    known_keys: frozenset[str]
    beginnings: frozenset[str]
    words: Mapping[str, str]
    aliases: Mapping[tuple[str, str], str]
    cells: Mapping[tuple[int, int], frozenset[tuple[str, str]]]
    near_spellings: dict[tuple[str, str], tuple[list[str], list[str]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _keys: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def keys(self, city: str) -> tuple[str, ...]:
        """Return a city's comparable key, and the key without `City`, `Town of` and the like; empty without letters."""
        found = self._keys.get(city)
        if found is None:
            if len(self._keys) >= MEMO_LIMIT:
                self._keys.clear()
            found = self._keys[city] = key_variants(city, self.words)
        return found

    def key(self, city: str) -> str:
        """Return a city's comparable key: upper case, abbreviations spelled, without blanks and signs."""
        return next(iter(self.keys(city)), "")

    def full_name(self, city: str, state: str) -> str:
        """Return the city a nickname such as NYC stands for, else the city itself."""
        return self.aliases.get((state, self.key(city)), city)

    def is_state_of(self, zip5: str, state: str) -> bool:
        """Return whether a ZIP can lie in a state: by the ZIP itself where known, else by its first three digits."""
        known = self.zips.get(zip5)
        if known:
            return any(place.state == state for place in known)
        return state in self.zip3_states.get(zip5[:3], frozenset())

    def own_city(self, zip5: str, city: str) -> ZipPlace | None:
        """Return the ZIP's place whose name the city is."""
        known = self.zips.get(zip5)
        if not known:
            return None
        keys = self.keys(city)
        for place in known:
            if keys == place.keys or any(key in keys for key in place.keys):
                return place
        return None

    def is_near(self, zip5: str, city: str, state: str) -> bool:
        """Return whether the city is a named place of the state within its reach of the ZIP."""
        return any(kilometres <= position.reach for kilometres, position in self._distances(zip5, city, state))

    def kilometres(self, zip5: str, city: str, state: str) -> float | None:
        """Return how far the nearest place of that name lies from the ZIP; None where either is unknown."""
        return min((kilometres for kilometres, _ in self._distances(zip5, city, state)), default=None)

    def centre_kilometres(self, zip5: str, city: str, state: str) -> float | None:
        """Return how far a place's own centre, not its post offices, lies from the ZIP; None where one is unknown."""
        centre = self.centres.get((state, self.key(city)))
        known = [place for place in self.zips.get(zip5, ()) if place.state == state]
        if centre is None or not known:
            return None
        return distance_km(known[0].latitude, known[0].longitude, centre.latitude, centre.longitude)

    def is_place(self, city: str, state: str) -> bool:
        """Return whether the state has a place of that name."""
        return any((state, key) in self.places for key in self.keys(city))

    def is_part(self, zip5: str, city: str, state: str) -> bool:
        """Return whether a name that is no place of the state says where the ZIP is all the same.

        The ZIP's county, a side of it or of a near place (`EAST KALISPELL`), or its own city without the last word
        (`SAINT SIMONS` for Saint Simons Island).
        """
        known = [place for place in self.zips.get(zip5, ()) if place.state == state]
        key, side = self.key(city), without_side(city, self.words)
        if not key or self.is_place(city, state):
            return False
        if any(
            self.key(place.county) in {key, side} - {""} or _is_begun(city, place.city, self.words) for place in known
        ):
            return True
        return any(
            distance_km(place.latitude, place.longitude, position.latitude, position.longitude) <= position.reach
            for position in self.places.get((state, side), ())
            for place in known
        )

    def near_keys(self, zip5: str, state: str) -> list[str]:
        """Return the keys of the state's places that reach the ZIP, sorted."""
        found: set[str] = set()
        for place in self.zips.get(zip5, ()):
            if place.state != state:
                continue
            for where in _cells_around(place.latitude, place.longitude, self.cells):
                if where[0] == state and any(
                    abs(place.latitude - position.latitude) < CELL_DEGREES
                    and distance_km(place.latitude, place.longitude, position.latitude, position.longitude)
                    <= position.reach
                    for position in self.places[where]
                ):
                    found.add(where[1])
        return sorted(found)

    def _distances(self, zip5: str, city: str, state: str) -> list[tuple[float, Position]]:
        known = [place for place in self.zips.get(zip5, ()) if place.state == state]
        if not known:
            return []
        return [
            (distance_km(place.latitude, place.longitude, position.latitude, position.longitude), position)
            for key in self.keys(city)
            for position in self.places.get((state, key), ())
            for place in known
        ]


def _is_begun(city: str, own: str, words: Mapping[str, str]) -> bool:
    typed, whole = key_words(city, words), key_words(own, words)
    is_long = len(typed) > 1 or sum(map(len, typed)) >= LONG_BEGINNING
    return is_long and 0 < len(typed) < len(whole) and whole[: len(typed)] == typed


def cell_of(latitude: float, longitude: float) -> tuple[int, int]:
    return int(latitude // CELL_DEGREES), int(longitude // CELL_DEGREES)


def _cells_around(
    latitude: float, longitude: float, cells: Mapping[tuple[int, int], frozenset[tuple[str, str]]]
) -> set[tuple[str, str]]:
    """Return what lies in the cells within 40 km: one to the north and south, two to the sides (far north more)."""
    row, column = cell_of(latitude, longitude)
    sides = 2 if abs(latitude) < 50 else 3
    found: set[tuple[str, str]] = set()
    for north in (-1, 0, 1):
        for east in range(-sides, sides + 1):
            found |= cells.get((row + north, column + east), frozenset())
    return found
