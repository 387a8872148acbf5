"""Relations of a part: between the parties of a row, and to the rows that its keys name."""

import pandas as pd

from dq.model import TEXT
from dq.tables.identity import ORGANIZATION_PART, source_prefix
from dq.tables.mapping.columns import Columns
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.mapping.records import parent_values
from dq.tables.mapping.shape import RELATION_COLUMNS, shaped
from dq.tables.recognition.targets import ORGANIZATION


def read_relations(columns: Columns, records: pd.DataFrame, policy: MappingPolicy) -> pd.DataFrame:
    """Return works_for between the parties of a row, and the relations its keys to other rows say."""
    count = len(columns.index)
    found = []
    main = records.iloc[:count]
    second = records.iloc[count:]
    if len(second):
        found.append(
            pd.DataFrame(
                {
                    "from_record_id": second["record_id"].str.removesuffix(ORGANIZATION_PART),
                    "type": "works_for",
                    "to_record_id": second["record_id"],
                    "row": second["row"],
                }
            )
        )
    for column in columns.columns:
        meaning = policy.parent_meanings.get(column.header)
        if meaning not in {"account", "parent"} or column.header not in policy.parents:
            continue
        keys = parent_values(column.cells.values, column.header, policy).dropna()
        targets = source_prefix(policy.source, policy.parents[column.header][0]) + keys
        is_person = main.loc[keys.index, "party_type"] != ORGANIZATION
        types = pd.Series("works_for", index=keys.index, dtype=TEXT).where(is_person & (meaning == "account"), "parent")
        own = main.loc[keys.index]
        found.append(
            pd.DataFrame(
                {"from_record_id": own["record_id"], "type": types, "to_record_id": targets, "row": own["row"]}
            )
        )
    if not found:
        return shaped(pd.DataFrame({"row": pd.Series(dtype="int64")}), RELATION_COLUMNS)
    relations = pd.concat(found, ignore_index=True).assign(source=policy.source, source_table=policy.table.table)
    return shaped(
        relations[relations["from_record_id"] != relations["to_record_id"]].reset_index(drop=True), RELATION_COLUMNS
    )
