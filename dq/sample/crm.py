"""Layout of the CRM export: accounts, contacts, further addresses and owners, related by ids."""

from dataclasses import dataclass

import numpy as np

from dq.sample.chance import Chance, Flags, Indexes, Texts
from dq.sample.contacts import Addresses, make_addresses
from dq.sample.people import mail_slug
from dq.sample.reference import SampleReference
from dq.sample.sheets import Columns, Sheet
from dq.sample.words import (
    LAST_DAY,
    clock_time,
    iso_day,
    joined,
    per_distinct,
    rank_within,
    where,
)
from dq.sample.world import World

LEFT_RATE = 0.2  # owners who left the company
_IDS = 36**5
_ID_STRIDE = 25_165_813  # coprime to 36: every number below 36**5 gives another id, and neighbours look unrelated
_ALPHABET = np.array([*"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"], dtype=object)
_PAIRS = np.array([a + b for a in _ALPHABET for b in _ALPHABET], dtype=object)


@dataclass(frozen=True)
class Users:
    """Owners of CRM records."""

    columns: Columns
    active: Texts
    left: Texts


def crm_ids(prefix: str, numbers: Indexes) -> Texts:
    """Return ids of 15 characters as Salesforce forms them: three for the kind, case-sensitive, no order to see.

    >>> crm_ids("001", np.array([0, 1])).tolist()
    ['0018Z0000200000', '0018Z00002EZE2D']
    """
    mixed = numbers * _ID_STRIDE % _IDS
    return joined(f"{prefix}8Z00002", _PAIRS[mixed // 36**3], _PAIRS[mixed // 36 % 36**2], _ALPHABET[mixed % 36])


def make_users(seed: int, rows: int, reference: SampleReference) -> Users:
    """Return the owners of a sample of `rows` rows; some of them left."""
    count = min(max(rows // 125, 12), 200)  # an owner looks after some hundred customers
    chance = Chance(seed, 1_000_000_007)
    ids = crm_ids("005", np.arange(count))
    first = chance.words(reference.first_names["female"], count)
    last = chance.words(reference.last_names, count)
    has_left = chance.happens(LEFT_RATE, count)
    has_left[0], has_left[1] = False, True
    mail = joined(per_distinct(mail_slug, first), ".", per_distinct(mail_slug, last), "@example.com")
    seen = iso_day(LAST_DAY - np.where(has_left, chance.integers(200, 1500, count), chance.integers(0, 20, count)))
    columns = {
        "Id": ids,
        "Name": joined(first, " ", last),
        "Username": mail,
        "Email": mail,
        "IsActive": where(has_left, "false", "true"),
        "Department": chance.words(reference.words["department"], count),
        "LastLoginDate": joined(seen, "T08:00:00.000Z"),
    }
    return Users(columns, ids[~has_left], ids[has_left])


def _one_of(chance: Chance, words: Texts, count: int) -> Texts:
    return words[chance.integers(0, len(words), count)]


def _timestamps(chance: Chance, days: Indexes) -> Texts:
    count = len(days)
    time = clock_time(chance.integers(7 * 60, 19 * 60, count), chance.integers(0, 60, count))
    return joined(iso_day(days), "T", time, ".000Z")


def _histories(chance: Chance, count: int) -> tuple[Texts, Texts]:
    """Return when records were created and changed last, at least a day later."""
    created = LAST_DAY - chance.integers(30, 3650, count)
    updated = created + 1 + chance.integers(0, LAST_DAY - created, count)
    return _timestamps(chance, created), _timestamps(chance, np.minimum(updated, LAST_DAY))


def _address_columns(prefix: str, addresses: Addresses) -> Columns:
    return {
        f"{prefix}Street": addresses.street(),
        f"{prefix}City": addresses.city.copy(),
        f"{prefix}State": addresses.state.copy(),
        f"{prefix}PostalCode": addresses.postal.copy(),
        f"{prefix}Country": addresses.country.copy(),
    }


def account_ids(world: World) -> Texts:
    """Return the ids of the rows of `crm/accounts.csv`."""
    return crm_ids("001", world.first_number + np.arange(len(world.accounts.who)))


def make_accounts(chance: Chance, world: World, users: Users, reference: SampleReference) -> Sheet:
    """Return `crm/accounts.csv` of a block before defects."""
    who, companies = world.accounts.who, world.companies
    count = len(who)
    ids = account_ids(world)
    parent = np.where(companies.headquarters[who] >= 0, world.first_account()[companies.headquarters[who]], -1)
    created, updated = _histories(chance, count)
    phone = companies.phone.take(who)
    name = companies.name()[who]
    columns = {
        "Id": ids,
        "Name": name,
        **_address_columns("Billing", world.pool.take(world.company_pool + who)),
        "Phone": phone.styled("(", ") ", "-"),
        "Website": where(chance.happens(0.7, count), joined("www.", companies.domain[who]), ""),
        "Industry": companies.industry[who],
        "Tax_ID__c": where(chance.happens(0.45, count), companies.tax_id[who], ""),
        "ParentId": where(parent >= 0, ids[parent], ""),
        "OwnerId": _one_of(chance, users.active, count),
        "AnnualRevenue": _amounts(companies.value[who]),
        "CreatedDate": created,
        "LastModifiedDate": updated,
        "Description": chance.words(reference.words["note"], count),
    }
    trade = companies.trade_name[who]
    hints = {
        "owner_left": _one_of(chance, users.left, count),
        "trade_name_only": trade,
        "trade_name_added": where(trade == "", "", joined(name, " dba ", trade)),
    }
    return Sheet(joined("crm/accounts:", ids), columns, world.company_records[who] == 1, hints)


def _amounts(dollars: Indexes) -> Texts:
    return np.array([f"{value}.00" for value in dollars.tolist()], dtype=object)


def make_contacts(chance: Chance, world: World, users: Users, reference: SampleReference) -> Sheet:
    """Return `crm/contacts.csv` of a block before defects, with moves."""
    who, people = world.contacts.who, world.people
    count, company = len(who), world.employer[world.contacts.who]
    employed = company >= 0
    at_work = employed & chance.happens(0.4, count)
    home = np.where(at_work, world.company_pool + company, people.home[who])
    created, updated = _histories(chance, count)
    ids = crm_ids("003", world.first_number + np.arange(count))
    columns = {
        "Id": ids,
        "AccountId": _accounts_of(chance, world, company),
        "Salutation": where(chance.happens(0.3, count), people.prefix[who], ""),
        "FirstName": people.first[who],
        "MiddleName": where(chance.happens(0.4, count), people.initial[who], ""),
        "LastName": people.last[who],
        "Suffix": people.suffix[who],
        "Title": where(employed, chance.words(reference.words["job_title"], count), ""),
        "Email": _contact_emails(chance, world, who, company),
        **_contact_phones(chance, world, at_work, employed),
        **_address_columns("Mailing", world.pool.take(home)),
        "Birthdate": where(chance.happens(0.35, count), iso_day(people.born[who]), ""),
        "HasOptedOutOfEmail": where(chance.happens(0.08, count), "true", "false"),
        "DoNotCall": where(chance.happens(0.05, count), "true", "false"),
        "OwnerId": _one_of(chance, users.active, count),
        "CreatedDate": created,
        "LastModifiedDate": updated,
        "Description": chance.words(reference.words["note"], count),
    }
    hints = {
        "owner_left": _one_of(chance, users.left, count),
        "account_missing_in_crm": crm_ids("001", _IDS - 1 - world.first_number - np.arange(count)),
    }
    sheet = Sheet(joined("crm/contacts:", ids), columns, world.people_records[who] == 1, hints)
    moved = former_homes(world, who, world.contacts.rank) & ~at_work
    sheet.replace("moved", _address_columns("Mailing", world.pool.take(people.former[who])), np.flatnonzero(moved))
    return sheet


def former_homes(world: World, who: Indexes, rank: Indexes) -> Flags:
    """Return whether a record still shows the home before the move: the first of several records of who moved."""
    moved = world.people.former[who] != world.people.home[who]
    flags: Flags = moved & (rank == 0) & (world.people_records[who] > 1)
    return flags


def _accounts_of(chance: Chance, world: World, company: Indexes) -> Texts:
    """Return the id of one of the employer's accounts, duplicates included; empty without employer or account."""
    order = np.argsort(world.accounts.who, kind="stable")
    per_company = np.bincount(world.accounts.who, minlength=len(world.companies))
    start = np.r_[0, per_company.cumsum()[:-1]]
    has_account = (company >= 0) & (per_company[company] > 0)
    chosen = start[company] + chance.integers(0, np.maximum(per_company[company], 1), len(company))
    ids = account_ids(world)
    return where(has_account, ids[order[np.minimum(chosen, len(order) - 1)]], "")


def _contact_emails(chance: Chance, world: World, who: Indexes, company: Indexes) -> Texts:
    people, domain = world.people, world.companies.domain[company]
    draw = chance.uniform(len(who))
    email = where((company >= 0) & (draw < 0.5), world.work_emails(who, company), people.email[who])
    return where((company >= 0) & (draw > 0.95), joined("info@", domain), email)


def _contact_phones(chance: Chance, world: World, at_work: Flags, employed: Flags) -> Columns:
    who = world.contacts.who
    people, office = world.people, world.companies.phone.take(world.employer[who])
    switchboard = employed & (at_work | chance.happens(0.4, len(who)))
    # Who is met at work leaves the mobile number: otherwise nothing but the name would tie the records together.
    has_mobile = at_work | chance.happens(0.6, len(who))
    return {
        "Phone": where(switchboard, office.styled("(", ") ", "-"), people.phone.take(who).styled("(", ") ", "-")),
        "MobilePhone": where(has_mobile, people.mobile.take(who).styled("(", ") ", "-"), ""),
    }


def make_further_addresses(chance: Chance, world: World, reference: SampleReference) -> Columns:
    """Return `crm/addresses.csv` of a block: shipping and billing addresses of accounts."""
    ids = account_ids(world)
    account = np.repeat(np.arange(len(ids)), chance.shares((0.72, 0.18, 0.10), len(ids)))
    count = len(account)
    other = make_addresses(chance, count, reference, offices=True)
    own = world.pool.take(world.company_pool + world.accounts.who[account])
    is_billing = rank_within(account) == 1
    fresh, same = _address_columns("", other), _address_columns("", own)
    return {
        "Id": crm_ids("a0A", world.first_number + np.arange(count)),
        "AccountId": ids[account],
        "Type": where(is_billing, "Billing", "Shipping"),
        **{column: where(is_billing, same[column], fresh[column]) for column in fresh},
        "ValidFrom": iso_day(LAST_DAY - chance.integers(30, 3000, count)),
    }
