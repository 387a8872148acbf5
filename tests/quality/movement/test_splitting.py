"""The parts of a movement sum to the difference, to the last digit, whatever happened."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from dq.quality.movement import (
    PARTS,
    MovementCounts,
    Part,
    RuleCounts,
    RuleWeight,
    RunSide,
    Step,
    rescored,
    rounded,
    score_of,
    sentences,
    shapley,
    split,
)
from dq.quality.movement.scoring import rate_of, shares_of

DIMENSIONS = ("validity", "uniqueness", "timeliness")
PLAYERS: tuple[Part, ...] = tuple(part for part in PARTS if part != "rules")
few = st.integers(0, 40)
weights = st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0])


@st.composite
def counts(draw: st.DrawFn) -> MovementCounts:
    """Draw two runs: rules of both in the same words with their steps, and rules of one run only."""
    names = [f"rule_{number}" for number in range(draw(st.integers(0, 4)))]
    then: dict[str, tuple[int, int]] = {}
    now: dict[str, tuple[int, int]] = {}
    by_rule: dict[str, RuleCounts] = {}
    for name in names:
        judged = draw(st.integers(1, 50))
        then[name] = (judged, draw(st.integers(0, judged)))
        steps = draw(st.dictionaries(st.sampled_from(PLAYERS), st.tuples(few, few), max_size=5))
        by_rule[name] = RuleCounts(steps)
        now[name] = (judged + sum(step[0] for step in steps.values()), then[name][1])
        now[name] = (now[name][0] + 500, now[name][1] + sum(step[1] for step in steps.values()))
        by_rule[name] = RuleCounts(
            {**steps, "filled": (steps.get("filled", (0, 0))[0] + 500, steps.get("filled", (0, 0))[1])}
        )
    for side in (then, now):
        if draw(st.booleans()):
            side["only_here"] = (draw(st.integers(1, 9)), draw(st.integers(0, 1)))
    sides = []
    for judged_of in (then, now):
        rules = {name: RuleWeight(draw(st.sampled_from(DIMENSIONS)), draw(weights)) for name in [*names, "only_here"]}
        sides.append(RunSide(rules, {"uniqueness": draw(st.sampled_from([0.5, 2.0]))}, judged_of, 60, draw(few)))
    records = {part: (draw(few), draw(few)) for part in draw(st.sets(st.sampled_from(PLAYERS), max_size=4))}
    there = 60 + sum(step[0] for step in records.values())
    common = draw(st.integers(0, 60))
    return MovementCounts(
        sides[0],
        replace(sides[1], records=there),
        frozenset(names),
        by_rule,
        common,
        common + sum(step[1] for step in records.values()),
        RuleCounts(records),
    )


@given(counts())
@settings(max_examples=120, deadline=None)
def test_the_parts_sum_to_the_difference_exactly(given_counts: MovementCounts) -> None:
    score, records = split(given_counts)
    for movement in (score, records):
        assert sum(movement.parts.values(), Fraction(0)) == movement.difference
        shown = sentences(movement)
        assert sum(line.value for line in shown) == Fraction(round(movement.difference * 100), 100)
    assert score.then == score_of(given_counts.then.judged, given_counts.then.rules, given_counts.then.dimensions)


@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.dictionaries(st.sampled_from(PLAYERS[:4]), st.builds(Step, st.integers(-9, 30), st.integers(-9, 30))),
)
@settings(max_examples=80, deadline=None)
def test_each_part_gets_its_mean_over_all_orders(judged: int, failed: int, steps: dict[Part, Step]) -> None:
    """The oracle walks every order in which the parts could have happened."""
    expected = dict.fromkeys(steps, Fraction(0))
    orders = list(permutations(steps))
    for order in orders:
        units, wrong = judged, failed
        for part in order:
            before = rate_of(units, wrong)
            units, wrong = units + steps[part].judged, wrong + steps[part].failed
            expected[part] += (rate_of(units, wrong) - before) / len(orders)
    found = shapley(judged, failed, steps)
    assert {part: found.get(part, 0) for part in steps} == expected


def test_a_stricter_rule_does_not_look_like_worse_data() -> None:
    rules = {"zip_is_valid": RuleWeight("validity", 1.0)}
    then = RunSide(rules, {}, {"zip_is_valid": (100, 10)}, 100, 10)
    stricter = {**rules, "phone_is_valid": RuleWeight("validity", 3.0)}
    now = RunSide(stricter, {}, {"zip_is_valid": (100, 10), "phone_is_valid": (100, 50)}, 100, 55)
    same = RuleCounts({})
    score, records = split(MovementCounts(then, now, frozenset(rules), {"zip_is_valid": same}, 10, 10, same))
    assert [score.then, score.then_today, score.now] == [Fraction(90), Fraction(90), Fraction(60)]
    assert score.parts == {"rules": -30}
    assert records.parts == {"rules": -45}
    assert rescored(then, now, rules) == 90


def test_a_weight_that_changed_is_told_as_a_rule_and_earlier_runs_are_scored_anew() -> None:
    judged = {"a_holds": (10, 5), "b_holds": (10, 0)}
    then = RunSide({name: RuleWeight("validity", 1.0) for name in judged}, {}, judged, 10, 5)
    now = replace(then, rules={**then.rules, "a_holds": RuleWeight("validity", 3.0)})
    nothing = {name: RuleCounts({}) for name in judged}
    score, _ = split(MovementCounts(then, now, frozenset(judged), nothing, 5, 5, RuleCounts({})))
    assert [score.then, score.then_today, score.now] == [Fraction(75), Fraction(125, 2), Fraction(125, 2)]
    assert score.parts == {"rules": Fraction(-25, 2)}


def test_what_rules_count_for_sums_to_a_hundred() -> None:
    rules = {
        "a_holds": RuleWeight("validity", 0.1),
        "b_holds": RuleWeight("validity", 0.2),
        "c_holds": RuleWeight("uniqueness", 3),
    }
    shares = shares_of(dict.fromkeys(rules, (1, 0)), rules, {"uniqueness": 0.5})
    assert sum(shares.values()) == 100
    assert shares["b_holds"] == 2 * shares["a_holds"]


def test_rounding_loses_nothing() -> None:
    parts: dict[Part, Fraction] = {"gone": Fraction(-1, 3), "new": Fraction(2, 3), "fixed": Fraction(1, 300)}
    total = sum(parts.values(), Fraction(0))
    assert sum(rounded(parts, total, 2).values()) == Fraction(34, 100)
