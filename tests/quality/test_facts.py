"""Table rules: the queries count right, and with the rules the right subjects fail."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dq.engine import LocalEngine
from dq.engine.parts import read_part, to_arrow, write_part
from dq.model import TEXT
from dq.quality import FACTS, Facts, ValidatePolicy, source_columns, validate_part
from dq.standards import Standards
from dq.standards.rule_arguments import TABLES
from dq.standards.sources import SourcePolicy, TablePolicy

CRM = "crm/contacts", "crm/accounts"


def _record(
    record_id: str, account_key: str | None = None, party_type: str = "person", **more: object
) -> dict[str, object]:
    place, _, key = record_id.partition(":")
    source_key = key.partition("#")[0]
    return {
        "record_id": record_id,
        "source": place.partition("/")[0],
        "source_key": source_key,
        "department": "west",
        "account_key": account_key,
        "party_type": party_type,
        "tax_id": None,
        "birth_on": None,
        **more,
    }


def _golden(golden_id: str, size: int, **more: object) -> dict[str, object]:
    closed = dict.fromkeys(("do_not_mail", "do_not_email", "do_not_call", "do_not_text"))
    return {"golden_id": golden_id, "department": "west", "cluster_size": size, **closed, **more}


def _point(record_id: str, kind: str, consent: str, at: str | None) -> dict[str, object]:
    value = f"{kind} of {record_id}"
    return {"record_id": record_id, "kind": kind, "value": value, "consent": consent, "consent_at": at}


def _attached(row: int, owner_id: str | None, found: int) -> dict[str, object]:
    return {"source": "crm", "source_table": "addresses", "row": row, "owner_id": owner_id, "records_found": found}


TABLES_OF_A_RUN: dict[str, list[dict[str, object]]] = {
    "records": [
        _record("crm/accounts:A1", party_type="organization", tax_id="1"),
        _record("crm/accounts:A2", party_type="organization", tax_id="2"),
        _record("crm/contacts:A1", "A1"),
        _record("crm/contacts:C2", "A9", birth_on="1990-01-01"),
        _record("crm/contacts:C3"),
        _record("crm/contacts:C3~2", "A2", birth_on="1990-01-02"),
        _record("web:W1", "A1"),
        _record("web:W1#organization", party_type="organization"),
    ],
    "relations": [
        {"from_record_id": "crm/contacts:A1", "type": "works_for", "to_record_id": "crm/accounts:A1", "source": "crm"},
        {"from_record_id": "crm/contacts:C2", "type": "works_for", "to_record_id": "crm/accounts:A9", "source": "crm"},
    ],
    "crosswalk": [
        {"record_id": "crm/accounts:A1", "golden_id": "G1"},
        {"record_id": "crm/accounts:A2", "golden_id": "G1"},
        {"record_id": "crm/contacts:A1", "golden_id": "G2"},
        {"record_id": "crm/contacts:C2", "golden_id": "G3"},
        {"record_id": "crm/contacts:C3~2", "golden_id": "G3"},
        {"record_id": "crm/contacts:C3", "golden_id": "G4"},
        {"record_id": "crm/contacts:C3", "golden_id": "G9"},
        {"record_id": "web:W1", "golden_id": "G8"},
    ],
    "golden": [
        _golden("G1", 2, do_not_email=False, do_not_call=False),
        _golden("G2", 1, do_not_email=False, do_not_mail=True),
        _golden("G3", 3),
        _golden("G4", 1),
        _golden("G4", 1),
        _golden("G9", 1),
    ],
    "contact_points": [
        # A1 said yes after no: open is right. A2's refusal has no date: open is wrong.
        _point("crm/accounts:A1", "email", "opt_out", "2020-01-01"),
        _point("crm/accounts:A1", "email", "opt_in", "2021-01-01"),
        _point("crm/accounts:A2", "phone", "opt_out", None),
        _point("crm/accounts:A2", "phone", "opt_in", "2021-01-01"),
        _point("crm/contacts:A1", "email", "opt_out", "2021-01-01"),
        _point("crm/contacts:A1", "address", "opt_out", None),
    ],
    "attached_rows": [
        _attached(1, "crm/accounts:A1", 1),
        _attached(2, "crm/accounts:A9", 0),
        _attached(3, None, 0),
    ],
    "golden_relations": [
        {"from_golden_id": "G1", "type": "works_for", "to_golden_id": "G2", "source": "crm"},
        {"from_golden_id": "G1", "type": "works_for", "to_golden_id": "G7", "source": "crm"},
    ],
}

FAILURES = {
    # The two C3 share a key; the organisation cut out of W1 is no second row.
    "key_is_unique": ["crm/contacts:C3", "crm/contacts:C3~2"],
    # An owner that is not there is no subject: the violations are the source's.
    "child_row_has_its_record": ["(nobody)", "(nobody)"],
    # W1 is of a source without accounts to look in; C3 names none.
    "contact_has_an_account": ["crm/contacts:C3"],
    # A contact whose own key is A1 does not stand for the account A1.
    "account_exists": ["crm/contacts:C2"],
    "relation_has_both_ends": ["crm/contacts:C2"],
    "record_is_in_exactly_one_cluster": ["crm/contacts:C3", "web:W1#organization"],
    "customer_is_recorded_once": ["crm/accounts:A2", "crm/contacts:C3~2"],
    "crosswalk_leads_to_a_golden_record": ["crm/contacts:C3", "web:W1", "web:W1#organization"],
    "golden_id_is_unique": ["G4", "G4"],
    "golden_record_has_its_records": ["G3"],
    "golden_record_has_one_tax_id": ["G1"],
    "golden_record_has_one_birth_date": ["G3"],
    "opt_out_is_respected": ["G1", "G2"],
    "golden_relation_has_both_ends": ["G1"],
}


@pytest.fixture(scope="module")
def facts_of_a_run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("facts")
    paths = {}
    for name, rows in TABLES_OF_A_RUN.items():
        paths[name] = folder / f"{name}.parquet"
        write_part(paths[name], to_arrow(pd.DataFrame(rows)))
    found = {}
    with LocalEngine(folder / "work") as engine:
        for facts in FACTS:
            tables = {need: [paths[need]] for need in facts.needs}
            (part,) = engine.sql(facts.query, tables, facts.order_by, stage="facts", table=facts.table)
            found[facts.table] = read_part(part)[facts.table]
    return found


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts.table)
def test_query_gives_what_rules_may_name(facts: Facts, facts_of_a_run: dict[str, pd.DataFrame]) -> None:
    rows = facts_of_a_run[facts.table]
    assert tuple(rows.columns) == TABLES[facts.layer][facts.table].columns
    assert TABLES[facts.layer][facts.table].scope == "table"
    assert {*facts.order_by} <= {*rows.columns}
    if facts.table != "golden_ids":  # G4 stands twice on purpose
        assert not rows.duplicated([*facts.order_by]).any()


@pytest.mark.parametrize("layer", ["raw", "standardized", "golden"])
def test_subjects_that_fail(layer: str, facts_of_a_run: dict[str, pd.DataFrame], standards: Standards) -> None:
    frames = {facts.table: facts_of_a_run[facts.table] for facts in FACTS if facts.layer == layer}
    policy = ValidatePolicy(standards, layer, date(2026, 11, 21))  # type: ignore[arg-type]
    violations = validate_part(frames, policy)["violations"]
    subject = violations["record_id"].fillna(violations["golden_id"]).fillna("(nobody)")
    failed = {str(rule_id): sorted(ids) for rule_id, ids in subject.groupby(violations["rule_id"])}
    of_layer = {rule.rule_id for rule in standards.rules if rule.layer == layer}
    assert failed == {rule_id: ids for rule_id, ids in FAILURES.items() if rule_id in of_layer}
    assert set(violations.loc[subject != "(nobody)", "department"]) == {"west"}


def test_source_columns_against_the_contract(standards: Standards) -> None:
    policy = SourcePolicy(columns={"E-Mail": "email", "Name": ""}, ignore=("Fax",), department_column="Dept")
    several = SourcePolicy(tables={"accounts": TablePolicy(columns={"Id": "source_key"})})
    free = SourcePolicy(columns={"A": "email"}, is_contract=False)
    sources = {"crm": policy, "erp": several, "free": free}
    told = source_columns(
        {
            ("crm", ""): ["e-mail", "Name", "Phone 2", "DEPT"],
            ("erp", "accounts"): ["Id", "New"],
            ("erp", "undeclared"): ["X"],
            ("free", ""): ["B"],
            ("unknown", ""): ["C"],
        },
        _with_sources(standards, sources),
    )
    assert told.astype(object).values.tolist() == [
        ["crm", "", "DEPT", "agreed"],
        ["crm", "", "Fax", "vanished"],
        ["crm", "", "Name", "agreed"],
        ["crm", "", "Phone 2", "appeared"],
        ["crm", "", "e-mail", "agreed"],
        ["erp", "accounts", "Id", "agreed"],
        ["erp", "accounts", "New", "appeared"],
    ]
    assert (told.dtypes == TEXT).all()
    violations = validate_part({"source_columns": told}, ValidatePolicy(standards, "raw", date(2026, 11, 21)))[
        "violations"
    ]
    assert violations[["source", "column", "value"]].values.tolist() == [
        ["crm", "Fax", "Fax"],
        ["erp", "New", "New"],
        ["crm", "Phone 2", "Phone 2"],
    ]
    assert violations[["record_id", "golden_id", "contact_point_id"]].isna().all(axis=None)


def _with_sources(standards: Standards, sources: dict[str, SourcePolicy]) -> Standards:
    state = {**standards.__dict__, "sources": sources}
    return Standards(**state)


def test_engine_cuts_facts_like_any_table(tmp_path: Path) -> None:
    """Facts come in parts, so that a million records do not meet in one frame."""
    write_part(tmp_path / "r.parquet", to_arrow(pd.DataFrame(TABLES_OF_A_RUN["records"])))
    keys = next(facts for facts in FACTS if facts.table == "keys")
    with LocalEngine(tmp_path / "work", part_rows=3) as engine:
        parts = engine.sql(keys.query, {"records": [tmp_path / "r.parquet"]}, keys.order_by, stage="f", table="keys")
    assert [len(read_part(part)["keys"]) for part in parts] == [3, 3, 1]
