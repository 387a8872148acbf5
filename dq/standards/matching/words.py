"""Words of values and of headers that matching knows."""

from dq.standards.reader import Policy


class Extras(Policy):
    """Columns without a home that say who somebody is, by words of their header.

    Attributes:
        identifiers: Phrases; a header with all words of one holds numbers of that kind.
        not_identifiers: Words of headers that only describe such a number.
        former_names: Phrases of headers that hold an earlier family name.
        sexes: Phrases of headers that say whether somebody is a man or a woman.
    """

    identifiers: tuple[str, ...]
    not_identifiers: tuple[str, ...]
    former_names: tuple[str, ...]
    sexes: tuple[str, ...]


class Words(Policy):
    """Words that say nothing about who somebody is.

    Attributes:
        legal_forms: Word → its standard form; kept aside and compared by itself.
        stop: Words of organisation names that are left out.
        branches: Words before the number of a branch.
        directions: Long form → abbreviation.
        streets: Street types, any form → abbreviation, where an address came without components.
        units: Words before a unit number.
        generations: Written form → standard form.
        particles: Parts of family names that do not stand alone.
        ordinals: First, second … → 1st, 2nd, in street names.
        husband_titles: Folded titles of men.
        wife_titles: Folded titles of women, before a man's given name those of his wife.
        not_names: What stands in a name column and is nobody's name.
        sexes: Word or title → `m` or `f`.
    """

    legal_forms: dict[str, str]
    stop: tuple[str, ...]
    branches: tuple[str, ...]
    directions: dict[str, str]
    streets: dict[str, str]
    units: tuple[str, ...]
    generations: dict[str, str]
    particles: tuple[str, ...]
    ordinals: dict[str, str]
    husband_titles: tuple[str, ...]
    wife_titles: tuple[str, ...]
    not_names: tuple[str, ...]
    sexes: dict[str, str]
