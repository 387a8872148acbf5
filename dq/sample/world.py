"""The truth of one block: who exists, who works where, and in which table each of them has how many records."""

from dataclasses import dataclass

import numpy as np

from dq.sample.chance import Chance, Flags, Indexes, Texts
from dq.sample.companies import Companies, make_companies
from dq.sample.contacts import Addresses
from dq.sample.people import People, mail_slug, make_people
from dq.sample.reference import SampleReference
from dq.sample.words import joined, padded_text, per_distinct, rank_within

BLOCK_ROWS = 20_000
"""Rows of a whole block: small enough for memory, large enough for NumPy. Part of what a seed means."""

PEOPLE_PER_ROW = 0.625  # with the shares below, a block of n rows really holds about n
COMPANIES_PER_ROW = 0.152
CLUSTER_SIZES = (
    0.825,
    0.125,
    0.033,
    0.011,
    0.004,
    0.002,
)  # records per person, 1 to 6: one record in five is a duplicate
COMPANY_SIZES = (0.86, 0.11, 0.03)  # own records per company; sign-ups that name it come on top
MOST_RECORDS = 6  # of one customer
EMPLOYED_RATE = 0.5
NEAR = 5  # employers are among the companies whose ZIP codes lie next
NAMES_COMPANY_RATE = 0.3  # sign-ups of the employed that fill in the company
# Shares of contacts, billing and web among the records of employed people and of the others.
EMPLOYED_SOURCES = (0.62, 0.13, 0.25)
CONSUMER_SOURCES = (0.24, 0.36, 0.40)
ACCOUNT_RATE = 0.75  # companies whose first record is an account; headquarters always have one


@dataclass(frozen=True)
class Appearances:
    """The records of one kind of customer in one table.

    Attributes:
        who: Row of the customer in `People` or `Companies`.
        rank: How many earlier records the customer has, over all tables.
    """

    who: Indexes
    rank: Indexes


@dataclass(frozen=True)
class World:
    """Everything true in a block; customers are numbered from `first_number` through the whole sample.

    Attributes:
        employer: Company of each person, -1 for none.
        people_records: Records per person; `company_records` per company.
        pool: All addresses: those of people, then those of companies from `company_pool` on.
        named_company: Per sign-up the company it names, -1 for none.
    """

    first_number: int
    people: People
    companies: Companies
    employer: Indexes
    people_records: Indexes
    company_records: Indexes
    pool: Addresses
    company_pool: int
    accounts: Appearances
    contacts: Appearances
    billed_people: Appearances
    billed_companies: Appearances
    signups: Appearances
    named_company: Indexes

    def person_ids(self, who: Indexes) -> Texts:
        """Return true ids of people."""
        return joined("P", padded_text(self.first_number + who, 8))

    def company_ids(self, who: Indexes) -> Texts:
        """Return true ids of companies."""
        return joined("O", padded_text(self.first_number + who, 8))

    def work_emails(self, who: Indexes, company: Indexes) -> Texts:
        """Return the mailboxes people have at a company."""
        first, last = self.people.first[who], self.people.last[who]
        local = joined(per_distinct(mail_slug, first), ".", per_distinct(mail_slug, last))
        return joined(local, "@", self.companies.domain[company])

    def first_account(self) -> Indexes:
        """Return per company the first of its rows in `accounts`, -1 for none."""
        first = np.full(len(self.companies), -1, dtype=np.int64)
        backwards = np.arange(len(self.accounts.who))[::-1]
        first[self.accounts.who[backwards]] = backwards
        return first


def make_world(seed: int, block: int, rows: int, reference: SampleReference) -> World:
    """Return the truth of a block of about `rows` rows."""
    people = make_people(Chance(seed, block, 1), round(rows * PEOPLE_PER_ROW), reference)
    companies = make_companies(Chance(seed, block, 2), round(rows * COMPANIES_PER_ROW), reference)
    chance = Chance(seed, block, 3)
    employer = _employers(chance, people, companies)
    who, rank, source, people_records = _people_records(chance, employer)
    company, company_rank, is_account, company_records = _company_records(chance, companies)
    in_web = source == 2
    named = _named_companies(chance, employer[who[in_web]], company_records)
    mentions = np.bincount(named[named >= 0], minlength=len(companies))
    return World(
        first_number=1 + block * BLOCK_ROWS,
        people=people,
        companies=companies,
        employer=employer,
        people_records=people_records,
        company_records=company_records + mentions,
        pool=people.addresses.followed_by(companies.addresses),
        company_pool=len(people.addresses.line),
        accounts=_shuffled(chance, company, company_rank, is_account),
        contacts=_shuffled(chance, who, rank, source == 0),
        billed_people=_shuffled(chance, who, rank, source == 1),
        billed_companies=_shuffled(chance, company, company_rank, ~is_account),
        signups=Appearances(who[in_web], rank[in_web]),
        named_company=named,
    )


def _employers(chance: Chance, people: People, companies: Companies) -> Indexes:
    """Return the company each person works for, -1 for none; people work in the region where they live."""
    by_place = np.argsort(companies.addresses.postal, kind="stable")
    rank = np.empty(len(people), dtype=np.int64)
    rank[np.argsort(people.addresses.postal[people.home], kind="stable")] = np.arange(len(people))
    near = rank * len(companies) // len(people) + chance.integers(-NEAR, NEAR + 1, len(people))
    employer = by_place[np.clip(near, 0, len(companies) - 1)]
    return np.where(chance.happens(EMPLOYED_RATE, len(people)), employer, -1)


def _people_records(chance: Chance, employer: Indexes) -> tuple[Indexes, Indexes, Indexes, Indexes]:
    sizes = 1 + chance.shares(CLUSTER_SIZES, len(employer))
    who = np.repeat(np.arange(len(employer)), sizes)
    employed = chance.shares(EMPLOYED_SOURCES, len(who))
    consumer = chance.shares(CONSUMER_SOURCES, len(who))
    source = np.where(employer[who] >= 0, employed, consumer)
    # Sign-ups keep this order, so it must not tell who belongs together.
    order = chance.order(len(who))
    return who[order], rank_within(who)[order], source[order], sizes


def _company_records(chance: Chance, companies: Companies) -> tuple[Indexes, Indexes, Flags, Indexes]:
    sizes = 1 + chance.shares(COMPANY_SIZES, len(companies))
    who = np.repeat(np.arange(len(companies)), sizes)
    rank = rank_within(who)
    is_head = np.isin(np.arange(len(companies)), companies.headquarters)
    is_account = np.where(
        rank == 0, chance.happens(ACCOUNT_RATE, len(who)) | is_head[who], chance.happens(0.5, len(who))
    )
    return who, rank, is_account, sizes


def _named_companies(chance: Chance, employer: Indexes, own_records: Indexes) -> Indexes:
    named = np.where(chance.happens(NAMES_COMPANY_RATE, len(employer)), employer, -1)
    is_named = named >= 0
    allowed = np.zeros(len(named), dtype=bool)
    allowed[is_named] = rank_within(named[is_named]) < MOST_RECORDS - own_records[named[is_named]]
    return np.where(allowed, named, -1)


def _shuffled(chance: Chance, who: Indexes, rank: Indexes, chosen: Flags) -> Appearances:
    rows = np.flatnonzero(chosen)
    rows = rows[chance.order(len(rows))]
    return Appearances(who[rows], rank[rows])
