"""Public sets whose truth is known, read from a folder given on the command line; none of their rows is kept here.

Each set becomes extracts as a user would have them: columns that tell the truth are gone, rows are shuffled and have a
neutral number.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

NUMBER = "row"
"""Header of the neutral row number."""
SEED = 7


@dataclass(frozen=True)
class Extract:
    """One source of a set.

    Attributes:
        rows: What `dq` gets to see, with NUMBER.
        true_ids: The truth of each row, in the same order.
    """

    source: str
    rows: pd.DataFrame
    true_ids: pd.Series


def _read(path: Path) -> pd.DataFrame:
    """Return a file as text; cells beyond the header have no name and are left out, missing ones are empty."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, skipinitialspace=True)
        rows = list(reader)
        names = [name.strip() for name in reader.fieldnames or ()]
    cells = {name: [(row[given] or "").strip() for row in rows] for name, given in zip(names, rows[0], strict=False)}
    return pd.DataFrame(cells, columns=names, dtype="str")


def _extract(source: str, rows: pd.DataFrame, true_ids: pd.Series, drop: tuple[str, ...]) -> Extract:
    """Remove what tells the truth, shuffle, number."""
    shuffled = rows.assign(**{"true id": true_ids.to_numpy()}).sample(frac=1, random_state=SEED, ignore_index=True)
    shown = shuffled.drop(columns=["true id", *drop])
    shown.insert(0, NUMBER, [str(place + 1) for place in range(len(shown))])
    return Extract(source, shown, shuffled["true id"])


@dataclass(frozen=True)
class File:
    """A file with its truth in a column; numbers that follow the order of customers tell it as well.

    Attributes:
        pattern: Which part of the column is the truth; all of it where empty.
        drop: Other columns that tell the truth.
    """

    source: str
    place: str
    truth: str
    pattern: str = "(.*)"
    drop: tuple[str, ...] = ()


def files(listed: tuple[File, ...], folder: Path) -> list[Extract]:
    """Read files whose truth is a column."""
    extracts = []
    for file in listed:
        rows = _read(folder / file.place)
        true_ids = rows[file.truth].str.extract(file.pattern)[0]
        extracts.append(_extract(file.source, rows, true_ids, (file.truth, *file.drop)))
    return extracts


def colleges(folder: Path) -> list[Extract]:
    """Read three sources that stand in one file."""
    rows = _read(folder / "colleges/colleges_three_sources_truth.csv")
    drop = ("source", "rec_id", "true_id")
    return [_extract(str(source), own, own["true_id"], drop) for source, own in rows.groupby("source")]


def restaurants(folder: Path) -> list[Extract]:
    """Read two lists whose truth is a list of pairs."""
    pairs = _read(folder / "fodors_zagat/matches_fodors_zagats.csv")
    extracts = []
    for source in ("fodors", "zagats"):
        rows = _read(folder / f"fodors_zagat/{source}.csv")
        matched = dict(zip(pairs[f"{source}_id"], (f"pair {place}" for place in pairs.index), strict=True))
        true_ids = rows["id"].map(lambda key, source=source, matched=matched: matched.get(key, f"{source} {key}"))
        extracts.append(_extract(source, rows, true_ids, ("id",)))
    return extracts


def senzing(folder: Path) -> list[Extract]:
    """Read three sources whose truth is a table of keys."""
    keys = _read(folder / "senzing_truthset/actual_truthset_key.csv")
    true_of = dict(zip(keys["DATA_SOURCE"] + keys["RECORD_ID"], keys["CLUSTER_ID"], strict=True))
    extracts = []
    for source in ("customers", "reference", "watchlist"):
        rows = _read(folder / f"senzing_truthset/{source}.csv")
        extracts.append(_extract(source, rows, (source.upper() + rows["RECORD_ID"]).map(true_of), ("RECORD_ID",)))
    return extracts


def cdc(folder: Path) -> list[Extract]:
    """Read seeds and tests; the truth of a test is `seed|expected outcome`."""
    seeds = _read(folder / "cdc_recordlinker/nbs_seed.csv")
    extracts = [_extract("seed", seeds, seeds["Match Id"], ("Match Id", "ID"))]
    drop = ("Match Id", "ID", "Test Case #", "Expected Result")
    for name in ("nbs", "expanded"):
        tests = _read(folder / f"cdc_recordlinker/{'' if name == 'nbs' else 'expanded_'}nbs_test.csv")
        expected = tests["Expected Result"].str.strip().replace({"no_match": "non_match"})
        extracts.append(_extract(name, tests, tests["Match Id"] + "|" + expected, drop))
    return extracts


_FEBRL = r"rec-(\d+)"
_PEOPLE = ("household_id",)
"""Also an id of the simulation: whoever shares it shares a home in truth, whatever the rows say."""
_W2 = File("w2", "pseudopeople/taxes_w2_and_1099_noised.csv", "simulant_id", drop=_PEOPLE)
SETS: Mapping[str, Callable[[Path], list[Extract]]] = {
    **{f"FEBRL {n}": partial(files, (File("people", f"febrl/dataset{n}.csv", "rec_id", _FEBRL),)) for n in (1, 2, 3)},
    "FEBRL 4": partial(files, tuple(File(f"list_{s}", f"febrl/dataset4{s}.csv", "rec_id", _FEBRL) for s in "ab")),
    "fake_1000": partial(files, (File("fake", "splink_fake_1000/fake_1000.csv", "cluster", drop=("unique_id",)),)),
    "census + W-2": partial(
        files, (File("census", "pseudopeople/decennial_census_noised.csv", "simulant_id", drop=_PEOPLE), _W2)
    ),
    "SSA + W-2": partial(files, (File("ssa", "pseudopeople/social_security_noised.csv", "simulant_id"), _W2)),
    "Fodors-Zagat": restaurants,
    "Senzing": senzing,
    "colleges": colleges,
    "CDC": cdc,
}
THREE_WAY = "CDC"
"""The set whose truth is an outcome per pair, not clusters."""
