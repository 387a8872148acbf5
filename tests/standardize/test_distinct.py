"""Distinct values: mapped back in order; flags are sets of words."""

from dq.standardize.distinct import Outcome, standardize_by_group, standardize_distinct, with_flags
from tests.standardize.policies import frame, texts


def test_each_distinct_value_is_standardised_once_and_missing_ones_never() -> None:
    seen: list[str] = []

    def shout(text: str) -> Outcome:
        seen.append(text)
        return Outcome(text.upper(), "case")

    outcomes = standardize_distinct(texts(["a", None, "b", "a"]), shout)
    assert outcomes["value"].fillna("").tolist() == ["A", "", "B", "A"]
    assert outcomes["reason"].isna().tolist() == [False, True, False, False]
    assert seen == ["a", "b"]


def test_groups_are_put_back_in_order_under_any_index() -> None:
    values = texts(["a", "b", "c", "d"]).set_axis([7, 7, 1, 0])
    groups = texts(["x", "y", None, "x"]).set_axis([7, 7, 1, 0])
    outcomes = standardize_by_group(
        values, groups, lambda part, name: standardize_distinct(part, lambda text: Outcome(text + name))
    )
    assert outcomes["value"].tolist() == ["ax", "by", "c", "dx"]
    assert outcomes.index.tolist() == [7, 7, 1, 0]


def test_flags_are_added_once_and_sorted() -> None:
    rows = frame(flags=["b:y", None, None])
    flagged = with_flags(rows, texts(["a:x b:y", "c:z", None]))
    assert flagged["flags"].fillna("").tolist() == ["a:x b:y", "c:z", ""]
    assert with_flags(flagged, texts(["a:x", None, None]))["flags"].fillna("").tolist() == ["a:x b:y", "c:z", ""]
