"""Classes of tokens: tokens of which the model knows the same attributes, so that only one of them need be scored."""

from threading import Lock
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from dq.address.crf.chain import Indexes
from dq.address.crf.features import END, NEXT, PREVIOUS, START, attribute_rows, attributes
from dq.address.crf.look_alikes import TokenBytes, are_plain, look_alikes, make_vocabulary
from dq.address.crf.model import UNKNOWN, Model, Weights

NO_TOKEN: Final = 0
"""The class that stands before the first and after the last token of a line."""
MOST_TOKENS: Final = 200_000
"""Single tokens remembered: about 20 MB; past it they are forgotten at once and looked at again."""

# A key holds three classes and two flags in 62 bits; real lines know about 1,500 classes.
_CLASS_BITS: Final = 20
_CLASS_MASK: Final = (1 << _CLASS_BITS) - 1
_AT_SECOND, _AT_LAST_BUT_ONE = 1, 2

_BLOCK: Final = 1024
"""Contexts scored together: what is worked on stays in the processor's cache."""

_Rows = tuple[tuple[int, ...], ...]


class TokenClasses:
    """Numbers of classes from 1 on, given in the order they are met; safe to use from several threads.

    There are only as many as the model can tell apart: an unknown word differs by length, punctuation and the like.
    """

    def __init__(self, model: Model, order: Indexes | None = None) -> None:
        """Take a model, and the order in which `scores` gives its labels, by default its own."""
        self._model = model
        self._weights = model.weights if order is None else np.ascontiguousarray(model.weights[:, order])
        self._vocabulary = make_vocabulary(model)
        self._names = ("", *model.rows)
        self._lock = Lock()
        self._numbers: dict[_Rows, int] = {}
        self._attributes: list[tuple[tuple[str, ...], ...]] = []
        self._of_token: dict[str, int] = {}
        self._of_look_alikes: dict[int, int] = {}
        self._roles: list[Indexes] = []

    def of_token(self, token: str) -> int:
        """Return the class of a token."""
        number = self._of_token.get(token)
        if number is None:
            # Most tokens met for the first time are numbers, of which only length and trailing zeros matter.
            is_number = token.isascii() and token.isdigit()
            known = self._of_token.get(_plain_number(token)) if is_number else None
            number = known or self._number_of(attribute_rows(attributes(token), self._model))
            if len(self._of_token) >= MOST_TOKENS:
                self._of_token.clear()
            self._of_token[token] = number
            if is_number:
                self._of_token[_plain_number(token)] = number
        return number

    def _number_of(self, rows: _Rows) -> int:
        with self._lock:
            number = self._numbers.setdefault(rows, len(self._numbers) + 1)
            if number > len(self._attributes):
                self._attributes.append(tuple(tuple(self._names[row] for row in role) for role in rows))
            return number

    def of_tokens(self, tokens: pa.LargeStringArray) -> Indexes:
        """Return the classes of tokens that `usaddress.tokenize` cut."""
        numbers = np.empty(len(tokens), dtype=np.int64)
        plain = are_plain(TokenBytes(tokens))
        numbers[~plain] = [self.of_token(token) for token in tokens.filter(pa.array(~plain)).to_pylist()]
        chosen = tokens if plain.all() else tokens.filter(pa.array(plain))
        group, keys = pd.factorize(look_alikes(TokenBytes(chosen), self._vocabulary))
        known = [self._of_look_alikes.get(key) for key in keys.tolist()]
        first = np.zeros(len(keys), dtype=np.int64)
        first[group[::-1]] = np.arange(len(group))[::-1]
        for at, (key, number) in enumerate(zip(keys.tolist(), known, strict=True)):
            if number is None:
                known[at] = self._of_look_alikes[key] = self.of_token(chosen[int(first[at])].as_py())
        numbers[plain] = np.array(known, dtype=np.int64)[group]
        return numbers

    def attributes(self, number: int) -> tuple[tuple[str, ...], ...]:
        """Return the attributes of a class that the model knows: as the token itself, the one before, the next."""
        with self._lock:
            return self._attributes[number - 1]

    def contexts(self, numbers: Indexes, offsets: Indexes) -> Indexes:
        """Return per token a key of its class, its neighbours' classes and its place in the line.

        Args:
            numbers: Classes of the tokens of all lines.
            offsets: Where each line starts, and the end; no line is empty.
        """
        first, last = offsets[:-1], offsets[1:] - 1
        before, after = np.roll(numbers, 1), np.roll(numbers, -1)
        before[first] = NO_TOKEN
        after[last] = NO_TOKEN
        place = np.zeros_like(numbers)
        has_two = last > first
        place[first[has_two] + 1] |= _AT_SECOND
        place[last[has_two] - 1] |= _AT_LAST_BUT_ONE
        key: Indexes = ((before << _CLASS_BITS | numbers) << _CLASS_BITS | after) << 2 | place
        return key

    def scores(self, contexts: Indexes) -> Weights:
        """Return the score of every label (columns) for each context.

        The weights are added in the order in which CRFsuite meets the attributes in `usaddress.tokens2features`:
        own, of the token before, of the next, start, end. Another order would round differently and end ties otherwise.
        """
        scores = np.empty((len(contexts), self._weights.shape[1]))
        pair, pairs = pd.factorize((contexts >> (2 + _CLASS_BITS)) << 2 | (contexts & _AT_SECOND))
        own_and_before = np.empty((len(pairs), self._weights.shape[1]))
        for at in range(0, len(pairs), _BLOCK):
            own_and_before[at : at + _BLOCK] = self._own_and_before(pairs[at : at + _BLOCK])
        for at in range(0, len(contexts), _BLOCK):
            chosen = slice(at, at + _BLOCK)
            np.take(own_and_before, pair[chosen], axis=0, out=scores[chosen], mode="clip")
            self._add_after(contexts[chosen], scores[chosen])
        return scores

    def _own_and_before(self, pairs: Indexes) -> Weights:
        own, before = (pairs >> 2) & _CLASS_MASK, pairs >> (2 + _CLASS_BITS)
        role_own, role_before, _ = self._role_rows()
        total = np.zeros((len(pairs), self._weights.shape[1]))
        room = np.empty_like(total)
        for column in role_own:
            self._add(total, column[own], room)
        for column in role_before:
            self._add(total, column[before], room)
        self._add(total, np.where(pairs & _AT_SECOND, self._row(PREVIOUS + START), UNKNOWN), room)
        return total

    def _add_after(self, contexts: Indexes, total: Weights) -> None:
        before, after = contexts >> (2 + 2 * _CLASS_BITS), (contexts >> 2) & _CLASS_MASK
        room = np.empty_like(total)
        for column in self._role_rows()[2]:
            self._add(total, column[after], room)
        self._add(total, np.where(contexts & _AT_LAST_BUT_ONE, self._row(NEXT + END), UNKNOWN), room)
        self._add(total, np.where(before == NO_TOKEN, self._row(START), UNKNOWN), room)
        self._add(total, np.where(after == NO_TOKEN, self._row(END), UNKNOWN), room)

    def _add(self, total: Weights, rows: Indexes, room: Weights) -> None:
        np.take(self._weights, rows, axis=0, out=room, mode="clip")
        total += room

    def _row(self, name: str) -> int:
        return self._model.rows.get(name, UNKNOWN)

    def _role_rows(self) -> list[Indexes]:
        """Return per role an array of attributes (rows) by classes (columns), filled up with unknown attributes."""
        with self._lock:
            if not self._roles or self._roles[0].shape[1] != len(self._numbers) + 1:
                self._roles = [self._filled(role) for role in range(3)]
            return self._roles

    def _filled(self, role: int) -> Indexes:
        lists = [rows[role] for rows in self._numbers]
        filled = np.full((max(map(len, lists), default=0), len(lists) + 1), UNKNOWN, dtype=np.int64)
        for number, rows in enumerate(lists, start=1):
            filled[: len(rows), number] = rows
        return filled


def _plain_number(digits: str) -> str:
    """Return the number that stands for all of its length with as many zeros at the end.

    >>> _plain_number("2750")
    '1110'
    """
    return ("1" * len(digits.rstrip("0"))).ljust(len(digits), "0")
