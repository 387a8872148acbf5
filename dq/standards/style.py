"""The house style of standardised values."""

from typing import Literal

from pydantic import Field

from dq.standards.reader import Policy


class Style(Policy):
    """Content of `standards/style.yml`.

    Attributes:
        address_words: `abbreviate` writes St, `expand` writes Street.
        address_case: `upper` is what Publication 28 prefers.
        name_case: `restore` mends ALL CAPS and all lower, `keep` leaves case alone.
        parse_doubt_below: A parse less probable than this gives the outcome `parse_doubt`.
    """

    address_words: Literal["abbreviate", "expand"] = "abbreviate"
    address_case: Literal["upper", "title"] = "upper"
    name_case: Literal["restore", "keep"] = "restore"
    parse_doubt_below: float = Field(default=0.5, ge=0, le=1)
