"""Strategies for dirty cells: what people type, what systems do to it, and anything at all."""

from hypothesis import strategies as st

_ANYTHING = st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
_LONG = st.sampled_from(
    ["9" * 10_000, "a@" * 5_000, "<" * 10_000, "(" * 10_000, "1/" * 5_000, "www." * 2_500, "é" * 10_000]
)
_CONTROL = st.sampled_from(["\0", "a\0b", "617-495-1234\0", "\0\0", "\x1f", "a\x1fb", "\u202e4321", "\ufeff", "  \t "])
_NEARLY = st.from_regex(r"[+(]?[0-9a-zA-Z@.,/:$% #*()xX-]{1,25}", fullmatch=True)

PHONES = st.sampled_from(
    ["617-495-1234 x12", "(617) 555-0148", "1-800-CONTACTS", "+442079460958", "555-0148", "999-999-9999", "٦١٧٤٩٥١٢٣٤"]
)
EMAILS = st.sampled_from(["Ann <ANN@lee.org>", "info@gmial.com", "mailto:a@b.c", "İ@x.com", "a@b", "ß@straße.de"])
DATES = st.sampled_from(
    [
        "04/03/1978",
        "19081209",
        "3-Apr-78",
        "02/30/1980",
        "1900-01-01",
        "2020-07-01 10:00",
        "1/1/31",
        "0001-01-01",
        "28583",
    ]
)
IDENTIFIERS = st.sampled_from(["12-3456788", "123456788", "000-00-0000", "DUNS 12-345-6788", "213800kud8lajwsq9d15"])
WEBSITES = st.sampled_from(["HTTP://WWW.acme.com/", "www.www.com.", "ann@acme.com", "http:/http://acme.com", "acme"])
AMOUNTS = st.sampled_from(["$1,234.50", "(12)", "1.5k", "1E99", "1.234,5", "--5"])

CELLS = st.one_of(st.none(), PHONES, EMAILS, DATES, IDENTIFIERS, WEBSITES, AMOUNTS, _NEARLY, _ANYTHING, _CONTROL, _LONG)
"""Any cell in any column: shifted columns are dirt, too."""
