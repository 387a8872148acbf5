"""What went into Dataverse and HubSpot comes out again, by calls and by files, until everything is as it was."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pandas as pd
import pytest

from dq.conversion import TargetRows, find, judge
from dq.model import TEXT
from dq.pipeline.loading import make_load, prepare_load, take_answers
from tests.conversion.loads import AS_OF, rows_of, shipped
from tests.pipeline.loading.instances import Dataverse, HubSpot, Instance, served

MANY = 130
"""Contacts of the first load: more than one call of HubSpot takes."""
INDUSTRIES = ("Brokers", "Accounting", "Wholesale")


@dataclass
class Crm:
    """A CRM and how its import tool writes into it, over HTTP."""

    name: str
    instance: Instance
    address: str
    objects: tuple[str, str]
    key: str
    parent: str

    def send(self, method: str, path: str, kind: str, body: bytes) -> Any:
        request = Request(f"{self.address}{path}", body, {"Content-Type": kind}, method=method)
        with urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def post(self, path: str, said: object, method: str = "POST") -> Any:
        return self.send(method, path, "application/json", json.dumps(said).encode())

    def insert(self, thing: str, row: Mapping[str, str]) -> str:
        """Make one record as the import tool does; return its id."""
        body = self.body(row)
        if self.name == "hubspot":
            return str(
                self.post(f"{self._path(thing)}/batch/create", {"inputs": [{"properties": body}]})["results"][0]["id"]
            )
        return str(self.post(self._path(thing), body)[f"{thing}id"])

    def update(self, thing: str, row: Mapping[str, str | None]) -> None:
        """Write over the key, as the import tool does; None empties."""
        own = str(row[self.key])
        body = self.body({name: cell for name, cell in row.items() if name != self.key})
        if not body:
            return
        if self.name == "hubspot":
            one = {"id": own, "idProperty": self.key, "properties": body}
            self.post(f"{self._path(thing)}/batch/update", {"inputs": [one]})
        else:
            lines = [
                f"PATCH {self._path(thing)}({self.key}='{own}') HTTP/1.1",
                "Content-Type: application/json",
                "If-Match: *",
                "",
                json.dumps(body),
            ]
            self._batch(lines)

    def delete(self, thing: str, own: str) -> None:
        if self.name == "hubspot":
            self.post(f"{self._path(thing)}/batch/archive", {"inputs": [{"id": own}]})
        else:
            self.send("DELETE", f"{self._path(thing)}({own})", "", b"")

    def _batch(self, lines: list[str]) -> None:
        head = ["--b", "Content-Type: multipart/mixed; boundary=c", "", "--c", "Content-Type: application/http"]
        whole = [*head, "Content-Transfer-Encoding: binary", "Content-ID: 1", "", *lines, "--c--", "", "--b--", ""]
        self.send("POST", "/api/data/v9.2/$batch", "multipart/mixed; boundary=b", "\r\n".join(whole).encode())

    def _path(self, thing: str) -> str:
        plural = {"company": "companies"}.get(thing, f"{thing}s")
        return f"/crm/v3/objects/{plural}" if self.name == "hubspot" else f"/api/data/v9.2/{plural}"

    def body(self, row: Mapping[str, str | None]) -> dict[str, Any]:
        """Return a row as the tool writes it: labels become numbers, parents are found by their key."""
        body: dict[str, Any] = {}
        for name, cell in row.items():
            if name == self.parent and self.name == "dynamics":
                body["parentcustomerid_account@odata.bind"] = cell and f"/accounts({self.key}='{cell}')"
            elif name == self.parent:
                body[name] = cell and self._company(cell)
            elif name == "industrycode" and cell:
                body[name] = shipped("dynamics").picklists["industrycode"].index(cell) + 1
            elif name.startswith("donot"):
                body[name] = cell and cell == "true"
            else:
                body[name] = cell if self.name == "dynamics" else cell or ""
        return body

    def _company(self, key: str) -> str:
        assert isinstance(self.instance, HubSpot)
        return next(own for own, row in self.instance.objects["companies"].items() if row[self.key] == key)

    def take(self, path: Path) -> Path:
        """Take a load file in, as the tool does; answer as an export of what is in now."""
        thing, work = path.name.split(".")[0].split("-")[1], path.name.split(".")[1]
        told = []
        for row in read(path):
            filled = {name: cell for name, cell in row.items() if cell}
            if work == "insert":
                told.append({"id": self.insert(thing, filled), self.key: row[self.key]})
            else:
                self.update(thing, filled)
                told.append({"id": "", self.key: row[self.key]})
        answer = path.parent.parent / f"{path.parent.name}-{path.stem}-success.csv"
        pd.DataFrame(told).to_csv(answer, index=False)
        return answer

    def merge(self, folder: Path) -> Path:
        """Send the calls of a merge folder; answer with the rows merged away."""
        renamed: dict[str, str] = {}  # HubSpot gives the record that stays an id of its own
        for path in sorted((folder / "merge").glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                call = json.loads(line)
                winner = call["body"].get("primaryObjectId")
                body = call["body"] | ({"primaryObjectId": renamed.get(winner, winner)} if winner else {})
                said = self.post(call["path"], body, call["method"])
                if winner:
                    renamed[winner] = said["id"]
        merges = pd.read_csv(folder / "merges.csv", dtype=str)
        answer = folder.parent / f"{folder.name}-merged.csv"
        merges.rename(columns={"row_id": self.key})[[self.key]].assign(id="").to_csv(answer, index=False)
        return answer


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(params=["dynamics", "hubspot"])
def crm(request: pytest.FixtureRequest) -> Iterator[Crm]:
    is_hubspot = request.param == "hubspot"
    instance = HubSpot() if is_hubspot else Dataverse()
    with served(instance) as address:
        yield Crm(
            request.param,
            instance,
            address,
            ("company", "contact") if is_hubspot else ("account", "contact"),
            "dq_external_id" if is_hubspot else "dq_externalid",
            "associatedcompanyid" if is_hubspot else "parentcustomerid",
        )


def rows(crm: Crm, ids: list[str], changes: Mapping[str, Mapping[str, str | None]], firms: list[str]) -> TargetRows:
    """Return companies and contacts, ten of them below each company unless a change says otherwise."""
    target = shipped(crm.name)
    firm, person = crm.objects
    above = [{"row_id": one, "golden_id": one, crm.key: one, **_firm(crm, place)} for place, one in enumerate(firms)]
    below = []
    for one in ids:
        parent = f"A{int(one[1:]) // 10:04d}"
        own = {"row_id": one, "golden_id": one, crm.key: one, crm.parent: parent, "parent_row_id": parent}
        own |= {"lastname": f"O'Linkous {one}", "phone" if crm.name == "hubspot" else "telephone1": "+13015550100"}
        own |= {"email" if crm.name == "hubspot" else "emailaddress1": f"{one.lower()}@example.com"}
        below.append({**own, **changes.get(one, {})})
    made = {
        firm: rows_of(target, firm, *above).objects[firm],
        person: rows_of(target, person, *below).objects[person],
    }
    return TargetRows(made, pd.DataFrame(columns=["row_id"]), {})


def _firm(crm: Crm, place: int) -> dict[str, str | None]:
    return {"domain": f"firm{place}.example"} if crm.name == "hubspot" else {"industrycode": INDUSTRIES[place % 3]}


def run(folder: Path, name: str, made: TargetRows, crosswalk: Mapping[str, str]) -> Path:
    target = shipped(name)
    path = "import" if name == "hubspot" else "import_wizard"
    blockers, verdicts = judge(target, name, path, made, find(target, made, AS_OF))
    assert blockers[blockers["verdict"].eq("reject")].empty
    known = pd.DataFrame({"record_id": list(crosswalk), "golden_id": list(crosswalk.values())}, dtype=TEXT)
    about = {"target": name, "path": path, "run_id": folder.name}
    known = known.assign(source="crm", source_key=known["record_id"])
    prepare_load(folder / "load" / name, target, about, made, verdicts, blockers, known)
    return folder


def delta(crm: Crm, folder: Path) -> tuple[Path, bytes]:
    """Load everything, keep what it holds, and load a night of changes on top of it."""
    ids = [f"C{number:04d}" for number in range(MANY)]
    firms = [f"A{number:04d}" for number in range(MANY // 10)]
    before = {f"r{one}": one for one in [*ids, *firms]}
    run(folder / "friday", crm.name, rows(crm, ids, {}, firms), before)
    make_load(folder / "friday", crm.name, folder / "first", tag="mock-1")
    files = sorted((folder / "first").glob("*-*.csv"))
    take_answers(folder / "first", tuple(crm.take(path) for path in files), ())
    was = crm.instance.export()  # type: ignore[attr-defined]

    merged = {"A0001": "A0000", "C0002": "C0000", "C0003": "C0000", "C0050": "C0051"}
    phone = "phone" if crm.name == "hubspot" else "telephone1"
    moved = {crm.parent: "A0000", "parent_row_id": "A0000"}
    changes: dict[str, dict[str, str | None]] = {
        "C0000": {phone: None, "firstname": 'Zoë "Z", Jr.'},
        **{f"C{number:04d}": moved for number in range(10, 20)},
        **{f"C{number:04d}": {"lastname": "Smith\r\nJones", phone: None} for number in range(20, 130)},
    }
    if crm.name == "dynamics":
        changes["C0005"] = {"donotemail": "true"}
    new = [f"C{number:04d}" for number in range(MANY, MANY + 12)]
    alive = [one for one in [*ids, *new] if one not in merged]
    after = {record: merged.get(one, one) for record, one in before.items()} | {f"r{one}": one for one in new}
    kept = [one for one in [*firms, "A0013", "A0014"] if one not in merged]
    run(folder / "saturday", crm.name, rows(crm, alive, changes, kept), after)
    make_load(folder / "saturday", crm.name, folder / "delta", since="mock-1")
    told = [crm.take(path) for path in sorted((folder / "delta").glob("*-*.csv"))]
    by_hand = folder / "delta/by_hand.csv"
    told += [crm.merge(folder / "delta")]
    for line in read(by_hand):
        crm.update(line["object"], {crm.key: line["row_id"], line["field"]: None})
    answers = take_answers(folder / "delta", tuple(told), ())
    assert answers.problems == ()
    assert crm.instance.export() != was  # type: ignore[attr-defined]
    return folder / "delta/back_out", was


def test_calls_take_a_load_back(crm: Crm, tmp_path: Path) -> None:
    back, was = delta(crm, tmp_path)
    listed = read(back / "calls/calls.csv")
    assert {line["file"] for line in listed} == {path.name for path in (back / "calls").iterdir()} - {
        "calls.csv",
        "by_hand.csv",
    }
    for line in listed:
        crm.send(line["method"], line["path"], line["content_type"], (back / "calls" / line["file"]).read_bytes())
    left = read(back / "calls/by_hand.csv") if (back / "calls/by_hand.csv").is_file() else []
    values = {
        (row[crm.key], name): cell
        for path in back.glob("*.csv")
        if path.name != "by_hand.csv"
        for row in read(path)
        for name, cell in row.items()
        if cell and crm.key in row
    }
    for line in left:
        assert line["field"] == crm.parent, "only a company that was merged has an id nobody knows"
        crm.update(line["object"], {crm.key: line["row_id"], crm.parent: values[line["row_id"], crm.parent]})
    assert len(left) == (12 if crm.name == "hubspot" else 0)
    assert crm.instance.export() == was  # type: ignore[attr-defined]


def test_files_take_a_load_back(crm: Crm, tmp_path: Path) -> None:
    back, was = delta(crm, tmp_path)
    own = "Record ID" if crm.name == "hubspot" else "{}id"
    guide = (back / "READ_ME.txt").read_text(encoding="utf-8")
    for path in sorted(back.glob("*-*.csv")):
        assert path.name in guide
        thing, step = path.name.split(".")[0].split("-")[1], path.name.split(".")[1]
        for row in read(path):
            if step == "delete":
                crm.delete(thing, row[own.format(thing)])
            elif step == "reactivate":
                assert row.pop(own.format(thing))
                assert row["statecode"] == "Active"
                crm.update(thing, {**row, "statecode": 0})  # type: ignore[dict-item]
            elif step == "unmerge":
                crm.insert(thing, {name: cell for name, cell in row.items() if cell})
            else:
                crm.update(thing, {name: cell for name, cell in row.items() if cell})
    for line in read(back / "by_hand.csv") if (back / "by_hand.csv").is_file() else []:
        crm.update(line["object"], {crm.key: line["row_id"], line["field"]: None})
    assert crm.instance.export() == was  # type: ignore[attr-defined]


def test_a_call_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    """A change set is taken whole or not at all: sent again after the mistake is put right, nothing is done twice."""
    instance = Dataverse()
    with served(instance) as address:
        crm = Crm("dynamics", instance, address, ("account", "contact"), "dq_externalid", "parentcustomerid")
        back, was = delta(crm, tmp_path)
        listed = read(back / "calls/calls.csv")
        name = next(line for line in listed if ".restore." in line["file"])
        lost = next(own for own, row in instance.tables["contacts"].items() if row["dq_externalid"] == "C0129")
        kept = instance.tables["contacts"].pop(lost)
        now = instance.export()
        body = (back / "calls" / name["file"]).read_bytes()
        with pytest.raises(HTTPError, match="404"):
            crm.send(name["method"], name["path"], name["content_type"], body)
        assert instance.export() == now
        instance.tables["contacts"][lost] = kept
        for line in listed:
            crm.send(line["method"], line["path"], line["content_type"], (back / "calls" / line["file"]).read_bytes())
        assert instance.export() == was
