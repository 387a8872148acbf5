"""How duplicates are found: blocking rules, comparisons with their levels, weights, thresholds, vetoes.

The fields of a comparison are its ladder, read from the top: the first level that fits is the level of the pair. A
missing value is no level and no evidence.
"""

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from dq.standards.reader import Policy, suggest

Probability = Annotated[float, Field(gt=0, lt=1)]

BLOCKING_FEATURES = (
    "acronym",
    "birth_on",
    "birth_year",
    "city",
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
    "name_sound",
    "name_start",
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


class Level(Policy):
    """One outcome of a comparison.

    Attributes:
        m: Share of true matches that come out here.
        u: Share of random pairs of different customers that come out here.
        frequency: Replace `u` by how frequent the shared value is in the data.
        say: The level in words, as `dq explain` and the review page print it.
    """

    m: Probability
    u: Probability
    frequency: bool = False
    say: str

    @property
    def weight(self) -> float:
        """Return log2(m / u): what the level adds to the match weight without its value's frequency."""
        return round(math.log2(self.m / self.u), 6)


class Ladder(Policy):
    """A comparison; its fields are levels from the most to the least alike."""

    def levels(self) -> Iterator[tuple[str, Level]]:
        """Yield the levels from the top."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Level):
                yield name, value


class SharedLadder(Ladder):
    """A comparison of a value that several customers can share.

    Attributes:
        generic_above: A value that more customers than this share says nothing about who they are.
    """

    generic_above: int = Field(gt=1)


class FirstName(Ladder):
    """Given names of two persons."""

    exact: Level
    swapped: Level
    nickname: Level
    middle: Level
    initial: Level
    typo: Level
    variant: Level
    sounds_alike: Level
    alike_known_name: Level
    other_known_name: Level
    similar: Level
    other: Level


class MiddleName(Ladder):
    """Middle names or initials of two persons."""

    exact: Level
    initial: Level
    typo: Level
    other: Level


class LastName(Ladder):
    """Family names of two persons."""

    exact: Level
    swapped: Level
    compound: Level
    typo: Level
    sounds_alike: Level
    similar: Level
    other: Level


class Generation(Ladder):
    """Jr, Sr, II, III of two persons."""

    exact: Level
    other: Level
    one_side: Level


class BirthDate(Ladder):
    """Birth dates of two persons."""

    exact: Level
    day_month_swapped: Level
    one_digit: Level
    two_parts: Level
    other: Level


class Identifier(Ladder):
    """Tax ids, LEIs or DUNS numbers."""

    exact: Level
    near: Level
    other: Level


class Phone(SharedLadder):
    """All phones of one record against all phones of the other."""

    exact: Level
    same_seven: Level
    one_digit: Level
    other: Level


class Email(SharedLadder):
    """All e-mail addresses of one record against all of the other."""

    exact: Level
    alias: Level
    similar: Level
    same_local: Level
    same_domain: Level
    other: Level


class Website(SharedLadder):
    """Domains of the websites."""

    exact: Level
    other: Level


class Address(SharedLadder):
    """All addresses of one record against all of the other, on their components."""

    exact: Level
    other_unit: Level
    same_line: Level
    near_street: Level
    near_number: Level
    same_street: Level
    same_zip: Level
    same_city: Level
    other: Level


class OrganizationName(Ladder):
    """All names (registered, trade) of one organisation against all of the other, legal form and stop words aside."""

    exact: Level
    same_words: Level
    other_number: Level
    typo: Level
    acronym: Level
    contained: Level
    most_words: Level
    some_words: Level
    other: Level


class LegalForm(Ladder):
    """LLC, Inc, Corp … of two organisations."""

    exact: Level
    other: Level


class PersonComparisons(Policy):
    """How two persons are compared."""

    first_name: FirstName
    middle_name: MiddleName
    last_name: LastName
    generation: Generation
    birth_date: BirthDate
    tax_id: Identifier
    phone: Phone
    email: Email
    address: Address


class OrganizationComparisons(Policy):
    """How two organisations are compared."""

    name: OrganizationName
    legal_form: LegalForm
    tax_id: Identifier
    lei: Identifier
    duns: Identifier
    phone: Phone
    email: Email
    website: Website
    address: Address


class BlockingRule(Policy):
    """Records that agree on all of `on` are worth comparing; larger blocks must also agree on `finer`.

    Attributes:
        max_block: Largest block of this rule, where it is to be smaller than the others'.
    """

    name: str
    on: tuple[str, ...] = Field(min_length=1)
    finer: tuple[str, ...] = ()
    max_block: int | None = Field(default=None, gt=1)

    @field_validator("on", "finer")
    @classmethod
    def _known(cls, features: tuple[str, ...]) -> tuple[str, ...]:
        for feature in features:
            if feature not in BLOCKING_FEATURES:
                raise ValueError(f"unknown feature `{feature}`, {suggest(feature, BLOCKING_FEATURES)}")
        return features


class BlockingRules(Policy):
    """Which pairs are compared.

    Attributes:
        max_block: A block with more records is split by the rule's `finer` features.
        window: Where a split block is still too large, each record meets this many neighbours in it.
    """

    max_block: int = Field(gt=1)
    window: int = Field(gt=0)
    person: tuple[BlockingRule, ...]
    organization: tuple[BlockingRule, ...]

    @model_validator(mode="after")
    def _unique(self) -> "BlockingRules":
        names = [rule.name for rule in (*self.person, *self.organization)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"rules named twice: {', '.join(twice)}")
        return self

    def rules(self) -> tuple[tuple[str, BlockingRule], ...]:
        """Return (party type, rule) in order; a pair keeps the first rule that made it."""
        person = tuple(("person", rule) for rule in self.person)
        return (*person, *(("organization", rule) for rule in self.organization))


class Prior(Policy):
    """How likely two random records are one customer.

    Attributes:
        matches_per_record: How many other records of the same customer a record is expected to have.
        least_records: Fewer records than this are judged as if there were so many: a small file is a sample.
    """

    matches_per_record: float = Field(gt=0)
    least_records: int = Field(gt=1)

    def weight(self, records: int) -> float:
        """Return log2 of the prior odds among `records` records of one party type."""
        return round(math.log2(self.matches_per_record / max(records, self.least_records)), 6)


class Thresholds(Policy):
    """Match weights from which a pair is a match, or worth a person's look."""

    match_threshold: float
    review_threshold: float

    @model_validator(mode="after")
    def _ordered(self) -> "Thresholds":
        if self.review_threshold > self.match_threshold:
            raise ValueError("review_threshold is above match_threshold")
        return self


class ThresholdPairs(Policy):
    """The two settings of `--match-at`."""

    safe: Thresholds
    balanced: Thresholds


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


class Ceilings(Policy):
    """The highest weight of pairs whose evidence others share: a household, a building, the branches of a company.

    Identifiers, birth dates and what else is a customer's own are added on top.

    Attributes:
        household: Two persons whose first or middle names, birth dates or tax ids differ, or without first name.
        alike_name: Two persons whose first names sound or look alike and are both given names (Joan, Joanne).
        alike_name_proven: The same with one birth date or mailbox.
        other_family: Two persons whose family names differ.
        no_name: Two persons of whom one has no name at all.
        initial: Two persons of whom one has an initial only, without the same phone or tax id.
        nickname: Two persons of whom one has a nickname of the other's name, and nothing of their own in common.
        namesake: Two persons of one name, nothing of their own in common, and another phone or another e-mail.
        namesake_apart: The same with another phone and another e-mail.
        generation: Two persons of whom one is called Jr, Sr or a number and the other is not.
        same_place_other_name: Two organisations at one address whose names are not the same.
        nearby_other_name: In one town, names not the same.
        elsewhere_other_name: In different places, names not the same.
        nearby_same_name: In one town at different addresses, same name.
        elsewhere_same_name: In different places, same name.
        no_place_other_name: Without an address on one side, names not the same.
    """

    household: float
    alike_name: float
    alike_name_proven: float
    other_family: float
    no_name: float
    initial: float
    nickname: float
    namesake: float
    namesake_apart: float
    generation: float
    same_place_other_name: float
    nearby_other_name: float
    elsewhere_other_name: float
    nearby_same_name: float
    elsewhere_same_name: float
    no_place_other_name: float


class Words(Policy):
    """Words that say nothing about who somebody is.

    Attributes:
        legal_forms: Word → its standard form; kept aside and compared by itself.
        stop: Words of organisation names that are left out.
        directions: Long form → abbreviation.
        streets: Street types, any form → abbreviation, where an address came without components.
        units: Words before a unit number.
        generations: Written form → standard form.
        particles: Parts of family names that do not stand alone.
        ordinals: First, second … → 1st, 2nd, in street names.
        not_names: What stands in a name column and is nobody's name.
    """

    legal_forms: dict[str, str]
    stop: tuple[str, ...]
    directions: dict[str, str]
    streets: dict[str, str]
    units: tuple[str, ...]
    generations: dict[str, str]
    particles: tuple[str, ...]
    ordinals: dict[str, str]
    not_names: tuple[str, ...]


class Matching(Policy):
    """Content of `standards/matching.yml`.

    Attributes:
        frequency_records: How many records the `u` of a level counts for against the data's own frequencies.
        party_doubt_below: Records whose party type is less sure than this are compared with both kinds.
    """

    prior: Prior
    thresholds: ThresholdPairs
    frequency_records: int = Field(gt=0)
    ceilings: Ceilings
    party_doubt_below: float = Field(ge=0, le=1)
    vetoes: Vetoes
    blocking: BlockingRules
    person: PersonComparisons
    organization: OrganizationComparisons
    words: Words
