"""Objects of a target and their fields."""

import re
from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from dq.standards.expressions import parse_expression
from dq.standards.reader import Policy, suggest
from dq.standards.targets.checks import CHECKS

FieldType = Literal[
    "text", "multiline", "email", "phone", "url", "picklist", "boolean", "date", "datetime", "integer", "number",
    "reference", "id",
]  # fmt: skip


class TargetField(Policy):
    """One field of an object.

    Attributes:
        label: What people see; error texts often use it.
        type: What it holds.
        length: Most characters.
        digits: Most digits before the point.
        minimum: Smallest number; of a date: first year.
        maximum: Largest number; of a date: last year.
        required: A row without it is not created.
        unique: No two records have the same value.
        key: Rows may be upserted by it.
        picklist: Name of its list in `picklists`.
        restricted: Values outside the list are an error, not an addition.
        place: The list is one of states or countries, which have errors of their own.
        listed_with: Only while this feature is on, `picklist`, `restricted`, `place` and `requires` apply.
        refers_to: Object of this target that it points to, or `owner`.
        writable: False: the target fills it itself.
        feature: Only where this feature is on.
        without: Only where this feature is off.
        requires: Field that has to be filled when this one is.
        format: Form of the text, such as `zip9`.
        pattern: Regular expression that the whole text has to match; of an e-mail address in place of ours.
        case: How the target stores it.
        bind: Name by which a call refers to what the field points to; empty: the name of the field.
        header: Column of load files; empty: the name of the field. A parent is often named by a key of its own.
        max_age_months: The date is good until the end of so many months after its own.
        aliases: Source columns that fill it, in any spelling, before `value` does.
        max_age_days: How far back a date may lie, counted from the day of the run.
        value: What it is made of (see `dq.standards.expressions`); empty: a source column of the same name.
        right: Right the user who loads needs to fill it; files cannot tell whether they have it.
        insert_only: It can be filled when a record is made and never after.
        default: What its empty cells may be filled with if somebody accepts it: a value, or `dominant`: what nearly all
            others say. Empty: nothing; a country may always be what nearly all others say.
        codes: Check → code of the target for this field, where it differs.
        doubts: Fact of this field → source that knows it less surely than the others.
        source: Where its facts are from; empty: that of the object.
    """

    label: str = ""
    type: FieldType = "text"
    length: int | None = Field(default=None, ge=1)
    digits: int | None = Field(default=None, ge=1)
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    unique: bool = False
    key: bool = False
    picklist: str = ""
    restricted: bool = False
    place: Literal["", "state", "country"] = ""
    listed_with: str = ""
    refers_to: str = ""
    writable: bool = True
    feature: str = ""
    without: str = ""
    requires: str = ""
    format: Literal["", "zip5", "zip4", "zip9", "domestic", "reachable", "one_per_household"] = ""
    pattern: str = ""
    bind: str = ""
    header: str = ""
    case: Literal["as_is", "lower"] = "as_is"
    max_age_days: int | None = Field(default=None, ge=1)
    max_age_months: int | None = Field(default=None, ge=1)
    aliases: tuple[str, ...] = ()
    value: str = ""
    right: str = ""
    insert_only: bool = False
    default: str = ""
    codes: dict[str, str] = Field(default_factory=dict)
    doubts: dict[str, str] = Field(default_factory=dict)
    source: str = ""

    @field_validator("value")
    @classmethod
    def _can_be_read(cls, value: str) -> str:
        if value:
            parse_expression(value)
        return value

    @field_validator("pattern")
    @classmethod
    def _pattern_can_be_read(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"`{pattern}` is no regular expression: {error}") from error
        return pattern

    @field_validator("codes")
    @classmethod
    def _checks_are_known(cls, codes: dict[str, str]) -> dict[str, str]:
        for check in codes:
            if check not in CHECKS:
                raise ValueError(f"codes: the check `{check}` is unknown; {suggest(check, list(CHECKS))}")
        return codes

    @model_validator(mode="after")
    def _facts_fit_the_type(self) -> "TargetField":
        if self.restricted and not self.picklist:
            raise ValueError("a restricted field needs its `picklist`")
        if self.type == "reference" and not self.refers_to:
            raise ValueError("a reference says what it `refers_to`")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum ({self.minimum:g}) is above maximum ({self.maximum:g})")
        if not self.writable and (self.value or self.required):
            raise ValueError("a field the target fills itself has neither `value` nor `required`")
        unknown = sorted(set(self.doubts) - set(type(self).model_fields))
        if unknown:
            raise ValueError(f"doubts: {suggest(unknown[0], list(type(self).model_fields))}")
        return self


class TargetObject(Policy):
    """One kind of record of a target.

    Attributes:
        title: What one row is, in the plural.
        api_name: Its name in the target; empty: the key it stands under.
        order: Place in the load: parents first.
        key: Field that carries the id of the row and by which rows are upserted.
        one_of: Groups of fields one of which has to be filled.
        fields: Field → facts and mapping.
        source: Where the facts are from.
    """

    title: str = ""
    api_name: str = ""
    order: int = Field(default=1, ge=1)
    key: str = ""
    one_of: tuple[tuple[str, ...], ...] = ()
    fields: dict[str, TargetField] = Field(min_length=1)
    source: str = Field(min_length=1)


DOMINANT: Final = "dominant"
"""Default of a field: the value that nearly all rows with one have."""
