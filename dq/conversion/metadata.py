"""Reads what a CRM says about itself (a describe, attribute metadata, properties) as fields of a target."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from dq.errors import SourceError
from dq.standards.targets import Target

Facts = dict[str, dict[str, Any]]
"""Field → facts in the words of a target file."""

_SALESFORCE: Final = {
    "string": "text", "textarea": "multiline", "email": "email", "phone": "phone", "url": "url",
    "picklist": "picklist", "combobox": "picklist", "boolean": "boolean", "date": "date", "datetime": "datetime",
    "int": "integer", "long": "integer", "double": "number", "currency": "number", "percent": "number",
    "reference": "reference", "id": "id", "encryptedstring": "text", "time": "text", "multipicklist": "text",
}  # fmt: skip
"""Type of the describe → ours; a compound, a file or a place is no field that a load file can hold."""
_DYNAMICS: Final = {
    "String": "text", "Memo": "multiline", "Picklist": "picklist", "State": "picklist", "Status": "picklist",
    "Boolean": "boolean", "DateTime": "datetime", "Integer": "integer", "BigInt": "integer", "Double": "number",
    "Decimal": "number", "Money": "number", "Lookup": "id", "Owner": "reference", "Customer": "id",
    "Uniqueidentifier": "id",
}  # fmt: skip
_DYNAMICS_FORMATS: Final = {"Email": "email", "Phone": "phone", "Url": "url", "TextArea": "multiline"}
_HUBSPOT: Final = {
    "string": "text", "number": "number", "date": "date", "datetime": "datetime", "enumeration": "picklist",
    "bool": "boolean", "phone_number": "phone",
}  # fmt: skip


def read_metadata(document: object, target: Target, thing: str) -> tuple[Facts, dict[str, tuple[str, ...]]]:
    """Return the facts of an object's fields, and the picklists they refer to by the field's name.

    Args:
        document: JSON of a Salesforce describe, of Dataverse attribute metadata (`value`) or of HubSpot properties
            (`results`).
        target: The target the object belongs to.
        thing: The object.

    Raises:
        SourceError: The document is none of the three, or that of another object.
    """
    if not isinstance(document, Mapping):
        raise SourceError("the file holds no description of an object", "export the describe as JSON, as it comes")
    empty = next((name for name in ("fields", "value", "results") if document.get(name) == []), None)
    if empty:
        raise SourceError(
            f"the file describes no field: its `{empty}` is empty",
            "export it as somebody who may see the fields of the object",
        )
    if isinstance(document.get("fields"), list):
        _refuse_other(str(document.get("name", "")), target, thing)
        return _facts(document["fields"], _salesforce_field)
    if isinstance(document.get("value"), list):
        for name in sorted({*_names(document["value"])} - {""}):
            _refuse_other(name, target, thing)
        return _facts(document["value"], _dynamics_field)
    if isinstance(document.get("results"), list):
        return _facts(document["results"], _hubspot_field)
    raise SourceError(
        "the file is no sObject describe (`fields`), no attribute metadata (`value`) and no list of properties "
        "(`results`)",
        "export the describe as JSON, as it comes",
    )


def object_described(document: object, target: Target) -> str:
    """Return the object a document describes, empty where it does not say.

    Raises:
        SourceError: It describes an object that the target does not have.
    """
    said = ""
    if isinstance(document, Mapping):
        lines = document.get("value")
        names = _names(lines) if isinstance(lines, list) else []
        said = str(document.get("name") or next(iter(names), ""))
    known = {(thing.api_name or name).casefold(): name for name, thing in reversed(target.objects.items())}
    if said and said.casefold() not in known:
        raise SourceError(
            f"the file describes {said}, and {target.title} has {', '.join(target.objects)} here",
            "name a file that describes one of them",
        )
    return known.get(said.casefold(), "")


def _names(lines: Iterable[object]) -> list[str]:
    """Return what attributes say of the object they belong to."""
    return [str(line.get("EntityLogicalName", "")) for line in lines if isinstance(line, Mapping)]


def _refuse_other(said: str, target: Target, thing: str) -> None:
    expected = target.objects[thing].api_name or thing
    if said and said.casefold() != expected.casefold():
        raise SourceError(
            f"the file describes {said}, not {expected}",
            f"name the object it describes: --object {said}, or another file",
        )


def _facts(
    lines: Iterable[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], tuple[str, dict[str, Any], tuple[str, ...]]]
) -> tuple[Facts, dict[str, tuple[str, ...]]]:
    facts: Facts = {}
    picklists: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            key, field, values = read(line)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SourceError(
                f"field {number} of the file is not as its CRM describes one: {error}",
                "export the describe as JSON, as it comes",
            ) from error
        if not field:
            continue
        if values:
            picklists[key] = values
            field["picklist"] = key
        elif field.get("restricted"):
            del field["restricted"]
        facts[key] = field
    return facts, picklists


def _salesforce_field(line: Mapping[str, Any]) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    key, kind = str(line["name"]), _SALESFORCE.get(str(line["type"]))
    if kind is None or not line.get("createable", False):
        return key, {"label": str(line.get("label", "")), "writable": False}, ()
    field: dict[str, Any] = {"label": str(line.get("label", "")), "type": kind}
    if kind in ("text", "multiline", "email", "phone", "url", "picklist") and line.get("length"):
        field["length"] = int(line["length"])
    if kind == "integer" and line.get("digits"):
        field["digits"] = int(line["digits"])
    if kind == "number" and line.get("precision"):
        field["digits"] = int(line["precision"]) - int(line.get("scale") or 0)
    # Required on create: the describe has no word for it (see CRM documentation of nillable and defaultedOnCreate).
    if not line.get("nillable", True) and not line.get("defaultedOnCreate", False) and kind != "boolean":
        field["required"] = True
    field |= {name: True for name, said in (("unique", "unique"), ("key", "externalId")) if line.get(said)}
    if kind == "reference":
        to = [str(name) for name in line.get("referenceTo", ())]
        field |= {"type": "reference", "refers_to": "owner"} if "User" in to and key == "OwnerId" else {"type": "id"}
    values = tuple(str(one["value"]) for one in line.get("picklistValues", ()) if one.get("active", True))
    if kind == "picklist" and line.get("restrictedPicklist"):
        field["restricted"] = True
    return key, field, values if kind == "picklist" else ()


def _dynamics_field(line: Mapping[str, Any]) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    key, kind = str(line["LogicalName"]), _DYNAMICS.get(str(line.get("AttributeType")))
    label = _label(line.get("DisplayName"))
    if kind is None or not line.get("IsValidForCreate", True):
        return key, {"label": label, "writable": False}, ()
    form = line.get("FormatName") or {}
    named = form.get("Value") if isinstance(form, Mapping) else form
    field: dict[str, Any] = {"label": label, "type": _DYNAMICS_FORMATS.get(str(named), kind)}
    for ours, theirs in (("length", "MaxLength"), ("minimum", "MinValue"), ("maximum", "MaxValue")):
        if line.get(theirs) is not None and (ours == "length") == (kind in ("text", "multiline")):
            field[ours] = line[theirs]
    level = line.get("RequiredLevel") or {}
    if (level.get("Value") if isinstance(level, Mapping) else level) in ("ApplicationRequired", 2):
        field["required"] = True
    if kind == "reference":
        field["refers_to"] = "owner"
    options = (line.get("OptionSet") or {}).get("Options") or ()
    values = tuple(_label(option.get("Label")) for option in options)
    if kind == "picklist":
        field["restricted"] = True
    return key, field, values if kind == "picklist" else ()


def _label(label: object) -> str:
    """Return the text of a Dataverse label: `{"UserLocalizedLabel": {"Label": "Hot"}}`."""
    if not isinstance(label, Mapping):
        return str(label or "")
    own = label.get("UserLocalizedLabel")
    return str(own.get("Label", "")) if isinstance(own, Mapping) else ""


def _hubspot_field(line: Mapping[str, Any]) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    key, kind = str(line["name"]), _HUBSPOT.get(str(line.get("type")))
    if kind is None or (line.get("modificationMetadata") or {}).get("readOnlyValue"):
        return key, {"label": str(line.get("label", "")), "writable": False}, ()
    field: dict[str, Any] = {"label": str(line.get("label", "")), "type": kind}
    if line.get("hasUniqueValue"):
        field["unique"] = True
    values = tuple(str(one["value"]) for one in line.get("options", ()) if not one.get("hidden"))
    if kind == "picklist":
        field["restricted"] = True
    return key, field, values if kind == "picklist" else ()
