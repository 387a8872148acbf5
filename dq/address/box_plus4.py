"""Whether the +4 of a PO box is its number, as the Postal Service gives it out. Rewrites nothing."""

from typing import Final

import pandas as pd

AGREES: Final = "po_box:+4"
"""Evidence: in 80.5 % of 2,002 real bare PO boxes with nine digits the +4 is the box's last four digits."""
DIFFERS: Final = "zip4:not_of_box"
"""Flag, for information: the other fifth is numbered otherwise or wrong, and nobody can tell from here."""
_PLUS4_DIGITS: Final = 4


def box_plus4(box: pd.Series, route: pd.Series, street: pd.Series, zip4: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Compare the +4 of bare PO boxes with their numbers.

    Args:
        box: Box numbers; route, street and zip4 of the same rows, null where absent.

    Returns:
        Evidence and flag per row, `""` where there is neither; a box with letters says nothing.
    """
    is_bare = (box.str.fullmatch(r"\d+") & route.isna() & street.isna() & zip4.notna()).fillna(False).astype(bool)
    expected = box.str[-_PLUS4_DIGITS:].str.zfill(_PLUS4_DIGITS)
    is_same = (expected == zip4).fillna(False).astype(bool)
    blank = pd.Series("", index=box.index, dtype=object)
    return blank.mask(is_bare & is_same, AGREES), blank.mask(is_bare & ~is_same, DIFFERS)
