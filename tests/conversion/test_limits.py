"""What several targets ask for together."""

import pandas as pd

from dq.conversion.limits import conflicts, longer_values, tightest
from dq.standards.targets import Target
from tests.conversion.loads import shipped


def all_of(targets: dict[str, Target]) -> dict[str, list[str]]:
    return {name: list(target.objects) for name, target in targets.items()}


def test_the_tightest_length_is_named_with_who_asks_for_it() -> None:
    both = {name: shipped(name) for name in ("salesforce", "mailing")}
    cities = pd.Series(["Owego", "x" * 29, None], dtype="str")
    contacts = pd.DataFrame({"MailingCity": cities})
    pieces = pd.DataFrame({"city": cities, "address1": pd.Series([None] * 3, dtype="str")})
    longer = longer_values("salesforce", both["salesforce"], {"Contact": contacts})
    longer |= longer_values("mailing", both["mailing"], {"Piece": pieces})
    (found,) = tightest(both, all_of(both), longer)  # a column that holds nothing limits nobody
    assert (found.column, found.length, found.by, found.loosest) == ("city", 28, "mailing.Piece.city", 40)
    assert found.longer == 1
    assert tightest(both, {"salesforce": [], "mailing": ["Piece"]}, longer) == ()


def test_lists_without_a_common_value_are_a_conflict() -> None:
    with_names = {"salesforce": shipped("salesforce", "state_country_picklists"), "mailing": shipped("mailing")}
    (first, *_) = conflicts(with_names, all_of(with_names))
    assert (first.column, first.other) == ("state", "mailing.Piece.state")
    without = {"salesforce": shipped("salesforce"), "mailing": shipped("mailing")}
    assert conflicts(without, all_of(without)) == ()
