"""Best labels and probabilities of many sequences at once: Viterbi and forward-backward on a linear chain.

Knows nothing of addresses. Every result is the same to the last bit whatever other sequences are worked on beside
it, and the best path adds its numbers in CRFsuite's order, so that even a tie ends as there (src/crf1d_context.c).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dq.address.crf.chain import (
    FEW,
    Chain,
    Indexes,
    best_before,
    columns,
    first_best,
    scaled_shares,
    sum_before,
    total,
    with_products,
)
from dq.address.crf.model import Weights

NO_STEP = -1
"""Fills up sequences that are shorter than others."""
BLOCK = 6000
"""Sequences worked on together: from here on more of them, with more beginnings in common, gained nothing."""
USUAL_LENGTH = 32
"""Steps up to which a block is full; of longer sequences fewer are worked on together, which bounds memory."""


class Paths(NamedTuple):
    """Labellings of sequences.

    Attributes:
        labels: Model's label numbers, one row per sequence; any number past its end.
        probability: Of exactly these labels, given the sequence.
    """

    labels: npt.NDArray[np.int8]
    probability: Weights


class _Reached(NamedTuple):
    """How far the best paths are after a step.

    Attributes:
        rows: Sequences that have this step.
        is_end: Whether it is their last.
        best: Best score of each label (rows) for each different beginning (columns).
        beginning: Which of them each sequence has.
    """

    rows: Indexes
    is_end: npt.NDArray[np.bool_]
    best: Weights
    beginning: Indexes


def decode(chain: Chain, scores: Weights, sequences: Indexes, lengths: Indexes) -> Paths:
    """Return the best labels of sequences, and their probabilities.

    Args:
        chain: The transitions.
        scores: Per kind of step (rows) the score of every label (columns, in the chain's order).
        sequences: One row per sequence: its steps as rows of `scores`, filled up with `NO_STEP`. Sequences that start
            alike share their work where they stand side by side.
        lengths: Steps of each sequence, at least one.
    """
    labels = np.empty(sequences.shape, dtype=np.int8)
    probability = np.empty(len(sequences))
    for rows in _blocks(sequences.shape, BLOCK):
        labels[rows], probability[rows] = _decode_block(chain, scores, sequences[rows], lengths[rows])
    return Paths(labels, probability)


def all_marginals(chain: Chain, scores: Weights, sequences: Indexes) -> Weights:
    """Return the probability of every label at every step: sequences x steps x labels, the last in the model's order.

    Args:
        chain: The transitions.
        scores: As for `decode`.
        sequences: As for `decode`, but all of the same length.
    """
    # The products of a dense step take that much memory per sequence.
    blocks = _blocks(sequences.shape, FEW - 1)
    return np.concatenate([_marginals_block(chain, scores, sequences[rows]) for rows in blocks])[:, :, chain.places]


def _blocks(shape: tuple[int, ...], most: int) -> list[slice]:
    count, length = shape
    size = max(1, min(most, BLOCK * USUAL_LENGTH // length))
    return [slice(at, at + size) for at in range(0, count, size)]


def _decode_block(chain: Chain, scores: Weights, block: Indexes, lengths: Indexes) -> Paths:
    """Return the best labels; what sequences start with is worked on once where they are neighbours.

    A beginning is the steps of a sequence up to one of them; `beginning` numbers those of a step per sequence.
    """
    is_new = np.zeros(len(block), dtype=np.bool_)
    is_new[0] = True
    beginning = np.zeros(len(block), dtype=np.int64)
    log_norms = np.empty(len(block))
    reached: list[_Reached] = []
    best = share = log_norm = np.empty((0, 0))
    for at in range(block.shape[1]):
        is_new[1:] |= block[1:, at] != block[:-1, at]
        goes_on = lengths > at
        firsts = np.flatnonzero(is_new & goes_on)
        state = columns(scores, block[firsts, at])
        if at == 0:
            best, (share, log_norm) = state, scaled_shares(state, 1.0)
        else:
            before, which = _parents(beginning[firsts])
            best = best_before(chain, best.take(before, axis=1)).take(which, axis=1) + state
            share, log_total = scaled_shares(state, sum_before(chain, share.take(before, axis=1)).take(which, axis=1))
            log_norm = log_norm[before][which] + log_total
        beginning = np.cumsum(is_new & goes_on) - 1
        rows = np.flatnonzero(goes_on)
        reached.append(_Reached(rows, lengths[rows] == at + 1, best, beginning[rows]))
        log_norms[rows] = log_norm[beginning[rows]]  # that of the last step stays
    labels, score = _trace_back(chain, reached, block.shape)
    return Paths(labels, np.exp(score - log_norms))


def _parents(beginnings: Indexes) -> tuple[Indexes, Indexes]:
    """Return the different ones of sorted numbers, and which of them each is."""
    is_first = np.ones(len(beginnings), dtype=np.bool_)
    is_first[1:] = beginnings[1:] != beginnings[:-1]
    return beginnings[is_first], np.cumsum(is_first) - 1


def _marginals_block(chain: Chain, scores: Weights, block: Indexes) -> Weights:
    count, length = block.shape
    states = [columns(scores, block[:, at]) for at in range(length)]
    shares = [scaled_shares(states[0], 1.0)[0]]
    for state in states[1:]:
        shares.append(scaled_shares(state, sum_before(chain, shares[-1]))[0])
    every = np.empty((count, length, len(chain.order)))
    every[:, -1] = shares[-1].T
    after = np.ones_like(states[0])
    for at in range(length - 2, -1, -1):
        share, _ = scaled_shares(states[at + 1], after)
        after = with_products(share, chain.gains_back)
        marginal = shares[at] * after
        every[:, at] = (marginal / total(marginal)).T
    return every


def _trace_back(chain: Chain, reached: list[_Reached], shape: tuple[int, ...]) -> tuple[npt.NDArray[np.int8], Weights]:
    """Follow the best path of each sequence from its end; of equally good labels the model's first."""
    labels = np.empty(shape, dtype=np.int8)
    scores = np.empty(shape[0])
    after = np.full(shape[0], len(chain.order), dtype=np.uint8)  # the last column of `into`: nothing follows
    for at in range(len(reached) - 1, -1, -1):
        rows, is_end, best, beginning = reached[at]
        values = best.take(beginning, axis=1)
        values += chain.into.take(after[rows], axis=1)
        label, highest = first_best(chain, values)
        scores[rows[is_end]] = highest[is_end]
        labels[rows, at] = after[rows] = label
    return labels, scores
