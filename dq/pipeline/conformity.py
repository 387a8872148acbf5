"""What targets make of the customers, as lines of the scorecard: dimension conformity, without weight in the score.

The score is about the data and is compared from run to run; a target that is named in one run and not in the next
would move it without anything having happened to a customer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from dq.quality.results import RESULTS
from dq.quality.scorecard import Example

_SEVERITY: Final = {"reject": "warn"}
"""Verdict → severity; what loads all the same is for information."""


def conformity_rules(readiness: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return one row per way in which rows of a target fall short, columns of `RESULTS` without `source`."""
    rows = []
    for target in readiness:
        for trouble in target["troubles"]:
            judged = sum(target["objects"].get(trouble["object"], {}).values())
            rows.append(
                {
                    "rule_id": trouble["rule_id"],
                    "layer": "golden",
                    "table": "golden",
                    "dimension": "conformity",
                    "severity": _SEVERITY.get(trouble["verdict"], "info"),
                    "weight": 0.0,
                    "threshold": 1.0,
                    "owner": "",
                    "why": f"{target['title']} ({target['path_title']}): {trouble['verdict']}, {trouble['check']}.",
                    "evaluated": judged,
                    "failed": trouble["rows"],
                    "nulls": 0,
                    "total": judged,
                    "pass_rate": 1.0 - trouble["rows"] / judged if judged else 1.0,
                    "passes": False,
                }
            )
    return pd.DataFrame(rows, columns=[column for column in RESULTS if column != "source"])


def conformity_examples(readiness: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Example, ...]]:
    """Return the rows shown per rule."""
    return {
        trouble["rule_id"]: tuple(
            Example(one["customer"], trouble["field"], one["value"], "", one["message"]) for one in trouble["examples"]
        )
        for target in readiness
        for trouble in target["troubles"]
    }
