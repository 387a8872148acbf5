"""The page of `dq check`: would the customers load, what keeps the others out, what to do first. Judges nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dq.quality.scorecard.burn_down_page import render_part
from dq.quality.scorecard.page import fill
from dq.text.counts import counted

_BANDS: Final = (0.98, 0.90)
"""Shares of customers that load from which on the number is green, and amber: a cut-over is planned for the last two
of a hundred to be mended by hand, not for the last ten."""

OWNERS_SHOWN: Final = 15
"""Owners on the page: about a team; `user_map.csv` has all of them."""
_VERDICTS: Final = ("loads", "alters", "pollutes", "needs_org", "reject", "suppressed", "parked")
_KEPT_BACK: Final = ("suppressed", "parked")
_STUCK: Final = ("unmapped", "inactive")


def render_readiness(document: Mapping[str, Any]) -> str:
    """Return the HTML of a check.

    Args:
        document: As `dq check --format json` prints it; with `burn_down` where a day of the cut-over was named.
    """
    return fill(
        "check.html",
        check=document,
        band_of=lambda rate: next((place for place, least in enumerate(_BANDS) if rate >= least), len(_BANDS)),
        percent=percent,
        counted=counted,
        owners_shown=owners_shown,
        steps_of=steps_of,
        verdicts_of=verdicts_of,
        burn_down=render_part(document["burn_down"]) if document.get("burn_down") else "",
    )


def steps_of(fixes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return fixes step by step: those that bring something only together are one step.

    Args:
        fixes: In the order in which they pay, those of a step behind each other.

    Returns:
        Per step `adds`, `loads_after`, `sentences`.
    """
    steps: list[dict[str, Any]] = []
    for fix in fixes:
        if steps and fix["fix_id"] in steps[-1]["together"]:
            step = steps[-1]
        else:
            step = {"adds": 0, "loads_after": 0, "sentences": [], "together": fix["together"]}
            steps.append(step)
        step["adds"] += fix["adds"]
        step["loads_after"] = fix["loads_after"]
        step["sentences"].append(fix["sentence"])
    return steps


def verdicts_of(objects: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return the verdicts the table of objects has a column for: what is kept back only where anything is."""
    there = {name for counts in objects.values() for name, count in counts.items() if count}
    return [name for name in _VERDICTS if name not in _KEPT_BACK or name in there]


def owners_shown(owners: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the owners a page has room for: those from whom nobody takes over first, then the most rows."""
    ranked = sorted(owners, key=lambda one: (one["state"] not in _STUCK, -one["rows"], one["owner"]))
    return ranked[:OWNERS_SHOWN]


def percent(rate: float) -> str:
    """Write a share so that 100 % is said of nothing less.

    >>> percent(1.0), percent(0.99996), percent(0.5)
    ('100', '99.9', '50.0')
    """
    return "100" if rate >= 1 else f"{int(rate * 1000) / 10:.1f}"
