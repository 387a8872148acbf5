"""The reference tables of ZIPs and places as the look-ups of `zip_reference`. Reads no file itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

import pandas as pd

from dq.address.place_names import KINDS, key_variants, place_key
from dq.address.tokens import fold
from dq.address.zip_reference import NEAR_KM, TOWNSHIP_KM, Position, ZipPlace, ZipReference, cell_of
from dq.standards import Standards

Key = TypeVar("Key")
_PARTICLES: Final = ("MC", "MAC", "O", "D", "DE", "DU", "LA", "LE", "EL")


def load_reference(standards: Standards) -> ZipReference:
    """Build the look-ups from `zips`, `places`, `census_places`, `states`, `place_words` and `city_aliases`."""
    table = standards.table("place_words")
    words = dict(zip(table["spelling"], table["word"], strict=True))
    zips = _zips(standards, words)
    places, names = _places(standards, words)
    centres = {where: positions[0] for where, positions in places.items()}
    _add_post_offices(places, names, zips)
    aliases = standards.table("city_aliases")
    is_kept = aliases["is_kept"] == "yes"
    _add_other_names(places, names, aliases[is_kept], words)
    states = standards.table("states")
    return ZipReference(
        zips=zips,
        zip3=_grouped((zip5[:3], zip5) for zip5 in zips),
        states=dict(zip(states["code"], states["name"].str.upper(), strict=True)),
        zip3_states=_zip3_states(states, zips),
        places={
            where: tuple(dict.fromkeys(positions)) if len(positions) > 1 else (positions[0],)
            for where, positions in places.items()
        },
        centres=centres,
        names=names,
        city_zips=_grouped(((place.state, place.key), zip5) for zip5, known in zips.items() for place in known),
        known_keys=frozenset(
            key for (_, key), positions in places.items() if not all(position.is_township for position in positions)
        ),
        beginnings=_beginnings([*names.values(), *aliases["alias"]], words),
        words=words,
        aliases={
            (state, place_key(alias, words)): fold(city)
            for alias, state, city in aliases.loc[~is_kept, ["alias", "state", "city"]].itertuples(index=False)
        },
        cells=_cells(places),
    )


def _zips(standards: Standards, words: Mapping[str, str]) -> dict[str, tuple[ZipPlace, ...]]:
    table = standards.table("zips")
    keys = {city: key_variants(city, words) for city in table["city"].unique().tolist()}
    zips: dict[str, tuple[ZipPlace, ...]] = {}
    cities, states, counties = (table[name].tolist() for name in ("city", "state", "county"))
    places = map(ZipPlace, cities, map(keys.__getitem__, cities), states, counties, *_degrees(table))
    for zip5, place in zip(table["zip5"].tolist(), places, strict=True):
        zips[zip5] = (*zips[zip5], place) if zip5 in zips else (place,)
    return zips


def _degrees(table: pd.DataFrame) -> tuple[list[float], list[float]]:
    """Return the positions of a table's rows as numbers: latitudes, longitudes."""
    return table["latitude"].astype(float).tolist(), table["longitude"].astype(float).tolist()


def _places(
    standards: Standards, words: Mapping[str, str]
) -> tuple[dict[tuple[str, str], list[Position]], dict[tuple[str, str], str]]:
    positions: dict[tuple[str, str], list[Position]] = {}
    names: dict[tuple[str, str], str] = {}
    keys: dict[str, str] = {}
    columns = ["place", "state", "kind", "latitude", "longitude"]
    table = pd.concat(
        [standards.table("places").assign(kind="place")[columns], standards.table("census_places")[columns]]
    )
    texts = (table[column].tolist() for column in columns[:3])
    for name, state, kind, latitude, longitude in zip(*texts, *_degrees(table), strict=True):
        where = state, keys.get(name) or keys.setdefault(name, place_key(name, words))
        position = Position(latitude, longitude, NEAR_KM if kind == "place" else TOWNSHIP_KM)
        if where in positions:
            positions[where].append(position)
        else:
            positions[where], names[where] = [position], name
    return positions, names


def _add_post_offices(
    positions: dict[tuple[str, str], list[Position]],
    names: dict[tuple[str, str], str],
    zips: Mapping[str, tuple[ZipPlace, ...]],
) -> None:
    for known in zips.values():
        for city, keys, state, _, latitude, longitude in known:
            where = state, keys[0] if keys else ""
            position = Position(latitude, longitude, NEAR_KM)
            if where in positions:
                positions[where].append(position)
            else:
                positions[where] = [position]
            names[where] = city


def _add_other_names(
    positions: dict[tuple[str, str], list[Position]],
    names: dict[tuple[str, str], str],
    aliases: pd.DataFrame,
    words: Mapping[str, str],
) -> None:
    """Add names that mail bears beside a city's own, at the city's places: they are accepted and stay as written."""
    for alias, state, city in aliases[["alias", "state", "city"]].itertuples(index=False):
        where = state, place_key(alias, words)
        positions.setdefault(where, []).extend(positions.get((state, place_key(city, words)), []))
        names.setdefault(where, alias)


def _zip3_states(table: pd.DataFrame, zips: Mapping[str, tuple[ZipPlace, ...]]) -> dict[str, frozenset[str]]:
    states: dict[str, set[str]] = {}
    for code, ranges in zip(table["code"], table["zip3"], strict=True):
        for span in ranges.split():
            low, _, high = span.partition("-")
            for number in range(int(low), int(high or low) + 1):
                states.setdefault(f"{number:03d}", set()).add(code)
    for zip5, known in zips.items():
        states.setdefault(zip5[:3], set()).update(place.state for place in known)
    return {zip3: frozenset(codes) for zip3, codes in states.items()}


def _beginnings(names: Iterable[str], words: Mapping[str, str]) -> frozenset[str]:
    parts = [fold(name).replace("-", " ").replace(".", "").split() for name in names]
    found = {part[0] for part in parts if len(part) > 1}
    found |= {words.get(word, word) for word in found}
    # McKinney is written MC KINNEY and Mc Kees Rocks MCKEES ROCKS.
    found |= {part[0] + part[1] for part in parts if len(part) > 1 and part[0] in _PARTICLES}
    return frozenset({*found, *(short for short, word in words.items() if word in found), *KINDS, *_PARTICLES})


def _grouped(pairs: Iterable[tuple[Key, str]]) -> dict[Key, tuple[str, ...]]:
    grouped: defaultdict[Key, list[str]] = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return {key: tuple(values) for key, values in grouped.items()}


def _cells(
    places: Mapping[tuple[str, str], list[Position]],
) -> dict[tuple[int, int], frozenset[tuple[str, str]]]:
    cells: dict[tuple[int, int], set[tuple[str, str]]] = {}
    for where, positions in places.items():
        for position in positions:
            cells.setdefault(cell_of(position.latitude, position.longitude), set()).add(where)
    return {cell: frozenset(found) for cell, found in cells.items()}
