"""Layout of the billing extract: Windows-1252, semicolons, capitals, people and companies in one name column."""

import numpy as np

from dq.sample.chance import Chance, Indexes, Texts
from dq.sample.companies import make_values
from dq.sample.crm import former_homes
from dq.sample.sheets import Columns, Sheet
from dq.sample.words import LAST_DAY, american_day, joined, padded_text, per_distinct, spaced, where
from dq.sample.world import World

_NUMBER_STRIDE = 61_803_399  # coprime to 10**8: customer numbers are unique and neighbours look unrelated
BROKEN_RATE = 0.001  # lines of each kind that are no record
BROKEN_KINDS = ("unclosed_quote", "too_few_fields", "too_many_fields")
BROKEN_COLUMNS = ("file", "line_number", "kind", "text")


def customer_numbers(counters: Indexes) -> Texts:
    """Return customer numbers of eight digits, leading zeros among them.

    >>> import numpy as np
    >>> customer_numbers(np.array([1, 2, 5])).tolist()
    ['61803399', '23606798', '09016995']
    """
    return padded_text(counters * _NUMBER_STRIDE % 10**8, 8)


def make_billing(chance: Chance, world: World) -> tuple[Sheet, Texts]:
    """Return `billing.csv` of a block before defects, with moves, and the true id of each row."""
    person, company = world.billed_people.who, world.billed_companies.who
    order = chance.order(len(person) + len(company))
    numbers = customer_numbers(world.first_number + np.arange(len(order)))
    home = np.concatenate([world.people.home[person], world.company_pool + company])[order]
    columns = {
        "CUST_NO": numbers,
        "CUSTOMER NAME": np.concatenate([_person_names(chance, world), _upper(world.companies.name()[company])])[order],
        **_address_columns(world, home),
        "TEL": np.concatenate([_person_phones(chance, world), world.companies.phone.take(company).styled("", "", "")])[
            order
        ],
        "EMAIL": np.concatenate([_person_emails(chance, world), np.full(len(company), "", dtype=object)])[order],
        "FED_ID": np.concatenate([np.full(len(person), "", dtype=object), _tax_ids(chance, world)])[order],
        "BALANCE": _balances(chance, len(order)),
        "SINCE": american_day(LAST_DAY - chance.integers(30, 7000, len(order))),
        "STATUS": where(chance.happens(0.93, len(order)), "A", "I"),
    }
    records = np.concatenate([world.people_records[person], world.company_records[company]])[order]
    trade = np.concatenate([np.full(len(person), "", dtype=object), _upper(world.companies.trade_name[company])])[order]
    hints = {
        "trade_name_only": trade,
        "trade_name_added": where(trade == "", "", joined(columns["CUSTOMER NAME"], " DBA ", trade)),
    }
    sheet = Sheet(joined("billing:", numbers), columns, records == 1, hints)
    former = np.concatenate([world.people.former[person], world.company_pool + company])[order]
    moved = np.concatenate([former_homes(world, person, world.billed_people.rank), np.zeros(len(company), dtype=bool)])
    sheet.replace("moved", _address_columns(world, former), np.flatnonzero(moved[order]))
    truth = np.concatenate([world.person_ids(person), world.company_ids(company)])[order]
    return sheet, truth


def _upper(values: Texts) -> Texts:
    return per_distinct(str.upper, values)


def _person_names(chance: Chance, world: World) -> Texts:
    who, people = world.billed_people.who, world.people
    initial = where(chance.happens(0.6, len(who)), people.initial[who], "")
    given = spaced(spaced(people.first[who], initial), people.suffix[who])
    return _upper(joined(people.last[who], ", ", given))


def _person_phones(chance: Chance, world: World) -> Texts:
    who, people = world.billed_people.who, world.people
    landline, mobile = people.phone.take(who).styled("", "", ""), people.mobile.take(who).styled("", "", "")
    return where((mobile != "") & (chance.happens(0.6, len(who)) | (landline == "")), mobile, landline)


def _person_emails(chance: Chance, world: World) -> Texts:
    who = world.billed_people.who
    return where(chance.happens(0.45, len(who)), _upper(world.people.email[who]), "")


def _tax_ids(chance: Chance, world: World) -> Texts:
    who = world.billed_companies.who
    return where(chance.happens(0.5, len(who)), world.companies.tax_id[who], "")


def _address_columns(world: World, rows: Indexes) -> Columns:
    addresses = world.pool.take(rows)
    return {
        "ADDR 1": _upper(addresses.line),
        "ADDR 2": _upper(addresses.unit),
        "CITY_STATE_ZIP": joined(_upper(addresses.city), ", ", addresses.state, " ", addresses.postal),
    }


def _balances(chance: Chance, count: int) -> Texts:
    dollars = make_values(chance, count) // 20  # what is open, not what the customer is worth
    cents = chance.integers(0, 100, count)
    return np.array([f"{d}.{c:02d}" for d, c in zip(dollars.tolist(), cents.tolist(), strict=True)], dtype=object)


def make_broken_lines(chance: Chance, world: World, sheet: Sheet) -> tuple[Indexes, Columns]:
    """Return lines that are no records, and after how many rows of the block each stands.

    They look like rows with customer numbers of their own and appear in no answer key.
    """
    rows = len(sheet.ids)
    each = max(round(rows * BROKEN_RATE), 1) if rows else 0
    count = each * len(BROKEN_KINDS)
    after = np.sort(chance.integers(1, rows + 1, count)) if count else np.array([], dtype=np.int64)
    kind = np.array([BROKEN_KINDS[number % len(BROKEN_KINDS)] for number in range(count)], dtype=object)
    numbers = customer_numbers(world.first_number + rows + np.arange(count))
    others = list(sheet.columns.values())[1:]
    text = np.array(
        [
            _broken(name, [number, *(str(cells[row - 1]) for cells in others)])
            for name, number, row in zip(kind.tolist(), numbers.tolist(), after.tolist(), strict=True)
        ],
        dtype=object,
    )
    return after, {"kind": kind, "text": text}


def _broken(kind: str, cells: list[str]) -> str:
    cells = [cell.replace(";", " ").replace('"', "") for cell in cells]
    if kind == "unclosed_quote":
        return ";".join((cells[0], '"' + cells[1], *cells[2:]))
    if kind == "too_few_fields":
        return ";".join(cells[:4])
    return ";".join((*cells[:2], "ATTN ACCOUNTS PAYABLE", *cells[2:]))


def broken_columns(numbers: Indexes, lines: Columns) -> Columns:
    """Return rows of `answers/broken_lines.csv` for lines with the given physical numbers."""
    file = np.full(len(numbers), "billing.csv", dtype=object)
    texts = np.array([str(number) for number in numbers.tolist()], dtype=object)
    return {"file": file, "line_number": texts, **lines}
