"""Clusters: which records are one customer, from matched pairs and judgements. Never joins what a fact forbids."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.components import connected
from dq.matching.encoding import are_among
from dq.matching.folding import as_series, numbered, text_array
from dq.matching.judging import Judged, judged_pairs
from dq.matching.most_records import CERTAIN, most_records
from dq.matching.pair_columns import PLACES
from dq.matching.regrouping import regrouped
from dq.matching.vetoes import KEPT_APART, MORE_RECORDS, WEAK_BRIDGE
from dq.model import TEXT
from dq.text.order import places_among, sorted_texts

Codes = NDArray[np.int64]
Names: TypeAlias = "pd.Series | pa.Array"
_READ = ("record_id_l", "record_id_r", "match_weight", "outcome", "veto", *PLACES)
"""What clustering looks at in a pair."""
_DOUBTED = -1.5
"""From here down a possible match is three times likelier to be two customers: who fits both joins neither."""
FORCED = 1e9
"""Weight of a SAME judgement: before every edge of the machine."""
MOST_INSIDE = 60
"""Components of so many records are compared pair by pair however many there are: 60 records make 1,770 pairs."""
_PER_RECORD = 2
"""Larger ones are as long as they make so many pairs per record of all: a chain of namesakes shows in its ends only."""


FIRST_ROW = "first_row"
"""Column that clusters carry in memory: the first row of each row's cluster, so that nobody compares names again."""


@dataclass(frozen=True)
class Graph:
    """Matched pairs and judgements as edges between the places of records.

    Attributes:
        names: Record ids, sorted; an Arrow array.
        left: One end of each edge, the smaller.
        right: The other end.
        weights: Match weight of each edge, FORCED for a judgement.
        labels: Smallest place of the component of each record.
        judged: Judgements in force.
    """

    names: pa.Array
    left: Codes
    right: Codes
    weights: NDArray[np.float64]
    labels: Codes
    judged: Judged


def inner_pairs(pairs: pd.DataFrame, record_ids: Names, judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs inside components that were not kept when comparing, to be compared once more.

    A chain (A matches B, B matches C) says nothing about its ends: what they look like decides whether it holds.

    Args:
        pairs: Compared pairs with judgements applied.
        record_ids: Every record, each once.
        judgements: Rows of the table `judgements`; may be empty.

    Returns:
        `index_l`, `index_r` (places in the order of `record_id`), `rule` (-1: no blocking rule), sorted.
    """
    graph = _graph(pairs, record_ids, judgements)
    sizes = np.bincount(graph.labels, minlength=len(graph.names))
    members = np.flatnonzero((sizes[graph.labels] > 2) & (sizes[graph.labels] <= _largest_inside(sizes)))
    members = members[np.argsort(graph.labels[members], kind="stable")]
    labels = graph.labels[members]
    ends = np.searchsorted(labels, labels, side="right")
    later = ends - np.arange(len(members)) - 1
    first = np.repeat(np.arange(len(members)), later)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(later) - later, later)
    left, right = members[first], members[second]
    one, other = ends_of(pairs, graph.names)
    size = len(graph.names)
    new = ~are_among(left * size + right, one * size + other)
    made = pd.DataFrame({"index_l": left[new], "index_r": right[new], "rule": np.int64(-1)})
    return made.sort_values(["index_l", "index_r"], ignore_index=True)


def _largest_inside(sizes: Codes) -> int:
    """Return up to which size components are compared pair by pair, the smallest first."""
    larger = np.sort(sizes[sizes > MOST_INSIDE])
    affordable = np.searchsorted(np.cumsum(larger * (larger - 1) // 2), _PER_RECORD * len(sizes), side="right")
    return int(larger[affordable - 1]) if affordable else MOST_INSIDE


def cluster(
    pairs: pd.DataFrame,
    record_ids: Names,
    judgements: pd.DataFrame,
    inside: pd.DataFrame | None = None,
    most: int | None = None,
) -> pd.DataFrame:
    """Put records that are one customer into one cluster.

    Connected components over matched pairs and SAME judgements. A component that holds a vetoed pair, a DIFFERENT
    judgement or a pair that looks like a non-match, or more records than customers of these lists have, is built again
    edge by edge from the heaviest (see `regrouping`).

    Args:
        pairs: Compared pairs (`record_id_l`, `record_id_r`, `match_weight`, `outcome`, `veto`).
        record_ids: Every record, each once.
        judgements: Rows of the table `judgements`; may be empty.
        inside: The `inner_pairs`, compared, in the same columns.
        most: The `most_of` all pairs of the run, of which these may be a part.

    Returns:
        `record_id`, `cluster_id` (smallest `record_id` of the cluster), `cluster_size`, FIRST_ROW; by `record_id`.
    """
    pairs = pairs[[name for name in _READ if name in pairs and (inside is None or name in inside)]]
    graph = _graph(pairs, record_ids, judgements)
    every = pairs if inside is None else pd.concat([pairs, inside[list(pairs.columns)]], ignore_index=True)
    left, right = ends_of(every, graph.names)
    known = every["match_weight"].notna().to_numpy()
    weights = every["match_weight"].to_numpy(dtype=np.float64)
    # What is left out at `safe` for lack of proof makes nobody a stranger.
    strangers = every["outcome"].eq("non_match").to_numpy() & (weights <= 0)
    strangers |= every["outcome"].eq("possible_match").to_numpy() & (weights <= _DOUBTED)
    labels = regrouped(
        graph.labels,
        (graph.left, graph.right, graph.weights),
        _walls(left, right, every["veto"].notna().to_numpy(), graph),
        (left[known], right[known], weights[known]),
        strangers[known],
        most,
    )
    sizes = np.bincount(labels, minlength=len(graph.names))
    return pd.DataFrame(
        {
            "record_id": as_series(graph.names),
            "cluster_id": as_series(graph.names.take(pa.array(labels))),
            "cluster_size": sizes[labels].astype(np.int64),
            FIRST_ROW: labels,
        }
    )


def most_of(pairs: pd.DataFrame, record_ids: Names) -> int | None:
    """Return the most records that a customer has by the certain pairs of a run, None where nothing limits them.

    Args:
        pairs: Compared pairs, whether or not clusters have cut some of them.
        record_ids: Every record, each once.
    """
    left, right = ends_of(pairs, sorted_texts(text_array(record_ids)))
    return most_records(left, right, pairs["match_weight"].to_numpy(dtype=np.float64), len(record_ids))


def first_rows(clusters: pd.DataFrame) -> Codes:
    """Return the first row of the cluster of each row, from `cluster_id` where nobody has brought it along."""
    if FIRST_ROW in clusters:
        rows: Codes = clusters[FIRST_ROW].to_numpy(dtype=np.int64)
        return rows
    codes = numbered(clusters["cluster_id"])[0]
    return np.unique(codes, return_index=True)[1].astype(np.int64)[codes]


def customers_of(clusters: pd.DataFrame) -> tuple[Codes, Codes]:
    """Return the number of the cluster of each row, counted in the order of their first rows, and those rows."""
    rows = first_rows(clusters)
    is_first = rows == np.arange(len(rows))
    return (np.cumsum(is_first) - 1)[rows], np.flatnonzero(is_first)


def cut_bridges(pairs: pd.DataFrame, clusters: pd.DataFrame, most: int | None = None) -> pd.DataFrame:
    """Return the pairs, those that matched and were cut as possible matches with the reason as veto.

    Args:
        pairs: Compared pairs with judgements applied.
        clusters: `record_id`, `cluster_id`.
        most: The `most_of` all pairs of the run.
    """
    names = text_array(clusters["record_id"])
    labels = first_rows(clusters)
    sizes = np.bincount(labels, minlength=len(labels))
    one, other = ends_of(pairs, names)
    left, right = labels[one], labels[other]
    # A judgement may name a record that is not here any more: nothing was cut then.
    cut = pairs["outcome"].eq("match").to_numpy() & (left != right) & (one >= 0) & (other >= 0)
    between = np.minimum(left, right) * len(names) + np.maximum(left, right)
    apart = are_among(between[cut], between[pairs["veto"].notna().to_numpy()])
    made = pairs.copy(deep=False)
    many = np.zeros(len(apart), dtype=bool)
    if most is not None:
        weights = pairs["match_weight"].to_numpy(dtype=np.float64)[cut]
        many = (sizes[left[cut]] + sizes[right[cut]] > most) & (weights < CERTAIN)
    why = np.where(apart, KEPT_APART, np.where(many, MORE_RECORDS, WEAK_BRIDGE))
    made["veto"] = _with(made["veto"], cut, why)
    made["outcome"] = _with(made["outcome"], cut, np.full(int(cut.sum()), "possible_match"))
    return made


def _with(texts: pd.Series, rows: NDArray[np.bool_], others: NDArray[np.str_]) -> pd.Series:
    """Return a column with other texts in some rows."""
    changed = pc.replace_with_mask(text_array(texts), pa.array(rows), pa.array(others.tolist(), pa.large_string()))
    return as_series(changed, texts.index)


def _graph(pairs: pd.DataFrame, record_ids: Names, judgements: pd.DataFrame) -> Graph:
    names = sorted_texts(text_array(record_ids))
    judged = judged_pairs(judgements)
    matched = pairs[pairs["outcome"].eq("match") & pairs["veto"].isna()]
    one, other = ends_of(matched, names)
    left = np.concatenate([one, _places(names, judged.same_l)])
    right = np.concatenate([other, _places(names, judged.same_r)])
    weights = np.concatenate([matched["match_weight"].to_numpy(dtype=np.float64), np.full(len(judged.same_l), FORCED)])
    known = (left >= 0) & (right >= 0)
    low, high = np.minimum(left, right)[known], np.maximum(left, right)[known]
    return Graph(names, low, high, weights[known], connected(low, high, len(names)), judged)


def ends_of(pairs: pd.DataFrame, names: pa.Array) -> tuple[Codes, Codes]:
    """Return the place of both records of each pair among the sorted record ids, -1 where a record is none of them.

    Pairs that were compared bring their PLACES along; those that people added are looked up by name.
    """
    if set(PLACES) <= set(pairs.columns):
        left, right = (pairs[name].to_numpy(dtype=np.int64) for name in PLACES)
    else:
        left, right = (_places(names, pairs[side]) for side in ("record_id_l", "record_id_r"))
    return left, right


def _places(names: pa.Array, record_ids: "pd.Series | NDArray[np.object_]") -> Codes:
    """Return the place of each record among the names, -1 where it is none of them."""
    found = places_among(names, text_array(pd.Series(record_ids, dtype=TEXT))).fill_null(-1)
    places: Codes = found.to_numpy(zero_copy_only=False).astype(np.int64)
    return places


def _walls(one: Codes, other: Codes, vetoed: NDArray[np.bool_], graph: Graph) -> set[tuple[int, int]]:
    """Return the pairs of records that must not meet, smaller first; those in two components never could."""
    names, judged, labels = graph.names, graph.judged, graph.labels
    vetoed = vetoed & (labels[one] == labels[other])
    left = np.concatenate([one[vetoed], _places(names, judged.different_l)])
    right = np.concatenate([other[vetoed], _places(names, judged.different_r)])
    same = set(zip(_places(names, judged.same_l).tolist(), _places(names, judged.same_r).tolist(), strict=True))
    walls = zip(np.minimum(left, right).tolist(), np.maximum(left, right).tolist(), strict=True)
    return {wall for wall in walls if wall[0] >= 0 and wall not in same}
