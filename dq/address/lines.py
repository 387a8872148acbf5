"""What a delivery line is made of, and what is needed to read one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from dq.address.street import Highways, Street
from dq.address.tagger import Labels, label
from dq.address.units import Unit
from dq.address.words import Words

NO_STREET: Final = Street("", (), "", "")


class Line(NamedTuple):
    """A delivery line in parts, upper case; empty where absent.

    Attributes:
        number: House number as written, never altered; a number in words is in digits.
        street: Directionals, name and suffix.
        crossing: The street that crosses it, where the line is a corner.
        units: Secondary designators from left to right, the largest first.
        box: Number of a PO box, or of the box on a route.
        route: `RR 4`, `HC 1`, `PSC 802`, `GENERAL DELIVERY`.
        pmb: `PMB 234`, a private mailbox at the address.
        rest: Text that stays at the end of the line because its role is unknown.
        above: Texts for the line above, in order.
        confidence: 0 to 1.
        flags: Codes of doubts about the line.
        is_settled: Reading the written line gives the same parts again, so nobody has to try.
    """

    number: str = ""
    street: Street = NO_STREET
    crossing: Street = NO_STREET
    units: tuple[Unit, ...] = ()
    box: str = ""
    route: str = ""
    pmb: str = ""
    rest: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    confidence: float = 1.0
    flags: tuple[str, ...] = ()
    is_settled: bool = False


@dataclass(frozen=True)
class Grammar:
    """What the parser knows: the word tables, types of highways, and the labeller of tokens."""

    words: Words
    highways: Highways
    label: Callable[[tuple[str, ...]], Labels] = label
