"""Hides personal data on a page that gets mailed, and keeps the shape that shows what is wrong."""

import re

OPEN_COLUMNS = frozenset(
    {"created_at", "updated_at", "verified_on", "consent", "status", "state", "country", "zip5", "zip4", "record_id"}
    | {"account_key", "parent_key", "source_key", "golden_id", "department", "owner", "address_outcome", "party_type"}
)
"""Columns that say nothing about a person by themselves; shown as they are while the cell holds no more than that."""
_SHORT = re.compile(r"[\w .:+/-]{0,40}")
_RUNS = re.compile(r"\w+", re.UNICODE)
LONGEST = 60
"""Characters shown of a value: what fits a table cell."""


def mask(value: str, column: str = "") -> str:
    """Keep the first character of every word and hide the others; columns that are not personal stay readable.

    A cell that was split (`Boston, MA 02139`) holds more than its column says and is hidden.

    >>> mask("jane.doe@acme.com"), mask("02139-1"), mask("02139-1", "zip5"), mask("Boston, MA 02139", "zip5")
    ('j•••.d••@a•••.c••', '0••••-1', '02139-1', 'B•••••, M• 0••••')
    """
    if column in OPEN_COLUMNS and _SHORT.fullmatch(value):
        return value
    return _RUNS.sub(lambda run: run.group()[0] + "•" * (len(run.group()) - 1), shorten(value))


def shorten(value: str, column: str = "") -> str:
    """Cut a value that is too long for a cell; `column` is there so that it can stand in for `mask`.

    >>> len(shorten("x" * 100))
    60
    """
    del column
    return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
