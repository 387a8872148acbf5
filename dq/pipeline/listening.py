"""How a run talks to whoever started it: a terminal, a flow, a test."""

from typing import Protocol


class Listener(Protocol):
    """Told what a run does; never asked anything. Lines hold no personal data."""

    def say(self, line: str) -> None:
        """Hear one sentence a person should read."""

    def begin(self, step: str) -> None:
        """Hear that a step begins."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """Hear how many parts of a stage are done."""


class Silence:
    """A listener that ignores everything."""

    def say(self, line: str) -> None:
        """Ignore a sentence."""

    def begin(self, step: str) -> None:
        """Ignore a beginning."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """Ignore progress."""
