"""Layout of the web sign-ups: whatever people typed into a form, their company now and then."""

import numpy as np

from dq.sample.chance import Chance, Texts
from dq.sample.contacts import Addresses
from dq.sample.crm import former_homes
from dq.sample.sheets import Columns, Sheet
from dq.sample.words import LAST_DAY, american_day, clock_time, iso_day, joined, spaced, where
from dq.sample.world import World

FIRST_SIGNUP = 100_001


def make_signups(chance: Chance, world: World) -> Sheet:
    """Return `web_signups.csv` of a block before defects, with moves."""
    who, people = world.signups.who, world.people
    count = len(who)
    ids = np.array([str(FIRST_SIGNUP + world.first_number + row) for row in range(count)], dtype=object)
    suffix = where(chance.happens(0.7, count), people.suffix[who], "")
    company = where(world.named_company >= 0, world.companies.core[world.named_company], "")
    columns = {
        "signup_id": ids,
        "fname": people.first[who],
        "lname": spaced(people.last[who], suffix),
        "email": _emails(chance, world),
        "cell": _phones(chance, world),
        **_address_columns(world.pool.take(people.home[who])),
        "company": company,
        "dob": where(chance.happens(0.55, count), american_day(people.born[who]), ""),
        "signup_ts": _timestamps(chance, count),
        "newsletter": np.array(["yes", "yes", "Y", "no", "N", "1", "0", ""], dtype=object)[
            chance.integers(0, 8, count)
        ],
    }
    main = joined("web_signups:", ids)
    parts = where(world.named_company >= 0, joined(main, "#organization"), "")
    sheet = Sheet(main, columns, world.people_records[who] == 1, ids_of={"company": parts})
    moved = former_homes(world, who, world.signups.rank)
    sheet.replace("moved", _address_columns(world.pool.take(people.former[who])), np.flatnonzero(moved))
    return sheet


def _address_columns(addresses: Addresses) -> Columns:
    return {
        "zip": addresses.postal.copy(),
        "street": addresses.street(),
        "city": addresses.city.copy(),
        "state": addresses.state.copy(),
    }


def _emails(chance: Chance, world: World) -> Texts:
    """Return mailboxes: that of the company for most who name it."""
    who = world.signups.who
    at_work = (world.named_company >= 0) & chance.happens(0.6, len(who))
    return where(at_work, world.work_emails(who, world.named_company), world.people.email[who])


def _phones(chance: Chance, world: World) -> Texts:
    who, people = world.signups.who, world.people
    landline, mobile = people.phone.take(who).styled("", "-", "-"), people.mobile.take(who).styled("", "-", "-")
    shares_landline = (landline != "") & (chance.happens(0.1, len(who)) | (mobile == ""))
    return where(shares_landline, landline, mobile)


def _timestamps(chance: Chance, count: int) -> Texts:
    day = iso_day(LAST_DAY - chance.integers(1, 2500, count))
    return joined(day, " ", clock_time(chance.integers(0, 24 * 60, count), chance.integers(0, 60, count)))
