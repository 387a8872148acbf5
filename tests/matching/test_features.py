"""What is made of many texts at once is what is made of one."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.matching.contact_features import bare_email, bare_emails, bare_phone, bare_phones
from dq.matching.features import match_features
from dq.matching.firm_features import organization_names
from dq.matching.folding import fold
from dq.matching.mail_names import _looked_into, with_mail_names
from dq.matching.nicknames import nicknames_of
from dq.matching.singles import single_of
from dq.model import TEXT
from dq.standards.matching import Words
from tests.matching.runs import points_of, records_of, row_policy

PHONES = ["+15550104477", "+15555555555", "(555) 010-4477 x12", "x12", "+442071838750", "+1555010447٣", "15550104477"]
PHONES += ["30553831933", "3.05538E+13", "+74812856234"]
EMAILS = ["Mary.Kwan@Example.COM ", "n/a", "a@b@c.com", "@x.com", "mary@", "josé@ex.com", "a b@c.com", "MK@X.COM"]
MAILBOXES = (
    *("stella.miller@x.com", "stella.miller721@x.com", "stellamiller7@x.com", "miller.stella1@x.com", "smiller@x.com"),
    *(
        "s.miller9@x.com",
        "denise_miller68@x.com",
        "info@x.com",
        "miller@x.com",
        "noah.fox@x.com",
        "st3lla.miller@x.com",
    ),
    *("stella.miller@x.com tom.miller@y.com", "s+miller@x.com", "josé.miller@x.com"),
)
NAMES = [
    ("stella", "miller"),
    ("s", "miller"),
    ("", "miller"),
    ("stella", ""),
    ("", ""),
    ("ann", "joann"),
    ("tom", "mi"),
]


def arrow(cells: list[str]) -> pa.LargeStringArray:
    return pa.array(cells, type=pa.large_string())


def test_phones_and_emails_are_bared_as_one_by_one() -> None:
    assert bare_phones(single_of(arrow(PHONES))).array().to_pylist() == [bare_phone(text) or None for text in PHONES]
    assert bare_emails(single_of(arrow(EMAILS))).array().to_pylist() == [bare_email(text) or None for text in EMAILS]


def test_a_private_mailbox_is_a_unit() -> None:
    parts = {"addr_number": "12", "addr_street": "OAK", "addr_suffix": "ST", "zip5": "89501"}
    lines = ["12 OAK ST PMB 7", "12 OAK ST STE 5 PMB 7", "12 OAK ST", "12 OAK ST # 7"]
    rows = [{"address_line1": line, "addr_unit": "7" if "#" in line else None, **parts} for line in lines]
    made = match_features({"records": records_of(rows)}, row_policy())["features"]["addresses"]
    assert made.tolist() == [f"12|oak|st|{unit}||89501||" for unit in ("7", "7", "", "7")]


def test_a_glance_at_a_mailbox_tells_what_looking_into_it_tells() -> None:
    rows = [(given, family, mail) for given, family in NAMES for mail in MAILBOXES]
    first, last, emails = (single_of(arrow(list(cells))) for cells in zip(*rows, strict=True))
    nicknames = nicknames_of(row_policy().standards)
    found = with_mail_names(first, last, emails, nicknames)
    made = list(zip(*(found[name].array().to_pylist() for name in found), strict=True))
    assert made == [tuple(text or None for text in _looked_into(*row, nicknames)) for row in rows]


def test_points_that_repeat_their_record_change_nothing() -> None:
    home = {"addr_number": "12", "addr_street": "OAK", "city": "RENO"}
    rows = [
        {"record_id": "s:a", "source": "s", "phone": "+15550104477", "mobile": "+15550104478", **home},
        {"record_id": "s:b", "source": "s", "phone": "+15550104479"},
    ]
    others = [
        {"record_id": "s:b", "kind": "phone", "value": "+15550104477"},
        {"record_id": "s:a", "kind": "phone", "value": "+15550104480"},
        {"record_id": "s:b", "kind": "address", **home},
        {"record_id": "s:c", "kind": "phone", "value": "+15550104481"},
    ]
    repeats = [
        {"record_id": "s:a", "kind": "phone", "value": "+15550104477"},
        {"record_id": "s:a", "kind": "mobile", "value": "+15550104478"},
        {"record_id": "s:a", "kind": "address", **home},
        {"record_id": "s:b", "kind": "mobile", "value": "+15550104479"},
    ]
    found, plain = (
        match_features({"records": records_of(rows), "contact_points": points_of(points)}, row_policy())["features"]
        for points in ([*others[:2], *repeats, *others[2:]], others)
    )
    pd.testing.assert_frame_equal(found, plain)
    assert found["phones"].tolist() == ["5550104477 5550104478 5550104480", "5550104477 5550104479"]
    assert found["addresses"].nunique() == 1


FIRM_WORDS = st.sampled_from(
    ["Acme", "Inc", "LLC", "The", "Store", "12", "of", "AKA", "dba", "Reno", "Air", "O'Neil &", "é"]
)
FIRM = st.none() | st.lists(FIRM_WORDS, min_size=1, max_size=6).map(" ".join)
FIRMS = st.lists(st.tuples(FIRM, FIRM, FIRM, st.sampled_from([None, "Reno", "Acme Reno"])), min_size=1, max_size=6)


@settings(max_examples=60)
@given(FIRMS)
def test_names_of_firms_are_made_as_one_by_one(rows: list[tuple[str | None, ...]]) -> None:
    columns = ["organization_name", "trade_name", "last_name", "city"]
    records = pd.DataFrame(rows, columns=columns).astype(TEXT)
    words = row_policy().standards.matching.words
    persons = np.arange(len(rows)) % 2 == 0
    found = organization_names(records, persons, words)
    for place, (registered, trade, last, city) in enumerate(rows):
        cells = (registered or (last if persons[place] else None), trade)
        names = {name for cell in cells if cell for name in names_in(cell, words)}
        town = f" {fold(city or '-')}"
        names |= {"~" + name.removesuffix(town) for name in names if city and name.endswith(town)}
        assert found["names"].array()[place].as_py() == ("|".join(sorted(names - {""})) or None)
        tokens = fold(registered or "").split()
        form = words.legal_forms.get(tokens[-1], "") if len(tokens) > 1 else ""
        assert found["legal_form"].array()[place].as_py() == (form or None)


def names_in(cell: str, words: Words) -> list[str]:
    """Return the names in one cell, word by word."""
    line = f" {fold(cell)} "
    for mark in (" dba ", " doing business as ", " aka ", " t a "):
        line = line.replace(mark, "|")
    found = []
    for tokens in map(str.split, line.split("|")):
        while len(tokens) > 1 and tokens[-1] in words.legal_forms:
            tokens.pop()
        telling = [
            token
            for token, following in pairwise([*tokens, ""])
            if token not in words.stop and not (token in words.branches and following.isdigit())
        ]
        found.append(" ".join(telling or tokens))
    return found
