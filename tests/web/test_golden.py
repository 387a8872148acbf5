"""Where golden values come from, for those who may see them and for those who may not."""

import json

import pytest

from dq.stewardship.records import Customer, masked
from dq.web.golden import origins

ROW = {
    "golden_id": "G1",
    "contact_point_id": None,
    "column": "city",
    "value": "Bowie",
    "record_id": "crm:1",
    "rule": "most_recent",
    "alternates": json.dumps([{"value": "17250.55", "record_ids": ["billing:1"]}]),
}


@pytest.mark.parametrize(("hidden", "alternates"), [(False, (("17250.55", "1 record"),)), (True, ())])
def test_what_lost_is_shown_or_hidden_and_never_breaks_the_page(
    hidden: bool, alternates: tuple[tuple[str, str], ...]
) -> None:
    row = masked(ROW) if hidden else ROW
    customer = Customer("G1", {"city": "Bowie"}, (), (), (), (), (row,), ())
    assert [origin.alternates for origin in origins(customer)] == [alternates]
