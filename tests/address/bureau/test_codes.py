"""Codes of CASS, DPV and NCOALink: what they come to, and that what nobody knows is kept and counted."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dq.address.bureau.codes import CODE_CELLS, HAS_NEW, HAS_ZIP4, SAID, count_unknown, load_codes, read_codes, read_row
from dq.model import ADDRESS_OUTCOMES, TEXT
from tests.address.policies import policy
from tests.sessions import ROOT

CODES = load_codes(policy().standards)
ROWS = pd.read_csv(ROOT / "tests/cases/bureau_rows.csv", dtype="str", keep_default_na=False)
EXPECTED = ["outcome", "move", "type"]
CELLS = st.sampled_from(["", "Y", "N", "D", "AABB", "A1M3", "A#N#", "F", "00", "A", "5", "=1+1", "<b>", " y ", "Ωmega"])


def cells_of(row: dict[str, str]) -> dict[str, str]:
    return {name: row.get(name, "") for name in (*CODE_CELLS, HAS_ZIP4, HAS_NEW)}


def test_rows_of_the_case_table() -> None:
    assert len(ROWS) >= 45
    said = [read_row(cells_of(row), CODES) for row in ROWS.to_dict("records")]
    found = pd.DataFrame([(row.outcome, row.move, row.move_type) for row in said], columns=EXPECTED, dtype=TEXT)
    wrong = (found != ROWS[EXPECTED].astype(TEXT)).any(axis=1)
    assert ROWS[wrong].join(found[wrong].add_prefix("found_")).to_dict("records") == []


def test_every_meaning_in_the_table_exists() -> None:
    table = policy().standards.table("bureau_codes")
    outcomes = frozenset((*ADDRESS_OUTCOMES, ""))
    moves = frozenset(("new_address", "no_address", "possible_move", ""))
    allowed = {
        **dict.fromkeys(("dpv", "dpv_footnote", "footnote", "match_code", "vacant", "no_stat"), outcomes),
        **dict.fromkeys(("ncoa", "ank", "match_flag"), moves),
        "move_type": frozenset(("individual", "family", "business")),
        "lacs": frozenset(("converted", "")),
    }
    assert [row for row in table.itertuples() if row.value not in allowed[row.kind]] == []
    assert not table.duplicated(["kind", "code"]).any()


def test_unknown_codes_are_kept_and_counted() -> None:
    answer = pd.DataFrame({"dpv": ["Q", "Y", "Q"], "ncoa_code": ["ZZ", "A", None]}, dtype=TEXT)
    said = read_codes(answer.assign(has_zip4=False, has_new=False), CODES)
    assert count_unknown(said["unknown"]) == {"dpv": 2, "ncoa_code": 1}
    assert said["detail"].tolist()[0] == "unknown dpv Q; unknown ncoa code ZZ"
    assert said["dpv"].isna().tolist() == [True, False, True]


def test_details_are_words_for_a_steward() -> None:
    row = read_row(cells_of({"dpv": "N", "dpv_footnotes": "AAM3", "vacant": "Y"}), CODES)
    assert row.detail == (
        "DPV N: not confirmed; DPV M3: house number not valid; vacant Y: nobody has collected mail for a long time"
    )


@given(st.lists(st.tuples(*[CELLS for _ in CODE_CELLS], st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_whatever_stands_in_the_cells_the_columns_say_the_same_as_the_rows(rows: list[tuple[object, ...]]) -> None:
    answer = pd.DataFrame(rows, columns=[*CODE_CELLS, HAS_ZIP4, HAS_NEW])
    said = read_codes(answer, CODES)
    assert list(said.columns) == list(SAID)
    for found, row in zip(said.fillna("").to_dict("records"), answer.to_dict("records"), strict=True):
        flags = {flag: "Y" if row[flag] else "" for flag in (HAS_ZIP4, HAS_NEW)}
        assert found == read_row({**row, **flags}, CODES)._asdict()
    assert set(said["outcome"].dropna()) <= set(ADDRESS_OUTCOMES)
    assert all(0 < count <= len(answer) for count in count_unknown(said["unknown"]).values())
