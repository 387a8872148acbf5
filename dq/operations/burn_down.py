"""The burn-down page of a home: written anew whenever a run ends in it or is taken in."""

from datetime import date
from pathlib import Path
from typing import Final

from dq.pipeline.burning import burn_downs, history_in
from dq.pipeline.tags import folders, home_folders
from dq.quality.scorecard.burn_down_page import render_burn_down
from dq.settings import Settings
from dq.tables.writing import atomic

PAGE: Final = "burn_down.html"
"""Name of the page in `var` of the home."""


def refresh_burn_down(settings: Settings, *finished: Path, cut_over: date | None = None) -> Path | None:
    """Write the burn-down of a home; return where it is.

    Args:
        settings: Home, and the day of the cut-over where the home names one.
        finished: Folders of runs that have just ended in this home and may not have been taken in; those beside them
            count where they are about the same sources.
        cut_over: The day, where it is said for this once.

    Returns:
        None where there is no home, nobody says when the cut-over is, or no run was held against a target.
    """
    day = cut_over or settings.cut_over
    if settings.home is None or day is None:
        return None
    beside = folders(settings, *(folder.parent for folder in finished))
    burns = burn_downs(history_in(beside, [*home_folders(settings), *finished]), day)
    if not burns:
        return None
    page = settings.home / "var" / PAGE
    page.parent.mkdir(exist_ok=True)
    with atomic(page) as unfinished:
        unfinished.write_text(render_burn_down([one.document() for one in burns]), encoding="utf-8")
    return page
