"""Makes the sample block by block: truth, clean layouts, planted defects, answer keys. Writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dq.model import TEXT
from dq.sample.billing import broken_columns, make_billing, make_broken_lines
from dq.sample.chance import Chance, Indexes, Texts
from dq.sample.crm import Users, make_accounts, make_contacts, make_further_addresses, make_users
from dq.sample.customer_errors import Kind, kinds
from dq.sample.reference import SampleReference, Table, read_reference
from dq.sample.sheets import EXCHANGES, Columns, Sheet
from dq.sample.web import make_signups
from dq.sample.words import joined, padded_text
from dq.sample.world import BLOCK_ROWS, World, make_world

ACCOUNTS, CONTACTS = "crm/accounts.csv", "crm/contacts.csv"
ADDRESSES, USERS = "crm/addresses.csv", "crm/users.csv"
BILLING, SIGNUPS = "billing.csv", "web_signups.csv"
CLUSTERS, HOUSEHOLDS = "answers/true_clusters.csv", "answers/true_households.csv"
DEFECTS, BROKEN = "answers/planted_defects.csv", "answers/broken_lines.csv"


@dataclass(frozen=True)
class Block:
    """Rows of every file that one block adds.

    Attributes:
        tables: Path within the output → columns.
        broken_after: After how many rows of this block's billing each broken line stands.
    """

    tables: dict[str, Columns]
    broken_after: Indexes


def make_sample(rows: int, seed: int, table: Table) -> dict[str, pd.DataFrame]:
    """Return a whole sample in memory.

    Args:
        rows: About how many rows the sources have together.
        seed: Equal seeds give equal samples.
        table: Gives reference tables by name: `Standards.table`.

    Returns:
        Path within the output → table of text; `billing.csv` without its broken lines, which
        `answers/broken_lines.csv` lists.
    """
    blocks = [block.tables for block in sample_blocks(rows, seed, table)]
    return {
        path: pd.concat([pd.DataFrame(block[path], dtype=TEXT) for block in blocks if path in block], ignore_index=True)
        for path in blocks[0]
    }


def sample_blocks(rows: int, seed: int, table: Table) -> Iterator[Block]:
    """Yield the sample block by block; every block depends on seed, its number and its size alone."""
    reference = read_reference(table)
    functions = kinds(reference)
    users = make_users(seed, rows, reference)
    line = 2  # the header is line 1
    for number, size in enumerate(_sizes(rows)):
        block = _make_block(seed, number, size, users, reference, functions)
        lines = line + block.broken_after + np.arange(len(block.broken_after))
        line += len(block.tables[BILLING]["CUST_NO"]) + len(lines)
        block.tables[BROKEN] = broken_columns(lines, block.tables[BROKEN])
        if number == 0:
            block.tables[USERS] = users.columns
        yield block


def _sizes(rows: int) -> list[int]:
    whole, rest = divmod(max(rows, 1), BLOCK_ROWS)
    return [BLOCK_ROWS] * whole + ([rest] if rest else [])


def _make_block(
    seed: int, number: int, size: int, users: Users, reference: SampleReference, functions: dict[str, Kind]
) -> Block:
    world = make_world(seed, number, size, reference)
    accounts = make_accounts(Chance(seed, number, 4), world, users, reference)
    contacts = make_contacts(Chance(seed, number, 5), world, users, reference)
    billing, billing_truth = make_billing(Chance(seed, number, 6), world)
    signups = make_signups(Chance(seed, number, 7), world)
    sheets = {ACCOUNTS: accounts, CONTACTS: contacts, BILLING: billing, SIGNUPS: signups}
    _plant(Chance(seed, number, 8), sheets, reference, functions)
    broken_after, broken = make_broken_lines(Chance(seed, number, 9), world, billing)
    tables = {path: sheet.columns for path, sheet in sheets.items()}
    tables[ADDRESSES] = make_further_addresses(Chance(seed, number, 10), world, reference)
    tables[CLUSTERS] = _clusters(world, sheets, billing_truth)
    tables[HOUSEHOLDS] = _households(world, sheets, billing_truth)
    tables[DEFECTS] = _stacked([sheet.defects() for sheet in sheets.values()])
    tables[BROKEN] = broken
    return Block(tables, broken_after)


def _plant(chance: Chance, sheets: dict[str, Sheet], reference: SampleReference, functions: dict[str, Kind]) -> None:
    by_table = {path.removesuffix(".csv"): sheet for path, sheet in sheets.items()}
    for rate in reference.defects:
        by_table[rate.table].plant(rate, None if rate.kind in EXCHANGES else functions[rate.kind], chance)


def _stacked(parts: list[Columns]) -> Columns:
    return {column: np.concatenate([part[column] for part in parts]) for column in parts[0]}


def _clusters(world: World, sheets: dict[str, Sheet], billing_truth: Texts) -> Columns:
    named = np.flatnonzero(world.named_company >= 0)
    return _stacked(
        [
            {"record_id": ids, "true_id": truth}
            for ids, truth in (
                (sheets[ACCOUNTS].ids, world.company_ids(world.accounts.who)),
                (sheets[CONTACTS].ids, world.person_ids(world.contacts.who)),
                (sheets[BILLING].ids, billing_truth),
                (sheets[SIGNUPS].ids, world.person_ids(world.signups.who)),
                (joined(sheets[SIGNUPS].ids[named], "#organization"), world.company_ids(world.named_company[named])),
            )
        ]
    )


def _households(world: World, sheets: dict[str, Sheet], billing_truth: Texts) -> Columns:
    """Return the household of every record of a person; people without others at home are households of one."""
    is_person = np.array([truth[0] == "P" for truth in billing_truth], dtype=bool)
    billed = np.array([int(truth[1:]) for truth in billing_truth[is_person]], dtype=np.int64) - world.first_number
    parts = [
        (sheets[CONTACTS].ids, world.contacts.who),
        (sheets[BILLING].ids[is_person], billed),
        (sheets[SIGNUPS].ids, world.signups.who),
    ]
    return _stacked(
        [
            {
                "record_id": ids,
                "household_id": joined("H", padded_text(world.first_number + world.people.household[who], 8)),
            }
            for ids, who in parts
        ]
    )
