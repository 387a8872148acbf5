"""Columns of records and contact points by what they hold, and the type of text."""

from typing import Final

import pandas as pd

Frames = dict[str, pd.DataFrame]
"""Tables of one part by name; what a row-local stage takes and gives."""

TEXT: Final = pd.StringDtype("pyarrow", na_value=float("nan"))
"""The dtype of every text column: pandas 3's own `str`, backed by pyarrow; a missing cell is NaN."""

NAME_COLUMNS: Final = ("prefix", "first_name", "middle_name", "last_name", "suffix", "job_title")
ORGANIZATION_COLUMNS: Final = ("organization_name", "trade_name")
ADDRESS_COLUMNS: Final = (
    "address_line1",
    "address_line2",
    "city",
    "state",
    "zip5",
    "zip4",
    "postal_code",
    "country",
)
COMPONENT_COLUMNS: Final = (
    "addr_number",
    "addr_predirectional",
    "addr_street",
    "addr_suffix",
    "addr_postdirectional",
    "addr_unit_type",
    "addr_unit",
    "addr_box",
    "addr_route",
)
VERIFICATION_COLUMNS: Final = ("address_outcome", "address_confidence", "address_evidence")
DELIVERY_POINT: Final = "delivery_point"
"""Two digits of the delivery point and the check digit of the barcode; null where no evidence determines them."""
CHANNEL_COLUMNS: Final = ("email", "phone", "mobile", "website")
"""Flat columns of `records` that show the primary contact point of that kind."""
IDENTIFIER_COLUMNS: Final = ("tax_id", "duns", "lei")
DATE_COLUMNS: Final = ("birth_on", "created_at", "updated_at", "verified_on")
DO_NOT_COLUMNS: Final = ("do_not_mail", "do_not_email", "do_not_call", "do_not_text")

STANDARDIZED_COLUMNS: Final = (
    *NAME_COLUMNS,
    *ORGANIZATION_COLUMNS,
    *ADDRESS_COLUMNS,
    *CHANNEL_COLUMNS,
    "birth_on",
    *IDENTIFIER_COLUMNS,
    "created_at",
    "updated_at",
    "verified_on",
    "value_amount",
)
"""Columns that keep their name when standardised and have a `<column>_raw` beside them."""

UNSPLIT_RECORD_COLUMNS: Final = ("full_name",)
"""Inside a run only: a name cell whose parts or whose kind of party is not known yet; emptied by standardising."""
UNSPLIT_POINT_COLUMNS: Final = ("address_text", "last_line")
"""Inside a run only: a cell with a whole address, or with city, state and ZIP; emptied by standardising."""
ADDRESS_KEY: Final = "address_key"
"""In `contact_points`: what evidence about an address is filed under; made before evidence corrects the address."""
FLAGS: Final = "flags"
"""Inside a run only, in `records` and `contact_points`: doubts found by standardising, as `column:code` words parted by
blanks (`phone:fictitious first_name:placeholder`), which rules turn into violations; null where there are none."""

IS_DECEASED: Final = "is_deceased"
"""Whether anything says that the person has died; False where nothing does."""

IS_PARKED: Final = "is_parked"
"""Column of an override by which a person brings a customer back from parking (`no`), or leaves it to the rules again
(`yes`); no table has it."""

EXTRA: Final = "extra."
"""Prefix, inside a run, of source columns without a canonical home."""


def raw(column: str) -> str:
    """Return the name of the column that keeps the source text of `column`.

    >>> raw("city")
    'city_raw'
    """
    return f"{column}_raw"
