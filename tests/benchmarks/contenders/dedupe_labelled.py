"""dedupe with 100 pairs labelled by the truth. Runs in an environment of its own; imports nothing of dq.

python dedupe_labelled.py STANDARDISED OUT TRUTH_CSV

The pairs are those it asks about (active learning); each family (persons, organisations) gets half of them.
"""

import csv
import random
import sys
from pathlib import Path

import dedupe
import pyarrow as pa
import pyarrow.parquet as pq
from dedupe import variables

MARK = "clusters are on disk"
QUESTIONS = 50
THRESHOLD = 0.5
SAMPLE = 500
"""Records its blocking learner looks at; with its default, 1,500, it takes more than 7 GB here."""
NAMES = {"person": ("first_name", "last_name"), "organization": ("organization_name",)}
SHARED = ("address_line1", "city", "zip5", "email", "phone")
Records = dict[str, dict[str, str | None]]


def fields_of(family: str) -> list[variables.String]:
    """Return what is compared: names, address, channels."""
    return [variables.String(name, has_missing=True) for name in (*NAMES[family], *SHARED)]


def answer(model: dedupe.Dedupe, ids: dict[int, str], truth: dict[str, str]) -> None:
    """Answer the model's questions from the truth."""
    for _ in range(QUESTIONS):
        pair = model.uncertain_pairs()[0]
        left, right = (truth.get(ids[id(record)], ids[id(record)]) for record in pair)
        model.mark_pairs({"match": [pair] if left == right else [], "distinct": [] if left == right else [pair]})


def clusters_of(family: str, records: Records, truth: dict[str, str]) -> dict[str, str]:
    """Return record id → cluster id."""
    model = dedupe.Dedupe(fields_of(family), num_cores=None)
    model.prepare_training(records, sample_size=SAMPLE)
    answer(model, {id(record): record_id for record_id, record in records.items()}, truth)
    # Index predicates (TF-IDF) cost gigabytes at 10,000 rows.
    model.train(index_predicates=False)
    groups = model.partition(records, THRESHOLD)
    return {str(record_id): f"{family}{place}" for place, (members, _) in enumerate(groups) for record_id in members}


def main() -> None:
    """Match both families and write the clusters."""
    standardised, out, answers = (Path(word) for word in sys.argv[1:4])
    random.seed(1)
    with answers.open(encoding="utf-8", newline="") as file:
        truth = {row["record_id"]: row["true_id"] for row in csv.DictReader(file)}
    columns = sorted({*NAMES["person"], *NAMES["organization"], *SHARED})
    found: dict[str, str] = {}
    rows = [
        row
        for file in sorted(standardised.glob("records-*.parquet"))
        for row in pq.read_table(file, columns=["record_id", "party_type", *columns]).to_pylist()
    ]
    for family in NAMES:
        own = [row for row in rows if (row["party_type"] or "person") == family]
        records = {row["record_id"]: {name: row[name] and row[name].lower() for name in columns} for row in own}
        found |= clusters_of(family, records, truth)
    pq.write_table(pa.table({"record_id": list(found), "cluster_id": list(found.values())}), out / "clusters.parquet")
    print(MARK, flush=True)


if __name__ == "__main__":
    main()
