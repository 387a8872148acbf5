"""Which column of a processed file is what: headers by words, the key by its values. Reads no file and judges no row.

The words are data: `standards/reference/bureau_columns.csv`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dq.address.bureau.exporting import EXPORT
from dq.standards import Standards
from dq.tables.recognition.headers import tokens_of

KEY: Final = "key"
IGNORED: Final = "ignored"
STD: Final = "std"
NEW: Final = "new"
ECHO: Final = "echo"
ROLES: Final = (NEW, ECHO, STD)
"""Roles of an address part, the one that decides first where a header names two (`new standardized city`)."""
PARTS: Final = (
    *("line1", "line2", "city", "state", "zip", "zip5", "zip4", "zip9"),
    *("delivery_point", "delivery_point_check", "check_digit", "barcode"),
)
CODES: Final = (
    *("cass_on", "dpv", "dpv_footnotes", "footnotes", "match_code", "vacant", "no_stat", "no_stat_reason"),
    *("ncoa_code", "ank", "match_flag", "move_type", "move_on", "lacs"),
)
FIELDS: Final = (KEY, *CODES, *(f"{role}_{part}" for role in ROLES for part in PARTS))
"""What a column may be: the key, a code, or a part of the standard, the new or the echoed address."""

_SAYS_NOTHING: Final = frozenset(("cass_on", "lacs", "move_on", "move_type"))
"""Codes that mean something only beside another one."""
_OWN: Final = frozenset(EXPORT)


@dataclass(frozen=True)
class AnswerColumns:
    """What the columns of a processed file are.

    Attributes:
        headers: Field of FIELDS → header.
        ignored: Headers that are known and carry no evidence.
        unknown: Headers that nobody knows; they are said, not read.
        problems: What makes the file unreadable, one sentence each.
    """

    headers: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass
class _Words:
    """The table, indexed by headers without blanks."""

    fields: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)


def recognise_columns(
    headers: Sequence[str],
    standards: Standards,
    mapping: Mapping[str, str] | None = None,
    find_key: Callable[[Sequence[str]], str | None] = lambda _: None,
) -> AnswerColumns:
    """Say which header is which field.

    An address part without a role is the standard address, unless another column claims that: then it is the echo of
    what was sent. Headers of the list itself yield to any other.

    Args:
        headers: As they stand in the file.
        standards: For the words.
        mapping: Header → field of FIELDS, or `ignored`; stands above every word.
        find_key: Returns the header whose values are keys that were sent, None where no column has any.

    Returns:
        The fields; everything that is wrong is in `problems`.
    """
    given, problems = _checked(mapping or {}, headers)
    words = _words_of(standards)
    readings = {header: given.get(header) or _read(header, words) for header in headers}
    _give_plain_parts(readings)
    key = next((header for header, target in given.items() if target == KEY), None) or find_key(headers)
    if key:
        readings = {header: target for header, target in readings.items() if target != KEY} | {key: KEY}
    claims: dict[str, list[str]] = {}
    for header, target in readings.items():
        if target and target != IGNORED:
            claims.setdefault(target, []).append(header)
    problems += [
        f"the columns {' and '.join(map(repr, several))} both say {target}; name the right one"
        for target, several in claims.items()
        if len(several) > 1
    ]
    if KEY not in claims:
        problems.append("no column has the key of the list that was sent")
    if not any(target not in _SAYS_NOTHING and not target.startswith(ECHO) for target in claims if target != KEY):
        problems.append("no column has a DPV code, a ZIP+4, a standard address or a move")
    return AnswerColumns(
        {target: several[0] for target, several in claims.items()},
        tuple(header for header, target in readings.items() if target == IGNORED),
        tuple(header for header in headers if not readings.get(header) and header != key),
        tuple(problems),
    )


def _checked(mapping: Mapping[str, str], headers: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the mapping with the headers as they stand in the file, and what is wrong with it."""
    places = {header.casefold(): header for header in headers}
    problems = [
        f"the mapping names {target!r}, which is no field; fields are {', '.join((*FIELDS, IGNORED))}"
        for target in mapping.values()
        if target not in (*FIELDS, IGNORED)
    ]
    problems += [f"the mapping names the column {name!r}, which the file lacks" for name in sorted(mapping)
                 if name.casefold() not in places]  # fmt: skip
    given = {places[name.casefold()]: target for name, target in mapping.items() if name.casefold() in places}
    return given, problems


def _words_of(standards: Standards) -> _Words:
    words = _Words()
    table = standards.table("bureau_columns")
    indexes = {"field": words.fields, "role": words.roles, "part": words.parts}
    for kind, phrase, target in zip(table["kind"], table["words"], table["field"], strict=True):
        indexes[kind][phrase.replace(" ", "")] = target
    return words


def _read(header: str, words: _Words) -> str | None:
    """Return the field a header names, `plain_<part>` for an address part without a role, None for any other."""
    joined = "".join(tokens_of(header))
    if joined in words.fields:
        return words.fields[joined]
    found: set[str] = set()
    rest = joined
    while rest not in words.parts:
        stripped = _without_role(rest, words)
        if stripped is None:
            return _read_echoed_field(joined, words)
        rest, role = stripped
        found.add(role)
    part = words.parts[rest]
    if part == IGNORED:
        return IGNORED
    return f"{next((role for role in ROLES if role in found), 'plain')}_{part}"


def _read_echoed_field(joined: str, words: _Words) -> str | None:
    """Return the field of `input_key` or `dpv_code_cass`: a whole field under a role that adds nothing to it."""
    for role in sorted(words.roles, key=len, reverse=True):
        for rest in (joined.removeprefix(role), joined.removesuffix(role)):
            if rest != joined and rest in words.fields:
                target = words.fields[rest]
                is_echo = words.roles[role] == ECHO
                return target if target == KEY or not is_echo else IGNORED
    return None


def _without_role(joined: str, words: _Words) -> tuple[str, str] | None:
    for role in sorted(words.roles, key=len, reverse=True):
        for rest in (joined.removeprefix(role), joined.removesuffix(role)):
            if rest and rest != joined and (rest in words.parts or _reaches_part(rest, words)):
                return rest, words.roles[role]
    return None


def _reaches_part(joined: str, words: _Words) -> bool:
    """Tell whether one more role word stands between here and a part."""
    return any(
        rest != joined and rest in words.parts
        for role in words.roles
        for rest in (joined.removeprefix(role), joined.removesuffix(role))
    )


def _give_plain_parts(readings: dict[str, str | None]) -> None:
    """Decide in place what the parts without a role are."""
    prefix = "plain_"
    plain = {
        header: target.removeprefix(prefix)
        for header, target in readings.items()
        if target and target.startswith(prefix)
    }
    taken = {target for target in readings.values() if target}
    own = {header for header in plain if header.casefold() in _OWN}
    others = {part for header, part in plain.items() if header not in own}
    # The list came back beside the mail house's lines; alone, its columns were written over.
    is_beside = (f"{STD}_line1" in taken or "line1" in others) and any(plain[header] == "line1" for header in own)
    for header, part in plain.items():
        yields = header in own and (is_beside or part in others)
        readings[header] = f"{ECHO if yields or f'{STD}_{part}' in taken else STD}_{part}"
