"""A source is trusted by field; its word ages, and loses rank where a check objects."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dq.model import OVERRIDES
from dq.standards.survivorship import Group, Survivorship, Trust
from dq.survivorship import SurvivePolicy, survive
from dq.survivorship.trust import SourceTrust
from tests.survivorship.frames import points_of, records_of
from tests.survivorship.test_golden import STANDARDS

NO_OVERRIDES = pd.DataFrame(columns=list(OVERRIDES.columns), dtype="str")
RULES = Survivorship(
    default=("most_trusted_source",),
    groups={"address": Group(columns=("address_line1", "address_outcome"), rules=("most_trusted_source",))},
    trust=Trust(
        by_field={"phone": {"billing": 1, "crm": 2}, "address": {"erp": 1}},
        half_life_days={"phone": 365, "address": 1000},
        invalid_outcomes=("moved",),
    ),
)
RANKS = {"crm": 1, "billing": 2}


def winner(column: str, *rows: Mapping[str, object], rules: Survivorship = RULES) -> object:
    numbered = [{"golden_id": "G1", "party_type": "person", "record_id": f"r:{n}", **row} for n, row in enumerate(rows)]
    policy = SurvivePolicy(rules, RANKS, NO_OVERRIDES)
    frames = survive({"records": records_of(numbered), "contact_points": points_of([])}, policy)
    return frames["golden"][column].iloc[0]


def test_a_source_is_trusted_by_field() -> None:
    crm = {"source": "crm", "phone": "1", "city": "A", "updated_at": "2026-01-01T00:00:00Z"}
    billing = {"source": "billing", "phone": "2", "city": "B", "updated_at": "2026-01-01T00:00:00Z"}
    assert winner("phone", crm, billing) == "2"
    assert winner("city", crm, billing) == "A"


def test_a_source_without_a_rank_comes_after_the_last() -> None:
    assert winner("city", {"source": "list", "city": "A"}, {"source": "billing", "city": "B"}) == "B"


@pytest.mark.parametrize(("older_by", "holds"), [("2025-06-01", "old"), ("2024-12-01", "new")])
def test_trust_is_worth_a_rank_less_after_a_half_life(older_by: str, holds: str) -> None:
    rules = RULES.model_copy(update={"fields": {"phone": ("most_trusted_source", "most_recent")}})
    old = {"source": "billing", "phone": "old", "updated_at": f"{older_by}T00:00:00Z"}
    new = {"source": "crm", "phone": "new", "updated_at": "2026-01-01T00:00:00Z"}
    assert winner("phone", old, new, rules=rules) == holds


def test_a_field_without_a_half_life_does_not_age() -> None:
    old = {"source": "crm", "city": "old", "updated_at": "1999-01-01T00:00:00Z"}
    assert winner("city", old, {"source": "billing", "city": "new", "updated_at": "2026-01-01T00:00:00Z"}) == "old"


def test_checking_a_record_renews_its_word() -> None:
    old = {"source": "billing", "phone": "old", "updated_at": "2020-01-01T00:00:00Z", "verified_on": "2026-01-01"}
    assert winner("phone", {"source": "crm", "phone": "new", "updated_at": "2026-01-01T00:00:00Z"}, old) == "old"


def test_a_missing_date_costs_less_than_a_rank() -> None:
    undated = {"source": "billing", "phone": "old"}
    dated = {"source": "crm", "phone": "new", "updated_at": "2026-01-01T00:00:00Z"}
    assert winner("phone", dated, undated) == "old"
    assert winner("phone", {**dated, "source": "billing"}, undated) == "new"


def test_trust_falls_where_validation_fails() -> None:
    bad = {"source": "billing", "phone": "bad", "flags": "phone:fictitious"}
    assert winner("phone", {"source": "crm", "phone": "good"}, bad) == "good"
    moved = {"source": "erp", "address_line1": "1 OAK ST", "address_outcome": "moved"}
    kept = {"source": "crm", "address_line1": "2 ELM ST", "address_outcome": "consistent"}
    assert winner("address_line1", moved, kept) == "2 ELM ST"


def test_without_ranks_trust_decides_nothing() -> None:
    policy = SurvivePolicy(STANDARDS.survivorship, {}, NO_OVERRIDES)
    rows = [
        {"golden_id": "G1", "record_id": "a:1", "source": "a", "phone": "1", "updated_at": "2010-01-01T00:00:00Z"},
        {"golden_id": "G1", "record_id": "a:2", "source": "b", "phone": "2", "updated_at": "2026-01-01T00:00:00Z"},
    ]
    frames = survive({"records": records_of(rows), "contact_points": points_of([])}, policy)
    rules = frames["provenance"].set_index("column")["rule"]
    assert rules["phone"] == "most_recent"


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        ({"by_field": {"phon": {"crm": 1}}}, "did you mean `phone`"),
        ({"by_field": {"address_line1": {"crm": 1}}}, "that of its group, `address`"),
        ({"half_life_days": {"phone": 0}}, "less than a day"),
    ],
)
def test_wrong_trust_is_refused(trust: dict[str, object], said: str) -> None:
    given_rules = {
        "default": ["most_recent"],
        "groups": {"address": {"columns": ["address_line1"], "rules": ["latest"]}},
    }
    with pytest.raises(ValidationError, match=said):
        Survivorship.model_validate({**given_rules, "trust": trust})


moments = st.sampled_from(["2019-01-01T00:00:00Z", "2023-05-01T00:00:00Z", "2026-01-01T00:00:00Z", None])


@given(
    st.lists(st.tuples(st.sampled_from(["crm", "billing", "list"]), moments), min_size=2, max_size=6),
    st.sampled_from([400, 800]),
)
def test_a_choice_does_not_change_because_time_goes_by(listed: list[tuple[str, str | None]], years: int) -> None:
    def ranks(years: int) -> list[float]:
        rows = [
            {
                "golden_id": "G1",
                "record_id": f"r:{n}",
                "source": source,
                "updated_at": moment and f"{int(moment[:4]) + years}{moment[4:]}",
            }
            for n, (source, moment) in enumerate(listed)
        ]
        trust = SourceTrust(records_of(rows), RANKS, RULES.trust)
        return trust.ranks("phone", np.arange(len(rows)), np.zeros(len(rows), dtype=bool)).tolist()

    # Calendars repeat after 400 years: only the days between records count.
    assert ranks(0) == ranks(years)
