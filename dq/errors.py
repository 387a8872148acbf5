"""What can be wrong with the way dq is used; dirty data is never one of these.

A data problem is a row (reject, violation, outcome). An error here means the run cannot start or go on until a
person changes a setting, a standards file or a source. The terminal prints `message` and `hint` on two lines.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FULL_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system answers when there is no room: the disk, a quota or a limit on the size of files."""


class DQError(Exception):
    """A failure a user can act on.

    Args:
        message: What is wrong and where, in one sentence.
        hint: What to do about it, in one sentence; empty when the message says it all.
        field: Which of several things given is wrong, by the name it was given under; empty where it is no single one.
            A form says the message at its field of that name.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "", *, field: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class SettingsError(DQError):
    """An option, an environment variable or a path is wrong."""


class SourceError(DQError):
    """A source cannot be read as a table."""


class NotFoundError(DQError):
    """Something named does not exist: a record, a run, a file of a run."""


class NotAllowedError(DQError):
    """The person may see this but not do it."""


class TransitionError(DQError):
    """An action does not fit the present state."""


class ConflictError(DQError):
    """Somebody or something else changed the same thing first."""


class QualityGateError(DQError):
    """A rule of severity `stop` failed: reports are written, golden records are not."""

    exit_code = 3


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a standards file: where it is, what it is, what would mend it."""

    file: str
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class StandardsError(DQError):
    """Policy files are wrong; carries every problem found, not the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            f"{count} problem{'s' if count != 1 else ''} in the standards:\n{lines}",
            "mend them all, then start again; nothing was read or written",
        )

    def __reduce__(self) -> tuple[type["StandardsError"], tuple[tuple[Problem, ...]]]:
        # An error of a worker process travels by its problems: the message is made of them.
        return type(self), (self.problems,)
