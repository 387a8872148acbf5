"""The numbers in `sample_data/README.md` are those of the files."""

import re
from pathlib import Path

import pandas as pd

README = (Path(__file__).parents[2] / "sample_data" / "README.md").read_text(encoding="utf-8")


def test_readme_counts_every_kind_of_defect(sample: dict[str, pd.DataFrame]) -> None:
    counts = sample["answers/planted_defects.csv"]["kind"].value_counts().to_dict()
    told = {kind: int(number.replace(",", "")) for kind, number in re.findall(r"`(\w+)` ([\d,]*\d)", README)}
    assert told == counts
    assert f"{sum(counts.values()):,} cells" in README


def test_readme_counts_rows(sample: dict[str, pd.DataFrame]) -> None:
    told = dict(re.findall(r"\| `([\w/]+\.csv)` \| ([\d,]+)", README))
    rows = {path: f"{len(frame):,}" for path, frame in sample.items() if not path.startswith("answers/")}
    assert told == rows


def test_readme_tells_the_truth_about_clusters(sample: dict[str, pd.DataFrame]) -> None:
    clusters = sample["answers/true_clusters.csv"]
    sizes = clusters["true_id"].value_counts()
    told = " · ".join(f"{count:,}" for count in sizes.value_counts().sort_index())
    assert f"({len(clusters):,})" in README
    assert f"{len(clusters) - len(sizes):,} records ({1 - len(sizes) / len(clusters):.1%})".replace("%", " %") in README
    assert told in README
