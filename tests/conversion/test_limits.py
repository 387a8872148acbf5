"""What several targets ask for together."""

from dq.conversion.limits import conflicts, tightest
from dq.standards.targets import Target
from tests.conversion.loads import shipped


def all_of(targets: dict[str, Target]) -> dict[str, list[str]]:
    return {name: list(target.objects) for name, target in targets.items()}


def test_the_tightest_length_is_named_with_who_asks_for_it() -> None:
    both = {name: shipped(name) for name in ("salesforce", "mailing")}
    found = {limit.column: limit for limit in tightest(both, all_of(both))}
    assert (found["city"].length, found["city"].by, found["city"].loosest) == (28, "mailing.Piece.city", 40)
    assert tightest(both, {"salesforce": [], "mailing": ["Piece"]}) == ()


def test_lists_without_a_common_value_are_a_conflict() -> None:
    with_names = {"salesforce": shipped("salesforce", "state_country_picklists"), "mailing": shipped("mailing")}
    (first, *_) = conflicts(with_names, all_of(with_names))
    assert (first.column, first.other) == ("state", "mailing.Piece.state")
    without = {"salesforce": shipped("salesforce"), "mailing": shipped("mailing")}
    assert conflicts(without, all_of(without)) == ()
