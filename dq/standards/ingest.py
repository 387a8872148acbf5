"""How extracts are read: tokens that mean nothing, rows that hold two parties, limits against hostile files."""

from typing import Literal

from pydantic import Field

from dq.standards.reader import Policy

PersonAndCompany = Literal["split", "person", "organization"]


class Ingest(Policy):
    """Content of `standards/ingest.yml`.

    Attributes:
        null_tokens: Cells that mean "no value", compared without case; applied with a change.
        name_null_tokens: The subset that is applied to name columns, where `NA`, `None` or `Null` are surnames.
        organization_null_tokens: Further ones for columns of organisations only.
        person_and_company: What becomes of a row that names a person and a company: two records and a relation
            (`split`), or one record of the named type that keeps the other name as an extra column.
        max_line_bytes: A longer physical line is one reject.
        max_quoted_lines: A quoted cell that spans more lines is damage, not data.
        max_columns: A table with more columns is refused.
        max_expansion: A compressed file that grows by more than this factor is refused.
        max_expanded_bytes: A compressed file that grows beyond this is refused.
    """

    null_tokens: tuple[str, ...]
    name_null_tokens: tuple[str, ...]
    organization_null_tokens: tuple[str, ...] = ()
    person_and_company: PersonAndCompany = "split"
    max_line_bytes: int = Field(default=16_000_000, gt=0)
    max_quoted_lines: int = Field(default=1_000, gt=0)
    max_columns: int = Field(default=20_000, gt=0)
    max_expansion: int = Field(default=200, gt=1)
    max_expanded_bytes: int = Field(default=50_000_000_000, gt=0)
