"""The ladders of comparisons: which levels each comparison has, from the most to the least alike.

The first level that fits is the level of a pair. A missing value is no level and no evidence.
"""

import math
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from dq.standards.reader import Policy

Probability = Annotated[float, Field(gt=0, lt=1)]


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
    compound: Level
    typo: Level
    sounds_alike: Level
    similar: Level
    same_former: Level
    other: Level


class Generation(Ladder):
    """Jr, Sr, II, III of two persons."""

    exact: Level
    other: Level
    one_side: Level


class BirthDate(SharedLadder):
    """Birth dates of two persons."""

    exact: Level
    day_month_swapped: Level
    one_digit: Level
    two_parts: Level
    near: Level
    generation: Level
    other: Level


class BirthYear(Ladder):
    """Birth years of two persons of whom one has no full birth date."""

    exact: Level
    near: Level
    other: Level


class Sex(Ladder):
    """Man or woman."""

    exact: Level
    other: Level


class Identifier(Ladder):
    """LEIs or DUNS numbers."""

    exact: Level
    near: Level
    other: Level


class TaxId(SharedLadder):
    """Tax ids."""

    exact: Level
    near: Level
    other: Level


class PersonTaxId(SharedLadder):
    """Tax ids of two persons: two whole numbers (nine digits) that nearly agree are a level of their own."""

    exact: Level
    near: Level
    near_number: Level
    other: Level


class OtherId(Ladder):
    """Passports, licences and other identifiers from columns without a home, each kind with its own."""

    exact: Level
    near: Level
    other: Level


class Phone(SharedLadder):
    """All phones of one record against all phones of the other."""

    exact: Level
    same_seven: Level
    shortened: Level
    one_digit: Level
    other: Level


class Email(SharedLadder):
    """All e-mail addresses of one record against all of the other."""

    exact: Level
    alias: Level
    family: Level
    similar: Level
    same_local: Level
    same_name: Level
    same_domain: Level
    other: Level


class PersonEmail(SharedLadder):
    """The same of two persons: a mailbox made of the name alone is a level of its own."""

    exact: Level
    own_name: Level
    alias: Level
    family: Level
    similar: Level
    same_local: Level
    same_name: Level
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
    near_by: Level
    same_region: Level
    other: Level


class Vicinity(Ladder):
    """How far the person who names an organisation lives from it."""

    near: Level
    region: Level
    far: Level


class OrganizationName(Ladder):
    """All names (registered, trade) of one organisation against all of the other, legal form and stop words aside."""

    exact: Level
    same_words: Level
    other_number: Level
    typo: Level
    one_number: Level
    acronym: Level
    contained: Level
    most_words: Level
    by_website: Level
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
    birth_year: BirthYear
    sex: Sex
    tax_id: PersonTaxId
    other_id: OtherId
    phone: Phone
    email: PersonEmail
    address: Address


class OrganizationComparisons(Policy):
    """How two organisations are compared."""

    name: OrganizationName
    legal_form: LegalForm
    tax_id: TaxId
    lei: Identifier
    duns: Identifier
    other_id: OtherId
    phone: Phone
    email: Email
    website: Website
    address: Address
    vicinity: Vicinity
