"""Physical lines of a text stream, in blocks of bounded size. Knows nothing of fields."""

from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from dq.tables.reading.decoding import Transcoder, shown
from dq.tables.reading.pieces import REJECT_TEXT

CHUNK: Final = 4_000_000
"""Bytes read at a time: large enough that a block's fixed costs vanish, small enough for the processor's caches."""

_NEWLINE, _RETURN, _BLANK = 10, 13, 32

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LongLine:
    """A line that is too long to be held: its number and how it starts."""

    number: int
    text: str


class Block:
    """A stretch of UTF-8 text that starts at a line start; numbers its lines from 0.

    Attributes:
        data: The bytes, line ends included.
        first_line: Number within the file of line 0 (files count from 1).
        closed: Whether a record cannot go on behind the stretch.
        starts: Position of each line.
        ends: Position behind the content of each line.
        nexts: Position behind the line end of each line.
    """

    def __init__(self, data: bytes, first_line: int = 1, *, closed: bool = True) -> None:
        self.data = data
        self.first_line = first_line
        self.closed = closed
        self.array: npt.NDArray[np.uint8] = np.frombuffer(data, np.uint8)
        self.starts, self.ends, self.nexts = _index(self.array)
        self.count = len(self.starts)

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        # Single positions are read far faster from lists than from arrays.
        return self.starts.tolist(), self.ends.tolist()

    def bytes_of(self, line: int) -> bytes:
        """Return the bytes of a line without its end."""
        starts, ends = self._places
        return self.data[starts[line] : ends[line]]

    def text(self, line: int) -> str | None:
        """Return a line, None where its bytes are no text."""
        return _decoded(self.bytes_of(line))

    def joined(self, first: int, last: int) -> str | None:
        """Return several lines with the line ends between them."""
        starts, ends = self._places
        return _decoded(self.data[starts[first] : ends[last]])

    def size(self, first: int, last: int) -> int:
        """Return the bytes from the first line to the last."""
        starts, ends = self._places
        return ends[last] - starts[first]

    def is_blank(self, line: int) -> bool:
        """Tell whether a line holds nothing but blanks."""
        return not self.bytes_of(line).strip(b" ")

    def shown(self, line: int) -> str:
        """Return the start of a line for a reject, bytes that are no text escaped."""
        starts, ends = self._places
        # Four bytes are the longest character in UTF-8.
        data = self.data[starts[line] : min(ends[line], starts[line] + 4 * REJECT_TEXT)]
        text = _decoded(data)
        return shown(data) if text is None else text

    def number(self, line: int) -> int:
        """Return the number of a line within the file."""
        return self.first_line + line


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _index(array: npt.NDArray[np.uint8]) -> tuple[Positions, Positions, Positions]:
    feeds = np.flatnonzero(array == _NEWLINE)
    returns = np.flatnonzero(array == _RETURN)
    if returns.size:
        before_feed = np.zeros(len(array) + 1, bool)
        before_feed[feeds] = True
        lone = returns[~before_feed[returns + 1]]
        marks = np.sort(np.concatenate([feeds, lone]))
    else:
        marks = feeds
    ends = marks.copy()
    if returns.size:
        follows = (array[marks] == _NEWLINE) & (array[np.maximum(marks - 1, 0)] == _RETURN) & (marks > 0)
        ends[follows] -= 1
    nexts = marks + 1
    if len(array) and (not len(marks) or nexts[-1] < len(array)):
        nexts = np.append(nexts, len(array))
        ends = np.append(ends, len(array))
    starts = np.concatenate([[0], nexts[:-1]]).astype(np.int64) if len(nexts) else nexts
    return starts, ends, nexts


class BlockReader:
    """Reads a stream as blocks of whole lines; a line beyond the limit is skipped in chunks.

    Args:
        stream: Bytes of the file.
        transcoder: Turns them into UTF-8.
        max_line_bytes: Limit of a line, in bytes of UTF-8.
        chunk: Bytes to read at a time.
    """

    def __init__(self, stream: BinaryIO, transcoder: Transcoder, max_line_bytes: int, chunk: int = CHUNK) -> None:
        self._stream = stream
        self._transcoder = transcoder
        self._limit = max_line_bytes
        self._chunk = chunk
        self._pending = b""
        self._line = 1
        self._ended = False

    def read(self) -> Block | LongLine | None:
        """Return the next whole lines, a line that is too long, or None at the end."""
        fresh = False
        while True:
            if not self._ended and not (fresh and self._cut()):
                self._fill()
                fresh = True
            cut = self._cut()
            too_long = len(self._pending) - cut > self._limit + 1
            if too_long and not cut:
                return self._skip_line()
            if cut and (fresh or self._ended or too_long):
                return self._take(cut, closed=too_long or self._ended)
            if self._ended:
                return None

    def give_back(self, block: Block, line: int) -> None:
        """Put the lines of a block from `line` on back: their record goes on behind the block."""
        self._pending = block.data[block.starts[line] :] + self._pending
        self._line = block.number(line)

    def _fill(self) -> None:
        data = self._stream.read(self._chunk)
        self._ended = not data
        self._pending += self._transcoder.feed(data, final=self._ended)
        if self._ended:
            # The end-of-file character of DOS is no data.
            self._pending = self._pending.rstrip(b"\x1a")

    def _cut(self) -> int:
        """Return the position behind the last whole line; a last \\r may be half of a line end."""
        if self._ended:
            return len(self._pending)
        end = len(self._pending) - self._pending.endswith(b"\r")
        return max(self._pending.rfind(b"\n", 0, end), self._pending.rfind(b"\r", 0, end)) + 1

    def _take(self, cut: int, *, closed: bool) -> Block:
        block = Block(self._pending[:cut], self._line, closed=closed)
        self._pending = self._pending[cut:]
        self._line += block.count
        return block

    def _skip_line(self) -> LongLine:
        long = LongLine(self._line, shown(self._pending[: 4 * REJECT_TEXT]))
        while True:
            stops = [stop for stop in (self._pending.find(b"\n"), self._pending.find(b"\r")) if stop >= 0]
            if stops and (self._ended or min(stops) + 1 < len(self._pending)):
                stop = min(stops)
                self._pending = self._pending[stop + 1 + (self._pending[stop : stop + 2] == b"\r\n") :]
                break
            if self._ended:
                self._pending = b""
                break
            self._pending = self._pending[min(stops) :] if stops else b""
            self._fill()
        self._line += 1
        return long
