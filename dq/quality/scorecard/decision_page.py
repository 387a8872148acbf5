"""The sheet a committee signs: go or no-go on one page of A4. Judges nothing."""

from collections.abc import Mapping
from typing import Any

from dq.quality.scorecard.page import fill
from dq.quality.scorecard.readiness_page import percent


def render_decision(document: Mapping[str, Any]) -> str:
    """Return the HTML of the sheet.

    Args:
        document: As `dq gonogo --format json` prints it.
    """
    return fill("go_no_go.html", sheet=document, percent=percent, money=money, hours=hours)


def money(hundredths: int) -> str:
    """Write a sum of hundredths in whole units: a committee reads no cents.

    >>> money(123456789), money(0)
    ('1,234,568', '0')
    """
    return f"{(hundredths + 50) // 100:,}"


def hours(line: Mapping[str, Any]) -> str:
    """Write what an object took in the mock, and what all of its rows would take at that pace.

    >>> hours({"loading": 200, "loaded": 100, "hours": 1.5}), hours({"loading": 200})
    ('1.5 h for 100 rows: 3 h for all', 'not known')
    >>> hours({"loading": 200, "loaded": 100, "hours": 1.5, "at_least": True})
    'at least 1.5 h for 100 rows: 3 h for all'
    """
    took, loaded = line.get("hours"), line.get("loaded", 0)
    if not took or not loaded:
        return "not known"
    least = "at least " if line.get("at_least") else ""
    return f"{least}{took:g} h for {loaded:,} rows: {round(took * line['loading'] / loaded, 1):g} h for all"
