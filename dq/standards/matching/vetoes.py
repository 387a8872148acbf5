"""What stands above every weight: facts that forbid a match, records that stay apart."""

from typing import Literal

from pydantic import Field

from dq.standards.reader import Policy

Veto = Literal["always", "safe", "never"]
"""Whether a fact forbids a match at both settings, only at `safe` (at `balanced` it is evidence), or not at all."""


class Vetoes(Policy):
    """Which facts stand above every weight; a DIFFERENT judgement always does."""

    organization_tax_id: Veto
    person_tax_id: Veto
    lei: Veto
    generation: Veto
    birth_date: Veto
    twins: Veto
    given_name: Veto
    rather_two: Veto


class NeverMerge(Policy):
    """Records with an obligation of their own: two of them stay two customers, whatever the evidence.

    Attributes:
        column: Column of the records, `extra.<header>` for one without a canonical home; letters of either case.
        values: Values that mark a record, in either case; without any, all but empty, zero and words for no.
    """

    column: str = Field(min_length=1)
    values: tuple[str, ...] = ()
