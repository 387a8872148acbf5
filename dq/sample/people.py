"""The people of the sample, in truth: households, twins, fathers and sons, their phones, e-mails and moves."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from dq.sample.chance import Chance, Flags, Indexes, Texts
from dq.sample.contacts import Addresses, Phones, make_addresses, make_phones
from dq.sample.reference import SampleReference
from dq.sample.words import LAST_DAY, iso_day, joined, number_text, padded_text, per_distinct, rank_within, where

HOUSEHOLD_SIZES = (0.62, 0.22, 0.08, 0.08)  # one to four customers at one address
PEOPLE_PER_HOUSEHOLD = 1.62  # the mean of the above
NAMESAKE_RATE = 0.05  # households whose first two are Sr and Jr
TWIN_RATE = 0.05  # households whose first two are twins
FAMILY_EMAIL_RATE = 0.12  # households that share one mailbox
LANDLINE_RATE = 0.7
MOVE_RATE = 0.2  # customers who moved since the first of their records
SAME_TOWN_RATE = 0.6  # moves that stay in town
RARE_SURNAME = 400  # surnames after this rank are rare enough for a mailbox without digits
_ADULT = 18 * 365
_NOT_IN_MAIL = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class People:
    """One person per row.

    Attributes:
        household: Number of the household.
        home: Index into `addresses` of the present home; `former` of the one before, the same where nobody moved.
        phone: Landline of the household, empty where there is none.
        born: Day of birth counted from 1900-01-01.
    """

    household: Indexes
    first: Texts
    initial: Texts
    last: Texts
    suffix: Texts
    prefix: Texts
    born: Indexes
    email: Texts
    phone: Phones
    mobile: Phones
    home: Indexes
    former: Indexes
    addresses: Addresses

    def __len__(self) -> int:
        return len(self.household)


def make_people(chance: Chance, count: int, reference: SampleReference) -> People:
    """Return about `count` people in households."""
    households = max(round(count / PEOPLE_PER_HOUSEHOLD), 1)
    household = np.repeat(np.arange(households), 1 + chance.shares(HOUSEHOLD_SIZES, households))
    position = rank_within(household)
    alike = _alike(chance, household)
    female, first = _first_names(chance, position, alike, reference)
    last, is_rare = _last_names(chance, household, position, alike, reference)
    born = _births(chance, position, alike)
    initial = _initials(chance, position, alike)
    addresses = _homes(chance, households, reference)
    moved = chance.happens(MOVE_RATE, households)
    home = household.astype(np.int64)
    landlines = make_phones(chance, addresses.area[:households])
    landlines = _dropped(landlines, ~chance.happens(LANDLINE_RATE, households))
    mobiles = make_phones(chance, addresses.area[home])
    return People(
        household=home,
        first=first,
        initial=initial,
        last=last,
        suffix=where(alike == 1, where(position == 0, "Sr", where(position == 1, "Jr", "")), ""),
        prefix=where(female, "Ms.", "Mr."),
        born=born,
        email=_emails(chance, first, last, born, household, is_rare, reference),
        phone=landlines.take(home),
        mobile=_dropped(mobiles, ~chance.happens(0.95, len(home))),
        home=home,
        former=np.where(moved[home], home + households, home),
        addresses=addresses,
    )


def _homes(chance: Chance, households: int, reference: SampleReference) -> Addresses:
    """Return the present home of each household and then the former one, mostly in the same town."""
    addresses = make_addresses(chance, 2 * households, reference, offices=False)
    rows = np.arange(2 * households)
    stays = chance.happens(SAME_TOWN_RATE, 2 * households) & (rows >= households)
    return addresses.in_town_of(np.where(stays, rows - households, rows))


def _dropped(phones: Phones, missing: Flags) -> Phones:
    return Phones(where(missing, "", phones.area), where(missing, "", phones.exchange), where(missing, "", phones.line))


def _alike(chance: Chance, household: Indexes) -> Indexes:
    """Return per person what the household's first two are: 0 a couple, 1 Sr and Jr, 2 twins."""
    households = int(household[-1]) + 1
    draw = chance.uniform(households)
    kind = np.where(draw < NAMESAKE_RATE, 1, np.where(draw < NAMESAKE_RATE + TWIN_RATE, 2, 0))
    is_alone = np.bincount(household) < 2
    return np.where(is_alone[household], 0, kind[household])


def _first_names(chance: Chance, position: Indexes, alike: Indexes, reference: SampleReference) -> tuple[Flags, Texts]:
    count = len(position)
    female = chance.happens(0.5, count)
    second = np.flatnonzero(position == 1)
    same_sex = np.isin(alike[second], (1, 2))
    female[second] = np.where(same_sex, female[second - 1], ~female[second - 1])
    first = where(
        female,
        chance.words(reference.first_names["female"], count),
        chance.words(reference.first_names["male"], count),
    )
    juniors = second[alike[second] == 1]
    first[juniors] = first[juniors - 1]
    twins = second[alike[second] == 2]
    pair = chance.integers(0, len(reference.twins[0]), len(twins))
    first[twins - 1], first[twins] = reference.twins[0][pair], reference.twins[1][pair]
    return female, first


def _last_names(
    chance: Chance, household: Indexes, position: Indexes, alike: Indexes, reference: SampleReference
) -> tuple[Texts, Flags]:
    families = int(household[-1]) + 1
    ticket = chance.tickets(reference.last_names, families)
    last = reference.last_names.words[ticket][household]
    own = chance.words(reference.last_names, len(household))
    draw = chance.uniform(len(household))
    is_spouse = (position == 1) & (alike == 0)
    last = where(is_spouse & (draw < 0.10), own, last)  # kept her name
    last = where(is_spouse & (draw >= 0.10) & (draw < 0.15), joined(own, "-", last), last)
    return last, (ticket > RARE_SURNAME)[household]


def _births(chance: Chance, position: Indexes, alike: Indexes) -> Indexes:
    count = len(position)
    years = 365
    born = LAST_DAY - chance.integers(24 * years, 85 * years, count)
    second, children = np.flatnonzero(position == 1), np.flatnonzero(position > 1)
    born[second] = born[second - 1] + chance.integers(-6 * years, 6 * years, len(second))
    juniors = second[alike[second] == 1]
    born[juniors] = born[juniors - 1] + chance.integers(20 * years, 34 * years, len(juniors))
    twins = second[alike[second] == 2]
    born[twins] = born[twins - 1]
    born[children] = born[children - position[children]] + chance.integers(20 * years, 38 * years, len(children))
    return np.minimum(born, LAST_DAY - _ADULT)


def _initials(chance: Chance, position: Indexes, alike: Indexes) -> Texts:
    letters = np.array([*"AABCDEEFGHJJKLLMMNPRSTW", *[""] * 22], dtype=object)
    initial = letters[chance.integers(0, len(letters), len(position))]
    juniors = np.flatnonzero((position == 1) & (alike == 1))
    initial[juniors] = initial[juniors - 1]
    return initial


def mail_slug(text: str) -> str:
    """Return the letters and digits of `text` as they stand in a mailbox or domain.

    >>> mail_slug("Peña-O'Brien & Co")
    'penaobrienco'
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return _NOT_IN_MAIL.sub("", plain.lower())


def _emails(
    chance: Chance,
    first: Texts,
    last: Texts,
    born: Indexes,
    household: Indexes,
    is_rare: Flags,
    reference: SampleReference,
) -> Texts:
    """Return mailboxes; common surnames always carry digits, so that two people rarely hold one by accident."""
    count = len(first)
    given, family = per_distinct(mail_slug, first), per_distinct(mail_slug, last)
    letter = per_distinct(lambda name: name[:1], given)
    pattern = chance.integers(0, 4, count)
    local = joined(given, ".", family)
    for number, other in enumerate((joined(letter, family), joined(family, letter), joined(given, "_", family))):
        local = where(pattern == number, other, local)
    year = per_distinct(lambda day: day[2:4], iso_day(born))
    digits = chance.shares((0.35, 0.25, 0.4), count)
    serial = padded_text(chance.integers(1, 10_000, count), 4)
    ending = where(digits == 0, year, where((digits == 1) | ~is_rare, serial, ""))
    ending = where((digits == 0) & ~is_rare, joined(year, number_text(chance.integers(0, 100, count))), ending)
    email = joined(local, ending, "@", chance.words(reference.words["mail_domain"], count))
    shares = chance.happens(FAMILY_EMAIL_RATE, int(household[-1]) + 1)[household]
    head = np.searchsorted(household, household, side="left")
    return where(shares, email[head], email)
