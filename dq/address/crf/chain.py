"""One step of a linear chain: best scores and shares of labels given those before, for many sequences at once.

Knows nothing of addresses. Arrays hold labels in rows and sequences in columns. What a column comes to does not depend,
to the last bit, on the other columns; best scores are added in CRFsuite's order (src/crf1d_context.c).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dq.address.crf.model import Weights

Indexes = npt.NDArray[np.int64]

FEW = 96
"""Below so many sequences one dense product is faster than the sparse steps, whose cost is in their number."""


class Level(NamedTuple):
    """The k-th weighted transition into each label that has so many; the labels are the first `size` ones.

    Attributes:
        sources: Label each comes from.
        weights: Their weights, as a column.
        gains: exp(weight) - 1, as a column.
    """

    size: int
    sources: Indexes
    weights: Weights
    gains: Weights


@dataclass(frozen=True)
class Chain:
    """Transitions between labels, prepared. Most have weight 0, which makes a step cheap.

    Inside, labels are sorted by the number of weighted transitions into them.

    Attributes:
        order: Model's number of each label in that order; `places` is its inverse.
        transitions: Weights, sorted both ways.
        into: Weights with the labels they lead to in the model's order, and a column of zeros for the end.
        ranks: Per label how many labels the model has from it on, as a column: the first has the highest rank.
        gains: exp(weight) - 1, sorted both ways; 0 where the weight is 0. `gains_back` is turned: row to, column from.
        levels: The weighted transitions.
        never_worse: Labels without a negative transition, so that their best score is always at hand.
        sometimes_worse: The other labels.
        spared: Per label with negative transitions into it, the labels of `sometimes_worse` without one.
    """

    order: Indexes
    places: Indexes
    transitions: Weights
    into: Weights
    ranks: npt.NDArray[np.uint8]
    gains: Weights
    gains_back: Weights
    levels: tuple[Level, ...]
    never_worse: Indexes
    sometimes_worse: Indexes
    spared: tuple[tuple[int, Indexes], ...]


def make_chain(transitions: Weights) -> Chain:
    """Prepare transitions (row: from, column: to)."""
    order = np.argsort(-np.count_nonzero(transitions, axis=0), kind="stable")
    places = np.argsort(order)
    sorted_both = transitions[np.ix_(order, order)]
    has_negative = (sorted_both < 0).any(axis=1)
    worse = np.flatnonzero(has_negative)
    spared = [(label, worse[sorted_both[worse, label] >= 0]) for label in np.flatnonzero((sorted_both < 0).any(axis=0))]
    return Chain(
        order=order,
        places=places,
        transitions=sorted_both,
        into=np.pad(sorted_both[:, places], ((0, 0), (0, 1))),
        ranks=(len(order) - order).astype(np.uint8)[:, np.newaxis],
        gains=np.ascontiguousarray(np.expm1(sorted_both)),
        gains_back=np.ascontiguousarray(np.expm1(sorted_both).T),
        levels=_levels(sorted_both),
        never_worse=np.flatnonzero(~has_negative),
        sometimes_worse=worse,
        spared=tuple((int(label), labels) for label, labels in spared),
    )


def _levels(transitions: Weights) -> tuple[Level, ...]:
    sources = [np.flatnonzero(column) for column in transitions.T]
    levels = []
    for depth in range(max(map(len, sources), default=0)):
        into = [label for label, found in enumerate(sources) if len(found) > depth]
        chosen = np.array([sources[label][depth] for label in into])
        weights = transitions[chosen, into][:, np.newaxis]
        levels.append(Level(len(into), chosen, weights, np.expm1(weights)))
    return tuple(levels)


def columns(scores: Weights, steps: Indexes) -> Weights:
    """Return the scores of steps, one column per step; memory runs along the steps, as does all that follows."""
    return np.ascontiguousarray(scores[steps].T)


def best_before(chain: Chain, best: Weights) -> Weights:
    """Return max over the label before of its score and the transition, per label (rows) and sequence (columns)."""
    if best.shape[1] < FEW:
        candidates: Weights = (best[:, np.newaxis] + chain.transitions[:, :, np.newaxis]).max(axis=0)
        return candidates
    # Without transition the score is the one before. A label with a positive transition may stay among them: its own
    # candidate below is never lower. One with a negative transition may not.
    never_worse = best[chain.never_worse].max(axis=0, initial=-np.inf)
    after = np.empty_like(best)
    after[:] = np.maximum(never_worse, best[chain.sometimes_worse].max(axis=0, initial=-np.inf))
    for label, spared in chain.spared:
        np.maximum(never_worse, best[spared].max(axis=0, initial=-np.inf), out=after[label])
    room = np.empty_like(best)
    for level in chain.levels:
        candidate = room[: level.size]
        np.take(best, level.sources, axis=0, out=candidate, mode="clip")
        candidate += level.weights
        np.maximum(after[: level.size], candidate, out=after[: level.size])
    return after


def sum_before(chain: Chain, share: Weights) -> Weights:
    """Return the sum over the label before of its share times exp(transition); the shares sum to 1.

    That is 1 + the sum of share times gain, in which the transitions of weight 0 do not appear. Both branches add in
    the same order.
    """
    if share.shape[1] < FEW:
        return with_products(share, chain.gains)
    after = np.ones_like(share)
    room = np.empty_like(share)
    for level in chain.levels:
        product = room[: level.size]
        np.take(share, level.sources, axis=0, out=product, mode="clip")
        product *= level.gains
        after[: level.size] += product
    return after


def with_products(share: Weights, gains: Weights) -> Weights:
    """Return 1 + the sum over rows of `gains` of share times gain, added row by row."""
    sums: Weights = np.add.reduce(share[:, np.newaxis] * gains[:, :, np.newaxis], axis=0, initial=1.0)
    return sums


def scaled_shares(state: Weights, before: Weights | float) -> tuple[Weights, Weights]:
    """Return exp(state) * before, scaled so that columns sum to 1, and the logarithms of what they were divided by."""
    top = state.max(axis=0)
    share = np.exp(state - top)
    share *= before
    sums = total(share)
    share /= sums
    return share, np.log(sums) + top


def total(values: Weights) -> Weights:
    """Return the sums of columns, added one by one: a single column would be added in pairs, and so round otherwise."""
    if values.shape[1] == 1:
        last: Weights = np.add.accumulate(values, axis=0)[-1]
        return last
    sums: Weights = np.add.reduce(values, axis=0)
    return sums


def first_best(chain: Chain, values: Weights) -> tuple[npt.NDArray[np.uint8], Weights]:
    """Return per column the model's first label with the highest value, and that value."""
    highest = values.max(axis=0)
    # argmax would do, but runs across memory and is three times as slow.
    ranks = np.equal(values, highest).view(np.uint8) * chain.ranks
    return len(values) - ranks.max(axis=0), highest
