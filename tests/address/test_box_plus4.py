"""The +4 of a PO box beside its number."""

import pandas as pd

from dq.address.box_plus4 import AGREES, DIFFERS, box_plus4
from dq.model import TEXT


def test_only_bare_boxes_with_a_plus4_are_compared():
    rows = [
        ("17", None, None, "0017", AGREES, ""),
        ("123456", None, None, "3456", AGREES, ""),
        ("17", None, None, "1234", "", DIFFERS),
        ("17", "RR 2", None, "1234", "", ""),
        ("17", None, "MAIN", "0017", "", ""),
        ("A", None, None, "1234", "", ""),
        ("17", None, None, None, "", ""),
        (None, None, None, "1234", "", ""),
    ]
    frame = pd.DataFrame(rows, columns=["box", "route", "street", "zip4", "evidence", "flag"]).astype(TEXT)
    evidence, flag = box_plus4(frame["box"], frame["route"], frame["street"], frame["zip4"])
    assert evidence.tolist() == frame["evidence"].tolist()
    assert flag.tolist() == frame["flag"].tolist()
