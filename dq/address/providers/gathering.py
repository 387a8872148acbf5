"""Asking a provider about the addresses of a run: batch by batch, kept as it goes, resumable at any point."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

import pandas as pd

from dq.address.providers.cache import AnswerCache, all_answers, cached_answers
from dq.address.providers.clock import Clock
from dq.address.providers.contract import Address, Answer, Listener, Provider, Terms
from dq.address.providers.findings_file import merge_findings
from dq.address.providers.planning import CallPlan, plan_calls

_MERGE_EVERY: Final = 100
"""Calls between two merges into the library: a merge rewrites all findings, the cache keeps every answer anyway."""


@dataclass
class GatherReport:
    """What came of asking.

    Attributes:
        plan: What was meant to be asked.
        asked: Addresses the provider was asked about.
        answered: Of these, the ones that gave an outcome.
        silent: Of these, the ones it knows nothing of; not asked again this month.
        failed: Reason → addresses left without an answer; they are asked again next time.
        left: Addresses of the plan nobody was asked about, because the provider is down.
        outcomes: Outcome → addresses.
        calls: HTTP requests sent, retries included.
        down: Why asking ended early, `""` where it did not.
        findings: The file of findings.
    """

    plan: CallPlan
    asked: int = 0
    answered: int = 0
    silent: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    left: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    down: str = ""
    findings: Path | None = None

    @property
    def from_cache(self) -> int:
        """Addresses that needed no question, for they were asked this month."""
        return self.plan.known

    @property
    def is_budget_exhausted(self) -> bool:
        """Whether the budget left addresses unasked."""
        return self.plan.over_budget > 0

    @property
    def is_complete(self) -> bool:
        """Whether asking again now would have nothing to ask."""
        return not (self.left or self.failed or self.is_budget_exhausted)

    def count(self, answers: Sequence[Answer]) -> None:
        """Count the answers of a call."""
        for answer in answers:
            if answer.failure == "not_asked":
                continue
            self.asked += 1
            if answer.failure:
                self.failed[answer.failure] += 1
            elif answer.outcome:
                self.answered += 1
                self.outcomes[answer.outcome] += 1
            else:
                self.silent += 1

    def lines(self) -> list[str]:
        """Return the report in sentences."""
        title = self.plan.terms.title
        unanswered = f"{self.failed.total():,} without an answer"
        lines = [
            f"{title}: {self.asked:,} addresses asked in {self.calls:,} calls, {self.from_cache:,} known from before",
            f"{self.answered:,} answered, {self.silent:,} unknown there, {unanswered}{_listed(self.failed)}",
        ]
        if self.outcomes:
            lines.append(f"outcomes:{_listed(self.outcomes)}")
        if self.is_budget_exhausted:
            lines.append(f"the budget is used up: {self.plan.over_budget:,} addresses wait for the next time")
        if self.down:
            lines.append(f"{self.down}; {self.left:,} addresses were not asked")
        if not self.is_complete:
            lines.append("the same command goes on from here; what was answered is kept")
        return lines


def preview(
    points: pd.DataFrame,
    terms: Terms,
    library: Path,
    *,
    budget: int | None = None,
    price: Decimal | None = None,
    clock: Clock | None = None,
) -> CallPlan:
    """Return what asking now would take, without a request, a secret or a file.

    Args:
        points: Contact points as a run writes them (`plan_calls`).
        terms: Of the provider.
        library: The reference library, for what was asked this month.
        budget: Addresses to ask at most.
        price: Of one address.
        clock: Time.
    """
    known = {answer.address_key for _, answer in cached_answers(library, terms.name, _month(clock or Clock()))}
    return plan_calls(points, terms, known, budget, price)


def gather(
    points: pd.DataFrame,
    provider: Provider,
    library: Path,
    *,
    budget: int | None = None,
    price: Decimal | None = None,
    listener: Listener | None = None,
    clock: Clock | None = None,
) -> GatherReport:
    """Ask a provider and put what it says into the reference library.

    Whatever the provider does, this ends with a report; answers are on disk before the next call, so that a gathering
    that was cut short, by a budget, a quota, an outage or a person, goes on where it stopped.

    Args:
        points: Contact points as a run writes them (`plan_calls`).
        provider: Whom to ask.
        library: The reference library.
        budget: Addresses to ask at most.
        price: Of one address.
        listener: Told the plan, the progress and the end.
        clock: Time; the month of the cache is the one it begins in.

    Returns:
        What came of it; `findings/<source>.parquet` of the library holds the answers.

    Raises:
        ConflictError: Another command is asking the same provider.
        SourceError, SettingsError: The library cannot be read, or the disk is full.
    """
    clock = clock or Clock()
    terms = provider.terms
    with AnswerCache(library, terms.name, _month(clock)) as cache:
        report = GatherReport(plan_calls(points, terms, cache.asked, budget, price))
        _say(listener, report.plan.lines())
        try:
            _ask(provider, cache, report, library, listener, clock)
        finally:
            # Also after Ctrl-C, and for months that ended with a killed process: what was paid for is put to use.
            report.findings = merge_findings(library, terms.source, all_answers(library, terms.name), clock.now())
    report.calls, report.down = provider.calls, provider.down
    _say(listener, report.lines())
    return report


def _ask(
    provider: Provider, cache: AnswerCache, report: GatherReport, library: Path, listener: Listener | None, clock: Clock
) -> None:
    terms, total = provider.terms, len(report.plan.to_ask)
    for number, batch in enumerate(_batches(report.plan.to_ask, terms.batch_size), start=1):
        answers = provider.verify(batch)
        cache.append(clock.today().isoformat(), answers)
        report.count(answers)
        if listener:
            listener.advance(terms.title, report.asked, total)
        if provider.down:
            break
        if number % _MERGE_EVERY == 0:
            merge_findings(library, terms.source, cache.answers(), clock.now())
    report.left = total - report.asked


def _batches(addresses: Sequence[Address], size: int) -> Iterator[Sequence[Address]]:
    for start in range(0, len(addresses), size):
        yield addresses[start : start + size]


def _month(clock: Clock) -> str:
    return clock.today().isoformat()[:7]


def _say(listener: Listener | None, lines: Sequence[str]) -> None:
    for line in lines:
        if listener:
            listener.say(line)


def _listed(counts: Counter[str]) -> str:
    words = [f"{name} {count:,}" for name, count in sorted(counts.items())]
    return f" ({', '.join(words)})" if words else ""
