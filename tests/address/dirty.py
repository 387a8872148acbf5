"""Strategies for dirty delivery lines: real words in likely and unlikely order."""

from hypothesis import strategies as st

NUMBERS = ["1", "12", "123", "0012", "112-10", "N6W23001", "N6 W23001", "123A", "12 B", "12 1/2", "12-1/2", "#12"]
NUMBERS += ["One", "Twenty-One", "Two Hundred", "5240;5220", "", ""]
DIRECTIONALS = ["", "", "", "", "N", "N.", "North", "SW", "South West", "N E", "west", "N/W", "So", "No.", "S. E."]
NAMES = ["Main", "5th", "31", "Seventh", "Forty-Second", "St. Charles", "Park", "O'Brien", "South", "Bay W"]
NAMES += ["County Road 5", "Hwy 11", "HWY #60W", "I-10", "US 70 Hwy", "Kentucky 440", "SR MM", "FM1960", "RR 620"]
NAMES += ["Mt Vernon"]
NAMES += ["Avenue E", "Ave 26", "Martin Luther-King", "Dr M L King Jr", "Center", "Front", "Old Mill", "Pine Rdg", "K"]
NAMES += ["Avenue of the Americas", "West St Forsyth", "Calle 5", "Ave Ashford", "Five Mile", "Nuñez", "NJ", "1700"]
SUFFIXES = ["St", "St", "Street", "AVE.", "Avenue", "blvd", "Cir", "Rd", "Drive", "Ct", "Bypass", "", "", "Ave Dr"]
SUFFIXES += ["Ext"]
UNITS = ["", "", "", "Apt 4", "#4B", "Ste. 100", "2nd Floor", "8FL", "Bldg 4 Apt 2", "Apt 2 Bldg 4", "Unit A", "Rear"]
UNITS += ["PH 3", "suite #9", "4B", "/Suite 7", "Apt. No. 6", "Suite Two", "Suite 520 West", "Ground Floor", "Level 2"]
UNITS += ["No. 8", "Apt-C", "Apt", "Ste 100 & 200", "Lot 5", "Side", "C", "# Apt 3", "Floor", "Key 1"]
UNITS += ["Ste 3 Federal Bldg"]
OTHERS = ["", "", "", "", "", "PO Box 12", "P.O. BOX #7", "POST OFFICE BX 1", "c/o Ann Lee", "RR 2 Box 4", "PMB 12"]
OTHERS += ["City Hall", "HC 1 Box 3", "Box 218 RR 1", "RFD ROUTE 4 #87A", "RD 51 # 25", "Star Route 2 Box 5", "NW"]
OTHERS += ["West", "Attn: Bob", "General Delivery", "PSC 802 Box 74", "Mail Stop 4", "URB Las Lomas", "% Jane"]
OTHERS += ["Box 9", "Room 3"]
OTHERS += ["Cond Ashford Palace", "Carr 2 Km 5.3", "Federal Building", "& 5th Ave", "Forsyth", "400 Colony Square"]
JOINERS = [" ", " ", " ", ", ", "\n", " - ", "  ", "; ", " / ", ". "]


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A delivery line put together from parts, sometimes out of order."""
    street = [draw(st.sampled_from(part)) for part in (NUMBERS, DIRECTIONALS, NAMES, SUFFIXES, DIRECTIONALS)]
    parts = [" ".join(filter(None, street)), draw(st.sampled_from(UNITS)), draw(st.sampled_from(OTHERS))]
    if draw(st.integers(0, 3)) == 0:
        parts = draw(st.permutations(parts))
    text = draw(st.sampled_from(JOINERS)).join(filter(None, parts))
    return draw(st.sampled_from([text, text.upper(), text.lower()]))
