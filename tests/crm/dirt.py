"""Dirty customers as rows of the target `creme`: plausible values, a fifth of them spoilt, drawn with a fixed seed."""

from collections.abc import Callable
from random import Random

import pandas as pd

from dq.conversion import TargetRows
from dq.model import TEXT

_FIRST = ("Sarah", "José", "Wei", "Łukasz", "Mary Ann", "D'Arcy", "Nguyễn", "Bob", "Ann-Marie", "Олена")
_LAST = ("Linkous", "O'Neil", "van der Berg", "Peña", "Smith", "李", "St. John", "Müller-Lüdenscheidt", "NULL", "Null")
_NAMES = ("Granite Robin LLC", "A & B Supply", "Café Zoë", "3M", "Smith, Jones & Co.", 'The "Best" Shop', "株式会社")
_CITIES = ("Bowie", "Saint Paul", "Coeur d'Alene", "São Paulo", "München")
_EMAILS = (
    "bad", "a@b", "a b@example.com", "a..b@example.com", ".a@example.com", "a.@example.com", "ä@example.com",
    "a@example", "a@example.c", "a@-example.com", "a@example..com", "a@b.com; c@d.com", "mailto:a@example.com",
    "a@example.com.", "@example.com", "a@", "a@@example.com", "n/a", "none", "a,b@example.com", "<a@example.com>",
    "o'neil@example.com", "A+B@EXAMPLE.COM", "a_b@bücher.example", "x@xn--bcher-kva.example", f"{'x' * 245}@a.com",
    f"{'x' * 250}@a.com", "a@sub-domain.example.co.uk", "1@2.com", "a@exa_mple.com", "a@example.123", "a&b@example.com",
)  # fmt: skip
_DATES = (
    "1980-02-30", "1980-13-01", "0000-00-00", "30.02.1980", "unknown", "1980", "19800203", "1980-02-03T00:00:00",
    "2999-01-01", "1900-01-01", "1700-12-31", "9999-12-31", "31/12/1980",
)  # fmt: skip
_TITLES = ("Mr.", "Mrs.", "Ms.", "Mr", "MR.", "Dr", "Herr", "mr.", "Miss")


def _long(random: Random, most: int) -> str:
    return "x" * random.choice((most - 1, most, most + 1, most + 50))


def _spoilt(random: Random, key: str) -> str | None:
    """Return a value of a field that may or may not fit; None: nothing."""
    special: dict[str, Callable[[], str | None]] = {
        "email": lambda: random.choice(_EMAILS),
        "birthday": lambda: random.choice(_DATES),
        "civility": lambda: random.choice(_TITLES),
        "name": lambda: random.choice((None, _long(random, 200), "-")),
        "last_name": lambda: random.choice((None, _long(random, 100), "?")),
        "url_site": lambda: random.choice(("www", "not a url", "http://" + "x" * 600 + ".com", _long(random, 500))),
        "full_position": lambda: _long(random, 500),
        "billaddr_country": lambda: _long(random, 40),
        "billaddr_address": lambda: "line one\nline two\n" + "x" * random.choice((1, 300, 5000)),
    }
    return special.get(key, lambda: random.choice((None, _long(random, 100), "=1+1", "<b>x</b>", "😀 x")))()


def _contact(random: Random, number: int) -> dict[str, str | None]:
    first, last = random.choice(_FIRST), random.choice(_LAST)
    return {
        "skype": f"C{number:05d}",
        "civility": random.choice((None, "Mr.", "Mrs.", "Ms.")),
        "last_name": last,
        "first_name": first,
        "full_position": random.choice((None, "Buyer", "Head of Purchasing")),
        "phone": f"+1202555{random.randrange(10_000):04d}",
        "mobile": None,
        "email": f"customer{number}@example.com",
        "url_site": None,
        "birthday": f"19{random.randrange(30, 99)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}",
    }


def _organisation(random: Random, number: int) -> dict[str, str | None]:
    return {
        "name": f"{random.choice(_NAMES)} {number}",
        "code": f"O{number:05d}",
        "phone": f"+1202555{random.randrange(10_000):04d}",
        "email": f"info{number}@example.com",
        "url_site": random.choice((None, "example.com", "https://www.example.com/about?x=1&y=2")),
    }


def _address(random: Random) -> dict[str, str | None]:
    return {
        "billaddr_address": f"{random.randrange(1, 9999)} Main St",
        "billaddr_zipcode": f"{random.randrange(99_999):05d}-{random.randrange(9_999):04d}",
        "billaddr_city": random.choice(_CITIES),
        "billaddr_state": random.choice(("MD", "CA", None)),
        "billaddr_country": "US",
    }


def dirty_rows(count: int, seed: int = 1) -> TargetRows:
    """Return `count` rows, two thirds contacts, one in two with at least one doubtful value.

    Args:
        count: How many rows of both objects together.
        seed: Equal seeds give equal rows.
    """
    random = Random(seed)
    makers = {"contact": _contact, "organisation": _organisation}
    keys = {"contact": "skype", "organisation": "code"}
    made: dict[str, list[dict[str, str | None]]] = {thing: [] for thing in makers}
    for number in range(count):
        thing = "organisation" if number % 3 == 0 else "contact"
        row = {**makers[thing](random, number), **_address(random)}
        for key in random.sample(sorted(set(row) - {keys[thing]}), random.choice((0, 0, 0, 1, 1, 2))):
            row[key] = _spoilt(random, key)
        identity = {"row_id": row[keys[thing]], "golden_id": row[keys[thing]], "record_id": None, "parent_row_id": None}
        made[thing].append({**identity, **row})
    frames = {thing: pd.DataFrame(rows).astype(TEXT) for thing, rows in made.items()}
    return TargetRows(frames, pd.DataFrame(columns=["row_id"]), {})
