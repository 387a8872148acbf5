"""What `dq unmerge` judges holds in clusters: who leaves is alone whatever the evidence says, nobody else moves."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.matching import apply_judgements, cluster
from dq.matching.compare import PAIR_COLUMNS
from dq.pipeline.unmerging import judge_apart

RECORDS = pd.Series([f"crm:{place:02d}" for place in range(9)], dtype="str")


def matched(groups: list[int]) -> pd.DataFrame:
    """Return a matched pair for every two records of one group."""
    rows = [
        {"record_id_l": RECORDS[low], "record_id_r": RECORDS[high], "match_weight": 20.0, "outcome": "match"}
        for low in range(len(groups))
        for high in range(low + 1, len(groups))
        if groups[low] == groups[high]
    ]
    pairs = pd.DataFrame(rows, columns=["record_id_l", "record_id_r", "match_weight", "outcome"])
    texts = {name: "str" for name in PAIR_COLUMNS if not name.endswith(("_weight", "_probability"))}
    numbers = {name: np.float64 for name in PAIR_COLUMNS if name not in texts}
    return pairs.reindex(columns=list(PAIR_COLUMNS)).astype(texts | numbers)


def clusters(pairs: pd.DataFrame, judgements: pd.DataFrame) -> dict[str, str]:
    found = cluster(apply_judgements(pairs, judgements), RECORDS, judgements, matched([]))
    return dict(zip(found["record_id"], found["cluster_id"], strict=True))


@settings(max_examples=40)  # each clusters twice
@given(st.lists(st.integers(0, 2), min_size=9, max_size=9), st.sets(st.integers(0, 8)))
def test_who_leaves_is_alone_and_nobody_else_moves(groups: list[int], leaving: set[int]) -> None:
    pairs = matched(groups)
    none = judge_apart([], (), pd.DataFrame(), by="s", reason="r", at="2026-01-01T00:00:00Z")
    before = clusters(pairs, none)
    ids = [record for record in RECORDS if before[record] == before[RECORDS[0]]]
    apart = tuple(sorted(RECORDS[place] for place in leaving if RECORDS[place] in ids))
    members = pd.DataFrame({"record_id": ids, "content": ids})
    judged = judge_apart(ids, apart, members, by="s", reason="r", at="2026-01-01T00:00:00Z")
    after = clusters(pairs, judged)
    gone = set(apart) if apart else set(ids)
    stay = [record for record in ids if record not in gone]
    for record in RECORDS:
        mates = {other for other in RECORDS if after[other] == after[record]}
        if record in gone:
            assert mates == {record}
        elif record in stay:
            assert mates == set(stay)
        else:
            assert mates == {other for other in RECORDS if before[other] == before[record]}
    assert len(judged) == len(judged["judgement_id"].unique())
