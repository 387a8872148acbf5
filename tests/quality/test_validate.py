"""The rules of a layer on a part: rows that come out, and what they do not depend on."""

import pickle
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.model import TEXT, VIOLATIONS, Frames
from dq.quality import ValidatePolicy, failed_stops, summarize, validate_part
from dq.quality.cells import cells_of, name_text
from dq.quality.violations import sum_counts
from dq.standards import Standards

AS_OF = date(2026, 11, 21)


def _part() -> Frames:
    records = pd.DataFrame(
        {
            "record_id": ["crm:1", "crm:2", "web:1"],
            "source": ["crm", "crm", "web"],
            "department": ["west", None, None],
            "party_type": ["person", "person", "organization"],
            "first_name": ["Ann", None, None],
            "last_name": ["Lee", None, None],
            "first_name_raw": ["LEE, ANN", "n/a", None],
            "last_name_raw": ["LEE, ANN", None, None],
            "organization_name": [None, None, "Acme"],
            "birth_on": ["1900-01-01", None, None],
            "birth_on_raw": ["1/1/00", None, None],
            "flags": ["birth_on:default", None, None],
            "email": ["a@gmial.com", None, None],
            "extra.Notes": [None, "card 4111 1111 1111 1111", "ok"],
        }
    ).astype(TEXT)
    points = pd.DataFrame(
        {
            "contact_point_id": ["crm:1|email|1", "web:1|mobile|1"],
            "record_id": ["crm:1", "web:1"],
            "kind": ["email", "mobile"],
            "value": ["a@gmial.com", "+12125550148"],
            "value_raw": ["A@GMIAL.COM ", "212-555-0148"],
            "flags": ["email:domain_typo=gmail.com", "phone:fictitious"],
        }
    ).astype(TEXT)
    return {"records": records, "contact_points": points}


def _validated(frames: Frames, standards: Standards, layer: str = "standardized") -> Frames:
    return validate_part(frames, ValidatePolicy(standards, layer, AS_OF))  # type: ignore[arg-type]


def test_violation_names_subject_column_source_text_and_reason(standards: Standards) -> None:
    violations = _validated(_part(), standards)["violations"].set_index("rule_id")
    typo = violations.loc["email_domain_is_spelled_right"]
    assert typo[["record_id", "contact_point_id", "source", "department", "column", "value", "reason"]].tolist() == [
        "crm:1",
        "crm:1|email|1",
        "crm",
        "west",
        "email",
        "A@GMIAL.COM ",
        "the domain looks misspelt: perhaps gmail.com",
    ]
    born = violations.loc["birth_date_is_not_a_default"]
    assert born["value"] == "1/1/00"
    assert born["reason"] == "the day is one that systems put in when they know none"
    assert violations.loc["phone_is_not_made_up", "column"] == "phone"
    assert violations["golden_id"].isna().all()


def test_violations_have_the_columns_and_order_of_their_table(standards: Standards) -> None:
    violations = _validated(_part(), standards)["violations"]
    assert list(violations) == list(VIOLATIONS.columns)
    assert (violations.dtypes == TEXT).all()
    ordered = violations.sort_values(list(VIOLATIONS.sort), na_position="first", ignore_index=True)
    pd.testing.assert_frame_equal(violations, ordered)


def test_row_order_is_irrelevant(standards: Standards) -> None:
    part = _part()
    turned = {name: rows.iloc[::-1].reset_index(drop=True) for name, rows in part.items()}
    for layer in ("raw", "standardized"):
        once, again = _validated(part, standards, layer), _validated(turned, standards, layer)
        for name in once:
            pd.testing.assert_frame_equal(once[name], again[name])


def test_counts_of_parts_add_up(standards: Standards) -> None:
    part = _part()
    of_web = {name: rows["record_id"].str.startswith("web") for name, rows in part.items()}
    halves = [
        _validated({name: rows.loc[of_web[name] == side] for name, rows in part.items()}, standards)
        for side in (True, False)
    ]
    whole = _validated(part, standards)
    summed = sum_counts(pd.concat([half["rule_counts"] for half in halves], ignore_index=True))
    pd.testing.assert_frame_equal(summed, whole["rule_counts"])
    assert sum(len(half["violations"]) for half in halves) == len(whole["violations"])


@pytest.mark.parametrize("layer", ["raw", "standardized", "golden"])
def test_a_part_without_rows_or_tables_gives_empty_tables(layer: str, standards: Standards) -> None:
    nothing = {name: rows.iloc[:0] for name, rows in _part().items()}
    for frames in ({}, nothing):
        judged = _validated(frames, standards, layer)
        assert list(judged["violations"]) == list(VIOLATIONS.columns)
        assert len(judged["violations"]) == len(judged["rule_counts"]) == 0


def test_policy_travels_to_workers(standards: Standards) -> None:
    policy = ValidatePolicy(standards, "standardized", AS_OF)
    twin = pickle.loads(pickle.dumps(policy))
    pd.testing.assert_frame_equal(
        validate_part(_part(), twin)["violations"], validate_part(_part(), policy)["violations"]
    )


def test_cells_are_source_cells(standards: Standards) -> None:
    cells = cells_of(_part(), standards.ingest)
    told = cells["cells"].set_index("column")
    assert told.loc["birth_on", "text"] == "1/1/00"
    points = told.loc[told["contact_point_id"].notna()]
    assert points["text"].to_dict() == {"email": "A@GMIAL.COM ", "mobile": "212-555-0148"}
    assert points["source"].to_dict() == {"email": "crm", "mobile": "web"}
    # n/a is a null token in names too; the short note is no place for a card number.
    assert told.loc[["first_name"], "null_token"].tolist() == ["", "n/a"]
    assert cells["notes"]["text"].tolist() == ["card 4111 1111 1111 1111"]


def test_note_violation_names_the_header(standards: Standards) -> None:
    violations = _validated(_part(), standards, "raw")["violations"].set_index("rule_id")
    assert violations.loc["note_has_no_payment_card", ["record_id", "column"]].tolist() == ["crm:2", "Notes"]


def test_a_split_name_cell_is_shown_once() -> None:
    assert name_text(_part()["records"]).fillna("").tolist() == ["LEE, ANN", "n/a", "Acme"]


def test_rates_come_from_filled_cells(standards: Standards) -> None:
    results = summarize(_validated(_part(), standards)["rule_counts"], standards)
    assert results["rule_id"].nunique() == len(standards.rules)
    born = results.loc[results["rule_id"] == "birth_date_is_not_a_default"].set_index("source")
    assert born.loc["crm", ["evaluated", "failed", "nulls", "total", "pass_rate", "passes"]].tolist() == [
        1,
        1,
        1,
        2,
        0.0,
        False,
    ]
    assert bool(born.loc["web", "passes"])
    assert pd.isna(born.loc["web", "pass_rate"])
    together = summarize(_validated(_part(), standards)["rule_counts"], standards, by=())
    assert len(together) == len(standards.rules)


def test_only_failed_rules_of_severity_stop_keep_golden_records_back(standards: Standards) -> None:
    ids = pd.DataFrame({"golden_id": ["G1", "G1", "G2"], "rows_with_id": [2, 2, 1], "members_missing": [0, 0, 0]})
    counts = _validated({"golden_ids": ids.astype({"golden_id": TEXT})}, standards, "golden")["rule_counts"]
    stops = failed_stops(summarize(counts, standards))
    assert stops["rule_id"].tolist() == ["golden_id_is_unique"]
    assert stops["evaluated"].tolist() == [3]
    assert len(failed_stops(summarize(_validated(_part(), standards)["rule_counts"], standards))) == 0


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.text(max_size=40))] * 4), min_size=1, max_size=5))
@settings(max_examples=8)
def test_no_text_raises(standards: Standards, cells: list[tuple[str | None, ...]]) -> None:
    texts = [[(text and text.encode("utf-8", "ignore").decode()) or None for text in row] for row in cells]
    rows = pd.DataFrame(texts, columns=["last_name", "birth_on", "updated_at", "flags"]).astype(TEXT)
    rows = rows.assign(record_id=[f"s:{n}" for n in range(len(rows))], source="s", party_type="person")
    for layer in ("raw", "standardized"):
        counts = _validated({"records": rows}, standards, layer)["rule_counts"]
        assert (counts["failed"] <= counts["evaluated"]).all()
