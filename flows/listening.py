"""Passes what a run says to the log of the task it runs in."""

from prefect import get_run_logger


class FlowListener:
    """A listener of `dq.pipeline` that writes to Prefect's log; sentences hold no personal data."""

    def __init__(self) -> None:
        self._logger = get_run_logger()

    def say(self, line: str) -> None:
        """Log one sentence."""
        self._logger.info(line)

    def begin(self, step: str) -> None:
        """Log that a step begins."""
        self._logger.info("begins: %s", step)

    def advance(self, stage: str, done: int, total: int) -> None:
        """Log progress at a level that is off by default."""
        self._logger.debug("%s: %s of %s parts", stage, done, total)
