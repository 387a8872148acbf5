"""Blocking rules as the policy has them: which pairs are compared."""

from pydantic import Field, field_validator, model_validator

from dq.standards.reader import Policy, suggest

BLOCKING_FEATURES = (
    "acronym",
    "area",
    "birth_on",
    "birth_year",
    "city",
    "town",
    "domain",
    "email",
    "email_local",
    "email_start",
    "first",
    "first_initial",
    "first_sound",
    "first_start",
    "formal_first",
    "identifier",
    "last",
    "last_initial",
    "last_sound",
    "last_start",
    "line",
    "name",
    "name_pair",
    "name_starts",
    "either_name",
    "name_sound",
    "name_start",
    "homeless_token",
    "name_token",
    "number",
    "phone",
    "phone_seven",
    "region",
    "street_start",
    "zip",
    "zip_start",
)
"""What a blocking rule may be made of; see `dq.matching.block_values`."""


EVERY_PAIR = "every_pair"
"""Name of the last rule: every pair of records in a file small enough for that."""


class BlockingRule(Policy):
    """Records that agree on all of `on` are worth comparing; larger blocks must also agree on `finer`.

    Attributes:
        max_block: Largest block of this rule, where it is to be smaller than the others'.
        window: Neighbours each record meets where a split block of it is still too large; fewer than the others'.
    """

    name: str
    on: tuple[str, ...] = Field(min_length=1)
    finer: tuple[str, ...] = ()
    max_block: int | None = Field(default=None, gt=1)
    window: int | None = Field(default=None, gt=0)

    @field_validator("on", "finer")
    @classmethod
    def _known(cls, features: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [feature for feature in features if feature not in BLOCKING_FEATURES]
        if unknown:
            raise ValueError(
                "; ".join(f"unknown feature `{feature}`, {suggest(feature, BLOCKING_FEATURES)}" for feature in unknown)
            )
        return features


class BlockingRules(Policy):
    """Which pairs are compared.

    Attributes:
        max_block: A block with more records is split by the rule's `finer` features.
        small_file: With fewer records than this, blocks may be larger by as much.
        most_times: By no more than this.
        window: Where a split block is still too large, each record meets this many neighbours in it.
        every_pair: Files of at most so many records are compared whole, beside what rules make; 0 for none.
    """

    max_block: int = Field(gt=1)
    small_file: int = Field(gt=0)
    most_times: float = Field(ge=1)
    window: int = Field(gt=0)
    every_pair: int = Field(ge=0, le=10_000)
    person: tuple[BlockingRule, ...]
    organization: tuple[BlockingRule, ...]

    @model_validator(mode="after")
    def _unique(self) -> "BlockingRules":
        names = self.names()
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"rules named twice: {', '.join(twice)}")
        return self

    def rules(self) -> tuple[tuple[str, BlockingRule], ...]:
        """Return (party type, rule) in order; a pair keeps the first rule that made it."""
        person = tuple(("person", rule) for rule in self.person)
        return (*person, *(("organization", rule) for rule in self.organization))

    def names(self) -> tuple[str, ...]:
        """Return the names of all rules in order, EVERY_PAIR last."""
        return (*(rule.name for _, rule in self.rules()), EVERY_PAIR)

    def whole(self, records: int) -> bool:
        """Say whether every pair of so many records is compared."""
        return records <= self.every_pair
