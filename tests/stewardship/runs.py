"""Runs written by hand: the files that stewardship reads, with as little in them as a test says."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.model import BLOCKERS, CASES, CONTACT_POINTS, CROSSWALK, GOLDEN, PAIRS, RECORDS, VIOLATIONS, Table
from dq.tables.identity import case_id


@dataclass(frozen=True)
class Person:
    """A record: its key, department, golden id, and what is known of it."""

    key: str
    department: str = "sales"
    golden_id: str = ""
    source: str = "crm"
    phone: str = "+12015550100"
    last_name: str = "Lopez"
    value_amount: str = ""

    @property
    def record_id(self) -> str:
        """Identity in the run."""
        return f"{self.source}:{self.key}"


@dataclass(frozen=True)
class Given:
    """A run: its records, pairs in question with their probability, and violations (record, rule, column, value).

    A violation may name a customer (`G1`) or a source (`crm`) instead of a record. Blockers are what a target says of
    customers: customer, rule of the target, check, value and verdict.

    `weights` are those of the pairs, 5 each where none are given.
    """

    people: Sequence[Person]
    pairs: Sequence[tuple[str, str, float]] = ()
    violations: Sequence[tuple[str, str, str, str]] = ()
    blockers: Sequence[tuple[str, str, str, str, str]] = ()
    weights: Sequence[float] = ()
    severity: str = "warn"
    run_id: str = ""
    as_of: str = ""
    also: Mapping[str, Any] = field(default_factory=dict)


def write_run(folder: Path, given: Given) -> None:
    """Write the files of a run."""
    folder.mkdir(parents=True)
    people = {person.record_id: person for person in given.people}
    _write(folder, RECORDS, [_record(person) for person in given.people])
    _write(folder, CONTACT_POINTS, [_phone(person) for person in given.people])
    weights = given.weights or [5.0] * len(given.pairs)
    pairs = [{**_pair(*pair), "match_weight": weight} for pair, weight in zip(given.pairs, weights, strict=True)]
    _write(folder, PAIRS, pairs)
    _write(folder, CASES, [_case(*pair[:2]) for pair in given.pairs])
    _write(folder, VIOLATIONS, [_violation(people, given.severity, *row) for row in given.violations])
    if given.blockers:
        _write(folder, BLOCKERS, [_blocker(*row) for row in given.blockers])
    golden = {person.golden_id or f"G{person.key}": person for person in given.people}
    _write(folder, GOLDEN, [{"golden_id": name, "last_name": person.last_name} for name, person in golden.items()])
    crosswalk = pd.DataFrame(
        [
            {
                "source": person.source,
                "source_key": person.key,
                "part": "",
                "record_id": person.record_id,
                "golden_id": person.golden_id or f"G{person.key}",
                "cluster_size": "1",
                "household_id": "",
            }
            for person in given.people
        ],
        columns=list(CROSSWALK.columns),
        dtype="str",
    )
    crosswalk.to_csv(folder / "crosswalk.csv", index=False)
    manifest = {
        "dq": "0",
        "run_id": given.run_id,
        "run_key": "k",
        "started_at": f"{given.as_of}T05:00:00Z",
        "finished_at": f"{given.as_of}T05:10:00Z",
        "as_of": given.as_of,
        "rows": {"records": len(given.people), "customers": len(golden)},
        **given.also,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def pair_case(left: str, right: str) -> str:
    """Return the id of the case about a pair."""
    return case_id("possible_match", *sorted((left, right)))


def _write(folder: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    names = [name for name in table.columns if any(name in row for row in rows)] or [next(iter(table.columns))]
    frame = pd.DataFrame(rows, columns=names)
    ordered = frame.sort_values([name for name in table.sort if name in names] or names, ignore_index=True)
    schema = pa.schema(list(table.columns.items()))
    columns = [
        pa.array(ordered[field.name], field.type, from_pandas=True)
        if field.name in names
        else pa.nulls(len(ordered), field.type)
        for field in schema
    ]
    # Not by dq.tables.writing: that makes sure of the disk, which a test need not wait for.
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), folder / f"{table.name}.parquet")


def _record(person: Person) -> dict[str, Any]:
    known = (person.last_name, person.phone)
    return {
        "record_id": person.record_id,
        "source": person.source,
        "source_key": person.key,
        "department": person.department or None,
        "last_name": person.last_name,
        "phone": person.phone,
        "value_amount": person.value_amount or None,
        "content": hashlib.sha256(repr(known).encode()).hexdigest(),
        "material": hashlib.sha256(repr(known).encode()).hexdigest(),
    }


def _phone(person: Person) -> dict[str, Any]:
    point = f"{person.record_id}|phone|1"
    return {"contact_point_id": point, "record_id": person.record_id, "kind": "phone", "value": person.phone}


def _pair(left: str, right: str, probability: float) -> dict[str, Any]:
    low, high = sorted((left, right))
    return {"record_id_l": low, "record_id_r": high, "match_probability": probability, "outcome": "possible_match"}


def _case(left: str, right: str) -> dict[str, Any]:
    low, high = sorted((left, right))
    ids = {"case_id": pair_case(low, high), "record_id": low, "record_id_r": high}
    return {**ids, "kind": "possible_match", "severity": "warn", "evidence": "weight 5.0"}


def _violation(
    people: Mapping[str, Person], severity: str, record_id: str, rule_id: str, column: str, value: str
) -> dict[str, Any]:
    person = people.get(record_id)
    is_customer = person is None and any(one.golden_id == record_id for one in people.values())
    return {
        "layer": "standardized",
        "source": person.source if person else None if is_customer else record_id,
        "department": person.department or None if person else None,
        "record_id": record_id if person else None,
        "golden_id": record_id if is_customer else None,
        "rule_id": rule_id,
        "dimension": "validity",
        "severity": severity,
        "column": column,
        "value": value or None,
        "reason": "because",
    }


def _blocker(golden_id: str, rule_id: str, check: str, value: str, verdict: str) -> dict[str, Any]:
    target, thing, column, code = rule_id.split(".")
    named = {"target": target, "path": "api", "object": thing, "row_id": golden_id, "golden_id": golden_id}
    named |= {"field": column, "check": check, "code": code, "rule_id": rule_id, "verdict": verdict}
    return named | {"certainty": "seen", "value": value or None, "message": f"{code}: {value}"}
