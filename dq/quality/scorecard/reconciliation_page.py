"""The page of `dq reconcile`: what became of a load, and how well the gate had foretold it. Judges nothing."""

from collections.abc import Mapping
from typing import Any

from dq.quality.scorecard.page import fill
from dq.quality.scorecard.readiness_page import percent


def render_reconciliation(document: Mapping[str, Any]) -> str:
    """Return the HTML of a reconciliation.

    Args:
        document: As `dq reconcile --format json` prints it.
    """
    sent = sum(line["sent"] for line in document["objects"])
    inside = sum(line["in"] for line in document["objects"])
    return fill("reconciliation.html", load=document, sent=sent, inside=inside, percent=percent)
