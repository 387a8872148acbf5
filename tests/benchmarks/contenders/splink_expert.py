"""Splink 5 on DuckDB as somebody who knows it sets it up. Runs in an environment of its own; imports nothing of dq.

python splink_expert.py STANDARDISED KEYS OUT five|same [guard]

A model per family (persons, organisations): names, address, phone, e-mail, birth date or tax id, each with levels; term
frequencies; u from random pairs, m by EM from two blocking rules; predictions clustered at 0.95. `five`: five blocking
rules per family. `same`: the rules of dq's policy, their keys read from KEYS. `guard`: a pair whose first names have
nothing in common is no match, whatever else agrees (households).
"""

import sys
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import blocking_rule_library as brl
from splink import comparison_level_library as levels
from splink import comparison_library as comparisons
from splink.clustering import cluster_pairwise_predictions_at_threshold

MARK = "clusters are on disk"
THRESHOLD = 0.95
OTHER_THRESHOLDS = (0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
"""Tried after the clock has stopped, for the best one in hindsight."""
RANDOM_PAIRS = 1e7
TRAINING_PAIRS = 1e6

PEOPLE = """
    SELECT record_id, lower(first_name) AS first, lower(last_name) AS last, lower(suffix) AS suffix,
        birth_on, {contact}
    FROM records WHERE party_type = 'person' OR party_type IS NULL
"""
COMPANIES = """
    SELECT record_id, trim(regexp_replace(
            regexp_replace(lower(organization_name), '[^a-z0-9 ]', '', 'g'),
            '\\b(llc|llp|inc|incorporated|corp|co|company|ltd|pc|the)\\b', '', 'g')) AS name,
        tax_id, coalesce(website, nullif(regexp_extract(lower(email), '@(.*)$', 1), '')) AS domain, {contact}
    FROM records WHERE party_type = 'organization'
"""
CONTACT = """
    concat_ws(' ', addr_number, addr_street, addr_unit, addr_box) AS line_or_empty,
    nullif(line_or_empty, '') AS line, line || ' ' || zip5 AS place,
    zip5 AS zip, lower(city) AS city,
    lower(email) AS email, coalesce(phone, mobile) AS phone,
    list_filter([phone, mobile], lambda x: x IS NOT NULL) AS phones
"""


def custom(column: str, *conditions: tuple[str, str | None]) -> comparisons.CustomComparison:
    """Return a comparison from SQL conditions, each with the column whose term frequencies adjust it."""
    made = [levels.NullLevel(column)]
    for condition, frequencies in conditions:
        level = levels.CustomLevel(condition)
        made.append(level.configure(tf_adjustment_column=frequencies) if frequencies else level)
    return comparisons.CustomComparison(output_column_name=column, comparison_levels=[*made, levels.ElseLevel()])


ADDRESS = custom(
    "place",
    ("place_l = place_r", "place"),
    ("zip_l = zip_r AND levenshtein(line_l, line_r) <= 2", None),
    ("zip_l = zip_r", "zip"),
    ("city_l = city_r", "city"),
)
PHONE = custom(
    "phone",
    ("phone_l = phone_r", "phone"),
    ("list_has_any(phones_l, phones_r)", None),
    ("levenshtein(phone_l, phone_r) <= 1", None),
)
ALIKE = "jaro_winkler_similarity(first_l, first_r) >= 0.75 OR least(len(first_l), len(first_r)) = 1"
"""First names of one person: shortened, mistyped or an initial; Roy is not Ruth."""
PERSON = [
    custom(
        "first",
        ("first_l = first_r", "first"),
        ("jaro_winkler_similarity(first_l, first_r) >= 0.92", None),
        ("jaro_winkler_similarity(first_l, first_r) >= 0.85", None),
        ("first_l[1] = first_r[1] AND least(len(first_l), len(first_r)) <= 2", None),
        ("first_l[1] = first_r[1]", None),
    ),
    comparisons.NameComparison("last", jaro_winkler_thresholds=[0.92, 0.88]),
    custom(
        "birth_on", ("birth_on_l = birth_on_r", "birth_on"), ("damerau_levenshtein(birth_on_l, birth_on_r) <= 1", None)
    ),
    ADDRESS,
    PHONE,
    comparisons.EmailComparison("email"),
]
ORGANIZATION = [
    comparisons.NameComparison("name", jaro_winkler_thresholds=[0.95, 0.88]),
    comparisons.ExactMatch("tax_id"),
    ADDRESS,
    custom("phone", ("phone_l = phone_r", "phone"), ("levenshtein(phone_l, phone_r) <= 1", None)),
    comparisons.ExactMatch("domain"),
]
FIVE = {
    "person": [
        block_on("first", "last"),
        block_on("email"),
        block_on("phone"),
        block_on("last", "zip"),
        block_on("line", "substr(first, 1, 1)"),
    ],
    "organization": [
        block_on("name"),
        block_on("phone"),
        block_on("tax_id"),
        block_on("line", "zip"),
        block_on("substr(name, 1, 6)", "zip"),
    ],
}
SURE = {
    "person": [
        block_on("first", "last", "phone"),
        block_on("first", "last", "email"),
        block_on("first", "last", "line"),
    ],
    "organization": [block_on("name", "phone"), block_on("name", "line"), block_on("tax_id")],
}
TRAINING = {
    "person": [block_on("first", "last"), block_on("phone")],
    "organization": [block_on("name"), block_on("phone")],
}
COMPARISONS = {"person": PERSON, "organization": ORGANIZATION}


def same_rules(connection: duckdb.DuckDBPyConnection, keys: Path, family: str) -> list[brl.CustomRule]:
    """Return dq's rules of a family as equality of their keys; a record with several keys is exploded."""
    described = connection.sql(f"DESCRIBE SELECT * FROM read_parquet('{keys}')").fetchall()
    names = [row[0] for row in described if row[0].startswith(family)]
    return [brl.CustomRule(f"l.{name} = r.{name}", arrays_to_explode=[name]) for name in names]


def train(linker: Linker, family: str) -> None:
    """Estimate the prior, u and m."""
    linker.training.estimate_probability_two_random_records_match(SURE[family], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS)
    for rule in TRAINING[family]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=TRAINING_PAIRS)


def load(connection: duckdb.DuckDBPyConnection, standardised: Path, keys: Path | None) -> None:
    """Make a table per family."""
    connection.execute(
        f"CREATE VIEW records AS FROM read_parquet('{standardised}/records-*.parquet', union_by_name = true)"
    )
    for family, query in (("person", PEOPLE), ("organization", COMPANIES)):
        joined = query.format(contact=CONTACT)
        if keys:
            joined = f"SELECT * FROM ({joined}) JOIN read_parquet('{keys}') USING (record_id)"
        connection.execute(f"CREATE TABLE {family} AS SELECT * EXCLUDE (line_or_empty) FROM ({joined})")


def edges(linker: Linker, family: str, threshold: float, *, guard: bool) -> str:
    """Return the query for the pairs of a family from a probability on."""
    predicted = linker.inference.predict(threshold_match_probability=threshold)
    kept = f"WHERE ({ALIKE}) IS NOT FALSE" if guard and family == "person" else ""
    return f"SELECT record_id_l, record_id_r, match_probability FROM {predicted.physical_name} {kept}"


def write_clusters(database: DuckDBAPI, connection: duckdb.DuckDBPyConnection, threshold: float, out: Path) -> None:
    """Cluster all pairs from a probability on."""
    nodes = database.register("nodes", table_name=f"nodes_{out.stem}")
    pairs = database.register("edges", table_name=f"edges_{out.stem}")
    clusters = cluster_pairwise_predictions_at_threshold(
        nodes, pairs, database, node_id_column_name="record_id", threshold_match_probability=threshold
    )
    connection.execute(f"COPY (SELECT record_id, cluster_id FROM {clusters.physical_name}) TO '{out}' (FORMAT parquet)")


def main() -> None:
    """Match both families; then, after the mark, try other thresholds."""
    standardised, keys, out = (Path(word) for word in sys.argv[1:4])
    same, guard = sys.argv[4] == "same", "guard" in sys.argv[5:]
    connection = duckdb.connect()
    database = DuckDBAPI(connection)
    load(connection, standardised, keys if same else None)
    linkers = {}
    for family, compared in COMPARISONS.items():
        settings = SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="record_id",
            comparisons=compared,
            blocking_rules_to_generate_predictions=same_rules(connection, keys, family) if same else FIVE[family],
            retain_matching_columns=False,
            additional_columns_to_retain=["first"] if guard and family == "person" else [],
        )
        linkers[family] = Linker(database.register(family), settings, log_level=None)
        train(linkers[family], family)
    connection.execute("CREATE VIEW nodes AS SELECT record_id FROM records")
    for threshold in (THRESHOLD, min(OTHER_THRESHOLDS)):
        found = " UNION ALL ".join(edges(linker, family, threshold, guard=guard) for family, linker in linkers.items())
        connection.execute(f"CREATE OR REPLACE TABLE edges AS {found}")
        if threshold == THRESHOLD:
            write_clusters(database, connection, THRESHOLD, out / "clusters.parquet")
            print(MARK, flush=True)
    print("pairs", connection.sql("SELECT count(*) FROM edges").fetchall()[0][0])
    for place, threshold in enumerate(OTHER_THRESHOLDS):
        write_clusters(database, connection, threshold, out / f"other{place}.parquet")


if __name__ == "__main__":
    main()
