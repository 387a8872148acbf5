"""Moves told by a mail house as new contact points with dates. Overwrites no address and asks nobody."""

from datetime import date
from typing import Final

import pandas as pd

from dq import model
from dq.address.applying import AT_MOST, months_old
from dq.address.bureau.dates import first_day
from dq.address.bureau.parties import BUSINESS, FAMILY, INDIVIDUAL, party_names
from dq.address.findings import address_key
from dq.address.standardize import standardize_addresses
from dq.model import ADDRESS_KEY, TEXT, raw
from dq.standards import RowPolicy
from dq.text.distinct import map_distinct

MOVED_AWAY: Final = "moved_away"
MOVED_TO: Final = "moved_to"
"""Reasons of changes: the end of the address that was left, and the values of the new one."""

_MOVED: Final = "moved"
_KIND: Final = "address"
_KINDS: Final = (INDIVIDUAL, FAMILY, BUSINESS)
_MOST_MOVES: Final = 10
"""Moves followed one after another: changes of address are kept four years, and nobody moves oftener."""
_KEPT: Final = ("record_id", "kind", "role", "consent", "consent_at", "consent_source", "row")
"""What the new contact point shares with the old one: it is the same person in the same role."""
_NEW: Final = {
    "address_line1": "new_line1",
    "address_line2": "new_line2",
    "city": "new_city",
    "state": "new_state",
    "zip5": "new_zip5",
    "zip4": "new_zip4",
}


def apply_moves(
    points: pd.DataFrame, findings: pd.DataFrame, names: pd.DataFrame, policy: RowPolicy
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give records that moved a new address with dates; the old one ends and stays.

    An individual's move concerns the records of that name at the address, a family's all of that surname there, a
    business's the organisation. The new contact point keeps the role, starts on the day of the move (a month counts
    from its first day) and is standardised like any other. A move after the day of the run waits; one from before
    the address was taken up is of somebody before. Doing it twice changes nothing.

    Args:
        points: Standardised contact points; addresses may carry `address_key`, which is computed where it is missing.
        findings: Columns of FINDINGS; only moves are used.
        names: Standardised records: `record_id`, `first_name`, `last_name`, `organization_name`, `party_type`.
        policy: Standards and the day of the run.

    Returns:
        The points in their order, new ones behind them; and the changes: the end of each address left (`moved_away`),
        the values of each new one (`moved_to`) and what standardising altered in them.
    """
    moves = _moves(findings, policy.as_of)
    if not len(moves) or not len(points):
        return points, _no_changes()
    result = _with_columns(points).assign(**{ADDRESS_KEY: _keys(points)}).reset_index(drop=True)
    parties = party_names(names).assign(record_id=names["record_id"].astype(TEXT))
    changes = []
    for _ in range(_MOST_MOVES):
        left = _left(result, moves, parties)
        result, ended = _ended(result, left, policy.as_of)
        added, listed = _added(result, left, policy)
        changes += [ended, listed]
        if not len(added):
            break
        result = pd.concat([result, added], ignore_index=True)
    result = result.drop(columns=[] if ADDRESS_KEY in points else [ADDRESS_KEY])
    result = result.astype({column: points[column].dtype for column in points.columns})
    every = pd.concat(changes, ignore_index=True)
    return result, every.sort_values(list(model.CHANGES.sort), na_position="first", ignore_index=True)


def _moves(findings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the moves up to a day with `moved_on`; one without a date is known to be over when it was told."""
    moves = findings[(findings["outcome"] == _MOVED) & findings["name_key"].notna()].reset_index(drop=True)
    on = map_distinct(moves["move_on"].fillna(moves["evidence_on"]), first_day)
    return moves.assign(moved_on=on)[on.notna() & (on <= as_of.isoformat())]


def _keys(points: pd.DataFrame) -> pd.Series:
    keys = address_key(points)
    own = points[ADDRESS_KEY].astype(TEXT).fillna(keys) if ADDRESS_KEY in points else keys
    return own.where(points["kind"] == _KIND).astype(TEXT)


def _left(points: pd.DataFrame, moves: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return one row per address that a record left: `place` in `points`, and the move that says so."""
    by_kind = [
        parties[["record_id", kind]].rename(columns={kind: "name_key"}).assign(move_type=kind).dropna()
        for kind in _KINDS
    ]
    keyed = pd.concat(by_kind, ignore_index=True).astype(TEXT)
    places = points[["record_id", ADDRESS_KEY, "valid_from"]].reset_index(names="place")
    concerned = places[places[ADDRESS_KEY].isin(moves[ADDRESS_KEY])].merge(keyed, on="record_id")
    left = concerned.merge(moves, on=[ADDRESS_KEY, "name_key", "move_type"])
    left = left[left["valid_from"].isna() | (left["valid_from"] < left["moved_on"])]
    # What is said of the one name is closer than what is said of its family.
    rank = left["move_type"].map({kind: place for place, kind in enumerate(_KINDS)})
    order = left.assign(rank=rank).sort_values(["place", "rank", "moved_on"], ascending=[True, True, False])
    return order.drop_duplicates("place").reset_index(drop=True)


def _ended(points: pd.DataFrame, left: pd.DataFrame, as_of: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """End the addresses that were left; list the end where it is new."""
    rows = points.loc[left["place"]]
    move = left.set_axis(rows.index)
    is_open = rows["valid_to"].isna() | (rows["valid_to"] > move["moved_on"])
    is_news = is_open | (rows["address_outcome"] != _MOVED)
    altered = {
        "valid_to": move["moved_on"].where(is_open, rows["valid_to"]),
        "address_outcome": pd.Series(_MOVED, index=rows.index, dtype=TEXT),
        "address_confidence": rows["address_confidence"].astype("float64").clip(upper=AT_MOST[_MOVED]),
        "address_evidence": _evidence(move, rows["address_evidence"], as_of).where(is_news, rows["address_evidence"]),
    }
    result = points.copy()
    for column, values in altered.items():
        result[column] = values.reindex(points.index).where(points.index.isin(rows.index), points[column])
    ended = rows[is_open]
    return result, _listed(ended, "valid_to", ended["valid_to"], altered["valid_to"][is_open], MOVED_AWAY)


def _added(points: pd.DataFrame, left: pd.DataFrame, policy: RowPolicy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the contact points to add, and the changes that list their values."""
    has_new = left["new_line1"].notna() | left["new_line2"].notna()
    move = left[has_new].reset_index(drop=True)
    if not len(move):
        return points.iloc[:0], _no_changes()
    told = points.loc[move["place"], [column for column in _KEPT if column in points]].reset_index(drop=True)
    for column, source in _NEW.items():
        told[column] = told[raw(column)] = move[source].astype(TEXT)
    # Standardising names its changes by contact point: the place stands for the id until it is known who is new.
    told = told.assign(country="US", valid_from=move["moved_on"], contact_point_id=told.index.astype(TEXT))
    standard, altered = standardize_addresses(told, policy)
    standard[ADDRESS_KEY] = address_key(standard)
    standard["address_evidence"] = _evidence(move, standard["address_evidence"], policy.as_of)
    is_new = ~_is_known(points, standard) & ~standard.duplicated(["record_id", "role", ADDRESS_KEY])
    added = standard[is_new].assign(contact_point_id=_next_ids(points, standard.loc[is_new, "record_id"]))
    named = told[is_new].assign(contact_point_id=added["contact_point_id"])
    altered = altered[altered["contact_point_id"].isin(told.loc[is_new, "contact_point_id"])]
    ids = altered["contact_point_id"].map(
        dict(zip(told.index.astype(TEXT)[is_new], added["contact_point_id"], strict=True))
    )
    values = [named[column].dropna() for column in _NEW]
    changes = [_listed(named.loc[value.index], str(value.name), None, value, MOVED_TO) for value in values]
    return added.reindex(columns=points.columns), pd.concat(
        [*changes, altered.assign(contact_point_id=ids.astype(TEXT))], ignore_index=True
    )


def _is_known(points: pd.DataFrame, standard: pd.DataFrame) -> pd.Series:
    """Tell which addresses the record has already, in that role and not ended before the move."""
    keys = ["record_id", "role", ADDRESS_KEY]
    own = points[[*keys, "valid_to"]].dropna(subset=[ADDRESS_KEY]).fillna({"role": ""})
    wanted = standard[[*keys, "valid_from"]].fillna({"role": ""}).reset_index(names="place")
    both = wanted.merge(own, on=keys)
    lasting = both[both["valid_to"].isna() | (both["valid_to"] > both["valid_from"])]
    return pd.Series(standard.index.isin(lasting["place"]), index=standard.index)


def _next_ids(points: pd.DataFrame, records: pd.Series) -> pd.Series:
    """Return `record_id|address|n` with the numbers after those the record has: existing ids never change."""
    own = points[(points["kind"] == _KIND) & points["record_id"].isin(records)]
    numbers = own["contact_point_id"].str.rsplit("|", n=1).str[-1].astype("int64")
    last = numbers.groupby(own["record_id"]).max()
    following = records.map(last).fillna(0).astype("int64") + records.groupby(records).cumcount() + 1
    return records + f"|{_KIND}|" + following.astype(TEXT)


def _evidence(moves: pd.DataFrame, own: pd.Series, as_of: date) -> pd.Series:
    """Return what an address rests on: `bureau:2026-10-05 age:1mo move_on:2026-07` before what it rested on."""
    texts = []
    for source, on, moved_on, words in zip(moves["source"], moves["evidence_on"], moves["move_on"], own, strict=True):
        age = months_old(on, as_of) if isinstance(on, str) else None
        texts.append(
            " ".join(
                [
                    f"{source}:{on}" if isinstance(on, str) else f"{source}:undated",
                    *([] if age is None else [f"age:{age}mo"]),
                    *([f"move_on:{moved_on}"] if isinstance(moved_on, str) else []),
                    *([words] if isinstance(words, str) else []),
                ]
            )
        )
    return pd.Series(texts, index=own.index, dtype=TEXT)


def _with_columns(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points with the columns that a move fills, null where they were missing."""
    absent = {
        column: pd.Series(pd.NA, index=points.index, dtype=TEXT)
        for column in ("role", "valid_from", "valid_to", "address_outcome", "address_evidence")
        if column not in points
    }
    if "address_confidence" not in points:
        absent["address_confidence"] = pd.Series(float("nan"), index=points.index, dtype="float64")
    return points.assign(**absent)


def _listed(rows: pd.DataFrame, column: str, before: pd.Series | None, after: pd.Series, reason: str) -> pd.DataFrame:
    changes = pd.DataFrame(
        {
            "record_id": rows["record_id"],
            "contact_point_id": rows["contact_point_id"],
            "column": column,
            "before": pd.NA if before is None else before,
            "after": after,
            "reason": reason,
        },
        columns=list(model.CHANGES.columns),
    )
    return changes.astype(TEXT)


def _no_changes() -> pd.DataFrame:
    return pd.DataFrame(columns=list(model.CHANGES.columns), dtype=TEXT)
