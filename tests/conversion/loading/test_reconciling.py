"""Reconciliation: what became of every cell, and how well it was foretold."""

import pandas as pd
import pytest

from dq.conversion.loading import reconcile
from dq.model import BLOCKERS, TEXT
from tests.conversion.loads import shipped

KEY = "External_Id__c"


@pytest.mark.parametrize(
    ("sent", "found", "kind"),
    [
        ("Granite Robin LLC", "Granite Rob", "cut"),
        ("one\r\ntwo", "one\ntwo", None),
        ("a@B.com", "a@b.com", "re-cased"),
        ("not an e-mail", None, "emptied"),
        (None, "Web", "filled in"),
        ("Bowie", "Laurel", "changed"),
        ("same", "same", None),
        (None, None, None),
    ],
)
def test_a_cell_is_said_to_be_what_became_of_it(sent: str | None, found: str | None, kind: str | None) -> None:
    rows = pd.DataFrame([{"row_id": "C1", KEY: "C1", "LastName": sent}]).astype(TEXT)
    export = pd.DataFrame([{KEY: "C1", "LastName": found}]).astype(TEXT)
    became = reconcile(shipped("salesforce"), "bulk_api", {"Contact": rows}, answered(), nothing(), {"Contact": export})
    assert became.differences["kind"].tolist() == ([kind] if kind else [])
    assert became.compared == 2


def answered(**rows: str) -> pd.DataFrame:
    """Return answers: row → `yes`, or the target's error."""
    lines = [
        {
            "row_id": row,
            "object": "Contact",
            "loaded": "yes" if said == "yes" else "no",
            "target_id": None,
            "error": said,
        }
        for row, said in rows.items()
    ]
    return pd.DataFrame(lines, columns=["row_id", "object", "loaded", "target_id", "error"]).astype(TEXT)


def nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=list(BLOCKERS.columns)).astype(TEXT)


def test_predictions_are_scored_over_the_rows_that_were_sent() -> None:
    rows = pd.DataFrame([{"row_id": f"C{n}", KEY: f"C{n}", "LastName": "Linkous"} for n in range(6)]).astype(TEXT)
    foretold = pd.DataFrame(
        [
            {"object": "Contact", "row_id": "C0", "field": "LastName", "verdict": "reject"},
            {"object": "Contact", "row_id": "C1", "field": "LastName", "verdict": "reject"},
            {"object": "Contact", "row_id": "C3", "field": "LastName", "verdict": "alters"},
            {"object": "Contact", "row_id": "C4", "field": "LastName", "verdict": "alters"},
            {"object": "Contact", "row_id": "C9", "field": "LastName", "verdict": "reject"},
        ]
    ).reindex(columns=list(BLOCKERS.columns))
    said = answered(
        C0="STRING_TOO_LONG:Last Name: data value too large: x (max length=80):LastName --",
        C1="yes",
        C2="UNABLE_TO_LOCK_ROW:unable to obtain exclusive access:--",
        C3="yes",
        C5="Last Name: data value too large: xxxx (max length=80)",
    )
    told = [{KEY: f"C{n}", "LastName": "Link" if n == 3 else "Linkous"} for n in (1, 3, 5, 5, 7, 7)]
    export = pd.DataFrame(told).astype(TEXT)
    became = reconcile(shipped("salesforce"), "bulk_api", {"Contact": rows}, said, foretold, {"Contact": export})
    assert (became.rejects.right, became.rejects.false_alarms, became.rejects.missed) == (1, 1, 1)
    assert (became.alterations.right, became.alterations.false_alarms, became.alterations.missed) == (1, 0, 0)
    assert became.missing["row_id"].tolist() == ["C4"], "nobody spoke of it and it is not there"
    assert became.unexpected["row_id"].tolist() == ["C5"], "refused, and there all the same"
    assert became.twice["row_id"].tolist() == ["C5"], "C7 is none of this load"
    assert dict(zip(became.refused["row_id"], became.refused["code"].fillna(""), strict=True)) == {
        "C0": "STRING_TOO_LONG",
        "C2": "UNABLE_TO_LOCK_ROW",
        "C4": "",
    }
