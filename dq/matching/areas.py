"""How far apart two places are, read off their ZIP codes: people move and work near by more often than far away.

The first three digits of a ZIP code are an area of one sorting centre, rarely more than 150 km across. Two areas are as
far apart as their middles, which is close enough for three words: near, in one region, far.
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.encoding import MISSING, Codes

FAR, REGION, NEAR = 0, 1, 2
_DIGITS = 3
_AREAS = 10**_DIGITS
_ZIP_DIGITS = 5
_KM_PER_DEGREE = 111.2
"""Of latitude; of longitude times the cosine of the latitude."""


class Areas:
    """The areas of ZIP codes and which of them are near each other.

    Args:
        zips: Table `zips`: `zip5`, `state`, `latitude`, `longitude`, as text.
        near: Kilometres between the middles of two areas up to which they are near.
        region: Kilometres up to which they are one region.
    """

    def __init__(self, zips: pd.DataFrame, near: int, region: int) -> None:
        self._states = pa.array(sorted(set(zips["state"].str.lower())), type=pa.large_string())
        area = zips["zip5"].str[:_DIGITS].astype(int).to_numpy()
        counts = np.bincount(area, minlength=_AREAS)
        with np.errstate(invalid="ignore"):
            latitude, longitude = (
                np.bincount(area, weights=zips[name].astype(float).to_numpy(), minlength=_AREAS) / counts
                for name in ("latitude", "longitude")
            )
        north = np.subtract.outer(latitude, latitude)
        middle = np.radians(np.add.outer(latitude, latitude) / 2)
        east = np.subtract.outer(longitude, longitude) * np.cos(middle)
        # Areas without a ZIP code (not a number) are far from everywhere.
        apart = np.nan_to_num(np.round(_KM_PER_DEGREE * np.hypot(north, east)), nan=np.inf)
        self._table = (apart <= region).astype(np.int8) + (apart <= near).astype(np.int8)
        self._is_area = counts > 0

    def codes(self, parts: Mapping[str, pa.Array]) -> NDArray[np.int16]:
        """Return the area of each address by its `zip` and `state`, -1 where it is none of the United States.

        Postal codes of other countries look alike now and then; a state of another country tells.
        """
        zips, states = parts["zip"], parts["state"]
        american = pc.or_(pc.equal(states, ""), pc.is_in(states, value_set=self._states.cast(states.type)))
        whole = pc.and_(pc.match_substring_regex(zips, rf"^\d{{{_ZIP_DIGITS}}}$"), american)
        first = pc.if_else(whole, pc.utf8_slice_codeunits(zips, 0, _DIGITS), None).cast(pa.int16())
        codes: NDArray[np.int16] = first.fill_null(-1).to_numpy(zero_copy_only=False)
        return np.where((codes >= 0) & self._is_area[codes], codes, -1).astype(np.int16)

    @cached_property
    def _flat(self) -> NDArray[np.int8]:
        return np.ascontiguousarray(self._table).ravel()

    def between(self, one: Codes, other: Codes) -> NDArray[np.int8]:
        """Return NEAR, REGION or FAR of two areas (`codes`) each, MISSING where one is not known."""
        places = one.astype(np.int32) * _AREAS + other
        found: NDArray[np.int8] = self._flat[np.maximum(places, 0)]
        found[(one < 0) | (other < 0)] = MISSING
        return found
