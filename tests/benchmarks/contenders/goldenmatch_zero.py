"""GoldenMatch without configuration. Runs in an environment of its own; imports nothing of dq.

python goldenmatch_zero.py STANDARDISED OUT
"""

import sys
from pathlib import Path

import goldenmatch
import pyarrow as pa
import pyarrow.parquet as pq

MARK = "clusters are on disk"
COLUMNS = (
    "first_name", "middle_name", "last_name", "organization_name", "address_line1", "city", "state", "zip5", "email",
    "phone", "mobile", "birth_on", "tax_id",
)  # fmt: skip


def main() -> None:
    """Match and write the clusters."""
    standardised, out = (Path(word) for word in sys.argv[1:3])
    files = sorted(standardised.glob("records-*.parquet"))
    records = pa.concat_tables(
        [pq.read_table(file, columns=["record_id", *COLUMNS]) for file in files], promote_options="permissive"
    )
    result = goldenmatch.dedupe_df(records.drop_columns(["record_id"]))
    labels = [0] * len(records)
    for label, cluster in result.clusters.items():
        for member in cluster["members"]:
            labels[member] = label
    clusters = pa.table({"record_id": records["record_id"], "cluster_id": [str(label) for label in labels]})
    pq.write_table(clusters, out / "clusters.parquet")
    print(MARK, flush=True)


if __name__ == "__main__":
    main()
