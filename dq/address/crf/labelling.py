"""Lines to labelled tokens with probabilities: cuts, classes and sequences put together, a part at a time."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from dq.address.crf.chain import Indexes
from dq.address.crf.model import Weights
from dq.address.crf.sequences import NO_STEP, USUAL_LENGTH, all_marginals, decode
from dq.address.crf.tables import tables
from dq.address.crf.tokenizing import tokenize
from dq.model import TEXT

PART_LINES: Final = 100_000
"""Lines worked on together: enough that classes and sequences repeat; about 90 MB for streets, 180 MB for addresses."""
PART_BYTES: Final = 4_000_000
"""Bytes of text worked on together, unless a single line has more."""
_KEY_BITS: Final = 62  # of the integer that sequences are sorted by


class _Labels(NamedTuple):
    """Labels of sequences, side by side.

    Attributes:
        labels: Number of the label, per token.
        probability: Per sequence.
        marginals: Of the label, per token; empty unless asked for.
    """

    labels: npt.NDArray[np.int8]
    probability: Weights
    marginals: Weights


class _Part(NamedTuple):
    """What a part of the lines gave; columns of tokens, and `lines`: positions in the part, per token."""

    lines: Indexes
    positions: npt.NDArray[np.int32]
    tokens: pa.LargeStringArray
    labels: npt.NDArray[np.int8]
    probability: Weights
    marginals: Weights


def label_lines(lines: pd.Series, *, marginals: bool = False) -> pd.DataFrame:
    """Label the tokens of address lines as `usaddress.parse` does, with the model's probability.

    Args:
        lines: One address per row. Nulls and lines without a token give no rows; a cell that is no text is read as
            its text.
        marginals: Whether to add the column `marginal`.

    Returns:
        One row per token, in the order of `lines`: `line` (index label of the input), `position` (from 0), `token`,
        `label` (categorical), `probability` (of the labels of the whole line, so equal in all its rows) and, if asked
        for, `marginal` (of this token's label, whatever the labels of the others).

    >>> label_lines(pd.Series(["12 N Main St."])).round(2)
       line  position token                     label  probability
    0     0         0    12             AddressNumber         0.99
    1     0         1     N  StreetNamePreDirectional         0.99
    2     0         2  Main                StreetName         0.99
    3     0         3   St.        StreetNamePostType         0.99
    """
    texts = _texts(lines)
    parts = [_label_part(texts.slice(start, stop - start), marginals) for start, stop in _bounds(texts)]
    starts = [start for start, _ in _bounds(texts)]
    rows = np.concatenate([part.lines + start for part, start in zip(parts, starts, strict=True)])
    tokens = pa.chunked_array([part.tokens for part in parts], pa.large_string())
    columns = {
        "line": lines.index.to_flat_index().take(rows),
        "position": np.concatenate([part.positions for part in parts]),
        "token": tokens.to_pandas(types_mapper={pa.large_string(): TEXT}.get),
        "label": pd.Categorical.from_codes(
            np.concatenate([part.labels for part in parts]), pd.Index(tables().labels), validate=False
        ),
        "probability": np.concatenate([part.probability for part in parts]),
    }
    if marginals:
        columns["marginal"] = np.concatenate([part.marginals for part in parts])
    return pd.DataFrame(columns, copy=False)


def _texts(lines: pd.Series) -> pa.LargeStringArray:
    """Return the cells as text; a null is an empty text."""
    if lines.dtype != TEXT:
        try:
            lines = lines.astype(TEXT)
        except UnicodeEncodeError:  # half of a surrogate pair, which no UTF-8 text can hold
            lines = lines.map(_encodable, na_action="ignore").astype(TEXT)
    texts = pa.chunked_array(pa.array(lines, from_pandas=True)).cast(pa.large_string()).fill_null("")
    return texts.combine_chunks()


def _encodable(cell: object) -> str:
    return str(cell).encode("utf-8", "replace").decode("utf-8")


def _bounds(texts: pa.LargeStringArray) -> list[tuple[int, int]]:
    """Return where parts start and stop."""
    bounds = np.frombuffer(texts.buffers()[1], np.int64, len(texts) + 1, texts.offset * 8)
    cuts = [0]
    while cuts[-1] < len(texts):
        start = cuts[-1]
        fits = int(np.searchsorted(bounds, bounds[start] + PART_BYTES, side="right")) - 1
        cuts.append(min(max(fits, start + 1), start + PART_LINES, len(texts)))
    return list(pairwise(cuts)) or [(0, 0)]


def _label_part(lines: pa.LargeStringArray, with_marginals: bool) -> _Part:
    tagger = tables()
    tokens = tokenize(lines)
    counts = np.diff(tokens.offsets)
    filled = np.flatnonzero(counts)
    counts = counts[filled]
    starts = tokens.offsets[filled]
    different = tokens.values.dictionary_encode()
    classes = tagger.classes.of_tokens(different.dictionary)[different.indices.to_numpy()]
    sequences, sequence_starts, which = _different_sequences(classes, np.append(starts, len(classes)))
    sequences, sequence_starts, rank = _sorted_sequences(sequences, sequence_starts)
    which = rank[which]
    found = _label_sequences(sequences, sequence_starts, with_marginals)
    positions = np.arange(len(classes)) - np.repeat(starts, counts)
    at = positions + np.repeat(sequence_starts[which], counts)
    return _Part(
        lines=np.repeat(filled, counts),
        positions=positions.astype(np.int32),
        tokens=tokens.values,
        labels=found.labels[at],
        probability=np.repeat(found.probability[which], counts),
        marginals=found.marginals[at] if with_marginals else found.marginals,
    )


def _different_sequences(classes: Indexes, offsets: Indexes) -> tuple[Indexes, Indexes, Indexes]:
    """Return the different sequences side by side, where each starts (and the end), and which of them each line is."""
    bytes_each = classes.itemsize
    buffers = [None, pa.py_buffer(offsets * bytes_each), pa.py_buffer(classes)]
    encoded = pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers).dictionary_encode()
    _, bounds, content = encoded.dictionary.buffers()
    starts = np.frombuffer(bounds, np.int64, len(encoded.dictionary) + 1) // bytes_each
    different = np.frombuffer(content, classes.dtype, starts[-1]) if len(classes) else classes
    return different, starts, encoded.indices.to_numpy()


def _sorted_sequences(classes: Indexes, starts: Indexes) -> tuple[Indexes, Indexes, Indexes]:
    """Return the sequences by their first classes, where each starts, and where each came to stand.

    Sequences that start alike share work (`decode`); classes as far in as fit a number suffice for that. The few long
    ones stand at the end, by length.
    """
    lengths = np.diff(starts)
    bits = int(classes.max(initial=1)).bit_length()
    key = np.zeros(len(lengths), dtype=np.int64)
    for at in range(_KEY_BITS // bits):
        has_more = np.flatnonzero(lengths > at)
        key <<= bits
        key[has_more] |= classes[starts[:-1][has_more] + at]
    order = np.lexsort((key, np.where(lengths > USUAL_LENGTH, lengths, 0)))
    sorted_starts = np.zeros_like(starts)
    np.cumsum(lengths[order], out=sorted_starts[1:])
    moved = np.repeat(starts[:-1][order] - sorted_starts[:-1], lengths[order]) + np.arange(len(classes))
    return classes[moved], sorted_starts, order.argsort()


def _label_sequences(classes: Indexes, starts: Indexes, with_marginals: bool) -> _Labels:
    """Label sequences in the order of `_sorted_sequences`."""
    tagger = tables()
    step, contexts = pd.factorize(tagger.classes.contexts(classes, starts))
    scores = tagger.classes.scores(contexts)
    lengths = np.diff(starts)
    labels = np.empty(len(classes), dtype=np.int8)
    probability = np.empty(len(lengths))
    for rows in _groups(lengths):
        chosen = slice(starts[rows.start], starts[rows.stop])
        length = lengths[rows]
        is_step = np.arange(length.max()) < length[:, np.newaxis]
        steps = np.full(is_step.shape, NO_STEP, dtype=np.int64)
        steps[is_step] = step[chosen]
        paths = decode(tagger.chain, scores, steps, length)
        labels[chosen] = paths.labels[is_step]
        probability[rows] = paths.probability
    return _Labels(labels, probability, _marginals(step, scores, starts, labels) if with_marginals else np.empty(0))


def _groups(lengths: Indexes) -> list[slice]:
    """Return the rows that are worked on together: those of usual length, and the long ones of each length."""
    bounds = np.flatnonzero(np.diff(np.maximum(lengths, USUAL_LENGTH), prepend=0, append=0))
    return [slice(int(start), int(stop)) for start, stop in pairwise(bounds)]


def _marginals(step: Indexes, scores: Weights, starts: Indexes, labels: npt.NDArray[np.int8]) -> Weights:
    chosen = np.empty(len(labels))
    lengths = np.diff(starts)
    for length in np.unique(lengths).tolist():
        at = starts[:-1][lengths == length][:, np.newaxis] + np.arange(length)
        every = all_marginals(tables().chain, scores, step[at])
        chosen[at] = np.take_along_axis(every, labels[at][:, :, np.newaxis].astype(np.int64), axis=2)[:, :, 0]
    return chosen
