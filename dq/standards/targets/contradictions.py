"""What does not fit together within a target."""

from collections.abc import Iterable
from typing import Final

from dq.model import ADDRESS_COLUMNS, CHANNEL_COLUMNS, CONTACT_ROLES, EXTRA, GOLDEN, REFUSAL_KINDS
from dq.standards.expressions import columns_of, maps_of, parse_expression
from dq.standards.reader import suggest
from dq.standards.targets.checks import CHECKS
from dq.standards.targets.fields import DOMINANT, TargetField, TargetObject
from dq.standards.targets.target import PARK, Target, parent_field

KNOWN_COLUMNS: Final = frozenset(
    {
        *GOLDEN.columns,
        "record_id",
        "row_id",
        "parent_row_id",
        "employer",
        "coded_on",
        "fax",
        *(f"refuses.{channel}" for channel in REFUSAL_KINDS),
        *(f"{role}.{column}" for role in CONTACT_ROLES for column in (*ADDRESS_COLUMNS, *CHANNEL_COLUMNS, "fax")),
    }
)
"""What an expression may name besides `extra.<header>`. `<role>.<column>` is the contact point of that role; `row_id`
is the id of the row in the load, `parent_row_id` that of its parent; `refuses.<channel>` is true where the customer or
any of their contact points of that kind refuses; `employer` is the name of the organisation that
a customer belongs to; `coded_on` the day on which a licensed provider's answer says that its address was coded."""
RESERVED: Final = frozenset({"row_id", "golden_id", "record_id", "parent_row_id"})
"""Columns that rows of a load have beside their fields (`dq.conversion.rows`)."""
PLACEHOLDERS: Final = ("label", "field", "object", "value", "length", "limit", "size", "path", "right")
"""What a message may hold between braces."""


def contradictions(target: Target) -> list[tuple[str, str, str]]:
    """Return what does not fit together, as (key, message, hint)."""
    merge = () if target.merge is None else _unknown("merge.source", (target.merge.source,), target.sources)
    back = (
        *_unknown("way_back.source", (target.way_back.source,), target.sources),
        *_unknown("way_back.numbered", target.way_back.numbered, target.picklists, "list"),
    )
    return [*_object_problems(target), *_assign_problems(target), *_check_problems(target), *merge, *back]


def _object_problems(target: Target) -> Iterable[tuple[str, str, str]]:
    for name, thing in target.objects.items():
        yield from _unknown(f"objects.{name}.source", (thing.source,), target.sources)
        if thing.key:
            yield from _unknown(f"objects.{name}.key", (thing.key,), thing.fields)
        for group in thing.one_of:
            yield from _unknown(f"objects.{name}.one_of", group, thing.fields)
        for key in sorted(RESERVED & set(thing.fields)):
            yield f"objects.{name}.fields.{key}", "rows of a load carry this name already", "call the field otherwise"
        for key, field in thing.fields.items():
            yield from _field_problems(f"objects.{name}.fields.{key}", field, thing, target)


def _field_problems(
    place: str, field: TargetField, thing: TargetObject, target: Target
) -> Iterable[tuple[str, str, str]]:
    yield from _unknown(f"{place}.source", (field.source, *field.doubts.values()), target.sources)
    yield from _unknown(f"{place}.picklist", (field.picklist,), target.picklists)
    yield from _unknown(f"{place}.feature", (field.feature, field.without, field.listed_with), target.features)
    yield from _unknown(f"{place}.requires", (field.requires,), thing.fields)
    if field.default and field.default != DOMINANT and field.picklist in target.picklists:
        yield from _unknown(f"{place}.default", (field.default,), target.picklists[field.picklist], "value")
    if field.refers_to != "owner":
        yield from _unknown(f"{place}.refers_to", (field.refers_to,), target.objects)
    if not field.value:
        return
    tree = parse_expression(field.value)
    yield from _unknown(f"{place}.value", maps_of(tree), target.maps, "map")
    for column in columns_of(tree):
        if column not in KNOWN_COLUMNS and not column.startswith(EXTRA):
            yield f"{place}.value", f"the column `{column}` is unknown", suggest(column, sorted(KNOWN_COLUMNS))


def _assign_problems(target: Target) -> Iterable[tuple[str, str, str]]:
    for policy, lines in target.assign.items():
        for number, line in enumerate(lines):
            place = f"assign.{policy}.{number}"
            if line.object != PARK:
                yield from _unknown(f"{place}.object", (line.object,), target.objects)
            if line.parent and line.object in target.objects and parent_field(target, line.object) is None:
                yield f"{place}.parent", f"`{line.object}` has no field that refers to a parent", "add a reference"


def _check_problems(target: Target) -> Iterable[tuple[str, str, str]]:
    yield from _unknown("checks", target.checks, CHECKS, "check")
    for check, outcomes in target.checks.items():
        yield from _unknown(f"checks.{check}", (path for path in outcomes if path != "any"), target.paths, "load path")
        for path, outcome in outcomes.items():
            yield from _unknown(f"checks.{check}.{path}.source", (outcome.source,), target.sources)
            try:
                outcome.message.format_map(dict.fromkeys(PLACEHOLDERS, ""))
            except (KeyError, ValueError, IndexError) as error:
                yield f"checks.{check}.{path}.message", f"a place holder is wrong: {error}", ", ".join(PLACEHOLDERS)


def _unknown(
    place: str, words: Iterable[str], known: Iterable[str], kind: str = "name"
) -> Iterable[tuple[str, str, str]]:
    there = list(known)
    for word in words:
        if word and word not in there:
            yield place, f"the {kind} `{word}` is unknown", suggest(word, there)
