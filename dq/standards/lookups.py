"""Known dirty values and what they stand for, each with its reason and date."""

from pydantic import Field, field_validator, model_validator

from dq.model import CONTACT_KINDS, EXTRA, STANDARDIZED_COLUMNS, UNSPLIT_POINT_COLUMNS, UNSPLIT_RECORD_COLUMNS
from dq.standards.reader import Policy, suggest

_COLUMNS = tuple(
    sorted(
        {
            *STANDARDIZED_COLUMNS,
            *UNSPLIT_RECORD_COLUMNS,
            *UNSPLIT_POINT_COLUMNS,
            *(kind for kind in CONTACT_KINDS if kind != "address"),
            "status",
            "owner",
            "department",
        }
    )
)


class Lookup(Policy):
    """One known dirty value: in `column`, `value` (compared without case and outer blanks) stands for `becomes`.

    An empty `becomes` removes the value (with a change). `source` limits the lookup to one source. `email`, `phone`,
    `mobile`, `fax` and `website` mean the contact points of that kind.
    """

    column: str = Field(min_length=1)
    value: str = Field(min_length=1)
    becomes: str
    reason: str = Field(min_length=1)
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    source: str = ""

    @property
    def folded(self) -> str:
        """The value as it is compared."""
        return self.value.strip().casefold()

    @field_validator("column")
    @classmethod
    def _is_known(cls, column: str) -> str:
        if column not in _COLUMNS and not column.startswith(EXTRA):
            raise ValueError(f"no column is called {column!r}; {suggest(column, _COLUMNS)}")
        return column


class Lookups(Policy):
    """Content of `standards/lookups.yml`."""

    lookups: tuple[Lookup, ...] = ()

    @model_validator(mode="after")
    def _is_one_step(self) -> "Lookups":
        """Refuse two answers for one value, and chains: standardising twice must equal standardising once."""
        seen: dict[tuple[str, str, str], Lookup] = {}
        mistakes = []
        for lookup in self.lookups:
            key = (lookup.column, lookup.folded, lookup.source)
            if key in seen:
                mistakes.append(f"{lookup.column} {lookup.value!r} stands twice")
            seen[key] = lookup
        for lookup in self.lookups:
            outcome = lookup.becomes.strip().casefold()
            for source in {lookup.source, ""}:
                further = seen.get((lookup.column, outcome, source))
                if further is not None and further.becomes != lookup.becomes:
                    mistakes.append(f"{lookup.column} {lookup.value!r} becomes a value that is looked up again")
        if mistakes:
            raise ValueError("; ".join(sorted(set(mistakes))))
        return self
