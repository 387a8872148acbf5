"""How names of organisations are put into levels: words weighted by rarity, acronyms, branch numbers."""

import numpy as np
from numpy.typing import NDArray

from dq.matching.contact_ladders import Levels, Weighed, heaviest
from dq.matching.encoding import Codes, Lists, Texts
from dq.matching.folding import numbered
from dq.matching.scoring import Scale
from dq.matching.strings import edits, likeness

_MOST_WORDS = 10
"""Words of a name that are compared; the rest of a longer one is an address or a sentence."""
_MOST = 0.6
_SOME = 0.3
_ALIKE = 0.85
"""Shares of the weight of words (or of letters) two names have in common."""
_TELLING = 8.0
"""Bits a contained name must carry (rarer than 1 in 250) before being part of the other says something."""
_EXPECTED = (2e-6, 2e-4)
"""Share of organisations with exactly one name, from the rarest to the most common words: words are no dice, so the
product of their shares is believed within these bounds only."""
_ROWS = 200_000
"""Pairs of names looked at together: 10 x 10 words each, so 20 MB of answers."""


class NameWords:
    """The distinct names as rows of word codes, with each word's rarity in bits."""

    def __init__(self, of: Lists) -> None:
        self.of = of
        split = [list(dict.fromkeys(text.split())) for text in of.values.texts]
        flat, distinct = numbered([word for words in split for word in words])
        lengths = np.fromiter((len(words) for words in split), dtype=np.int64, count=len(split))
        rows = np.repeat(np.arange(len(split)), lengths)
        place = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        kept = place < _MOST_WORDS
        self.words = np.full((len(split), _MOST_WORDS), -1, dtype=np.int32)
        self.words[rows[kept], place[kept]] = flat[kept]
        count = np.bincount(flat, minlength=len(distinct))
        rarity = np.log2((len(split) + 1000) / (count + 1))
        self.rarity = np.round(np.concatenate([rarity, [0.0]]), 6)
        signs = (any(sign.isdigit() for sign in word) for word in distinct.to_pylist())
        self.is_number = np.array([*signs, False], dtype=bool)
        self.total = self.rarity[self.words].sum(axis=1)
        self.expected = np.clip(np.exp2(-self.total), *_EXPECTED)
        bare = ["".join(words) for words in split]
        self.bare = Texts(bare)
        # In one space of codes, so that an acronym can be held against a name.
        together = numbered([*bare, *("".join(word[0] for word in words) for words in split)])[0]
        self.bare_code, self.initials = together[: len(split)], together[len(split) :]
        self.sorted = numbered([" ".join(sorted(words)) for words in split])[0]
        self.count = lengths


def organization_names(names: NameWords, left: Codes, right: Codes, scale: Scale) -> Weighed:
    """Return level and weight of the names of each pair of organisations."""

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes, None]:
        made = [
            _levels(names, one[start : start + _ROWS], other[start : start + _ROWS], scale)
            for start in range(0, len(one), _ROWS)
        ]
        levels = np.concatenate(made) if made else np.empty(0, dtype=np.int8)
        return levels, np.where(one == other, names.of.values.sharers[one], 0), None

    return heaviest(names.of, left, right, scale, compare, names.expected)


def _levels(names: NameWords, one: Codes, other: Codes, scale: Scale) -> Levels:
    shared, conflict = _overlap(names, one, other)
    smaller = np.minimum(names.total[one], names.total[other])
    union = names.total[one] + names.total[other] - shared
    share = np.round(shared / np.maximum(union, 1e-6), 6)
    levels = np.full(len(one), scale.place("other"), dtype=np.int8)
    levels[share >= _SOME] = scale.place("some_words")
    alike = likeness(names.bare, one, other, _ALIKE)
    levels[(share >= _MOST) | (alike >= _ALIKE)] = scale.place("most_words")
    levels[(shared >= smaller - 1e-6) & (shared >= _TELLING)] = scale.place("contained")
    levels[_acronyms(names, one, other)] = scale.place("acronym")
    shortest = np.minimum(names.bare.lengths[one], names.bare.lengths[other])
    distance = edits(names.bare, one, other, 2)
    levels[((distance == 1) & (shortest > 4)) | ((distance == 2) & (shortest > 9))] = scale.place("typo")
    levels[conflict & ((share >= _SOME) | (alike >= _ALIKE))] = scale.place("other_number")
    levels[(names.sorted[one] == names.sorted[other]) | (names.bare_code[one] == names.bare_code[other])] = scale.place(
        "same_words"
    )
    levels[one == other] = scale.place("exact")
    return levels


def _overlap(names: NameWords, one: Codes, other: Codes) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the rarity two names share, and whether both have numbers without sharing one."""
    a, b = names.words[one], names.words[other]
    found = ((a[:, :, None] == b[:, None, :]) & (a[:, :, None] >= 0)).any(axis=2)
    shared = np.round(np.where(found, names.rarity[a], 0.0).sum(axis=1), 6)
    numbers_a, numbers_b = names.is_number[a], names.is_number[b]
    conflict = numbers_a.any(axis=1) & numbers_b.any(axis=1) & ~(found & numbers_a).any(axis=1)
    return shared, conflict


def _acronyms(names: NameWords, one: Codes, other: Codes) -> NDArray[np.bool_]:
    long_one = (names.count[one] > 2) & (names.count[other] == 1)
    long_other = (names.count[other] > 2) & (names.count[one] == 1)
    forward = long_one & (names.initials[one] == names.bare_code[other])
    backward = long_other & (names.initials[other] == names.bare_code[one])
    found: NDArray[np.bool_] = forward | backward
    return found
