"""What several targets ask for together."""

import pandas as pd

from dq.conversion.demands import demands, empty_values, forms
from dq.conversion.limits import conflicts, longer_values, tightest
from dq.standards.targets import Target
from tests.conversion.loads import shipped


def all_of(targets: dict[str, Target]) -> dict[str, list[str]]:
    return {name: list(target.objects) for name, target in targets.items()}


def test_the_tightest_length_is_named_with_who_asks_for_it() -> None:
    both = {name: shipped(name) for name in ("salesforce", "mailing")}
    cities = pd.Series(["Owego", "x" * 29, None], dtype="str")
    ids = {"golden_id": pd.Series(["G2", "G1", "G3"], dtype="str"), "record_id": pd.Series([None] * 3, dtype="str")}
    contacts = pd.DataFrame({"MailingCity": cities, **ids})
    pieces = pd.DataFrame({"city": cities, "address1": pd.Series([None] * 3, dtype="str"), **ids})
    longer = longer_values("salesforce", both["salesforce"], {"Contact": contacts})
    longer |= longer_values("mailing", both["mailing"], {"Piece": pieces})
    paths = {"salesforce": "bulk_api", "mailing": "list"}
    (found,) = tightest(both, all_of(both), longer, paths)  # a column that holds nothing limits nobody
    assert (found.column, found.length, found.by, found.loosest) == ("city", 28, "mailing.Piece.city", 40)
    assert (found.longer, found.customers, found.verdict) == (1, ("G1",), "alters")
    assert tightest(both, {"salesforce": [], "mailing": ["Piece"]}, longer, paths) == ()


def test_required_here_and_not_there_and_other_forms() -> None:
    both = {name: shipped(name) for name in ("salesforce", "mailing", "hubspot")}
    used = {"salesforce": ["Contact"], "mailing": ["Piece"], "hubspot": ["contact"]}
    names = pd.Series([None, "Linkous"], dtype="str")
    contacts = pd.DataFrame({"LastName": names, "golden_id": ["G1", "G2"], "record_id": names}, dtype="str")
    pieces = pd.DataFrame({"zip5": names, "golden_id": ["G1", "G2"], "record_id": names}, dtype="str")
    empty = empty_values("salesforce", both["salesforce"], {"Contact": contacts})
    empty |= empty_values("mailing", both["mailing"], {"Piece": pieces})
    found = {demand.column: demand for demand in demands(both, used, empty)}
    last = found["last_name"]
    assert last.required_by == ("salesforce.Contact.LastName",)
    assert last.optional_in == ("mailing.Piece.full_name", "hubspot.contact.lastname"), "joined with others, but read"
    assert found["zip4"].absent_in == ()
    assert found["coded_on"].absent_in == ("hubspot", "salesforce")
    assert (last.empty, last.customers) == (1, ("G1",))
    assert found["city"].empty == 2, "a column that is not there at all is empty everywhere"
    assert "email" not in found
    paths = {"salesforce": "data_loader", "mailing": "list", "hubspot": "import"}
    filled = ["salesforce.Contact.Email", "hubspot.contact.email", "mailing.Piece.zip5", "hubspot.contact.country"]
    filled += ["mailing.Piece.country", "hubspot.contact.zip"]
    told = {form.column: dict(form.forms) for form in forms(both, used, paths, filled)}
    assert told == {
        "country": {
            "by the table countries": ("hubspot.contact.country",),
            "the home country only": ("mailing.Piece.country",),
        }
    }


def test_lists_without_a_common_value_are_a_conflict() -> None:
    with_names = {"salesforce": shipped("salesforce", "state_country_picklists"), "mailing": shipped("mailing")}
    (first, *_) = conflicts(with_names, all_of(with_names))
    assert (first.column, first.other) == ("state", "mailing.Piece.state")
    without = {"salesforce": shipped("salesforce"), "mailing": shipped("mailing")}
    assert conflicts(without, all_of(without)) == ()
