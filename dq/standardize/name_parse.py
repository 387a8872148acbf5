"""Which word of a person's name is what: a pattern of encoded words in, a label per word out. Sees no spelling.

Patterns repeat themselves a thousand times more than names do, so each is parsed once. The steps: take prefixes and
suffixes off both ends, read the order from commas, else from what the words lean to, keep particles with their surname.
"""

from functools import lru_cache
from typing import Final

from dq.standardize.name_words import Role, leaning_of, role_of

PREFIX, FIRST, MIDDLE, LAST, SUFFIX, DROPPED, TOGETHER = b"PFMLSXT"
"""Labels. TOGETHER marks every word of a name that holds two persons: it stays in one piece."""

LONGEST: Final = 14
"""More words are no name of a person that could be split; the longest in the labelled lists has nine."""

_SWAP: Final = 6.0
"""Both words must lean the wrong way, one of them clearly, before "Smith John" is read from behind."""

_SURE_SUFFIX = frozenset({Role.GENERATION, Role.CREDENTIAL, Role.SENIOR_OR_SENOR})
_ANY_SUFFIX = _SURE_SUFFIX | {Role.GENERATION_UNSURE, Role.CREDENTIAL_UNSURE}
_PARTICLES = frozenset({Role.PARTICLE, Role.PARTICLE_OR_GIVEN})


@lru_cache(maxsize=200_000)
def parse_pattern(pattern: bytes, is_last_first: bool = False) -> bytes:
    """Return one label per encoded word.

    Args:
        pattern: Encoded words of one name (`name_words.encode`).
        is_last_first: Whether names without a comma start with the surname in this column.
    """
    if len(pattern) > LONGEST:
        return bytes([TOGETHER]) * len(pattern)
    name = _Name(pattern, is_last_first)
    name.parse()
    return bytes(name.labels)


class _Name:
    """One pattern while its labels are found."""

    def __init__(self, pattern: bytes, is_last_first: bool) -> None:
        self.codes = pattern
        self.roles = [role_of(code) for code in pattern]
        self.labels = bytearray([DROPPED]) * len(pattern)
        self.is_last_first = is_last_first

    def parse(self) -> None:
        if Role.AND in self.roles and self._has_names_around_and():
            self.labels[:] = bytes([TOGETHER]) * len(self.codes)
            return
        segments = self._segments()
        self._take_prefixes(segments)
        self._take_suffix_segments(segments)
        segments = [segment for segment in segments if segment]
        if len(segments) > 1 and self._are_two_persons(segments):
            self.labels[:] = bytes([TOGETHER]) * len(self.codes)
        elif len(segments) > 1:
            self._label_comma_order(segments)
        elif segments:
            self._label_plain(segments[0])

    # ---- shared steps -------------------------------------------------------------------------------------------
    def _has_names_around_and(self) -> bool:
        where = self.roles.index(Role.AND)
        return 0 < where < len(self.roles) - 1

    def _segments(self) -> list[list[int]]:
        """Return positions of words between commas."""
        segments: list[list[int]] = [[]]
        for position, role in enumerate(self.roles):
            if role == Role.COMMA:
                segments.append([])
            elif role != Role.AND:
                segments[-1].append(position)
        return segments

    def _set(self, positions: list[int], label: int) -> None:
        for position in positions:
            self.labels[position] = label

    def _lean(self, position: int) -> float:
        return leaning_of(self.codes[position])

    def _take_prefixes(self, segments: list[list[int]]) -> None:
        """Take titles off the start of every segment, and courtesy titles off the end of a later one."""
        for number, segment in enumerate(segments):
            while len(segment) > 1 and self._is_prefix(segment):
                self._set([segment.pop(0)], PREFIX)
            others = sum(map(len, segments)) - len(segment)
            if number and len(segment) == 1 and others and self.roles[segment[0]] == Role.PREFIX:
                self._set([segment.pop(0)], PREFIX)
            while number and len(segment) > 1 and self.roles[segment[-1]] == Role.PREFIX:
                self._set([segment.pop()], PREFIX)

    def _is_prefix(self, segment: list[int]) -> bool:
        role = self.roles[segment[0]]
        if role in (Role.PREFIX, Role.SENIOR_OR_SENOR):
            return True
        # Dean Smith is a person called Dean, Dean John Smith is the dean.
        is_title = role == Role.PREFIX_UNSURE and len(segment) > 2 and self._lean(segment[0]) < 2
        return is_title and self._lean(segment[1]) >= 2

    def _take_suffix_segments(self, segments: list[list[int]]) -> None:
        """Label segments that hold nothing but suffixes: `Smith, Jr., John` and `John Smith, MD, PhD`."""
        for number in range(len(segments) - 1, 0, -1):
            segment = segments[number]
            before = sum(len(segments[earlier]) for earlier in range(number))
            kinds = _ANY_SUFFIX if before > 1 else _SURE_SUFFIX
            if segment and before and all(self.roles[position] in kinds for position in segment):
                self._set(segment, SUFFIX)
                segment.clear()

    def _take_suffixes(self, segment: list[int], least: int) -> None:
        """Take suffixes off the end of a segment, leaving at least `least` words; unsure ones must follow a surname."""
        while len(segment) > least:
            last = segment[-1]
            role = self.roles[last]
            if role in _SURE_SUFFIX or (len(segment) > least + 1 and self._is_unsure_suffix(segment)):
                self._set([segment.pop()], SUFFIX)
            else:
                return

    def _is_unsure_suffix(self, segment: list[int]) -> bool:
        role, before = self.roles[segment[-1]], segment[-2]
        if self.roles[before] in (Role.INITIAL, *_PARTICLES):
            return False
        if role == Role.GENERATION_UNSURE:
            return not self.is_last_first and self._lean(before) <= 0 and self._lean(segment[0]) > -4
        return role == Role.CREDENTIAL_UNSURE and (self._lean(before) < 0 or self._lean(segment[-1]) == 0)

    # ---- orders -------------------------------------------------------------------------------------------------
    def _are_two_persons(self, segments: list[list[int]]) -> bool:
        """Say whether `John Smith, Mary Smith` are two: both parts read as first and last name."""
        return len(segments) == 2 and all(
            len(segment) > 1 and self._lean(segment[0]) >= 4 and self._lean(segment[-1]) <= -4 for segment in segments
        )

    def _label_comma_order(self, segments: list[list[int]]) -> None:
        last, rest = segments[0], [position for segment in segments[1:] for position in segment]
        self._take_suffixes(last, 1)
        self._take_suffixes(rest, 1)
        while len(rest) > 1 and self.roles[rest[-1]] == Role.PREFIX:
            self._set([rest.pop()], PREFIX)
        self._take_suffixes(rest, 1)
        self._set(last, LAST)
        self._label_given(rest)

    def _label_given(self, positions: list[int]) -> None:
        """Label the first of some given names as first name, the others as middle names."""
        self._set(positions[:1], FIRST)
        self._set(positions[1:], MIDDLE)

    def _label_plain(self, words: list[int]) -> None:
        self._take_suffixes(words, 1)
        if len(words) == 1:
            self._set(words, FIRST if self._lean(words[0]) >= 2 and PREFIX not in self.labels else LAST)
            return
        surname = self._leading_surname(words)
        if surname == 1 and len(words) > 2 and self._lean(words[1]) <= -2 and self._lean(words[2]) >= 2:
            surname = 2  # Garcia Lopez Maria
        if surname:
            self._set(words[:surname], LAST)
            self._label_given(words[surname:])
            return
        if len(words) > 2 and self.roles[words[-1]] == Role.INITIAL:
            # John Smith A: the letter is a misplaced middle initial.
            self._set([words.pop()], MIDDLE)
        start = self._start_of_surname(words)
        self._label_given(words[:start])
        self._set(words[start:], LAST)

    def _leading_surname(self, words: list[int]) -> int:
        """Return how many words at the start are the surname, 0 where the name starts with the given name."""
        run = self._particle_run(words)
        if run:
            return min(run + 1, len(words))
        first, second, final = words[0], words[1], words[-1]
        if self.roles[first] == Role.INITIAL:
            return 0
        if len(words) == 2:
            swap = self._lean(second) - self._lean(first)
            if self.roles[second] == Role.INITIAL:
                return 1 if self.is_last_first or self._lean(first) <= -2 else 0
            return 1 if (swap > -_SWAP if self.is_last_first else swap >= _SWAP) else 0
        forward = self._lean(first) - self._lean(final)
        backward = self._lean(second) - self._lean(first)
        if self.roles[final] in (Role.INITIAL, Role.GENERATION_UNSURE):
            # SMITH JOHN A: hardly any surname is one letter.
            return 0 if self._lean(first) > 0 and self._lean(second) < 0 else 1
        if self.roles[second] == Role.INITIAL:
            return 1 if self.is_last_first and backward >= 0 else 0
        if self.is_last_first:
            return 0 if forward - backward >= 2 * _SWAP else 1
        return 1 if self._lean(first) < 0 and backward - forward >= _SWAP + 2 else 0

    def _particle_run(self, words: list[int]) -> int:
        """Return the number of particles that open a surname at the start (`DE LA CRUZ MARIA`), else 0."""
        run = 0
        while run < len(words) - 1 and self.roles[words[run]] in _PARTICLES:
            run += 1
        if not run:
            return 0
        # Van Morrison, Del Shannon: one particle that can be a given name, before the final word.
        if run == 1 and self.roles[words[0]] == Role.PARTICLE_OR_GIVEN:
            is_surname = len(words) > 2 and self._lean(words[2]) >= 2 and self._lean(words[1]) <= 0
            return run if is_surname or (self.is_last_first and len(words) > 2) else 0
        return run

    def _start_of_surname(self, words: list[int]) -> int:
        """Return where the surname starts: at its first particle, else at the final word."""
        for position in range(1, len(words) - 1):
            if self.roles[words[position]] in _PARTICLES:
                return position
        return len(words) - 1
