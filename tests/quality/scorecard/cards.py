"""A small scorecard to test the numbers and the page with."""

from collections.abc import Mapping

import pandas as pd

from dq.quality.scorecard import AddressCount, Duplicates, Example, RunFacts, Scorecard, ScorecardInput, make_scorecard
from dq.standards.dimensions import Band, Dimensions

DIMENSIONS = Dimensions(
    weights={"completeness": 1, "uniqueness": 3},
    bands=(Band(name="good", at_least=95), Band(name="acceptable", at_least=85), Band(name="poor", at_least=0)),
)
ACCOUNT = {"read": 5, "kept": 3, "merged": 1, "parked": 0, "rejected": 1, "erased": 0, "split": 0, "attached": 2}


def rule(rule_id: str, dimension: str, failed: int, **more: object) -> dict[str, object]:
    """Return a row of results; 10 values are judged unless said otherwise."""
    row: dict[str, object] = {
        "rule_id": rule_id,
        "source": "crm",
        "dimension": dimension,
        "severity": "warn",
        "weight": 1.0,
        "threshold": 0.9,
        "owner": "stewards",
        "why": "It matters.",
        "evaluated": 10,
        "failed": failed,
        **more,
    }
    evaluated = row["evaluated"]
    assert isinstance(evaluated, int)
    row["pass_rate"] = 1 - failed / evaluated if evaluated else float("nan")
    row["passes"] = not evaluated or row["pass_rate"] >= row["threshold"]  # type: ignore[operator]
    return row


def card_of(
    *rules: dict[str, object], examples: Mapping[str, tuple[Example, ...]] | None = None, stopped: tuple[str, ...] = ()
) -> Scorecard:
    """Return the scorecard of one source with these rule results."""
    results = pd.DataFrame(list(rules))
    given = ScorecardInput(
        results=results,
        rules=results,
        examples=examples or {},
        troubled={"crm": 1},
        records={"crm": 4},
        duplicates=Duplicates(4, 3, 2, 1, 2, 1, {"crm": 1}, {}),
        ledger={"sources": {"crm": ACCOUNT}, "total": ACCOUNT},
        changes={"case": 3},
        addresses=(AddressCount("consistent", 2), AddressCount("unverified", 1)),
        mapping=(
            {
                "source": "crm",
                "table": "",
                "header": "<b>Zip",
                "mapped_to": "zip5",
                "confidence": 0.9,
                "reason": "r",
                "fix": "",
            },
        ),
        countries={"crm": "US: said so"},
        facts=RunFacts("0", "2026-11-21", "safe", "abc", (("crm", "crm.csv"),)),
        stopped=stopped,
    )
    return make_scorecard(given, DIMENSIONS)
