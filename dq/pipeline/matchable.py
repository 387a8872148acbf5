"""Refuses, before any work, what cannot be matched: a source in which nothing says who a record is, a policy that names
a column by a wrong word."""

import re
from difflib import get_close_matches
from typing import Final

from dq.errors import Problem, SourceError, StandardsError
from dq.matching.extra_features import says_who
from dq.model import RECORDS
from dq.pipeline.run import Run

SAYS_WHO: Final = (
    "full_name",
    "first_name",
    "last_name",
    "organization_name",
    "trade_name",
    "email",
    "phone",
    "phone_number",
    "phone_exchange",
    "phone_inside",
    "mobile",
    "fax",
    "website",
    "tax_id",
    "duns",
    "lei",
    "name_and_address",
)
"""Columns by which two records can be told to be one customer. An address alone does not say who lives there, a birth
date is shared by a thousand people of a large city, and a source's own key is another one elsewhere."""
_NEAR: Final = 0.8
"""Likeness (Ratcliff and Obershelp 1988) from which on two names of columns are one, misspelled."""
_SHOWN: Final = 8
"""Columns named in the message: what fits in two lines."""


def refuse_unmatchable(run: Run) -> None:
    """Refuse sources that cannot be matched.

    Raises:
        SourceError: With every such source, what was recognised in it and what to do.
    """
    lines, roles = run.kept("mapping"), run.kept("roles")
    assert isinstance(lines, list)
    assert isinstance(roles, dict)
    policy = run.standards.matching.extras
    sources = sorted({line["source"] for line in lines})
    wrong = []
    for source in sources:
        own = [
            line
            for line in lines
            if line["source"] == source and roles.get(f"{source}/{line['table']}") in {"party", "contact_points"}
        ]
        targets = {part for line in own for part in re.split(r"[.#\s]+", str(line["mapped_to"]))}
        if own and targets.isdisjoint(SAYS_WHO) and not any(says_who(str(line["header"]), policy) for line in own):
            wrong.append((source, own))
    if wrong:
        names = ", ".join(source for source, _ in wrong)
        raise SourceError(
            f"{names}: nothing says who a record is: no column was taken for a name, e-mail, phone, website or "
            "number of a person or company",
            f"{_taken_for(wrong[0][1])}; say what a column is with --map HEADER=full_name (organization_name, email, "
            "phone, tax_id), leave the file out, or clean it unmatched with dq standardize",
        )


def refuse_misspelled(run: Run) -> None:
    """Refuse a policy of matching whose column no source has while one has a column called nearly so.

    A column that is nowhere near any is another source's: that is said and the run goes on.

    Raises:
        StandardsError: With every such column and a suggestion.
    """
    lines = run.kept("mapping")
    assert isinstance(lines, list)
    known = {str(line["mapped_to"]).casefold(): str(line["mapped_to"]) for line in lines}
    known |= {name.casefold(): name for name in RECORDS.columns}
    problems = []
    for place, mark in enumerate(run.standards.matching.never_merge):
        near = get_close_matches(mark.column.casefold(), list(known), n=1, cutoff=_NEAR)
        if mark.column.casefold() in known:
            continue
        if not near:
            run.listener.say(f"never_merge in matching.yml: no source of this run has the column {mark.column}")
            continue
        hint = f"did you mean `{known[near[0]]}`?"
        problem = f"no source has the column `{mark.column}`"
        problems.append(Problem("matching.yml", f"never_merge.{place}.column", problem, hint))
    if problems:
        raise StandardsError(problems)


def _taken_for(lines: list[dict[str, object]]) -> str:
    shown = ", ".join(f"`{line['header']}` for {line['mapped_to']}" for line in lines[:_SHOWN])
    more = f" and {len(lines) - _SHOWN:,} more" if len(lines) > _SHOWN else ""
    return f"taken: {shown}{more}"
