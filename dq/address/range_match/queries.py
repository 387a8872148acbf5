"""The tables that a run needs to hold its addresses against ranges part by part, as queries for the engine.

Parts are cut by ZIP so that all ranges of a ZIP lie in one part; how, `dq/address/README.md` shows.
"""

from typing import Final

from dq.address.range_match.areas import ASKED_ZIP5
from dq.address.range_match.candidates import RANGE_COLUMNS
from dq.address.range_match.questions import READ

RANGE_ROWS: Final = 400_000
"""Ranges of a part: about 200 MB as frames, 400 MB with what is worked out of them."""

_CELLS: Final = ", ".join(
    f"min({column}) AS {column}" for column in READ if column not in ("address_key", "zip5", "firm")
)

ADDRESSES: Final = f"""
    SELECT address_key, {_CELLS}, coalesce(min(zip5), '') AS zip5
    FROM contact_points
    WHERE kind = 'address' AND country = 'US' AND address_key IS NOT NULL
    GROUP BY address_key
"""  # noqa: S608 (names of columns are ours)
"""The distinct American addresses of `contact_points`. Sort by `zip5, address_key`."""

RANGES: Final = f"""
    SELECT {", ".join(RANGE_COLUMNS)} FROM ranges WHERE zip5 IN (SELECT zip5 FROM addresses)
"""  # noqa: S608
"""The ranges of the ZIPs that `addresses` lie in. Sort by `zip5`; nothing depends on the order within."""

TRIED: Final = f"SELECT {', '.join((*READ, ASKED_ZIP5))} FROM addresses"  # noqa: S608
"""What `ask_elsewhere` gave, to be cut anew. Sort by `zip5, address_key`."""

AREAS_OF_RANGES: Final = "SELECT DISTINCT zip5, finance_no FROM ranges"
"""Areas from the range table alone."""

AREAS_OF_CITIES: Final = """
    SELECT DISTINCT zip5, finance_no, zip_class, state, city FROM cities WHERE coalesce(facility, '') <> 'U'
"""
"""Areas from the City State file, which also knows cities and the class of a ZIP."""
