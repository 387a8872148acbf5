"""Address lines for the parity tests and the benchmark, made from the reference tables: equal seeds, equal lines."""

from collections.abc import Callable
from functools import lru_cache
from random import Random

from dq.settings import load_settings
from dq.standards import load_standards

SUFFIX_WEIGHTS = {
    "ST": 30,
    "AVE": 19,
    "RD": 15,
    "DR": 13,
    "LN": 7,
    "CT": 5,
    "BLVD": 4,
    "WAY": 4,
    "CIR": 3,
    "PL": 3,
    "HWY": 2,
    "TER": 1,
    "PKWY": 1,
    "TRL": 1,
}
"""Roughly how often US streets end in each."""
OTHER_SUFFIX_RATE = 0.04  # any suffix of appendix C1
DIRECTIONALS = ("N", "S", "E", "W", "NE", "NW", "SE", "SW", "North", "South", "East", "West")
UNITS = ("Apt", "Apt", "Apt", "Unit", "Unit", "Ste", "Suite", "#", "Apt.", "Fl", "Bldg", "Lot", "Rm")
NAME_ENDS = ("Hill", "Oak", "Creek", "Lake", "Grove", "Ridge", "Park", "View", "Meadow", "Valley")
ORDINAL_ENDS = {1: "st", 2: "nd", 3: "rd"}
DIRT = "  ,,..##&&()--''\"/\\;:*@\n\n\t½¼²éñÜßİıа中\u00a0\u2013\u2028\u200b\x00\x1c_0019AaStNn"
ESCAPES = ("&amp;", "&#38;", "&amp;amp;", "&amp;#38;", "&nbsp;", "&amp", "&#38")

# The shapes of usaddress's documentation and of the failures reported to it.
DOCUMENTED = (
    "123 Main St. Suite 100 Chicago, IL",
    "123 Main St. Suite Chicago, IL",
    "Robie House, 5757 South Woodlawn Avenue, Chicago, IL 60637",
    "State & Lake, Chicago",
    "1775 Broadway And 57th, New York NY",
    "Robie House, 123 Main Street 456 Oak Street, Chicago, IL",
    "P.O. Box 123, Springfield, IL 62704-0123",
    "RR 2 Box 4A, Anytown TX 75001",
    "HC 1 BOX 3",
    "PSC 802 BOX 74 APO AE 09499",
    "UNIT 2050 BOX 4190 APO AP 96278",
    "General Delivery, Tampa FL 33602-9999",
    "250 SOUTH ST E",
    "NEW JERSEY HIGHWAY 35",
    "#4B FLOOR 2",
    "154TH PLACE RD",
    "39.2 RD",
    "ONE WORLD TRADE CTR",
    "N6W23001 BLUEMOUND RD",
    "842 E 1700 S",
    "112-10 BRONX RD",
    "123 1/2 Main St",
    "123½ Main St",
    "c/o Ann Lee, 12 Oak St (rear), Apt. #4-B",
    "URB LAS GLADIOLAS 150 CALLE A SAN JUAN PR 00926",
    "Corner of Main St & Oak Ave",
    "10 Main St Ste 11 PMB 234",
    "12 N. Main St.,\nSpringfield,\nIL 62704",
)


@lru_cache(maxsize=1)
def _column() -> Callable[[str, str], list[str]]:
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    return lru_cache(maxsize=None)(lambda table, column: standards.table(table)[column].tolist())


def street_line(chance: Random) -> str:
    """Return number, street and sometimes a unit."""
    return _cased(_street(chance), chance)


def full_line(chance: Random) -> str:
    """Return a street line, city, state and ZIP, with and without commas."""
    column = _column()
    at = chance.randrange(len(column("zips", "zip5")))
    zip_code = column("zips", "zip5")[at] + (f"-{chance.randint(1, 9999):04d}" if chance.random() < 0.2 else "")
    city, state = column("zips", "city")[at], column("zips", "state")[at]
    form = chance.choices(("{}, {}, {} {}", "{} {} {} {}", "{}, {} {}, {}", "{}\n{}, {} {}"), (70, 20, 5, 5))[0]
    return _cased(form.format(_street(chance), city, state, zip_code), chance)


def special_line(chance: Random) -> str:
    """Return a box, a route, an intersection, a highway, a military or a named address."""
    column = _column()
    number, box = chance.randint(1, 400), chance.randint(1, 9999)
    name = chance.choice(column("surnames", "name")).title()
    other = chance.choice(column("sample/streets", "name"))
    forms = (
        "PO Box {box}",
        "P.O. BOX {box}, {city}",
        "RR {number} Box {box}",
        "HC {number} Box {box}",
        "{name} St & {other} Ave",
        "{other} Rd and Highway {number}",
        "US Hwy {number} N, Mile {box}",
        "PSC {number} BOX {box} APO AE 09{number:03d}",
        "c/o {name}, {box} {other} Blvd",
        "{name} Building, {number} {other} Plaza, Suite {box}",
        "({name} House) {number}-{box} {other} Ln.",
        "{box} County Road {number}, Lot #{number}",
        "Attn: {name}; {number} 1/2 {other} Ct., Rear",
    )
    city = chance.choice(column("places", "place"))
    return _cased(chance.choice(forms).format(name=name, other=other, number=number, box=box, city=city), chance)


def damaged_line(chance: Random) -> str:
    """Return a line with characters dropped, doubled, swapped or strewn in."""
    line = list(chance.choice((street_line, full_line, special_line))(chance))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(line) + 1)
        what = chance.random()
        if what < 0.2:
            del line[at : at + chance.randint(1, 4)]
        elif what < 0.3:
            line[at:at] = line[at : at + 6]
        elif what < 0.4:
            line.insert(at, chance.choice(ESCAPES))
        elif what < 0.5:
            chance.shuffle(line) if chance.random() < 0.1 else line.reverse()
        else:
            line.insert(at, chance.choice(DIRT))
    return "".join(line)


def noise_line(chance: Random) -> str:
    """Return words that repeat or characters at random: long runs of equal tokens are where labellings tie."""
    if chance.random() < 0.5:
        words = chance.sample(("aaa", "bbbb", "12", "St", "st.,", "of", "#", "N", "100", "(x)", "é", "PO"), 2)
        return " ".join(chance.choices(words, k=chance.randint(1, 15)))
    return "".join(chance.choices(DIRT, k=chance.randint(0, 20)))


def lines(kind: Callable[[Random], str], count: int, seed: int) -> list[str]:
    """Return lines of a kind."""
    chance = Random(seed)
    return [kind(chance) for _ in range(count)]


def _street(chance: Random) -> str:
    parts = [_number(chance)]
    if chance.random() < 0.2:
        parts.append(chance.choice(DIRECTIONALS))
    parts += [_name(chance), _suffix(chance)]
    if chance.random() < 0.07:
        parts.append(chance.choice(DIRECTIONALS))
    line = " ".join(parts)
    if chance.random() < 0.2:
        kind, number = chance.choice(UNITS), chance.randint(1, 999)
        text = chance.choice((str(number), chance.choice("ABCDEFGH"), f"{number % 40}{chance.choice('ABCDEF')}"))
        line += chance.choice((" ", ", ")) + (f"#{text}" if kind == "#" else f"{kind} {text}")
    return line


def _number(chance: Random) -> str:
    size = chance.random()
    low, high = (1, 99) if size < 0.1 else (100, 9999) if size < 0.87 else (10_000, 29_999)
    return str(chance.randint(low, high))


def _name(chance: Random) -> str:
    column, kind = _column(), chance.random()
    if kind < 0.35:
        return chance.choice(column("sample/streets", "name"))
    if kind < 0.6:
        return chance.choice(column("surnames", "name")).title()
    if kind < 0.7:
        return chance.choice(column("english_words", "word")).title()
    if kind < 0.82:
        number = chance.randint(1, 180)
        return f"{number}{'th' if 10 < number % 100 < 14 else ORDINAL_ENDS.get(number % 10, 'th')}"
    if kind < 0.95:
        return f"{chance.choice(column('english_words', 'word')).title()} {chance.choice(NAME_ENDS)}"
    return chance.choice(column("places", "place"))


def _suffix(chance: Random) -> str:
    column = _column()
    short = chance.choices(list(SUFFIX_WEIGHTS), list(SUFFIX_WEIGHTS.values()))[0]
    at = column("suffixes", "abbreviation").index(short)
    if chance.random() < OTHER_SUFFIX_RATE:
        at = chance.randrange(len(column("suffixes", "primary")))
    short, whole = column("suffixes", "abbreviation")[at].title(), column("suffixes", "primary")[at].title()
    return chance.choices((short, whole, f"{short}."), (6, 3, 1))[0]


def _cased(line: str, chance: Random) -> str:
    kind = chance.random()
    return line.upper() if kind < 0.25 else line.lower() if kind < 0.3 else line
