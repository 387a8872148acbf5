"""What fingers and systems do to any text: typos, case, blanks, lost accents, broken encodings."""

import unicodedata

_NEIGHBOURS = {
    letter: near
    for row, others in (
        ("qwertyuiop", "wqwertyuio"),
        ("asdfghjkl", "sadfghjkl"),
        ("zxcvbnm", "xzxcvbn"),
    )
    for letter, near in zip(row, others, strict=False)
}
"""A key to its neighbour on an American keyboard."""


def transposed(value: str, chance: float, _hint: str = "") -> str:
    """Exchange two neighbouring letters.

    >>> transposed("Johnson", 0.5)
    'Johsnon'
    """
    at = _letter(value, chance)
    if at < 1 or at + 1 >= len(value) or not value[at + 1].isalpha() or value[at].islower() != value[at + 1].islower():
        return value
    return value[:at] + value[at + 1] + value[at] + value[at + 2 :]


def dropped(value: str, chance: float, _hint: str = "") -> str:
    """Leave one letter out.

    >>> dropped("Johnson", 0.5)
    'Johson'
    """
    at = _letter(value, chance)
    return value if at < 1 else value[:at] + value[at + 1 :]


def doubled(value: str, chance: float, _hint: str = "") -> str:
    """Type one letter twice.

    >>> doubled("Johnson", 0.5)
    'Johnnson'
    """
    at = _letter(value, chance)
    return value if at < 1 else value[: at + 1] + value[at:]


def mistyped(value: str, chance: float, _hint: str = "") -> str:
    """Hit the key beside the right one.

    >>> mistyped("Johnson", 0.5)
    'Johbson'
    """
    at = _letter(value, chance)
    if at < 1:
        return value
    wrong = _NEIGHBOURS.get(value[at].lower(), "")
    return value if not wrong else value[:at] + (wrong.upper() if value[at].isupper() else wrong) + value[at + 1 :]


def digit_mistyped(value: str, chance: float, _hint: str = "") -> str:
    """Hit a wrong key for one of the last two digits.

    >>> digit_mistyped("02139", 0.9)
    '02109'
    """
    digits = [at for at, letter in enumerate(value) if letter.isdigit()]
    if len(digits) < 2:
        return value
    at = digits[-1 - int(chance * 2)]
    return value[:at] + str((int(value[at]) + 1 + int(chance * 7)) % 10) + value[at + 1 :]


def _letter(value: str, chance: float) -> int:
    """Return the place of a letter, never the first of the cell, or -1 in a text too short to stay readable."""
    if len(value) < 4:
        return -1
    at = 1 + int(chance * (len(value) - 2))
    return at if value[at].isalpha() else -1


def upper(value: str, _chance: float, _hint: str = "") -> str:
    """Type with the caps lock on."""
    return value.upper()


def lower(value: str, _chance: float, _hint: str = "") -> str:
    """Type without the shift key."""
    return value.lower()


def blanks_added(value: str, chance: float, _hint: str = "") -> str:
    """Add blanks before, behind or inside, or one that does not break.

    >>> blanks_added("12 Oak St", 0.6)
    '12  Oak St'
    """
    if not value:
        return value
    ways = (" " + value, value + "  ", value.replace(" ", "  ", 1), value.replace(" ", "\u00a0", 1))
    return ways[int(chance * len(ways))]


def accent_lost(value: str, _chance: float, _hint: str = "") -> str:
    """Write letters without their accents.

    >>> accent_lost("Peña", 0.0)
    'Pena'
    """
    if value.isascii():
        return value
    return "".join(letter for letter in unicodedata.normalize("NFD", value) if not unicodedata.combining(letter))


def mojibake(value: str, _chance: float, _hint: str = "") -> str:
    """Read UTF-8 bytes as Windows-1252.

    >>> mojibake("Peña", 0.0)
    'PeÃ±a'
    """
    return value if value.isascii() else value.encode("utf-8").decode("cp1252", errors="ignore")


def emptied(_value: str, _chance: float, _hint: str = "") -> str:
    """Leave the cell empty."""
    return ""


def replaced(value: str, _chance: float, hint: str = "") -> str:
    """Take the other value the row has ready; keep the cell where there is none."""
    return hint or value
