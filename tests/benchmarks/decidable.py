"""How right anybody can be on the set with three outcomes: pairs that look alike and are labelled differently.

python -m tests.benchmarks.decidable DATA_FOLDER

Runs `dq run` on the CDC set and puts its test pairs into groups of equal evidence, on three scales: every level of
every comparison; what agrees, nearly agrees, differs or is missing per comparison; and the kind of a pair alone (tax
id, birth date, names, address). Whatever rule decides by such evidence gives all pairs of a group one outcome, so the
most frequent label of each group is the best it can do. That best has seen the labels: a rule has to hold for cases it
has not seen, so the same is counted with each case of the set (and all its scrambled copies) left out of the groups.
Cases that the makers of the set labelled anew later (`better_test.csv`) are counted beside it.
"""

import argparse
import csv
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd
from rich.console import Console

from dq.matching import MatchPolicy, compare_pairs, read_model
from dq.matching.evidence import CEILING, COMPARISONS
from dq.settings import load_settings
from dq.standards import RowPolicy, load_standards
from tests.benchmarks.accuracy import dq, truth_of
from tests.benchmarks.labelled_sets import SETS, THREE_WAY

SAME = ("exact", "swapped", "day_month_swapped", "nickname", "initial", "middle", "compound", "same_line", "other_unit")
NEAR = ("typo", "variant", "sounds_alike", "similar", "near", "near_number", "one_digit", "two_parts", "near_street")
"""Levels taken as the same or nearly the same on the middle scale; all others differ."""
KINDS = ("tax_id", "birth_date", "first_name", "last_name", "address")
LABELLED = {"match": "match", "possible_match": "possible_match", "no_match": "non_match", "non_match": "non_match"}


def coarse(level: object) -> str:
    """Return what a level comes to: `same`, `near`, `other` or `missing`."""
    if not isinstance(level, str):
        return "missing"
    return "same" if level in SAME else "near" if level in NEAR else "other"


def best_reachable(evidence: pd.Series, expected: pd.Series) -> float:
    """Return the share of pairs that have the most frequent label of their evidence.

    >>> best_reachable(pd.Series(["a", "a", "a", "b"]), pd.Series(["match", "match", "non_match", "match"]))
    0.75
    """
    counts = pd.crosstab(evidence, expected)
    return float(counts.max(axis=1).sum() / len(expected))


def unseen_reachable(evidence: pd.Series, expected: pd.Series, case: pd.Series) -> float:
    """Return the share of pairs that have the most frequent label of equal evidence in other cases.

    Evidence that no other case has is decided by the most frequent label of all other cases.

    >>> evidence, case = pd.Series(["a", "a", "a"]), pd.Series(["1", "2", "3"])
    >>> round(unseen_reachable(evidence, pd.Series(["match", "match", "non_match"]), case), 2)
    0.67
    """
    right = 0
    for _, rows in expected.groupby(case):
        others = expected.drop(rows.index)
        seen = others.groupby(evidence.drop(rows.index)).agg(lambda labels: labels.mode().iloc[0])
        usual = others.mode().iloc[0] if len(others) else ""
        right += int((evidence[rows.index].map(seen).fillna(usual) == rows).sum())
    return right / len(expected)


def compared_tests(data: Path, folder: Path) -> pd.DataFrame:
    """Match the set and return a row per test whose seed is known: `case`, `expected`, `found` and the levels."""
    extracts = SETS[THREE_WAY](data)
    sources = []
    for extract in extracts:
        path = folder / f"{extract.source}.csv"
        extract.rows.to_csv(path, index=False)
        sources.append(f"{extract.source}={path}")
    dq("run", *sources, "--out", folder / "out", "--match-at", "balanced", "--quiet")
    truth = truth_of(extracts, folder / "out")
    seeds = dict(zip(truth["true_id"], truth["record_id"], strict=True))
    found = pd.read_parquet(folder / "out" / "pairs.parquet").set_index(["record_id_l", "record_id_r"])["outcome"]
    rows = []
    for record, true_id in zip(truth["record_id"], truth["true_id"], strict=True):
        seed, _, label = str(true_id).partition("|")
        if label not in LABELLED or seed not in seeds:
            continue
        ends = min(record, seeds[seed]), max(record, seeds[seed])
        rows.append((*ends, f"{seed}|{label}", LABELLED[label], found.get(ends, "non_match")))
    tests = pd.DataFrame(rows, columns=["record_id_l", "record_id_r", "case", "expected", "found"])
    return pd.concat([tests[["case", "expected", "found"]], levels_of(tests, folder / "out")], axis=1)


def levels_of(tests: pd.DataFrame, out: Path) -> pd.DataFrame:
    """Return the level of every comparison that some test makes, also of pairs that the run left out."""
    features = pd.read_parquet(out / "kept" / "features.parquet")
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    model = read_model((out / "model.json").read_bytes(), "model.json")
    policy = MatchPolicy(RowPolicy(standards, date(2026, 1, 1)), "balanced", keep_all=True, model=model)
    places = pd.Index(features["record_id"])
    ends = {f"index_{side}": places.get_indexer(tests[f"record_id_{side}"]) for side in ("l", "r")}
    pairs = compare_pairs({"pairs": pd.DataFrame({**ends, "rule": -1}), "features": features}, policy)["pairs"]
    return pairs[[name for name in COMPARISONS if name != CEILING and pairs[name].notna().any()]].astype(object)


def labelled_anew(data: Path) -> tuple[int, int]:
    """Return how many cases of the first tests the makers labelled anew, and of how many."""
    labels: list[dict[str, str]] = []
    for name in ("nbs_test", "better_test"):
        with (data / f"cdc_recordlinker/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows: Iterable[dict[str, str]] = csv.DictReader(file)
            labels.append({row["Test Case #"]: LABELLED.get(row["Expected Result"].strip(), "") for row in rows})
    both = labels[0].keys() & labels[1].keys()
    return sum(labels[0][case] != labels[1][case] for case in both), len(both)


def main() -> None:
    """Print the confusion, and what is reachable on each scale."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, metavar="DATA_FOLDER")
    data = parser.parse_args().data
    console = Console(highlight=False, emoji=False)
    with tempfile.TemporaryDirectory(prefix="dq-decidable-") as folder:
        tests = compared_tests(data, Path(folder))
    expected = tests["expected"]
    console.print(pd.crosstab(expected, tests["found"]).to_string(), markup=False)
    console.print(f"dq: {(expected == tests['found']).mean():.4f} of {len(tests):,} pairs")
    levels = tests.drop(columns=["case", "expected", "found"])
    scales = {
        "every level": levels.map(str).agg(" ".join, axis=1),
        "same, near, other, missing": levels.map(coarse).agg(" ".join, axis=1),
        "tax id, birth date, names, address": levels[list(KINDS)].map(coarse).agg(" ".join, axis=1),
    }
    for name, evidence in scales.items():
        best, unseen = best_reachable(evidence, expected), unseen_reachable(evidence, expected, tests["case"])
        console.print(f"{name}: {evidence.nunique()} kinds, best {best:.4f}, from other cases alone {unseen:.4f}")
    changed, cases = labelled_anew(data)
    console.print(f"labelled anew by the makers of the set: {changed} of {cases} cases")


if __name__ == "__main__":
    main()
