"""The way back as calls of an interface, one file a call: `$batch` of Dataverse, batches of HubSpot's objects.

Nothing is sent. What a call cannot say (an owner whose id over there is not known) is told apart, for people.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import quote

import pandas as pd

from dq.conversion.loading.operations import CHANGED
from dq.model import TEXT
from dq.standards.targets import Target, TargetField

API: Final = "/api/data/v9.2"
OBJECTS: Final = "/crm/v3/objects"
_ID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""An id of Dataverse."""
_LINE: Final = "\r\n"
"""Line ends of a multipart body: Dataverse takes no others."""


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes:
        name: Ending of its file: `0001.batch`, `0001.json`.
        method: HTTP method.
        path: Path below the address of the instance.
        content_type: Of the body.
        content: The body.
    """

    name: str
    method: str
    path: str
    content_type: str
    content: str


@dataclass(frozen=True)
class Calls:
    """The calls of one kind of file of one object.

    Attributes:
        calls: In their order.
        unsaid: What they cannot say: `row_id`, `field`; `field` is empty where it is the whole row.
    """

    calls: tuple[Call, ...]
    unsaid: pd.DataFrame


def way_back_calls(target: Target, step: str, thing: str, rows: pd.DataFrame, ids: Mapping[str, str]) -> Calls:
    """Return the calls that do what a file of the way back says; none for a target that has no such calls.

    Args:
        target: What was loaded into.
        step: Kind of the file, one of `BACK_STEPS`.
        thing: The object.
        rows: `row_id`, `target_id` and, of updates, CHANGED and the fields as they were.
        ids: `row_id` → id over there, of all rows that keep theirs.
    """
    form = target.way_back.form
    if not form:
        return Calls((), _unsaid([]))
    write: _Form = _WebApi(target, thing) if form == "web_api" else _ObjectApi(target, thing, ids)
    parts, unsaid = [], []
    for line in rows.to_dict("records"):
        part, left = write.part(
            step, {str(key): value if isinstance(value, str) else None for key, value in line.items()}
        )
        unsaid += [(line["row_id"], field) for field in left]
        if part is not None:
            parts.append(part)
    most = target.way_back.most
    cut = [parts[start : start + most] for start in range(0, len(parts), most)]
    return Calls(tuple(write.call(step, number, part) for number, part in enumerate(cut, start=1)), _unsaid(unsaid))


def plural_of(name: str) -> str:
    """Return the name of a set of records in a path.

    >>> plural_of("company"), plural_of("contact")
    ('companies', 'contacts')
    """
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def _unsaid(lines: list[tuple[Any, str]]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=["row_id", "field"]).astype(TEXT)


def _changed(line: Mapping[str, str | None]) -> list[str]:
    return str(line.get(CHANGED) or "").split()


class _Form(Protocol):
    """How one target is told: a row as part of a call, parts as a call."""

    def part(self, step: str, line: Mapping[str, str | None]) -> tuple[str | None, list[str]]: ...

    def call(self, step: str, number: int, parts: Sequence[str]) -> Call: ...


class _WebApi:
    """Requests of the Dataverse Web API, a change set a call: it is taken whole or not at all."""

    def __init__(self, target: Target, thing: str) -> None:
        self._target, self._fields = target, target.in_force(thing)
        self._key = target.objects[thing].key
        self._set = plural_of(target.objects[thing].api_name or thing)

    def part(self, step: str, line: Mapping[str, str | None]) -> tuple[str | None, list[str]]:
        """Return the request of one row, and the fields it cannot say."""
        own = line.get("target_id") or f"{self._key}='{_quoted(str(line['row_id']))}'"
        where = f"{API}/{self._set}({own})"
        if step == "delete":
            return _request("DELETE", where, None), []
        if step == "reactivate":
            return _request("PATCH", where, {"statecode": 0, "statuscode": 1}), []
        body: dict[str, Any] = {}
        unsaid = []
        for name in _changed(line):
            said = self._said(name, self._fields[name], line.get(name))
            body |= said
            unsaid += [] if said else [name]
        return (_request("PATCH", where, body) if body else None), unsaid

    def _said(self, name: str, field: TargetField, text: str | None) -> dict[str, Any]:
        """Return a field as JSON; empty where the value cannot be said."""
        if field.type == "reference":
            place = f"{field.bind or name}@odata.bind"
            if text is None:
                return {place: None}
            if field.refers_to == "owner":
                return {place: f"/systemusers({text})"} if _ID.fullmatch(text) else {}
            above = self._target.objects[field.refers_to]
            return {place: f"/{plural_of(above.api_name or field.refers_to)}({above.key}='{_quoted(text)}')"}
        if text is None:
            return {name: None}
        if field.type == "picklist":
            number = self._number(field.picklist, text)
            return {} if number is None else {name: number}
        if field.type in ("integer", "number", "boolean"):
            try:
                return {name: json.loads(text)}
            except ValueError:
                return {}
        return {name: text}

    def _number(self, picklist: str, text: str) -> int | None:
        first, values = self._target.way_back.numbered.get(picklist), self._target.picklists.get(picklist, ())
        return first + values.index(text) if first is not None and text in values else None

    def call(self, step: str, number: int, parts: Sequence[str]) -> Call:
        """Return one `$batch` with one change set."""
        name = f"{self._set}_{step}_{number:04d}"
        lines = [f"--batch_{name}", f"Content-Type: multipart/mixed; boundary=changeset_{name}", ""]
        for place, part in enumerate(parts, start=1):
            lines += [f"--changeset_{name}", *_HEAD, f"Content-ID: {place}", "", part]
        lines += [f"--changeset_{name}--", "", f"--batch_{name}--", ""]
        kind = f"multipart/mixed; boundary=batch_{name}"
        return Call(f"{number:04d}.batch", "POST", f"{API}/$batch", kind, _LINE.join(lines))


_HEAD: Final = ("Content-Type: application/http", "Content-Transfer-Encoding: binary")


def _request(method: str, path: str, body: Mapping[str, Any] | None) -> str:
    """Return one request of a change set; `If-Match: *` keeps an update from making a row that is not there."""
    lines = [f"{method} {path} HTTP/1.1", "Content-Type: application/json", "If-Match: *", ""]
    return _LINE.join([*lines, "" if body is None else json.dumps(body)])


def _quoted(text: str) -> str:
    """Return a key as it stands between single quotes in a path."""
    return quote(text.replace("'", "''"), safe="'")


class _ObjectApi:
    """Inputs of HubSpot's batches; rows are named by their key, since a merge changes ids."""

    def __init__(self, target: Target, thing: str, ids: Mapping[str, str]) -> None:
        self._fields, self._ids, self._key = target.in_force(thing), ids, target.objects[thing].key
        self._set = plural_of(target.objects[thing].api_name or thing)

    def part(self, step: str, line: Mapping[str, str | None]) -> tuple[str | None, list[str]]:
        """Return the input of one row, and the properties it cannot say."""
        if step == "delete":
            own = self._ids.get(str(line["row_id"]))
            return (_input({"id": own}), []) if own else (None, [""])
        made = step == "unmerge"
        names = [name for name in line if name in self._fields and line[name]] if made else _changed(line)
        properties, unsaid = {}, []
        for name in names:
            said = self._said(self._fields[name], line.get(name))
            if said is None:
                unsaid.append(name)
            else:
                properties[name] = said
        if made:
            return _input({"properties": properties}), unsaid
        own_key = {"id": line["row_id"], "idProperty": self._key}
        return (_input({**own_key, "properties": properties}) if properties else None), unsaid

    def _said(self, field: TargetField, text: str | None) -> str | None:
        """Return a property as the interface takes it: an empty text empties it; None where it cannot be said."""
        if text is None:
            return ""
        if field.type != "reference":
            return text
        if field.refers_to == "owner":
            return text if text.isdigit() else None
        return self._ids.get(text)

    def call(self, step: str, number: int, parts: Sequence[str]) -> Call:
        """Return one batch."""
        way = {"unmerge": "create", "delete": "archive"}.get(step, "update")
        content = '{"inputs": [\n' + ",\n".join(parts) + "\n]}\n"
        return Call(f"{number:04d}.json", "POST", f"{OBJECTS}/{self._set}/batch/{way}", "application/json", content)


def _input(said: Mapping[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)
