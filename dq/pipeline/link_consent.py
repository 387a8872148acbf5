"""Whom a bought list must not reach: what the customers one has refused, as far as it still holds."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dq.engine import paths_of
from dq.engine.parts import to_arrow, write_part
from dq.model import DO_NOT_COLUMNS
from dq.pipeline.merging import POINTS
from dq.pipeline.run import Run
from dq.survivorship.deceased import with_deceased
from dq.survivorship.points import golden_points, most_restrictive, with_shared

_POINTS_OF: Final = f"SELECT * FROM ({POINTS}) WHERE record_id IN (SELECT record_id FROM wanted)"  # noqa: S608 (ours)
_REFUSED_VALUES: Final = """
    WITH acts AS (
        SELECT o.kind, lower(o.value) AS value, o.consent = 'opt_out' AS refuses, o.consent_at,
               max(o.consent_at) OVER (PARTITION BY o.kind, lower(o.value)) AS latest
        FROM contact_points o JOIN records r ON r.record_id = o.record_id
        WHERE r.source = '{owned}' AND o.consent IN ('opt_in', 'opt_out') AND o.kind IN ('email', 'phone', 'mobile')
    ), refused AS (
        -- The latest act holds; where one has no date, any refusal does.
        SELECT kind, value FROM acts GROUP BY kind, value
        HAVING bool_or(refuses) AND (bool_or(consent_at IS NULL) OR bool_or(refuses AND consent_at = latest))
    )
    SELECT DISTINCT l.record_id, CASE WHEN l.kind = 'email' THEN 'do_not_email' ELSE 'do_not_call' END AS channel
    FROM contact_points l JOIN records r ON r.record_id = l.record_id
    JOIN refused f ON f.kind = l.kind AND f.value = lower(l.value)
    WHERE r.source = '{listed}'
"""
_USELESS: Final = """
    SELECT DISTINCT r.record_id, p.kind
    FROM records r JOIN contact_points p
      ON p.record_id = r.record_id AND p.value = CASE p.kind WHEN 'email' THEN r.email WHEN 'phone' THEN r.phone
                                                             WHEN 'mobile' THEN r.mobile END
    WHERE r.source = '{listed}'
      AND EXISTS (SELECT 1 FROM unnest(string_split(p.flags, ' ')) AS f(flag)
                  WHERE flag <> 'email:role_account' AND (flag LIKE 'email:%' OR flag LIKE 'phone:%'))
"""


def refused_by_customers(run: Run, customers: pd.DataFrame, golden_ids: pd.Series) -> pd.DataFrame:
    """Return which channels the customers of some golden ids refuse, by the rules of golden records.

    Args:
        run: The run.
        customers: Records one has: `record_id`, `golden_id`, `is_deceased`, do-not columns.
        golden_ids: Whose refusals are asked.

    Returns:
        The do-not columns as booleans, indexed by `golden_id`.
    """
    asked = customers.loc[customers["golden_id"].isin(golden_ids)].reset_index(drop=True)
    path = run.engine.work / "linking" / "wanted.parquet"
    write_part(path, to_arrow(asked[["record_id"]]))
    files = {
        "contact_points": paths_of(run.parts("verified"), "contact_points"),
        "crosswalk": paths_of(run.parts("crosswalk"), "crosswalk"),
        "wanted": [path],
    }
    found = run.engine.frame(_POINTS_OF, files, ("golden_id", "contact_point_id"))
    rules = run.standards.survivorship
    points = with_shared(found, rules.shared_contact_above)
    golden = pd.DataFrame({"golden_id": sorted(asked["golden_id"].unique())}).astype("str")
    filled = most_restrictive(golden, asked, points, golden_points(points)[0])
    filled, _ = with_deceased(filled, asked.assign(cluster_size=1), rules.deceased)
    return filled.set_index("golden_id")[list(DO_NOT_COLUMNS)].eq(True).fillna(False).astype(bool)


def refused_values(run: Run, owned: str, listed: str) -> pd.DataFrame:
    """Return listed records one of whose e-mails or phones a customer has refused: `record_id`, `channel`.

    A refusal of calls is one of texts.
    """
    found = run.engine.frame(_filled(_REFUSED_VALUES, owned, listed), _files(run), ("record_id", "channel"))
    texts = found[found["channel"] == "do_not_call"].assign(channel="do_not_text")
    return pd.concat([found, texts], ignore_index=True)


def useless_values(run: Run, owned: str, listed: str) -> Mapping[str, pd.Series]:
    """Return kind → listed records whose first e-mail or phone reaches nobody: made up, impossible, misspelt."""
    found = run.engine.frame(_filled(_USELESS, owned, listed), _files(run), ("record_id", "kind"))
    return {kind: found.loc[found["kind"] == kind, "record_id"] for kind in ("email", "phone", "mobile")}


def _files(run: Run) -> dict[str, list]:  # type: ignore[type-arg]
    parts = run.parts("verified")
    return {"contact_points": paths_of(parts, "contact_points"), "records": paths_of(parts, "records")}


def _filled(query: str, owned: str, listed: str) -> str:
    return query.format(owned=owned.replace("'", "''"), listed=listed.replace("'", "''"))
