"""The shortest way holds against trying out every set of fixes."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from dq.conversion.covering import Needs, densest, shortest_way

NEEDS = st.dictionaries(
    st.frozensets(st.sampled_from("abcdef"), min_size=1, max_size=4), st.integers(1, 9), min_size=1, max_size=10
)


def gain(needs: Needs, done: frozenset[str]) -> int:
    return sum(count for need, count in needs.items() if need <= done)


def every_set(needs: Needs) -> list[frozenset[str]]:
    fixes = sorted(frozenset().union(*needs))
    return [frozenset(some) for size in range(1, len(fixes) + 1) for some in combinations(fixes, size)]


@given(NEEDS)
def test_no_set_unblocks_more_rows_per_fix(needs: Needs) -> None:
    best = max(Fraction(gain(needs, some), len(some)) for some in every_set(needs))
    chosen = densest(needs)
    assert Fraction(gain(needs, chosen), len(chosen)) == best
    if any(gain(needs, frozenset(fix)) == best for fix in frozenset().union(*needs)):
        assert len(chosen) == 1


@given(NEEDS)
def test_every_row_is_counted_once(needs: Needs) -> None:
    steps = shortest_way(needs)
    assert sum(step.adds for step in steps) == sum(needs.values())
    done: frozenset[str] = frozenset()
    for step in steps:
        assert not done & set(step.fixes)
        assert gain(needs, done | set(step.fixes)) - gain(needs, done) == step.adds
        done |= set(step.fixes)
    assert done == frozenset().union(*needs)


def test_what_only_helps_together_is_one_step() -> None:
    needs = {frozenset("ab"): 9, frozenset("bc"): 9, frozenset("ac"): 9, frozenset("d"): 5}
    assert [step.fixes for step in shortest_way(needs)] == [("a", "b", "c"), ("d",)]
