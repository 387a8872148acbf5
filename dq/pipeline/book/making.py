"""Makes the workbook: looks at the sources, holds their rows against the target, writes nothing but the workbook."""

from dataclasses import dataclass
from typing import Final

from dq.conversion import find, judge
from dq.conversion.book import ARCHIVE, DROP, MIGRATE, Answers, Book, book_form, present_value
from dq.conversion.fixes import customers_of, loading_customers
from dq.conversion.proposals import propose
from dq.conversion.readiness import headline
from dq.errors import SourceError
from dq.pipeline.book.facts import column_lines, field_lines, lineage_of, objects_made, value_lines
from dq.pipeline.book.present import last_applied, objects_of, present_of
from dq.pipeline.cleaning import standardize
from dq.pipeline.convertible import read_customers, spellings, surroundings
from dq.pipeline.converting import rows_to_load, taken_over
from dq.pipeline.ingest import ingest, read_tables, recognise_columns
from dq.pipeline.picklists import read_learned
from dq.pipeline.plan import RunPlan
from dq.pipeline.run import Run, open_run
from dq.pipeline.verifying import verify
from dq.standards.targets import PARK, load_target
from dq.tables.forms import write_form

MOST_COLUMNS: Final = 4000
"""Source columns of one workbook: a sheet that comes back may have 5,000 rows."""


@dataclass(frozen=True)
class MadeBook:
    """A workbook, and what the terminal says of it.

    Attributes:
        content: The file.
        lines: Sentences: what loads today, columns by decision, gaps, values to decide.
    """

    content: bytes
    lines: tuple[str, ...]


def make_book(plan: RunPlan) -> MadeBook:
    """Make the workbook of the plan's sources for its one target; the plan's folder is only worked in.

    Raises:
        SourceError: More columns than a workbook that comes back may have.
    """
    with open_run(plan) as run:
        for step in (ingest, standardize, verify):
            step(run)
        book, lines = _book(run)
        return MadeBook(write_form(book_form(book)), lines)


def _book(run: Run) -> tuple[Book, tuple[str, ...]]:
    (choice,) = run.plan.conversion.targets
    target = load_target(run.plan.settings.standards, choice.name)
    tables = read_tables(run)
    if sum(len(table.headers) for table in tables) > MOST_COLUMNS:
        raise SourceError(
            f"the sources have more than {MOST_COLUMNS:,} columns", "make one workbook per source, or --ignore columns"
        )
    mappings = recognise_columns(run, tables)
    objects = objects_of(target, choice.assign)
    present = present_of(mappings, run.standards, target, objects, last_applied(run.plan.settings, choice.name))
    customers = read_customers(run, target)
    learned = read_learned(run.plan.settings.standards)
    rows, _, agreement = rows_to_load(run, target, choice, customers, learned)
    rows, _ = taken_over(run, choice.name, target, rows, customers)
    findings = find(target, rows, run.plan.as_of, surroundings(run, choice.name, target))
    blockers, verdicts = judge(target, choice.name, choice.path, rows, findings)
    proposals = propose(target, choice.name, rows, blockers, spellings(run.standards), agreement)
    lineage = lineage_of(target, objects, customers)
    answers = present.answers
    becomes = objects_made(rows, mappings)
    columns = column_lines(run.engine, tables, mappings, answers.columns, lineage, becomes, unmasked=run.plan.unmasked)
    fields = field_lines(target, objects, rows, lineage[0], columns)
    values, unseen = value_lines(target, rows, proposals, agreement.origins)
    decided = {one.place: present_value(present.answers.picklists, one.place) for one in values}
    answers = Answers(present.answers.columns, present.answers.fields, decided)
    parked = int(verdicts["object"].eq(PARK).sum())
    total, loading = int(customers_of(verdicts).nunique()), loading_customers(verdicts)
    title = headline(target.title, target.paths[choice.path].title, "rows", total, loading, parked)
    about = [
        ("Sources", ", ".join(dict.fromkeys(table.source for table in tables))),
        ("Day", run.plan.as_of.isoformat()),
        ("Assignment", f"{choice.assign}, by {target.paths[choice.path].title}"),
        ("Today", title),
    ]
    book = Book(choice.name, target, about, columns, fields, values, answers)
    counted = counts_of(book, unseen)
    about += counted
    return book, (title, *(f"{name}: {text}" for name, text in counted))


def counts_of(book: Book, unseen: int) -> list[tuple[str, str]]:
    """Return the counts that the first sheet and the terminal show."""
    decisions = [book.answers.columns[one.place].decision for one in book.columns]
    unread = [
        one for one, decision in zip(book.columns, decisions, strict=True) if decision == MIGRATE and not one.goes_to
    ]
    signed = sum(bool(book.answers.columns[one.place].signed_by) for one in book.columns)
    gaps = [f"{one.object}.{one.field}" for one in book.fields if one.gap]
    open_values = [one for one in book.picklists if not one.is_listed]
    undecided = sum(not book.answers.picklists[one.place].decision for one in open_values)
    said = f"{len(open_values):,} are in no list, {undecided:,} of them to be decided"
    return [
        (
            "Source columns",
            f"{len(decisions):,}: {decisions.count(MIGRATE):,} migrate ({len(unread):,} of them reach no field), "
            f"{decisions.count(DROP):,} dropped, {decisions.count(ARCHIVE):,} archived; {signed:,} signed",
        ),
        ("Gaps", f"{len(gaps):,} required: {', '.join(gaps)}" if gaps else "no required field lacks anything"),
        ("Values of lists", said + (f"; {unseen:,} rarer ones are not shown" if unseen else "")),
    ]
