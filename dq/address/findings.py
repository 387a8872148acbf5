"""What any source of evidence says of an address: one list of columns, one order of trust. Asks no source itself."""

import hashlib
from typing import Final

import pandas as pd

from dq.model import TEXT

RANGES: Final = (
    "zip5",
    "state",
    "predirectional",
    "street",
    "suffix",
    "postdirectional",
    "low",
    "high",
    "parity",
    "building",
    "unit_type",
    "unit_low",
    "unit_high",
    "unit_parity",
    "plus4_low",
    "plus4_high",
    "no_delivery",
    "record_type",
    "base_alternate",
    "lacs",
    "government",
    "carrier_route",
    "finance_no",
    "county_fips",
    "urbanization_key",
    "last_line_key",
    "kind",
    "source",
    "vintage",
)
"""Columns of the one range table every street reference is loaded into: one row per range of house numbers, units or
boxes (`kind` = range) or per address (`kind` = point). All text, null where absent. `parity` is E, O or B;
`no_delivery` is Y where the file says ND; a zero-padded number has lost its zeros, a significant one is kept."""

FINDINGS: Final = (
    "address_key",
    "name_key",
    "source",
    "evidence_on",
    "outcome",
    "zip4",
    "delivery_point",
    "footnotes",
    "dpv",
    "dpv_footnotes",
    "corrections",
    "move_type",
    "move_on",
    "new_line1",
    "new_line2",
    "new_city",
    "new_state",
    "new_zip5",
    "new_zip4",
    "detail",
)
"""Columns of a finding: one row per address (and name, for moves) and source of evidence. All text, null where absent.

- `address_key`: of `address_key`; `name_key`: of `name_key`, null where the finding holds for everybody there.
- `source`: one of `GRADES`; `evidence_on`: ISO date the evidence is from (vintage, CASS date, day of the answer).
- `outcome`: one of `dq.model.ADDRESS_OUTCOMES`.
- `delivery_point`: two digits and the check digit; `footnotes`: AMS/CASS letters in order, without signs.
- `dpv`, `dpv_footnotes`: only what a provider or bureau file said, never worked out here.
- `corrections`: JSON list of [field, before, after, why]; fields are columns of `dq.model.ADDRESS_COLUMNS`.
- `move_type`: individual, family or business; `move_on`: ISO date or month of the move; `new_*`: where to.
- `detail`: one short sentence for a steward.
"""

GRADES: Final = (
    "bureau",
    "usps_api",
    "smarty",
    "usps_zip4",
    "nad_point",
    "oa_point",
    "census",
    "tiger_range",
    "geonames",
)
"""Sources of evidence, the most trusted first: who has seen the delivery point stands before who has seen its range."""

_KEY_DIGITS: Final = 20
"""80 bits: among a billion addresses two share a key with a probability of one in a million."""


def address_key(points: pd.DataFrame) -> pd.Series:
    """Return the key that evidence of an address is filed under.

    Args:
        points: Standardised addresses with `address_line1`, `address_line2`, `city`, `state`, `zip5`; +4 has no part
            in the key, because evidence brings it.

    Returns:
        Index of `points`; null where there is neither a delivery line nor a ZIP.
    """
    columns = ("address_line1", "address_line2", "city", "state", "zip5")
    filled = points[list(columns)].astype(TEXT).fillna("")
    joined = filled["address_line1"].str.cat(filled[list(columns[1:])], sep="\x1f").str.upper()
    return _hashed(joined).mask((filled["address_line1"] == "") & (filled["zip5"] == ""))


def name_key(names: pd.Series) -> pd.Series:
    """Return the key of a person's or organisation's name at an address; null where the name is missing.

    Args:
        names: `LAST|FIRST` of a person, `LAST|` of a family, `|NAME` of an organisation, after standardising.
    """
    return _hashed(names.astype(TEXT).fillna("").str.upper()).mask(names.isna())


def _hashed(texts: pd.Series) -> pd.Series:
    codes, distinct = pd.factorize(texts.to_numpy(dtype=object))
    keys = [hashlib.sha256(text.encode()).hexdigest()[:_KEY_DIGITS] for text in distinct.tolist()]
    return pd.Series(pd.array(keys, dtype=TEXT).take(codes), index=texts.index)
