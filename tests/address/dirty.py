"""Strategies for dirty delivery lines: real words in likely and unlikely order."""

from hypothesis import strategies as st

NUMBERS = ["1", "12", "123", "0012", "112-10", "N6W23001", "123A", "12 1/2", "One", "5240;5220", ""]
DIRECTIONALS = ["", "", "", "N", "N.", "North", "SW", "South West", "N E", "west"]
NAMES = [
    "Main",
    "5th",
    "Seventh",
    "St. Charles",
    "Park",
    "O'Brien",
    "South",
    "County Road 5",
    "Hwy 11",
    "I-10",
    "Ñuñez",
]
NAMES += ["Avenue E", "Martin Luther-King", "Center", "Front", "Old Mill", "Pine Rdg", "K", "Avenue of the Americas"]
SUFFIXES = ["St", "Street", "AVE.", "Avenue", "blvd", "Cir", "Rd", "Drive", "Ct", "Bypass", "", "Ave Dr"]
UNITS = [
    "",
    "",
    "",
    "Apt 4",
    "#4B",
    "Ste. 100",
    "2nd Floor",
    "Bldg 4 Apt 2",
    "Unit A",
    "Rear",
    "PH 3",
    "suite #9",
    "4B",
]
OTHERS = ["", "", "", "", "PO Box 12", "P.O. BOX #7", "c/o Ann Lee", "RR 2 Box 4", "PMB 12", "City Hall", "HC 1 Box 3"]
OTHERS += [
    "Attn: Bob",
    "General Delivery",
    "PSC 802 Box 74",
    "Mail Stop 4",
    "URB Las Lomas",
    "% Jane",
    "Box 9",
    "Room 3",
]
JOINERS = [" ", " ", ", ", "\n", " - ", "  ", "; "]


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A delivery line put together from parts, sometimes out of order."""
    street = [draw(st.sampled_from(part)) for part in (NUMBERS, DIRECTIONALS, NAMES, SUFFIXES, DIRECTIONALS)]
    parts = [" ".join(filter(None, street)), draw(st.sampled_from(UNITS)), draw(st.sampled_from(OTHERS))]
    if draw(st.integers(0, 3)) == 0:
        parts = draw(st.permutations(parts))
    text = draw(st.sampled_from(JOINERS)).join(filter(None, parts))
    return draw(st.sampled_from([text, text.upper(), text.lower()]))
