"""Build `area_codes.csv`, the state of each American area code; run by hand when new codes are wanted, never by dq.

Facts, as stated by the geographical metadata of libphonenumber in the PyPI package `phonenumbers`, which dq installs::

    python standards/reference/build/area_codes.py
"""

import csv
from pathlib import Path

import phonenumbers
from phonenumbers import geocoder

OUT = Path(__file__).parent.parent
TERRITORIES = frozenset(["PR", "VI", "GU", "AS", "MP"])
# libphonenumber tells the state from the capital by these two names.
NAMES = {"Washington State": "WA", "Washington D.C.": "DC"}


def states_by_code() -> list[tuple[str, str]]:
    """Return area code and state, sorted; codes of other countries and of no place (toll-free) are left out."""
    with (OUT / "states.csv").open(encoding="utf-8", newline="") as stream:
        names = NAMES | {row["name"]: row["code"] for row in csv.DictReader(stream)}
    found = []
    for code in range(201, 990):
        number = phonenumbers.parse(f"+1{code}5550100", None)
        country = phonenumbers.region_code_for_number(number)
        place = geocoder.description_for_number(number, "en").rpartition(", ")[2]
        state = country if country in TERRITORIES else names.get(place, place)
        if state in names.values() and (country == "US" or country in TERRITORIES):
            found.append((str(code), state))
    return found


def main() -> None:
    """Write the table and say how large it became."""
    path, rows = OUT / "area_codes.csv", states_by_code()
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("area_code", "state"))
        writer.writerows(rows)
    print(f"area_codes.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
