"""The words of organisations' names: how rare each is, and which two are one word shortened or mistyped."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.encoding import Codes, Lists, Texts, codes_of, distinct_pairs, narrow, pieces
from dq.matching.firm_features import TOWN_CUT
from dq.matching.folding import numbered
from dq.matching.nicknames import Nicknames
from dq.matching.strings import edits

_MOST_WORDS = 10
"""Words of a name that are compared; the rest of a longer one is an address or a sentence."""
_EXPECTED = (2e-6, 2e-4)
"""Share of organisations with exactly one name, from the rarest to the most common words: words are no dice, so the
product of their shares is believed within these bounds only."""
_COMMON = 3
"""Names in which a word stands from which on it is no slip: two such words, a letter apart, are two words."""
_LONG, _LONGER = 5, 9
"""Letters from which on one edit, and two, are a typing error: `Penn` and `Pena` are two names."""
_LEAST_SHORT = 3
"""A shorter beginning of a word (`co`, `st`) is short for too many."""
_LETTERS_CUT = 2
"""Letters a shortened word lacks at least; one letter is a plural or a slip."""


class NameWords:
    """The distinct names as rows of word codes, with each word's rarity in bits.

    Args:
        of: Names of the records.
        short: Word → its usual abbreviation (`standards/reference/business_words.csv`).
        directions: Word of direction, any form → its standard form.
        nicknames: Which names of persons exist.
    """

    def __init__(
        self, of: Lists, short: Mapping[str, str], directions: Mapping[str, str], nicknames: Nicknames
    ) -> None:
        self.of = of
        texts = of.values.texts.arrow
        self.is_cut = pc.starts_with(texts, TOWN_CUT).to_numpy(zero_copy_only=False)
        rows, codes, distinct = _words(texts)
        self.count = narrow(np.bincount(rows, minlength=len(texts)))
        starts = np.concatenate([[0], np.cumsum(self.count, dtype=np.int64)])
        place = np.arange(len(rows)) - starts[rows]
        kept = place < _MOST_WORDS
        self.words = np.full((len(texts), _MOST_WORDS), -1, dtype=np.int32)
        self.words[rows[kept], place[kept]] = codes[kept]
        names_with = np.bincount(codes, minlength=len(distinct))
        rarity = np.log2((len(texts) + 1000) / (names_with + 1))
        # The last of each is the word that is not there.
        self.rarity = np.round(np.concatenate([rarity, [0.0]]), 6)
        words = [*distinct.to_pylist(), ""]
        self.distinct = Texts(words)
        self.is_number = np.array([not word.isalpha() and any(map(str.isdigit, word)) for word in words], dtype=bool)
        self.is_direction = np.array([word in directions for word in words], dtype=bool)
        self._is_common = np.append(names_with >= _COMMON, False)
        self._is_name = np.array([nicknames.is_name(word) for word in words], dtype=bool)
        self._start = codes_of([word[:1] for word in words])
        self._short = short
        self.total = self.rarity[self.words].sum(axis=1)
        self.expected = np.clip(np.exp2(-self.total), *_EXPECTED)

        def put_together(pieces_: pa.Array, by: str) -> pa.Array:
            lists = pa.LargeListArray.from_arrays(pa.array(starts), pieces_)
            return pc.binary_join(lists, pa.scalar(by, pa.large_string()))

        flat = distinct.take(pa.array(codes))
        bare = put_together(flat, "")
        self.bare = Texts(bare)
        # In one space of codes, so that an acronym can be held against a name.
        together = codes_of(pa.concat_arrays([bare, put_together(pc.utf8_slice_codeunits(flat, 0, 1), "")]))
        self.bare_code, self.initials = together[: len(texts)], together[len(texts) :]
        ranks = np.empty(len(distinct), dtype=np.int64)
        ranks[pc.sort_indices(distinct).to_numpy()] = np.arange(len(distinct))
        in_order = np.lexsort((ranks[codes], rows))
        self.sorted = codes_of(put_together(distinct.take(pa.array(codes[in_order])), " "))

    def alike(self, one: Codes, other: Codes) -> NDArray[np.bool_]:
        """Say which pairs of different words (codes) are one word, shortened or with a slip."""
        pairs = distinct_pairs(one, other)
        left, right = self.distinct[pairs.left], self.distinct[pairs.right]
        apart = edits(self.distinct, pairs.left, pairs.right, 2)
        found = [
            self._one_word(int(a), int(b), str(x), str(y), int(steps))
            for a, b, x, y, steps in zip(pairs.left, pairs.right, left, right, apart, strict=True)
        ]
        alike: NDArray[np.bool_] = pairs.spread(np.array(found, dtype=bool), 0).astype(bool)
        return alike

    def same_start(self, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Say which words begin alike and are no numbers: only those can be one word."""
        numbers = self.is_number[one] | self.is_number[other]
        found: NDArray[np.bool_] = (self._start[one] == self._start[other]) & ~numbers
        return found

    def written(self, names: Codes, chosen: NDArray[np.bool_]) -> pa.Array:
        """Return the chosen words of each name (a row per name, a column per word) as one word."""
        words = self.distinct.arrow.take(pa.array(self.words[names][chosen]))
        ends = np.cumsum(chosen.sum(axis=1, dtype=np.int64))
        lists = pa.LargeListArray.from_arrays(pa.array(np.concatenate([[0], ends])), words)
        return pc.binary_join(lists, pa.scalar("", pa.large_string()))

    def are_words(self, *sides: tuple[Codes, NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """Say which names differ in one word each that both exist, or in a number: no typing error.

        Args:
            sides: The names on each side, and which of their words the other side lacks.
        """
        number = np.zeros(len(sides[0][0]), dtype=bool)
        one_each = ~number
        for names, open_ in sides:
            words = self.words[names]
            number |= (self.is_number[words] & open_).any(axis=1)
            exists = (self._is_common[words] | self._is_name[words]) & open_
            one_each &= (open_.sum(axis=1) == 1) & exists.any(axis=1)
        found: NDArray[np.bool_] = number | one_each
        return found

    def _are_words(self, *codes: int) -> bool:
        return all(bool(self._is_common[code] or self._is_name[code]) for code in codes)

    def _one_word(self, one: int, other: int, left: str, right: str, steps: int) -> bool:
        (short, _), (long, code) = sorted(((left, one), (right, other)), key=lambda word: (len(word[0]), word))
        both_names = bool(self._is_name[one] and self._is_name[other])
        if len(short) >= _LONG - 1 and len(long) == len(short) + 1 and long.startswith(short):
            # Grill and Grille, Service and Services; Clark and Clarke are two families.
            return long.endswith("s") or not both_names
        abbreviation = self._short.get(long)
        if abbreviation is not None and abbreviation in (short, self._short.get(short)):
            return True
        if (steps == 1 and len(short) >= _LONG) or (steps == 2 and len(short) >= _LONGER):
            return not self._are_words(one, other)
        if len(short) < _LEAST_SHORT or len(long) - len(short) < _LETTERS_CUT:
            return False
        if not set(short) & set("aeiouy"):  # ctr, dept, svcs: letters left out, the first and the last kept
            return short[-1] == long[-1] and _is_part(short, long)
        common = abbreviation is not None or bool(self._is_common[code])
        return common and long.startswith(short) and not self._is_name[one if left == short else other]


def _words(names: pa.Array) -> tuple[Codes, Codes, pa.Array]:
    """Return the words of names, each once a name: row and code of each, and the words of the codes."""
    rows, flat = pieces(pc.replace_substring_regex(names, f"^{TOWN_CUT}", ""), " ")
    codes, distinct = numbered(flat)
    first = ~pd.Series(rows * max(len(distinct), 1) + codes).duplicated().to_numpy()
    return rows[first], codes[first], distinct


def _is_part(short: str, long: str) -> bool:
    """Say whether the letters of one word stand in the other in their order."""
    letters = iter(long)
    return all(letter in letters for letter in short)
