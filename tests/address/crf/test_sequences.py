"""Viterbi and forward-backward, against every possible labelling of short sequences."""

from itertools import pairwise, product

import numpy as np
import pytest

from dq.address.crf import sequences
from dq.address.crf.chain import FEW, Chain, make_chain
from dq.address.crf.sequences import BLOCK, NO_STEP, all_marginals, decode

LABELS = 4


def made(seed: int, kinds: int = 6) -> tuple[Chain, np.ndarray, np.ndarray]:
    """Return a chain of few labels, transitions with many zeros, and scores in the model's and the chain's order."""
    chance = np.random.default_rng(seed)
    transitions = np.where(chance.random((LABELS, LABELS)) < 0.5, 0.0, chance.normal(0, 2, (LABELS, LABELS)))
    scores = chance.normal(0, 2, (kinds, LABELS))
    return make_chain(transitions), transitions, scores


def every_labelling(transitions: np.ndarray, states: np.ndarray) -> dict[tuple[int, ...], float]:
    """Return the score of each labelling of one sequence."""
    found = {}
    for labels in product(range(LABELS), repeat=len(states)):
        moves = sum(transitions[a, b] for a, b in pairwise(labels))
        found[labels] = sum(state[label] for state, label in zip(states, labels, strict=True)) + moves
    return found


@pytest.mark.parametrize("count", [1, 3, FEW + 4])
@pytest.mark.parametrize("length", [1, 2, 5])
def test_best_labels_probability_and_marginals(count: int, length: int) -> None:
    chain, transitions, scores = made(seed=count * 10 + length)
    rows = np.random.default_rng(1).integers(0, len(scores), (count, length))
    paths = decode(chain, scores[:, chain.order], rows, np.full(count, length))
    every = all_marginals(chain, scores[:, chain.order], rows)
    for at in range(min(count, 5)):
        weighed = every_labelling(transitions, scores[rows[at]])
        best = max(weighed, key=weighed.__getitem__)
        total = np.exp(list(weighed.values())).sum()
        assert tuple(paths.labels[at]) == best
        assert paths.probability[at] == pytest.approx(np.exp(weighed[best]) / total, abs=1e-12)
        for step in range(length):
            for label in range(LABELS):
                share = sum(np.exp(score) for labels, score in weighed.items() if labels[step] == label) / total
                assert every[at, step, label] == pytest.approx(share, abs=1e-12)


def test_marginals_sum_to_one() -> None:
    chain, _, scores = made(seed=7)
    rows = np.random.default_rng(2).integers(0, len(scores), (40, 30))
    assert all_marginals(chain, scores, rows).sum(axis=2) == pytest.approx(1)


def test_of_equally_good_labels_the_first_wins() -> None:
    chain = make_chain(np.zeros((LABELS, LABELS)))
    paths = decode(chain, np.zeros((1, LABELS)), np.zeros((2, 3), dtype=np.int64), np.array([3, 3]))
    assert paths.labels.tolist() == [[0, 0, 0]] * 2
    assert paths.probability.tolist() == pytest.approx([LABELS**-3] * 2)


@pytest.mark.parametrize("length", [1, 2, 7])
def test_results_do_not_depend_on_the_company(length: int) -> None:
    chain, _, scores = made(seed=3, kinds=50)
    rows = np.random.default_rng(3).integers(0, len(scores), (BLOCK + 5, length))
    lengths = np.full(len(rows), length)
    together, marginals = decode(chain, scores, rows, lengths), all_marginals(chain, scores, rows)
    for at in (0, 1, BLOCK - 1, BLOCK, BLOCK + 4):
        alone = decode(chain, scores, rows[at : at + 1], lengths[:1])
        assert np.array_equal(alone.labels[0], together.labels[at])
        assert alone.probability[0] == together.probability[at]
        assert np.array_equal(all_marginals(chain, scores, rows[at : at + 1])[0], marginals[at])


def test_sequences_of_several_lengths_that_start_alike_are_those_of_each_alone() -> None:
    chain, _, scores = made(seed=9, kinds=3)
    chance = np.random.default_rng(9)
    lengths = chance.integers(1, 8, 5_000)
    rows = np.where(np.arange(7) < lengths[:, np.newaxis], chance.integers(0, len(scores), (5_000, 7)), NO_STEP)
    order = np.lexsort(rows.T[::-1])
    for chosen in (order, np.arange(len(rows))):
        together = decode(chain, scores, rows[chosen], lengths[chosen])
        for place, at in enumerate(chosen[:200]):
            alone = decode(chain, scores, rows[at : at + 1, : lengths[at]], lengths[at : at + 1])
            assert np.array_equal(alone.labels[0], together.labels[place, : lengths[at]])
            assert alone.probability[0] == together.probability[place]


def test_great_scores_neither_overflow_nor_vanish() -> None:
    chain, _, scores = made(seed=5)
    rows = np.random.default_rng(5).integers(0, len(scores), (4, 600))
    paths = decode(chain, scores * 300, rows, np.full(4, 600))
    assert np.isfinite(paths.probability).all()
    assert (paths.probability > 0).all()


def test_long_sequences_are_worked_on_in_smaller_blocks() -> None:
    long = np.zeros((10, sequences.USUAL_LENGTH * BLOCK // 4), dtype=np.int64)
    assert sequences._blocks(long.shape, BLOCK) == [slice(0, 4), slice(4, 8), slice(8, 12)]
