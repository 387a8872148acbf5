"""The small language in which a target says what a field is made of: parsed, checked, never run as code.

    last_name                                   a column of the customer
    `extra.Lead Source`                         a column whose name holds blanks or capitals
    'United States'                             a text; a quote inside it is doubled
    join(' ', first_name, last_name)            what is filled, joined
    lines(address_line2, address_line1)         the same with line feeds
    first(mobile, phone)                        the first that is filled
    map(status, 'status')                       by a table of the target's `maps`
    date(birth_on, 'MM/DD/YYYY')                a date in another form
    upper(state), lower(email)                  in another case
    domain(website)                             the bare domain of an address on the web

It has no operators, no conditions and no loops: what needs them is policy of standardising, not of a target.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Column:
    """The value of a column."""

    name: str


@dataclass(frozen=True)
class Text:
    """A text, the same for every row."""

    value: str


@dataclass(frozen=True)
class Call:
    """A function of other expressions."""

    function: str
    arguments: "tuple[Expression, ...]"


Expression = Column | Text | Call

FUNCTIONS: Final = {
    "join": (2, None),
    "lines": (1, None),
    "first": (1, None),
    "map": (2, 2),
    "date": (2, 2),
    "upper": (1, 1),
    "lower": (1, 1),
    "domain": (1, 1),
}
"""Function → fewest and most arguments; None: any number."""
_TEXT_ARGUMENT: Final = {"join": 0, "map": 1, "date": 1}
"""Function → the argument that has to be a text."""
DATE_WORDS: Final = {"YYYY": "%Y", "MM": "%m", "DD": "%d"}
"""Word of a date's form → the same for `strftime`."""

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_.]*)|`(?P<quoted>[^`]+)`|'(?P<text>(?:[^']|'')*)'|(?P<sign>[(),]))"
)


def parse_expression(text: str) -> Expression:
    """Return the tree of an expression.

    Raises:
        ValueError: With what is wrong and where.

    >>> parse_expression("first(mobile, 'none')")
    Call(function='first', arguments=(Column(name='mobile'), Text(value='none')))
    """
    tokens = _tokens(text)
    tree, rest = _expression(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"`{tokens[rest][1]}` follows a complete expression")
    return tree


def columns_of(tree: Expression) -> tuple[str, ...]:
    """Return the columns an expression reads, each once, in order.

    >>> columns_of(parse_expression("join(' ', first_name, last_name, first_name)"))
    ('first_name', 'last_name')
    """
    if isinstance(tree, Column):
        return (tree.name,)
    if isinstance(tree, Text):
        return ()
    return tuple(dict.fromkeys(name for argument in tree.arguments for name in columns_of(argument)))


def maps_of(tree: Expression) -> tuple[str, ...]:
    """Return the tables an expression looks values up in."""
    if not isinstance(tree, Call):
        return ()
    own = (tree.arguments[1],) if tree.function == "map" else ()
    named = tuple(argument.value for argument in own if isinstance(argument, Text))
    return (*named, *(name for argument in tree.arguments for name in maps_of(argument)))


def date_pattern(form: str) -> str:
    """Return a date's form for `strftime`.

    Raises:
        ValueError: The form holds letters that are no year, month or day.

    >>> date_pattern("MM/DD/YYYY")
    '%m/%d/%Y'
    """
    pattern = form
    for word, directive in DATE_WORDS.items():
        pattern = pattern.replace(word, directive)
    if re.search(r"(?<!%)[A-Za-z%]", re.sub(r"%[Ymd]", "", pattern)):
        raise ValueError(f"the date form '{form}' knows only {', '.join(DATE_WORDS)} and signs between them")
    return pattern


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"`{text[at:].strip()[:20]}` cannot be read: a column, a 'text' or a function is expected")
        kind = str(match.lastgroup)
        found.append((kind, match.group(kind)))
        at = match.end()
    if not found:
        raise ValueError("the expression is empty")
    return found


def _expression(tokens: list[tuple[str, str]], at: int) -> tuple[Expression, int]:
    if at >= len(tokens):
        raise ValueError("the expression ends too soon")
    kind, word = tokens[at]
    if kind == "text":
        return Text(word.replace("''", "'")), at + 1
    if kind == "sign":
        raise ValueError(f"`{word}` stands where a column, a 'text' or a function is expected")
    if kind == "quoted" or at + 1 >= len(tokens) or tokens[at + 1] != ("sign", "("):
        return Column(word), at + 1
    return _call(word, tokens, at + 2)


def _call(function: str, tokens: list[tuple[str, str]], at: int) -> tuple[Expression, int]:
    arguments: list[Expression] = []
    while at < len(tokens) and tokens[at] != ("sign", ")"):
        if arguments:
            if tokens[at] != ("sign", ","):
                raise ValueError(f"a comma is missing before `{tokens[at][1]}` in {function}(…)")
            at += 1
        argument, at = _expression(tokens, at)
        arguments.append(argument)
    if at >= len(tokens):
        raise ValueError(f"{function}(… is not closed")
    _check_call(function, arguments)
    return Call(function, tuple(arguments)), at + 1


def _check_call(function: str, arguments: list[Expression]) -> None:
    if function not in FUNCTIONS:
        raise ValueError(f"the function `{function}` is unknown; known: {', '.join(FUNCTIONS)}")
    fewest, most = FUNCTIONS[function]
    if len(arguments) < fewest or (most is not None and len(arguments) > most):
        wanted = f"{fewest}" if fewest == most else f"at least {fewest}"
        raise ValueError(f"{function}(…) takes {wanted} argument{'s' if fewest != 1 else ''}, got {len(arguments)}")
    place = _TEXT_ARGUMENT.get(function)
    if place is not None and not isinstance(arguments[place], Text):
        raise ValueError(f"argument {place + 1} of {function}(…) has to be a 'text'")
    form = arguments[1] if function == "date" else None
    if isinstance(form, Text):
        date_pattern(form.value)
