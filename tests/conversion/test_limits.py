"""What several targets ask for together."""

from dq.conversion.limits import conflicts, tightest
from tests.conversion.loads import shipped


def test_the_tightest_length_is_named_with_who_asks_for_it() -> None:
    found = {limit.column: limit for limit in tightest({name: shipped(name) for name in ("salesforce", "mailing")})}
    assert (found["city"].length, found["city"].by, found["city"].loosest) == (28, "mailing.Piece.city", 40)
    assert tightest({"mailing": shipped("mailing")}) == ()


def test_lists_without_a_common_value_are_a_conflict() -> None:
    with_names = {"salesforce": shipped("salesforce", "state_country_picklists"), "mailing": shipped("mailing")}
    (first, *_) = conflicts(with_names)
    assert (first.column, first.other) == ("state", "mailing.Piece.state")
    assert conflicts({"salesforce": shipped("salesforce"), "mailing": shipped("mailing")}) == ()
