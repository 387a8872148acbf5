"""Addresses that could be read in several ways, as questions for a steward with the readings side by side."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from dq import model
from dq.address.tagger import label
from dq.address.tokens import segments
from dq.tables.identity import case_id

KIND: Final = "address_doubt"

_PART_NAMES: Final = {
    "addr_number": "number",
    "addr_predirectional": "direction",
    "addr_street": "street",
    "addr_suffix": "suffix",
    "addr_postdirectional": "direction after",
    "addr_unit_type": "unit type",
    "addr_unit": "unit",
    "addr_box": "box",
    "addr_route": "route",
    "address_line2": "line above",
}


def doubt_cases(points: pd.DataFrame) -> pd.DataFrame:
    """Return a case per address whose outcome is `parse_doubt`.

    Args:
        points: Standardised addresses; others are passed over.

    Returns:
        Columns of CASES, sorted by `case_id`; `evidence` holds the confidence and both readings.
    """
    doubtful = points[points["address_outcome"] == "parse_doubt"]
    rows = [_case(row) for row in doubtful.to_dict("records")]
    cases = pd.DataFrame(rows, columns=list(model.CASES.columns))
    texts = [name for name in model.CASES.columns if name != "value_at_stake"]
    cases = cases.astype(dict.fromkeys(texts, model.TEXT) | {"value_at_stake": "float64"})
    return cases.sort_values("case_id", ignore_index=True)


def readings(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """Return how the rules read a delivery line and how usaddress's model reads it, part by part.

    >>> readings({"addr_number": "12", "addr_street": "OAK", "address_line1": "12 OAK"})
    ('number 12, street OAK', 'number 12, street OAK')
    """
    parts = [f"{name} {row[column]}" for column, name in _PART_NAMES.items() if isinstance(row.get(column), str)]
    tokens = tuple(token for segment in segments(str(row.get("address_line1") or "")) for token in segment.split())
    grouped: list[tuple[str, list[str]]] = []
    for token, tag in zip(tokens, label(tokens).labels, strict=True):
        name = _MODEL_NAMES.get(tag, tag)
        if grouped and grouped[-1][0] == name:
            grouped[-1][1].append(token)
        else:
            grouped.append((name, [token]))
    return ", ".join(parts), ", ".join(f"{name} {' '.join(words)}" for name, words in grouped)


def _case(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    point = str(row["contact_point_id"])
    rules, tagger = readings(row)
    typed = row.get("address_line1_raw")
    return {
        "case_id": case_id(KIND, point),
        "kind": KIND,
        "record_id": row["record_id"],
        "contact_point_id": point,
        "severity": "info",
        "evidence": f"confidence {row['address_confidence']:.2f}; typed: {typed or row['address_line1']}; "
        f"read as: {rules}; or: {tagger}",
    }


_MODEL_NAMES: Final = {
    "AddressNumber": "number",
    "AddressNumberPrefix": "number",
    "AddressNumberSuffix": "number",
    "StreetNamePreDirectional": "direction",
    "StreetNamePreModifier": "street",
    "StreetNamePreType": "street",
    "StreetName": "street",
    "StreetNamePostType": "suffix",
    "StreetNamePostDirectional": "direction after",
    "OccupancyType": "unit type",
    "OccupancyIdentifier": "unit",
    "SubaddressType": "unit type",
    "SubaddressIdentifier": "unit",
    "USPSBoxType": "box",
    "USPSBoxID": "box",
    "USPSBoxGroupType": "route",
    "USPSBoxGroupID": "route",
    "Recipient": "recipient",
    "BuildingName": "building",
    "LandmarkName": "place",
    "PlaceName": "city",
    "StateName": "state",
    "ZipCode": "ZIP",
    "NotAddress": "no address",
}
