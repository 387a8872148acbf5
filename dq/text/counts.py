"""Numbers with their nouns, as sentences for people hold them."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> counted(1, "case"), counted(2400, "case"), counted(2, "entry", "entries")
    ('1 case', '2,400 cases', '2 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
