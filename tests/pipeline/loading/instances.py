"""Two CRMs on loopback, as far as their documentation says: Dataverse's Web API and HubSpot's objects."""

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol
from urllib.parse import unquote

Fields = dict[str, Any]
KEYS: Final = ("dq_externalid", "dq_external_id")


class RefusedError(Exception):
    """What an instance answers instead of doing it: status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Instance(Protocol):
    """A CRM that answers requests."""

    def answer(self, method: str, path: str, kind: str, body: bytes) -> tuple[int, object]: ...


@contextmanager
def served(instance: Instance) -> Iterator[str]:
    """Serve an instance on a free port of loopback; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                status, said = instance.answer(self.command, self.path, self.headers.get("Content-Type", ""), body)
            except RefusedError as refusal:
                status, said = refusal.status, {"error": str(refusal)}
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_DELETE = _do  # noqa: N815 (names of http.server)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Dataverse:
    """Tables with an alternate key: PATCH, POST, DELETE, `Merge` and `$batch` with change sets, all or nothing."""

    SETS: Final = {"accounts": "account", "contacts": "contact"}
    NUMBERED: Final = {"industrycode": range(1, 34), "statecode": range(2)}
    LOOKUPS: Final = {"parentcustomerid_account": "accounts", "parentaccountid": "accounts", "ownerid": "systemusers"}

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Fields]] = {name: {} for name in self.SETS}
        self.lock = threading.Lock()

    def answer(self, method: str, path: str, kind: str, body: bytes) -> tuple[int, object]:
        with self.lock:
            if path != "/api/data/v9.2/$batch":
                return self._one(method, path, json.loads(body) if body else None, {})
            before = json.loads(json.dumps(self.tables))
            try:
                requests = list(_change_set(kind, body))
                assert 0 < len(requests) <= 1000
                for request in requests:
                    self._one(*request)
            except RefusedError:
                self.tables = before
                raise
            return 200, {"requests": len(requests)}

    def _one(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, object]:
        below = path.removeprefix("/api/data/v9.2/")
        if below == "Merge":
            return self._merge(body)
        named = re.fullmatch(r"(\w+)(?:\((.*)\))?", below)
        assert named, path
        table = self.tables[named[1]]
        if method == "POST":
            own = str(uuid.UUID(int=len(self.tables["accounts"]) * 100_000 + len(table) + 1))
            table[own] = {"statecode": 0, "statuscode": 1}
            self._set(table[own], body)
            return 201, {f"{self.SETS[named[1]]}id": own}
        own = self._place(named[1], named[2])
        if method == "DELETE":
            del table[own]
        else:
            assert (method, headers["If-Match"]) == ("PATCH", "*")
            self._set(table[own], body)
        return 204, None

    def _place(self, table: str, named: str) -> str:
        own = named
        if key := re.fullmatch(r"dq_externalid='(.*)'", named):
            text = unquote(key[1]).replace("''", "'")
            own = next((one for one, row in self.tables[table].items() if row.get("dq_externalid") == text), "")
        if own not in self.tables[table]:
            raise RefusedError(404, f"0x80060891 {table}({named})")
        return own

    def _set(self, row: Fields, body: Fields) -> None:
        if "statecode" in body:  # a state without its reason gets the reason that is its default
            body = {"statuscode": body["statecode"] + 1, **body}
        for name, value in body.items():
            if name.endswith("@odata.bind"):
                lookup = name.removesuffix("@odata.bind")
                if value is not None:
                    table, named = re.fullmatch(r"/(\w+)\((.*)\)", value).groups()  # type: ignore[union-attr]
                    assert table == self.LOOKUPS[lookup]
                    value = self._place(table, named) if table in self.tables else named
                name = lookup
            if name in self.NUMBERED and value is not None and value not in self.NUMBERED[name]:
                raise RefusedError(400, f"0x8004431a {name}: {value!r}")
            if name.startswith("donot") and not isinstance(value, bool | None):
                raise RefusedError(400, f"{name}: {value!r}")
            if value is None:
                row.pop(name, None)
            else:
                row[name] = value

    def _merge(self, body: Fields) -> tuple[int, object]:
        kind = body["Target"]["@odata.type"].rsplit(".", 1)[1]
        winner, loser = body["Target"][f"{kind}id"], body["Subordinate"][f"{kind}id"]
        table = self.tables[f"{kind}s"]
        self._set(table[winner], {key: value for key, value in body.get("UpdateContent", {}).items() if "@" not in key})
        self._set(table[loser], {"statecode": 1})
        for rows in self.tables.values():
            for row in rows.values():
                for lookup in self.LOOKUPS:
                    if row.get(lookup) == loser:
                        row[lookup] = winner
        return 204, None

    def export(self) -> bytes:
        """Return everything it holds by key, in one order."""
        return json.dumps(self.tables, sort_keys=True).encode()


def _change_set(kind: str, body: bytes) -> Iterator[tuple[str, str, Any, dict[str, str]]]:
    """Read a multipart body to the letter: CRLF, boundaries, one change set, a Content-ID per request."""
    assert b"\n" not in body.replace(b"\r\n", b""), "lines end in CRLF"
    outer = re.fullmatch(r"multipart/mixed; boundary=(\S+)", kind)
    assert outer
    (part,) = _parts(body.decode(), outer[1])
    head, _, rest = part.partition("\r\n\r\n")
    inner = re.fullmatch(r"Content-Type: multipart/mixed; boundary=(\S+)", head.strip())
    assert inner
    for place, request in enumerate(_parts(rest, inner[1]), start=1):
        head, _, http = request.partition("\r\n\r\n")
        assert head.strip().split("\r\n") == [
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            f"Content-ID: {place}",
        ]
        lines, _, content = http.partition("\r\n\r\n")
        first, *named = lines.split("\r\n")
        method, path, version = first.split(" ")
        assert version == "HTTP/1.1"
        headers = dict(line.split(": ", 1) for line in named)
        yield method, path, json.loads(content) if content.strip() else None, headers


def _parts(text: str, boundary: str) -> list[str]:
    assert f"--{boundary}--\r\n" in text
    inside = text.split(f"--{boundary}--\r\n")[0]
    return inside.split(f"--{boundary}\r\n")[1:]


class HubSpot:
    """Companies and contacts with a unique property: batches of 100, and a merge that gives the record a new id."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Fields]] = {"companies": {}, "contacts": {}}
        self.bin: list[Fields] = []
        self.number = 1000
        self.lock = threading.Lock()

    def answer(self, method: str, path: str, kind: str, body: bytes) -> tuple[int, object]:
        assert (method, kind) == ("POST", "application/json")
        _, named, *work = path.removeprefix("/crm/v3").split("/")[1:]
        records, said = self.objects[named], json.loads(body)
        with self.lock:
            if work == ["merge"]:
                return self._merge(records, said)
            assert work[0] == "batch"
            assert 0 < len(said["inputs"]) <= 100
            does: dict[str, Callable[[dict[str, Fields], Fields], Fields | None]] = {
                "create": self._create,
                "update": self._update,
                "archive": self._archive,
            }
            return 200, {"results": [does[work[1]](records, one) for one in said["inputs"]]}

    def _create(self, records: dict[str, Fields], one: Fields) -> Fields:
        properties = {name: text for name, text in one["properties"].items() if text}
        key = properties["dq_external_id"]
        if any(row["dq_external_id"] == key for row in records.values()):
            raise RefusedError(400, f"DUPLICATE_UNIQUE_PROPERTY_VALUE {key}")
        self.number += 1
        records[str(self.number)] = properties
        return {"id": str(self.number), "properties": properties}

    def _update(self, records: dict[str, Fields], one: Fields) -> None:
        name = one.get("idProperty")
        own = next((own for own, row in records.items() if (row.get(name) if name else own) == one["id"]), None)
        if own is None:
            raise RefusedError(404, one["id"])
        row = {**records[own], **one["properties"]}
        if row.get("associatedcompanyid") and row["associatedcompanyid"] not in self.objects["companies"]:
            raise RefusedError(400, f"no company {row['associatedcompanyid']}")
        records[own] = {key: text for key, text in row.items() if text}

    def _archive(self, records: dict[str, Fields], one: Fields) -> None:
        if one["id"] in records:  # it answers 204 whatever became of the record before
            self.bin.append(records.pop(one["id"]))

    def _merge(self, records: dict[str, Fields], said: Fields) -> tuple[int, object]:
        winner, loser = said["primaryObjectId"], said["objectIdToMerge"]
        if {winner, loser} - set(records):
            raise RefusedError(404, f"{winner} {loser}")
        self.number += 1
        records[str(self.number)] = records.pop(winner)
        del records[loser]
        for row in self.objects["contacts"].values():
            if row.get("associatedcompanyid") in (winner, loser):
                row["associatedcompanyid"] = str(self.number)
        return 200, {"id": str(self.number)}

    def export(self) -> bytes:
        """Return everything it holds by key, companies by their keys, without the ids it gave."""
        companies = {own: row["dq_external_id"] for own, row in self.objects["companies"].items()}
        held = [
            (name, row["dq_external_id"], {**row, "associatedcompanyid": companies.get(row.get("associatedcompanyid"))})
            for name, rows in self.objects.items()
            for row in rows.values()
        ]
        return json.dumps(sorted(held, key=lambda line: line[:2]), sort_keys=True).encode()
