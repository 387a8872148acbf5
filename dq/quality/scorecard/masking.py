"""Hides personal data on a page that gets mailed, and keeps the shape that shows what is wrong."""

import re

_RUNS = re.compile(r"\w+", re.UNICODE)
LONGEST = 60
"""Characters shown of a value: what fits a table cell."""


def mask(value: str) -> str:
    """Keep the first character of every word and hide the others.

    >>> mask("jane.doe@acme.com"), mask("02139-1")
    ('j•••.d••@a•••.c••', '0••••-1')
    """
    return _RUNS.sub(lambda run: run.group()[0] + "•" * (len(run.group()) - 1), shorten(value))


def shorten(value: str) -> str:
    """Cut a value that is too long for a cell.

    >>> len(shorten("x" * 100))
    60
    """
    return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
