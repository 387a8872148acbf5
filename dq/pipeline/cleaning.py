"""The step that standardises: records, contact points and addresses of one part, then the flat view."""

from dataclasses import dataclass

import pandas as pd

from dq.address import standardize_addresses
from dq.address.findings import address_key
from dq.model import ADDRESS_KEY, CHANGES, Frames
from dq.pipeline.run import Run
from dq.standardize import (
    flat_view,
    material,
    standardize_contact_points,
    standardize_records,
    with_country,
    with_deceased,
)
from dq.standards import RowPolicy


@dataclass(frozen=True)
class CleanPolicy:
    """What standardising depends on; `key` is the secret of `material`."""

    rows: RowPolicy
    key: bytes


def clean_part(frames: Frames, policy: CleanPolicy) -> Frames:
    """Standardise the records and contact points of one part and list every change.

    Args:
        frames: `records`, `contact_points` and `changes` as mapped.

    Returns:
        `records` (with the flat view and `material`), `contact_points`, and all `changes`, the mapping's included.
    """
    mapped = with_country(frames["records"], frames["contact_points"])
    records, record_changes = standardize_records(mapped, policy.rows)
    points, point_changes = standardize_contact_points(frames["contact_points"], policy.rows)
    is_address = points["kind"] == "address"
    addresses, address_changes = standardize_addresses(points.loc[is_address], policy.rows)
    addresses = addresses.assign(**{ADDRESS_KEY: address_key(addresses)})
    points = pd.concat([addresses, points.loc[~is_address]], ignore_index=True)
    points = points.sort_values(["record_id", "contact_point_id"], ignore_index=True)
    records = with_deceased(flat_view(records, points), policy.rows.standards.survivorship.deceased)
    records["material"] = material(records, points, policy.key)
    changes = [frames["changes"], record_changes, point_changes, address_changes]
    return {"records": records, "contact_points": points, "changes": sorted_changes(changes)}


def sorted_changes(changes: list[pd.DataFrame]) -> pd.DataFrame:
    """Return lists of changes as one, in the order they are written in."""
    columns = list(CHANGES.columns)
    filled = [rows.reindex(columns=columns).astype("str") for rows in changes if len(rows)]
    if not filled:
        return pd.DataFrame(columns=columns, dtype="str")
    return pd.concat(filled, ignore_index=True).sort_values(list(CHANGES.sort), na_position="first", ignore_index=True)


def standardize(run: Run) -> None:
    """Standardise every part; keeps the parts `clean`."""
    hints = run.hints()
    policy = CleanPolicy(RowPolicy(run.standards, run.plan.as_of, hints), run.plan.settings.key)
    run.keep_parts("clean", run.engine.map(clean_part, run.parts("mapped"), policy, stage="clean"))
