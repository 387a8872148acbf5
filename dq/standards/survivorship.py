"""Which value survives a merge: per field or group of fields an ordered list of rules."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from dq.model import EXTRA, GOLDEN
from dq.standards.reader import Policy, suggest

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


DoNot = Literal["do_not_mail", "do_not_email", "do_not_call", "do_not_text"]


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


class Trust(Policy):
    """What `most_trusted_source` counts, in ranks; the value with the smallest sum wins.

    Attributes:
        by_field: Field or group → source → rank, where it is another than `trust` of the source's own file.
        half_life_days: Field or group → days after which a value counts one rank less; others do not age.
        undated: Ranks that a record without any date loses in fields that age.
        invalid: Ranks that a value loses which a check objects to.
        invalid_outcomes: Address outcomes that count as such an objection.
    """

    by_field: dict[str, dict[str, int]] = Field(default_factory=dict)
    half_life_days: dict[str, int] = Field(default_factory=dict)
    undated: float = Field(default=0.5, ge=0)
    invalid: float = Field(default=2.0, ge=0)
    invalid_outcomes: tuple[str, ...] = ()

    @field_validator("half_life_days")
    @classmethod
    def _positive(cls, days: dict[str, int]) -> dict[str, int]:
        wrong = sorted(name for name, count in days.items() if count < 1)
        if wrong:
            raise ValueError(f"`{wrong[0]}` would lose trust in less than a day")
        return days


class Deceased(Policy):
    """What says that a person has died, and what follows.

    Attributes:
        notes: Codes of `reference/name_notes.csv`: words typed into names.
        status: Words of a status column.
        columns: Headers of columns that say so by any value but those of `no`: a flag or a date of death.
        no: Values of such columns that say the person lives, or nothing.
        closes: Do-not columns of the golden record that are set.
    """

    notes: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    closes: tuple[DoNot, ...] = ()


class Survivorship(Policy):
    """Content of `standards/survivorship.yml`.

    Attributes:
        default: Rules of every column that neither a group nor a field names, extra columns included.
        groups: Columns that survive together, by name.
        fields: Rules of single columns.
        trust: How much a source's word is worth, by field and age.
        deceased: Who has died, and which channels that closes.
        shared_contact_above: An e-mail or phone of more customers than this is shared: who refuses it refuses that one,
            not the channel. A mailbox of a function (`info@`) is shared by two.
        outcome_order: Address outcomes from best to worst, for `valid_first`.
    """

    default: tuple[SurvivorshipRule, ...] = Field(min_length=1)
    groups: dict[str, Group] = Field(default_factory=dict)
    fields: dict[str, tuple[SurvivorshipRule, ...]] = Field(default_factory=dict)
    trust: Trust = Field(default_factory=Trust)
    deceased: Deceased = Field(default_factory=Deceased)
    shared_contact_above: int = Field(default=5, ge=1)
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

    @model_validator(mode="after")
    def _trust_names_fields(self) -> "Survivorship":
        grouped = {column: name for name, group in self.groups.items() for column in group.columns}
        known = (*self.groups, *(column for column in GOLDEN.columns if column not in grouped))
        for name in (*self.trust.by_field, *self.trust.half_life_days):
            if name in grouped:
                raise ValueError(f"trust of `{name}` is that of its group, `{grouped[name]}`")
            if name not in known and not name.startswith(EXTRA):
                raise ValueError(f"trust names no field `{name}`, {suggest(name, known)}")
        return self
