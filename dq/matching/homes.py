"""Homes: which persons of one family name have one address. Whether they are a household, customers decide."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import components
from dq.matching.coded import Coded
from dq.matching.encoding import Codes, distinct, expand, narrow
from dq.matching.folding import numbered


def homes_of(coded: Coded) -> pd.DataFrame:
    """Find the homes of more than one record.

    Args:
        coded: `party_type`, `last` and `addresses` of all records.

    Returns:
        `home` (a number), `record` (place of the record among all), each pair once, sorted.
    """
    last, lists = coded.single("last"), coded.several("addresses")
    persons = np.flatnonzero(~coded.is_organization & last.known & lists.sets.known)
    rows, _, address = expand(lists.sets.codes[persons], lists.starts, lists.members)
    place = coded.places.codes[address]
    known = place >= 0
    record, address = persons[rows[known]], address[known]
    door = last.codes[record].astype(np.int64) * (len(coded.places.texts) + 1) + place[known]
    chosen = _are_shared(door)
    record, address, door = record[chosen], address[chosen], _counted(door[chosen])
    door = _with_unit(door, _units(address, lists.values))
    chosen = _are_shared(door) & (door >= 0)
    size = max(coded.size, 1)
    cells = distinct(_counted(door[chosen]) * size + record[chosen])
    return pd.DataFrame({"home": narrow(cells // size), "record": narrow(cells % size)})


def _with_unit(door: Codes, unit: Codes) -> Codes:
    """Return the door with the unit where a building has several of one family name, -1 where nobody knows which.

    Who leaves the unit out lives in the only one that is known; where there are two, nobody knows in which.
    """
    units = int(unit.max(initial=0)) + 1
    pairs = distinct((door * units + unit)[unit > 0])
    several = np.bincount(pairs // units, minlength=int(door.max(initial=-1)) + 1)[door] > 1
    home: Codes = np.where(several & (unit == 0), -1, door * units + np.where(several, unit, 0))
    return home


def _units(address: Codes, texts: pa.Array) -> Codes:
    """Return the unit of each address as a number, 0 where none is known."""
    used, place = _places(address)
    named = components(texts.take(pa.array(used)))["unit"]
    codes = numbered(pc.if_else(pc.equal(named, ""), None, named))[0]
    units: Codes = codes[place] + 1
    return units


def _places(codes: Codes) -> tuple[Codes, Codes]:
    """Return the distinct codes, and the place of each code among them."""
    place, used = pd.factorize(codes)
    return used, place


def _counted(codes: Codes) -> Codes:
    """Return codes without gaps: two of them still fit into one number."""
    counted: Codes = pd.factorize(codes)[0].astype(np.int64)
    return counted


def _are_shared(codes: Codes) -> NDArray[np.bool_]:
    """Say which codes stand there more than once."""
    counted = _counted(codes)
    found: NDArray[np.bool_] = np.bincount(counted)[counted] > 1
    return found
