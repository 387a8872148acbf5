"""Whether an answer is about the address that was sent under its key."""

import pandas as pd
import pytest

from dq.address.bureau.relating import is_other_address
from dq.model import TEXT
from tests.address.policies import grammar

SAME = "same"
OTHER = "other"


@pytest.mark.parametrize(
    ("sent", "answer", "expected"),
    [
        (("742 EVERGREEN TER APT 2B", "", "62704"), ("742 Evergreen Terrace", "Apt 2B", "62704-1234"), SAME),
        (("742 EVERGREEN TER", "", "62704"), ("742 EVERGREEN TER", "", "62711"), SAME),
        (("742 EVERGREEN TER", "", "62704"), ("742 EVERGREEN TER", "", "90210"), SAME),  # a wrong ZIP was mended
        (("742 EVERGREEN TER", "", "62704"), ("742 MARTIN LUTHER KING DR", "", "62704"), SAME),  # a street renamed
        (("742 EVERGREEN TER", "", "62704"), ("12 OAK ST", "", "62704"), OTHER),
        (("742 EVERGREEN TER", "", "62704"), ("744 EVERGREEN TER", "", "62704"), OTHER),  # the next row of a list
        (("742 EVERGREEN TER", "", "62704"), ("742 OAK ST", "", "02139"), OTHER),
        (("742 EVERGREEN TER APT 12", "", "62704"), ("12 OAK ST", "", "62704"), OTHER),  # a unit is no house number
        (("100 MAIN ST", "PO BOX 77", "02139"), ("PO BOX 77", "100 Main St", "02139"), SAME),
        (("112-10 BRONX RD", "", "11412"), ("11210 BRONX RD", "", "11412"), SAME),
        (("0012 OAK ST", "", "62704"), ("12 OAK ST", "", "62704"), SAME),
        (("GENERAL DELIVERY", "", "99501"), ("GENERAL DELIVERY", "", "99501"), SAME),
        (("GENERAL DELIVERY", "", "99501"), ("12 OAK ST", "", "99501"), OTHER),
        (("BROADWAY TOWER", "", "99501"), ("OAK PLAZA", "", "99501"), OTHER),
        (("=1+1", "", "62704"), ("<script>alert(2)</script>", "", "62704"), OTHER),
        (("ΑΘΗΝΑ", "", "62704"), ("ΑΘΗΝΑ", "", "62704"), SAME),
    ],
)
@pytest.mark.parametrize("is_swapped", [False, True])
def test_pairs(sent: tuple[str, str, str], answer: tuple[str, str, str], expected: str, is_swapped: bool) -> None:
    pair = (answer, sent) if is_swapped else (sent, answer)
    asked, answered = (pd.DataFrame([row], columns=["line1", "line2", "zip5"]).astype(TEXT) for row in pair)
    found = is_other_address(answered, asked, pd.Series([False]), grammar().words)
    assert found.tolist() == [expected == OTHER]


@pytest.mark.parametrize(("zip5", "expected"), [("99705", SAME), ("02139", OTHER)])
def test_a_converted_rural_address_has_another_number_in_its_region(zip5: str, expected: str) -> None:
    sent = pd.DataFrame([("RR 2 BOX 41", None, "99701")], columns=["line1", "line2", "zip5"], dtype=TEXT)
    answer = pd.DataFrame([("1875 MOOSE LN", None, zip5)], columns=["line1", "line2", "zip5"], dtype=TEXT)
    found = is_other_address(answer, sent, pd.Series([True]), grammar().words)
    assert found.tolist() == [expected == OTHER]
