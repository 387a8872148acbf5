"""The organisations of the sample, in truth: chains with branches, trade names, look-alikes, their value."""

from dataclasses import dataclass

import numpy as np

from dq.sample.chance import Chance, Flags, Indexes, Texts
from dq.sample.contacts import Addresses, Phones, make_addresses, make_phones
from dq.sample.people import mail_slug
from dq.sample.reference import SampleReference
from dq.sample.words import joined, number_text, padded_text, per_distinct, spaced, where

CHAIN_SHARE = 0.12  # companies that belong to a chain
CHAIN_SIZE = 6  # a headquarters and five branches
LOOKALIKE_RATE = 0.04  # other companies of nearly the same name in the same town
TRADE_NAME_RATE = 0.12
# Value of a customer at the tenths of the population, in dollars; the last tenth has the heavy tail.
VALUE_TENTHS = np.array([0, 900, 2_500, 5_000, 9_000, 16_000, 30_000, 60_000, 140_000, 500_000, 40_000_000])


@dataclass(frozen=True)
class Companies:
    """One company site per row.

    Attributes:
        core: Name without its legal form (`Bluebird Coffee #4411`).
        headquarters: Row of the parent, -1 where there is none.
        has_own_name: Whether it trades under `trade_name`.
    """

    core: Texts
    legal_form: Texts
    trade_name: Texts
    industry: Texts
    headquarters: Indexes
    domain: Texts
    phone: Phones
    tax_id: Texts
    value: Indexes
    addresses: Addresses

    def __len__(self) -> int:
        return len(self.core)

    def name(self) -> Texts:
        """Return names with their legal form."""
        return spaced(self.core, self.legal_form)


def make_companies(chance: Chance, count: int, reference: SampleReference) -> Companies:
    """Return `count` companies: chains first, then the others."""
    count = max(count, CHAIN_SIZE + 2)
    chained = max(round(count * CHAIN_SHARE / CHAIN_SIZE), 1) * CHAIN_SIZE
    addresses = make_addresses(chance, count, reference, offices=True)
    is_chained = np.arange(count) < chained
    lookalike = _lookalikes(chance, is_chained)
    addresses = addresses.in_town_of(lookalike)
    core, trade = _names(chance, addresses.city, reference)
    core, trade = core[lookalike], trade[lookalike]
    brand, brand_trade = _brands(chance, count, reference)
    first_of_chain = np.arange(count) // CHAIN_SIZE * CHAIN_SIZE
    store = 1000 + 37 * (first_of_chain // CHAIN_SIZE % 200) + np.arange(count) % CHAIN_SIZE * 7
    is_branch = is_chained & (np.arange(count) % CHAIN_SIZE > 0)
    chain_name = where(is_branch, joined(brand[first_of_chain], " #", number_text(store)), brand[first_of_chain])
    core = where(is_chained, chain_name, core)
    trade = where(is_chained, brand_trade[first_of_chain], trade)
    legal_form = _legal_forms(chance, is_branch, lookalike, reference)
    trades_under = ~is_chained & (lookalike == np.arange(count)) & chance.happens(TRADE_NAME_RATE, count)
    own_domain = per_distinct(mail_slug, spaced(core, where(is_chained, "", addresses.city)))
    lookalike_mark = where(lookalike == np.arange(count), "", per_distinct(str.lower, legal_form))
    domain = joined(where(is_chained, per_distinct(mail_slug, brand[first_of_chain]), own_domain), lookalike_mark)
    return Companies(
        core=core,
        legal_form=legal_form,
        trade_name=where(trades_under, brand, ""),
        industry=per_distinct(lambda word: reference.groups.get(word, "Other"), trade),
        headquarters=np.where(is_branch, first_of_chain, -1),
        domain=joined(domain, ".com"),
        phone=make_phones(chance, addresses.area),
        tax_id=_tax_ids(chance, count, reference),
        value=make_values(chance, count),
        addresses=addresses,
    )


def make_values(chance: Chance, count: int) -> Indexes:
    """Return what customers are worth in dollars: half below 16,000, one in ten above half a million."""
    tenth = chance.integers(0, 10, count)
    low, high = VALUE_TENTHS[tenth], VALUE_TENTHS[tenth + 1]
    share = chance.uniform(count)
    # The cube puts most of a tenth near its lower end: a tail without functions that differ between machines.
    values: Indexes = (low + share * share * share * (high - low)).astype(np.int64)
    return values


def _lookalikes(chance: Chance, is_chained: Flags) -> Indexes:
    """Return per company the row whose name it bears: its own, or for look-alikes that of the company before."""
    rows = np.arange(len(is_chained))
    copies = chance.happens(LOOKALIKE_RATE, len(rows))
    copies[-1] = True  # at least one, however small the sample
    copies &= ~is_chained & ~np.r_[True, is_chained[:-1]]
    copies[1:] &= ~(copies[1:] & copies[:-1])  # never a copy of a copy
    return np.where(copies, rows - 1, rows)


def _names(chance: Chance, city: Texts, reference: SampleReference) -> tuple[Texts, Texts]:
    """Return names without legal form, and the trade word that tells the industry."""
    count = len(city)
    owner, partner = (chance.words(reference.last_names, count) for _ in range(2))
    trade = chance.words(reference.words["trade"], count)
    holding = chance.words(reference.words["holding"], count)
    professional = chance.words(reference.words["professional"], count)
    adjective = chance.words(reference.words["adjective"], count)
    noun = chance.words(reference.words["noun"], count)
    patterns = (
        (joined(owner, " ", trade), trade),
        (joined(adjective, " ", noun, " ", trade), trade),
        (joined(city, " ", trade), trade),
        (joined(owner, " & ", partner, " ", professional), professional),
        (joined(owner, " ", holding), holding),
        (joined("The ", adjective, " ", noun), trade),
    )
    drawn = chance.shares((0.36, 0.26, 0.12, 0.08, 0.12, 0.06), count)
    core, word = patterns[0]
    for number, (name, group) in enumerate(patterns):
        core, word = where(drawn == number, name, core), where(drawn == number, group, word)
    return core, word


def _brands(chance: Chance, count: int, reference: SampleReference) -> tuple[Texts, Texts]:
    trade = chance.words(reference.words["chain_trade"], count)
    adjective = chance.words(reference.words["adjective"], count)
    noun = chance.words(reference.words["noun"], count)
    return joined(adjective, " ", noun, " ", trade), trade


def _legal_forms(chance: Chance, is_branch: Flags, lookalike: Indexes, reference: SampleReference) -> Texts:
    form = chance.words(reference.words["legal_form"], len(is_branch))
    original = form[lookalike]
    is_copy = lookalike != np.arange(len(lookalike))
    form = where(is_copy, where(original == "LLC", "Inc", "LLC"), form)
    return where(is_branch, "", form)


def _tax_ids(chance: Chance, count: int, reference: SampleReference) -> Texts:
    prefix = chance.words(reference.words["ein_prefix"], count)
    serial = chance.integers(0, 10_000_000, count)
    first_three = per_distinct(lambda text: text[1:], padded_text(serial // 10_000, 4))
    digits = joined(first_three, padded_text(serial % 10_000, 4))
    return joined(prefix, "-", digits)
