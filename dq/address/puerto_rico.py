"""Urbanizations, condominiums and other places that stand above a Puerto Rican street (Publication 28 section 29)."""

from dq.address.words import Words

_URBANIZATION = "URB"


def take_place(tokens: list[str], words: Words) -> tuple[str, list[str]] | None:
    """Part `URB LAS GLADIOLAS 150 CALLE A` before the house number.

    Args:
        tokens: Upper-case tokens of a segment.
        words: For the Spanish words.

    Returns:
        The place with its kind abbreviated, and the tokens of the street, empty where the place stands alone; None
        where the segment is no such place. Behind an urbanization any number starts the street, behind other places
        only one before a Spanish word for a street.
    """
    kind = words.spanish["place"].get(tokens[0])
    if kind is None or len(tokens) < 2:
        return None
    for at in range(2, len(tokens) - 1):
        if not tokens[at][-1].isdigit() or tokens[at - 1] in words.spanish["street"]:
            continue
        if kind == _URBANIZATION or tokens[at + 1] in words.spanish["street"] or tokens[at + 1] in {"AVE", "BLVD"}:
            return " ".join((kind, *tokens[1:at])).removesuffix(" #"), tokens[at:]
    is_name = not tokens[-1][-1].isdigit() if kind == _URBANIZATION else all(token.isalpha() for token in tokens)
    return (" ".join((kind, *tokens[1:])), []) if is_name else None
