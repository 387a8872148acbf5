"""Makes golden records: chooses value by value, keeps what lost beside it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dq.model import CHANNEL_COLUMNS, DO_NOT_COLUMNS, EXTRA, GOLDEN, IS_DECEASED, OVERRIDES, PROVENANCE, Frames
from dq.standards.survivorship import Group, Survivorship
from dq.survivorship.deceased import with_deceased
from dq.survivorship.points import golden_points, most_restrictive, with_shared
from dq.survivorship.ranking import Ranking

_NOT_CHOSEN = frozenset(
    {"golden_id", "household_id", "cluster_size", "sources", "party_type", IS_DECEASED, *DO_NOT_COLUMNS}
)


@dataclass(frozen=True)
class SurvivePolicy:
    """What surviving depends on.

    Attributes:
        rules: The survivorship section of the standards.
        trust: Source → rank, 1 is trusted most; `rules.trust` may say otherwise for a field.
        overrides: Values pinned by people (columns of `model.OVERRIDES`).
    """

    rules: Survivorship
    trust: dict[str, int]
    overrides: pd.DataFrame


@dataclass(frozen=True)
class Identities:
    """Who the rows of merged customers are, read once for all columns: number and id per row, how many customers."""

    numbers: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    golden_ids: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    record_ids: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    count: int


def survive(frames: Frames, policy: SurvivePolicy) -> Frames:
    """Turn the records of complete clusters into golden records.

    Args:
        frames: `records` (with `golden_id`, `cluster_size`, `household_id`) and `contact_points` (with `golden_id`
            and `customers`, how many golden ids have the same e-mail or phone), all rows of each golden id; and, where
            there are any, `lost_relations`, provenance of what no golden relation carries.
        policy: Rules, trust and overrides.

    Returns:
        `golden` (one row per golden id), `golden_contact_points`, and `provenance` for customers made of several
        records; a customer of one record takes every value from it, which the crosswalk says already.
    """
    records = frames["records"].sort_values(["golden_id", "record_id"], ignore_index=True)
    points = frames["contact_points"].sort_values(["golden_id", "contact_point_id"], ignore_index=True)
    points = with_shared(points, policy.rules.shared_contact_above)
    columns = _chosen_columns(records)
    single = records.loc[records["cluster_size"] == 1]
    merged = records.loc[records["cluster_size"] > 1].reset_index(drop=True)
    chosen, provenance = _choose_all(merged, columns, policy, _flagged(merged, points))
    golden = pd.concat([_frame(single, columns), _frame(chosen, columns)], ignore_index=True)
    golden = golden.sort_values("golden_id", ignore_index=True)
    golden["sources"] = _sources(records, golden["golden_id"])
    golden, provenance = _pin(golden, provenance, records, policy.overrides)
    golden_contact_points, merges = golden_points(points)
    golden = most_restrictive(golden, records, points, golden_contact_points)
    golden, marks = with_deceased(golden, records, policy.rules.deceased, policy.overrides)
    made = [provenance, merges, marks, *(frames[name] for name in ("lost_relations",) if name in frames)]
    provenance = pd.concat(made, ignore_index=True)[list(PROVENANCE.columns)]
    return {
        "golden": golden,
        "golden_contact_points": golden_contact_points,
        # Parts are cut by golden id: sorted parts make a sorted table wherever they are cut.
        "provenance": provenance.sort_values(list(PROVENANCE.sort), na_position="first", ignore_index=True),
    }


def _chosen_columns(records: pd.DataFrame) -> list[str]:
    declared = [column for column in GOLDEN.columns if column not in _NOT_CHOSEN]
    return [column for column in declared if column in records] + [
        str(name) for name in records if str(name).startswith(EXTRA)
    ]


def _frame(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return rows[["golden_id", "household_id", "cluster_size", "party_type", *columns]]


def _flagged(records: pd.DataFrame, points: pd.DataFrame) -> frozenset[str]:
    """Return `record_id|column` of every flat value that a flag objects to; addresses go by their outcome."""
    doubts: set[str] = set()
    for record_id, flags in records.loc[records["flags"].notna(), ["record_id", "flags"]].itertuples(index=False):
        doubts.update(f"{record_id}|{flag.partition(':')[0]}" for flag in flags.split())
    flagged = points.loc[points["flags"].notna() & points["kind"].isin(CHANNEL_COLUMNS), ["record_id", "kind", "value"]]
    if len(flagged):
        flat = records.set_index("record_id")
        for record_id, kind, value in flagged.itertuples(index=False):
            if record_id in flat.index and kind in flat and flat.at[record_id, kind] == value:
                doubts.add(f"{record_id}|{kind}")
    return frozenset(doubts)


def _groups(columns: list[str], rules: Survivorship) -> Iterator[tuple[str, Group]]:
    grouped: set[str] = set()
    for name, group in rules.groups.items():
        present = tuple(column for column in group.columns if column in columns)
        if present:
            grouped.update(present)
            yield name, group.model_copy(update={"columns": present})
    for column in columns:
        if column not in grouped:
            yield column, Group(columns=(column,), rules=rules.fields.get(column, rules.default))


def _choose_all(
    merged: pd.DataFrame, columns: list[str], policy: SurvivePolicy, flagged: frozenset[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    firsts = merged.drop_duplicates("golden_id")[["golden_id", "household_id", "cluster_size", "party_type"]]
    chosen = {name: firsts[name].to_numpy() for name in firsts}
    ranking = Ranking(merged, policy.trust, policy.rules, flagged)
    provenance = [pd.DataFrame(columns=list(PROVENANCE.columns), dtype="str")]
    golden_ids = pd.Index(firsts["golden_id"])
    numbers, distinct = pd.factorize(merged["golden_id"])
    ids, record_ids = merged["golden_id"].to_numpy(dtype=object), merged["record_id"].to_numpy(dtype=object)
    identities = Identities(numbers, ids, record_ids, len(distinct))
    filled = {column for column in columns if merged[column].notna().any()}
    for field, group in _groups(columns, policy.rules):
        if not filled.intersection(group.columns):  # most columns of a wide source
            chosen.update({column: merged[column].iloc[: len(firsts)].to_numpy() for column in group.columns})
            continue
        winners, rules = _choose(merged, field, group, ranking)
        for column in group.columns:
            values = pd.Series(merged[column].to_numpy()[winners], index=ids[winners])
            chosen[column] = values.reindex(golden_ids).to_numpy()
            provenance.append(_provenance(merged, column, winners, rules, identities))
    result = pd.DataFrame(chosen)
    listed = pd.concat(provenance, ignore_index=True).astype("str")
    return result.astype({column: merged[column].dtype for column in columns}), listed


def _choose(
    merged: pd.DataFrame, field: str, group: Group, ranking: Ranking
) -> tuple["np.ndarray[tuple[int], np.dtype[np.intp]]", "np.ndarray[tuple[int], np.dtype[np.object_]]"]:
    """Return the position of the winning record per golden id that has a candidate, and the rule that decided."""
    needed = [column for column in group.needs if column in merged] or list(group.columns)
    worth = merged[needed].notna().any(axis=1)
    # Where nobody has what the group needs, the rest of it still survives: a state without a street.
    has_worth = worth.groupby(merged["golden_id"]).transform("any")
    rows = np.flatnonzero(worth | (~has_worth & merged[list(group.columns)].notna().any(axis=1)))
    if not len(rows):
        return rows, np.empty(0, dtype=object)
    values = merged[list(group.columns)].iloc[rows].reset_index(drop=True)
    keys = [ranking.keys(rule, field, rows, values, needed).to_numpy(dtype="float64") for rule in group.rules]
    golden, _ = pd.factorize(merged["golden_id"].iloc[rows])
    # Rows are sorted by record_id within a golden id, and lexsort is stable: ties end at the smallest record_id.
    order = np.lexsort((*reversed(keys), golden))
    ordered = golden[order]
    is_first = np.append(True, ordered[1:] != ordered[:-1])
    winners = order[is_first]
    return rows[winners], _deciding_rules(values, golden, order, is_first, keys, group)


def _deciding_rules(
    values: pd.DataFrame,
    golden: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    order: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    is_first: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    keys: list["np.ndarray[tuple[int], np.dtype[np.float64]]"],
    group: Group,
) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Name the first rule that told the winner from the best candidate with another value."""
    identity = _identity(values)
    winners = order[is_first]
    counts = np.bincount(golden)
    place = golden[winners]
    winner_of = np.empty(len(counts), dtype=np.intp)
    winner_of[place] = winners
    others = order[identity[order] != identity[winner_of[golden[order]]]]
    rivals_at, first = np.unique(golden[others], return_index=True)
    decided = np.where(counts[place] > 1, "agreed", "only_value").astype(object)
    rival_of = dict(zip(rivals_at.tolist(), others[first].tolist(), strict=True))
    for position, winner in enumerate(winners.tolist()):
        rival = rival_of.get(int(place[position]))
        if rival is not None:
            decided[position] = next(
                (rule for rule, key in zip(group.rules, keys, strict=True) if key[winner] != key[rival]),
                "smallest_record_id",
            )
    return decided


def _identity(values: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Number the distinct rows: equal numbers mean equal values in every column."""
    identity = np.zeros(len(values), dtype=np.intp)
    for column in values:
        codes, distinct = pd.factorize(values[column].astype("str"))
        identity, _ = pd.factorize(identity * (len(distinct) + 1) + codes + 1)
    return identity


def _provenance(
    merged: pd.DataFrame,
    column: str,
    winners: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    rules: "np.ndarray[tuple[int], np.dtype[np.object_]]",
    identities: Identities,
) -> pd.DataFrame:
    """One row per golden id with any value in the column: the winner's value and every other one."""
    text = merged[column].astype("str").to_numpy(dtype=object)
    filled = merged[column].notna().to_numpy(dtype=bool)
    won = np.full(identities.count, None, dtype=object)
    won[identities.numbers[winners]] = text[winners]
    lost = np.flatnonzero((text != won[identities.numbers]) & filled)
    alternates: dict[int, dict[str, list[str]]] = {}
    for number, record_id, value in zip(
        identities.numbers[lost].tolist(), identities.record_ids[lost], text[lost], strict=True
    ):
        alternates.setdefault(number, {}).setdefault(value, []).append(record_id)
    written = np.full(identities.count, None, dtype=object)
    for number, values in alternates.items():
        written[number] = _alternates(values)
    others = written[identities.numbers[winners]]
    told = filled[winners] | np.isin(identities.numbers[winners], list(alternates))
    rows = winners[told]
    return pd.DataFrame(
        {
            "golden_id": identities.golden_ids[rows],
            "value": text[rows],
            "record_id": identities.record_ids[rows],
            "rule": rules[told],
            "alternates": others[told],
            "column": column,
            "contact_point_id": None,
        }
    )


def _alternates(values: dict[str, list[str]]) -> str:
    """Write losing values with the records that carry them, as JSON in order of value."""
    listed = [{"value": value, "record_ids": sorted(values[value])} for value in sorted(values)]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))


def _sources(records: pd.DataFrame, golden_ids: pd.Series) -> pd.Series:
    pairs = records[["golden_id", "source"]].drop_duplicates().sort_values(["golden_id", "source"])
    repeated = pairs.duplicated("golden_id", keep=False)
    joined = pairs.loc[~repeated].set_index("golden_id")["source"]
    several = pairs.loc[repeated].groupby("golden_id")["source"].agg("|".join)
    return golden_ids.map(pd.concat([joined, several])).astype("str")


def _pin(
    golden: pd.DataFrame, provenance: pd.DataFrame, records: pd.DataFrame, overrides: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put values pinned by people over the chosen ones; the latest act per golden id and column holds."""
    acts = overrides[list(OVERRIDES.columns)].merge(records[["record_id", "golden_id"]], on="record_id")
    acts = acts.loc[acts["column"].isin(golden.columns) & ~acts["column"].isin(_NOT_CHOSEN)]
    if acts.empty:
        return golden, provenance
    acts = acts.sort_values(["golden_id", "column", "at", "record_id"]).drop_duplicates(
        ["golden_id", "column"], keep="last"
    )
    golden = golden.set_index("golden_id")
    rows = {(row["golden_id"], row["column"]): row for row in provenance.to_dict("records")}
    for act in acts.to_dict("records"):
        place = (str(act["golden_id"]), str(act["column"]))
        # A customer of one record has no provenance row; the record that is overridden carried the value.
        before = rows.get(place, {"value": golden.at[place], "record_id": act["record_id"], "alternates": None})
        golden.loc[act["golden_id"], act["column"]] = act["value"]
        rows[place] = {
            "golden_id": place[0],
            "contact_point_id": None,
            "column": place[1],
            "value": act["value"],
            "record_id": act["record_id"],
            "rule": "override",
            "alternates": _with_former_value(before),
        }
    return golden.reset_index(), pd.DataFrame(list(rows.values()), columns=list(PROVENANCE.columns)).astype("str")


def _with_former_value(before: Mapping[Any, Any]) -> str | None:
    """Add the value that an override replaces to the alternates it had."""
    lost = json.loads(before["alternates"]) if pd.notna(before["alternates"]) else []
    if pd.notna(before["value"]):
        lost.append({"value": before["value"], "record_ids": [before["record_id"]]})
    lost.sort(key=lambda one: str(one["value"]))
    return json.dumps(lost, ensure_ascii=False, separators=(",", ":")) if lost else None
