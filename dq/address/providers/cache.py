"""What a provider said this month, kept line by line, so that an interrupted gathering goes on where it stopped.

One file per provider and month, only ever appended to: `<library>/findings-cache/<provider>/<YYYY-MM>/answers.jsonl`.
It holds keys and answers; no address as it was asked, no name, no secret.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import ModuleType, TracebackType
from typing import IO, Final

from dq.address.providers.contract import Answer, Correction
from dq.errors import ConflictError
from dq.tables.writing import full_disk

fcntl: ModuleType | None
try:
    fcntl = import_module("fcntl")
except ImportError:  # Windows has no flock; two gatherings at one provider are the operator's care there.
    fcntl = None

_NAME: Final = "answers.jsonl"
Dated = tuple[str, Answer]
"""ISO day of an answer, and the answer."""


def cached_answers(library: Path, provider: str, month: str) -> Iterator[Dated]:
    """Yield the answers of a month in the order they came; a line that was cut off by a crash is passed over."""
    path = _folder(library, provider, month) / _NAME
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            if dated := _read(line):
                yield dated


def all_answers(library: Path, provider: str) -> Iterator[Dated]:
    """Yield the answers of every month, the oldest month first."""
    for folder in sorted((library / "findings-cache" / provider).glob("[0-9]*-[0-9]*")):
        yield from cached_answers(library, provider, folder.name)


class AnswerCache:
    """The answers of one provider in one month, held by one gathering at a time.

    Args:
        library: The reference library.
        provider: Name of the provider.
        month: `YYYY-MM`.

    Attributes:
        asked: `address_key`s that were asked, those the provider knew nothing of included.
    """

    def __init__(self, library: Path, provider: str, month: str) -> None:
        self._place = (library, provider, month)
        self._folder = _folder(library, provider, month)
        self._stream: IO[bytes] | None = None
        self.asked: set[str] = set()

    def __enter__(self) -> "AnswerCache":
        """Open the file for one gathering.

        Raises:
            ConflictError: Another command is asking the same provider.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._stream = (self._folder / _NAME).open("ab")
        try:
            if fcntl is not None:
                fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._stream.close()
            raise ConflictError(
                f"another command is asking the provider {self._place[1]}", "wait for its end; its answers are kept"
            ) from error
        _end_cut_line(self._stream, self._folder / _NAME)
        self.asked = {answer.address_key for _, answer in self.answers()}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def answers(self) -> Iterator[Dated]:
        """Yield all answers of the month in the order they came."""
        return cached_answers(*self._place)

    def append(self, day: str, answers: Iterable[Answer]) -> None:
        """Keep the answers of a call; failures are not kept, so that they are asked again.

        Raises:
            SettingsError: The disk is full; what was kept before stays.
        """
        assert self._stream is not None
        kept = [answer for answer in answers if not answer.failure]
        try:
            self._stream.write("".join(f"{_line(day, answer)}\n" for answer in kept).encode())
            self._stream.flush()
            os.fsync(self._stream.fileno())
        except OSError as error:
            raise full_disk(error, self._folder) or error from error
        self.asked |= {answer.address_key for answer in kept}


def _end_cut_line(stream: IO[bytes], path: Path) -> None:
    """A crash may leave half a line: what is appended must not be glued to it."""
    with path.open("rb") as written:
        if written.seek(0, os.SEEK_END):
            written.seek(-1, os.SEEK_END)
            if written.read() != b"\n":
                stream.write(b"\n")


def _folder(library: Path, provider: str, month: str) -> Path:
    return library / "findings-cache" / provider / month


def _line(day: str, answer: Answer) -> str:
    filled = {name: value for name, value in asdict(answer).items() if value}
    return json.dumps({"day": day, **filled}, ensure_ascii=False)


def _read(line: str) -> Dated | None:
    try:
        row = json.loads(line)
        day = row.pop("day")
        corrections = tuple(Correction(**correction) for correction in row.pop("corrections", ()))
        answer = Answer(**row, corrections=corrections)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return (day, answer) if isinstance(day, str) and isinstance(answer.address_key, str) else None
