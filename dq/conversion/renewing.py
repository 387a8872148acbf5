"""Brings facts of a CRM into a target and says what they change. Policy (mapping, codes) stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dq.conversion.metadata import Facts
from dq.standards.targets import Target

FACTS: Final = (
    "label", "type", "length", "digits", "minimum", "maximum", "required", "unique", "restricted", "writable",
    "picklist",
)  # fmt: skip
"""Facts that metadata speak of; the others are policy, or ours to know."""
_LISTED: Final = 12
"""Values of a picklist named in a difference."""


@dataclass(frozen=True)
class Difference:
    """One fact that the metadata know otherwise.

    Attributes:
        field: The field.
        fact: Which fact; `field` where the whole field is new or gone, `values` of a picklist.
        before: What the target says.
        now: What the metadata say.
        breaks: Whether a value that loaded before may be refused now.
    """

    field: str
    fact: str
    before: str
    now: str
    breaks: bool


def compare(
    target: Target, thing: str, facts: Facts, picklists: Mapping[str, tuple[str, ...]]
) -> tuple[Difference, ...]:
    """Return what metadata say otherwise than the target, by field.

    A field that metadata leave out may be gone or hidden from the user who asked: both end in the same error.
    """
    known = target.objects[thing].fields
    found = [
        Difference(key, "field", "", str(facts[key].get("type", "read-only")), bool(facts[key].get("required")))
        for key in sorted(set(facts) - set(known))
    ]
    for key in sorted(known):
        if key not in facts:
            found.append(Difference(key, "field", known[key].type, "", bool(known[key].value)))
            continue
        before = known[key].model_dump()
        for fact in FACTS:
            is_ours = (fact == "restricted" and known[key].listed_with) or (fact == "type" and known[key].refers_to)
            if fact == "picklist" or is_ours:
                continue
            was, now = before[fact], facts[key].get(fact, _DEFAULTS[fact])
            if was != now and not (fact in ("minimum", "maximum") and now is None):
                found.append(Difference(key, fact, _said(was), _said(now), _breaks(fact, was, now)))
        found += _values(key, target.picklists.get(before["picklist"], ()), picklists.get(key, ()), known[key].place)
    return tuple(found)


_DEFAULTS: Final[dict[str, Any]] = {
    "label": "", "type": "text", "length": None, "digits": None, "minimum": None, "maximum": None, "required": False,
    "unique": False, "restricted": False, "writable": True,
}  # fmt: skip


def _values(key: str, before: tuple[str, ...], now: tuple[str, ...], place: str) -> list[Difference]:
    if place or set(before) == set(now) or not now:
        return []
    gone, new = sorted(set(before) - set(now)), sorted(set(now) - set(before))
    return [Difference(key, "values", ", ".join(gone[:_LISTED]), ", ".join(new[:_LISTED]), bool(gone))]


def _breaks(fact: str, was: Any, now: Any) -> bool:
    if fact in ("length", "digits", "maximum"):
        return now is not None and (was is None or now < was)
    if fact == "minimum":
        return now is not None and (was is None or now > was)
    if fact == "writable":
        return not now
    return fact in ("required", "unique", "restricted") and bool(now)


def _said(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def renewed(
    document: Mapping[str, Any], thing: str, facts: Facts, picklists: Mapping[str, tuple[str, ...]], source: str
) -> dict[str, Any]:
    """Return the document of a target with the facts of one object replaced; values, codes and the like stay.

    Args:
        document: Content of the target's file.
        thing: The object.
        facts: Of the metadata; fields that they leave out stay where something is mapped to them.
        picklists: Values by field.
        source: Key of `sources` that the facts are from now on.
    """
    made = {**document, "picklists": dict(document.get("picklists") or {}), "objects": dict(document["objects"])}
    own = dict(made["objects"][thing])
    before: Mapping[str, Mapping[str, Any]] = own["fields"]
    fields: dict[str, Any] = {}
    for key in [*before, *sorted(set(facts) - set(before))]:
        if key not in facts:
            if before[key].get("value"):
                fields[key] = before[key]
            continue
        fields[key] = {**_field(before.get(key, {}), facts[key]), "source": source}
        if key in picklists and "listed_with" not in before.get(key, {}):
            fields[key]["picklist"] = f"{thing}_{key}"
            made["picklists"][f"{thing}_{key}"] = list(picklists[key])
    made["objects"][thing] = {**own, "fields": fields}
    return made


def _field(before: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a field with new facts; what it is made of and what only we know of it stays."""
    told = {
        name: _plain(value) for name, value in facts.items() if value not in (None, "", False) or name == "writable"
    }
    if "writable" in told:
        return told
    kept = {name: value for name, value in before.items() if name not in (*FACTS, "source", "doubts", "right")}
    if "listed_with" in before:
        kept |= {name: before[name] for name in ("picklist", "restricted") if name in before}
    if "refers_to" in before:
        kept["type"] = "reference"
    return {**told, **kept}


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
