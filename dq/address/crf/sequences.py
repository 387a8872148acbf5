"""Best labels and probabilities of many sequences at once: Viterbi and forward-backward on a linear chain.

Knows nothing of addresses. Every result is the same to the last bit whatever other sequences are worked on beside
it, and the best path adds its numbers in CRFsuite's order, so that even a tie ends as there (src/crf1d_context.c).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dq.address.crf.model import Weights

Indexes = npt.NDArray[np.int64]

BLOCK = 2048
"""Sequences worked on together: enough that NumPy's calls do not count, few enough for the processor's cache."""
USUAL_LENGTH = 32
"""Steps up to which a block is full; of longer sequences fewer are worked on together, which bounds memory."""
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
        into: Weights with the labels they lead to in the model's order.
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


class Paths(NamedTuple):
    """Labellings of sequences of one length.

    Attributes:
        labels: Model's label numbers, one row per sequence.
        probability: Of exactly these labels, given the sequence.
    """

    labels: npt.NDArray[np.int8]
    probability: Weights


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
        into=sorted_both[:, places],
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


def decode(chain: Chain, scores: Weights, sequences: Indexes) -> Paths:
    """Return the best labels of sequences of one length, and their probabilities.

    Args:
        chain: The transitions.
        scores: Per kind of step (rows) the score of every label (columns, in the chain's order).
        sequences: One row per sequence: its steps as rows of `scores`, at least one. Sequences that start alike share
            their work where they stand side by side.
    """
    labels = np.empty(sequences.shape, dtype=np.int8)
    probability = np.empty(len(sequences))
    for rows in _blocks(*sequences.shape, BLOCK):
        labels[rows], probability[rows] = _decode_block(chain, scores, sequences[rows])
    return Paths(labels, probability)


def all_marginals(chain: Chain, scores: Weights, sequences: Indexes) -> Weights:
    """Return the probability of every label at every step: sequences x steps x labels, the last in the model's order.

    Args:
        chain: The transitions.
        scores: As for `decode`.
        sequences: As for `decode`.
    """
    # The products of a dense step take that much memory per sequence.
    blocks = _blocks(*sequences.shape, FEW - 1)
    return np.concatenate([_marginals_block(chain, scores, sequences[rows]) for rows in blocks])[:, :, chain.places]


def _blocks(count: int, length: int, most: int) -> list[slice]:
    size = max(1, min(most, BLOCK * USUAL_LENGTH // length))
    return [slice(at, at + size) for at in range(0, count, size)]


def _decode_block(chain: Chain, scores: Weights, block: Indexes) -> Paths:
    """Return the best labels; neighbours share the work on the steps they start with."""
    count, length = block.shape
    is_new = np.zeros(count, dtype=np.bool_)
    is_new[0] = True
    best: list[Weights] = []  # per step: labels x different beginnings up to it
    beginnings: list[Indexes] = []  # per step: which of them each sequence starts with
    for at in range(length):
        is_new[1:] |= block[1:, at] != block[:-1, at]
        firsts = np.flatnonzero(is_new)
        state = _columns(scores, block[firsts, at])
        if at == 0:
            best.append(state)
            share, log_norm = _shares(state, 1.0)
        else:
            parents = beginnings[-1][firsts]
            best.append(_best_before(chain, best[-1]).take(parents, axis=1) + state)
            share, log_total = _shares(state, _sum_before(chain, share).take(parents, axis=1))
            log_norm = log_norm[parents] + log_total
        beginnings.append(np.cumsum(is_new) - 1)
    labels, score = _trace_back(chain, best, beginnings)
    return Paths(labels, np.exp(score - log_norm[beginnings[-1]]))


def _marginals_block(chain: Chain, scores: Weights, block: Indexes) -> Weights:
    count, length = block.shape
    states = [_columns(scores, block[:, at]) for at in range(length)]
    shares = [_shares(states[0], 1.0)[0]]
    for state in states[1:]:
        shares.append(_shares(state, _sum_before(chain, shares[-1]))[0])
    every = np.empty((count, length, len(chain.order)))
    every[:, -1] = shares[-1].T
    after = np.ones_like(states[0])
    for at in range(length - 2, -1, -1):
        share, _ = _shares(states[at + 1], after)
        after = _with_products(share, chain.gains_back)
        marginal = shares[at] * after
        every[:, at] = (marginal / _total(marginal)).T
    return every


def _columns(scores: Weights, steps: Indexes) -> Weights:
    """Return the scores of steps, one column per step; memory runs along the steps, as does all that follows."""
    return np.ascontiguousarray(scores[steps].T)


def _best_before(chain: Chain, best: Weights) -> Weights:
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


def _sum_before(chain: Chain, share: Weights) -> Weights:
    """Return the sum over the label before of its share times exp(transition); the shares sum to 1.

    That is 1 + the sum of share times gain, in which the transitions of weight 0 do not appear. Both branches add in
    the same order.
    """
    if share.shape[1] < FEW:
        return _with_products(share, chain.gains)
    after = np.ones_like(share)
    room = np.empty_like(share)
    for level in chain.levels:
        product = room[: level.size]
        np.take(share, level.sources, axis=0, out=product, mode="clip")
        product *= level.gains
        after[: level.size] += product
    return after


def _with_products(share: Weights, gains: Weights) -> Weights:
    """Return 1 + the sum over rows of `gains` of share times gain, added row by row."""
    total: Weights = np.add.reduce(share[:, np.newaxis] * gains[:, :, np.newaxis], axis=0, initial=1.0)
    return total


def _shares(state: Weights, before: Weights | float) -> tuple[Weights, Weights]:
    """Return exp(state) * before, scaled so that columns sum to 1, and the logarithms of what they were divided by."""
    top = state.max(axis=0)
    share = np.exp(state - top)
    share *= before
    total = _total(share)
    share /= total
    return share, np.log(total) + top


def _total(values: Weights) -> Weights:
    """Return the sums of columns, added one by one: a single column would be added in pairs, and so round otherwise."""
    if values.shape[1] == 1:
        last: Weights = np.add.accumulate(values, axis=0)[-1]
        return last
    total: Weights = np.add.reduce(values, axis=0)
    return total


def _trace_back(chain: Chain, best: list[Weights], beginnings: list[Indexes]) -> tuple[npt.NDArray[np.int8], Weights]:
    """Follow the best path of each sequence from its end; of equally good labels the model's first."""
    labels = np.empty((len(beginnings[0]), len(best)), dtype=np.int8)
    last = best[-1].take(beginnings[-1], axis=1)
    at, score = _first_best(chain, last)
    labels[:, -1] = at
    for step in range(len(best) - 2, -1, -1):
        before = best[step].take(beginnings[step], axis=1)
        before += chain.into.take(at, axis=1)
        at, _ = _first_best(chain, before)
        labels[:, step] = at
    return labels, score


def _first_best(chain: Chain, values: Weights) -> tuple[npt.NDArray[np.uint8], Weights]:
    """Return per column the model's first label with the highest value, and that value."""
    highest = values.max(axis=0)
    # argmax would do, but runs across memory and is three times as slow.
    ranks = np.equal(values, highest).view(np.uint8) * chain.ranks
    return len(values) - ranks.max(axis=0), highest
