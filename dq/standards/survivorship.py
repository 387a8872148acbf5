"""Which value survives a merge: per field or group of fields an ordered list of rules."""

from typing import Literal

from pydantic import Field, model_validator

from dq.standards.reader import Policy

SurvivorshipRule = Literal[
    "most_trusted_source",
    "most_recent",
    "most_frequent",
    "most_complete",
    "valid_first",
    "earliest",
    "latest",
    "largest",
]


class Group(Policy):
    """Columns that survive together, from one record: an address is never made of two.

    Attributes:
        columns: The columns; a record takes part where at least one of `needs` is filled.
        needs: Columns that make the group worth anything; empty means any column.
        rules: In order; the first that tells two candidates apart decides.
    """

    columns: tuple[str, ...] = Field(min_length=1)
    needs: tuple[str, ...] = ()
    rules: tuple[SurvivorshipRule, ...] = Field(min_length=1)


class Survivorship(Policy):
    """Content of `standards/survivorship.yml`.

    Attributes:
        default: Rules of every column that neither a group nor a field names, extra columns included.
        groups: Columns that survive together, by name.
        fields: Rules of single columns.
        outcome_order: Address outcomes from best to worst, for `valid_first`.
    """

    default: tuple[SurvivorshipRule, ...] = Field(min_length=1)
    groups: dict[str, Group] = Field(default_factory=dict)
    fields: dict[str, tuple[SurvivorshipRule, ...]] = Field(default_factory=dict)
    outcome_order: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_place_per_column(self) -> "Survivorship":
        seen: dict[str, str] = {}
        for name, group in self.groups.items():
            for column in group.columns:
                if column in seen:
                    raise ValueError(f"column `{column}` stands in the groups `{seen[column]}` and `{name}`")
                seen[column] = name
        both = sorted(set(seen) & set(self.fields))
        if both:
            raise ValueError(f"column `{both[0]}` stands in group `{seen[both[0]]}` and among the fields")
        return self
