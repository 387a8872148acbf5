"""Answers to what was asked before, the ones used last. Says nothing of what they are about; threads may share it."""

import threading
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass
class Remembered(Generic[Answer]):
    """Answers by question.

    Args:
        most: Answers kept; beyond, the one that was not asked for longest goes.
    """

    most: int
    _answers: dict[str, Answer] = field(init=False, repr=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, repr=False, default_factory=threading.Lock)

    def get(self, question: str) -> Answer | None:
        """Return the answer, None where it is not known (any more).

        >>> known = Remembered[int](most=2)
        >>> for number, question in enumerate("abc"):
        ...     known.keep(question, number)
        >>> known.get("a"), known.get("b"), known.get("c")
        (None, 1, 2)
        """
        with self._lock:
            found = self._answers.pop(question, None)
            if found is not None:
                self._answers[question] = found  # the one used last stands last
            return found

    def keep(self, question: str, answer: Answer) -> None:
        """Keep an answer."""
        with self._lock:
            self._answers[question] = answer
            while len(self._answers) > self.most:
                del self._answers[next(iter(self._answers))]
