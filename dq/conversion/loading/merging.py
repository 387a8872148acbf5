"""Merges in the words of each target: requests of as many records as it takes at once, and calls that carry them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

import pandas as pd

from dq.conversion.loading.calling import API, OBJECTS, plural_of
from dq.conversion.loading.operations import CHANGED, Operations
from dq.standards.targets import Target

MERGES: Final = ("object", "row_id", "target_id", "into_row_id", "into_target_id", "request", "fields_kept")
"""One row per record merged away: `request` numbers those that go into one record in one request; `fields_kept` are the
fields of the survivor that the request sets. `into_target_id` is null while the survivor is not in yet."""
_PARTNER: Final = "urn:partner.soap.sforce.com"
_SOBJECT: Final = "urn:sobject.partner.soap.sforce.com"
_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"


@dataclass(frozen=True)
class MergeRequest:
    """Records that become one.

    Attributes:
        thing: The object.
        winner: Id over there of the record that stays; empty while it is not known.
        losers: Ids over there of the records merged into it.
        kept: Field of the winner → the value it shall have; None: empty.
    """

    thing: str
    winner: str
    losers: tuple[str, ...]
    kept: Mapping[str, str | None]


@dataclass(frozen=True)
class MergeFile:
    """One call, or several that follow each other: its name and content."""

    name: str
    content: str


def number_merges(target: Target, plans: Mapping[str, Operations]) -> pd.DataFrame:
    """Return every merge of a load with the request it belongs to, columns MERGES.

    Args:
        target: What is loaded into; its `merge` says how many records one request takes.
        plans: Of `plan_load`.
    """
    most = 1 if target.merge is None else target.merge.records - 1
    blocks = []
    number = 0
    for thing, plan in plans.items():
        kept = _kept_fields(target, thing, plan)
        ordered = plan.merges.sort_values(["into_row_id", "row_id"], ignore_index=True)
        for into, group in ordered.groupby("into_row_id", sort=True):
            for start in range(0, len(group), most):
                number += 1
                part = group.iloc[start : start + most]
                fields = " ".join(kept.get(str(into), {})) or None
                blocks.append(part.assign(object=thing, request=str(number), fields_kept=fields))
    merges = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=list(MERGES))
    return merges[list(MERGES)].astype("str")


def _kept_fields(target: Target, thing: str, plan: Operations) -> dict[str, dict[str, str | None]]:
    """Return what a merge sets in each survivor: the fields that change in it; parents are left to the update file."""
    fields = target.in_force(thing)
    winners = set(plan.merges["into_row_id"])
    kept = {}
    for line in plan.updates[plan.updates["row_id"].isin(winners)].to_dict("records"):
        changed = [key for key in str(line[CHANGED]).split() if fields[key].type != "reference"]
        kept[str(line["row_id"])] = {key: line[key] if isinstance(line[key], str) else None for key in changed}
    return kept


def merge_requests(target: Target, plans: Mapping[str, Operations]) -> list[MergeRequest]:
    """Return the requests that can be made: those whose survivor is in; in the order of `number_merges`."""
    kept = {thing: _kept_fields(target, thing, plan) for thing, plan in plans.items()}
    merges = number_merges(target, plans)
    known = merges[merges["into_target_id"].notna() & merges["target_id"].notna()]
    return [
        MergeRequest(
            thing=str(group["object"].iloc[0]),
            winner=str(group["into_target_id"].iloc[0]),
            losers=tuple(group["target_id"]),
            kept=kept[str(group["object"].iloc[0])].get(str(group["into_row_id"].iloc[0]), {}),
        )
        for _, group in sorted(known.groupby("request"), key=lambda pair: int(str(pair[0])))
    ]


def merge_files(target: Target, requests: Sequence[MergeRequest]) -> Iterator[MergeFile]:
    """Yield the calls that make the requests, by object, in the target's own form; none where it has none."""
    call = target.merge
    if call is None:
        return
    things = list(dict.fromkeys(request.thing for request in requests))
    for thing in things:
        own = [request for request in requests if request.thing == thing]
        name = target.objects[thing].api_name or thing
        if call.form == "soap":
            for place in range(0, len(own), call.requests):
                part = own[place : place + call.requests]
                yield MergeFile(f"{thing}.{place // call.requests + 1:04d}.xml", _envelope(name, part))
        else:
            lines = [_web_api(name, one) if call.form == "web_api" else _object_api(name, one) for one in own]
            yield MergeFile(f"{thing}.jsonl", "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines))


def _envelope(name: str, requests: Sequence[MergeRequest]) -> str:
    """Return a SOAP call merge() of the partner WSDL; the session id is for whoever sends it."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<env:Envelope xmlns:env="{_ENVELOPE}" xmlns="{_PARTNER}" xmlns:so="{_SOBJECT}">',
        "<env:Header><SessionHeader><sessionId>SESSION_ID</sessionId></SessionHeader></env:Header>",
        "<env:Body><merge>",
    ]
    for request in requests:
        emptied = "".join(f"<so:fieldsToNull>{key}</so:fieldsToNull>" for key, text in request.kept.items() if not text)
        filled = "".join(f"<so:{key}>{escape(text)}</so:{key}>" for key, text in request.kept.items() if text)
        merged = "".join(f"<recordToMergeIds>{escape(one)}</recordToMergeIds>" for one in request.losers)
        master = f"<so:type>{name}</so:type>{emptied}<so:Id>{escape(request.winner)}</so:Id>{filled}"
        lines.append(f"<request><masterRecord>{master}</masterRecord>{merged}</request>")
    return "\n".join([*lines, "</merge></env:Body>", "</env:Envelope>", ""])


def _web_api(name: str, request: MergeRequest) -> dict[str, object]:
    """Return the Merge action of the Dataverse Web API."""
    kind = {"@odata.type": f"Microsoft.Dynamics.CRM.{name}"}
    body: dict[str, object] = {
        "Target": {f"{name}id": request.winner, **kind},
        "Subordinate": {f"{name}id": request.losers[0], **kind},
        "PerformParentingChecks": False,
    }
    if request.kept:
        body["UpdateContent"] = {**request.kept, **kind}
    return {"method": "POST", "path": f"{API}/Merge", "body": body}


def _object_api(name: str, request: MergeRequest) -> dict[str, object]:
    """Return HubSpot's merge of two objects; it sets no fields, the update file does."""
    body = {"primaryObjectId": request.winner, "objectIdToMerge": request.losers[0]}
    return {"method": "POST", "path": f"{OBJECTS}/{plural_of(name)}/merge", "body": body}
