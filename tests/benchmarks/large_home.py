"""A home of a million records for the load script: a real run of generated customers, every row of it many times.

Each copy has keys of its own, and values of its own where pages search. Scores and the counts of rules stay those of
the run that was copied; pages only show them.
"""

import json
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from dq.engine.querying import SORTED_BY
from dq.pipeline import RunPlan, run_all
from dq.pipeline.listening import Silence
from dq.standards import load_standards
from dq.stewardship.actor import HOUSE, Role
from dq.stewardship.house import open_house
from dq.stewardship.importing import add_run
from dq.stewardship.queue import queue
from dq.stewardship.signing_in import sign_in_by_provider
from dq.store.cases import CaseFilter
from dq.tables.reading.source import parse_sources
from tests.pipeline.runs import AS_OF, sample_sources
from tests.web.homes import DATABASE, DEPARTMENTS, lay_out, settings_of

COPIED_ROWS = 10_000
VIOLATIONS = 100_000
PAIRS, ASKED = 8_000, 12_000
"""Cases about pairs, and violations that become cases: 20,000 in all."""
USERS = 20
SESSION_SECONDS = 8 * 3600
"""Sessions end after ten hours: pages that only say "sign in" would be very quick."""
ONCE = ("scorecard.json", "scorecard.html", "results.parquet", "segment_results.parquet", "model.json")
_RECORD_IDS = ("record_id", "record_id_l", "record_id_r", "from_record_id", "to_record_id", "contact_point_id")
_OTHER_IDS = ("golden_id", "household_id", "case_id")
_SEARCHED = ("value", "last_name", "email")
"""Columns of text that is different in every copy: repeated values would be searched once for all of them."""


def prepare(folder: Path, records: int, violations: int = VIOLATIONS) -> Path:
    """Return a home without people or cases, made unless it is there: standards and the files of one run."""
    home = folder / "home"
    if (home / "run" / "manifest.json").is_file():  # written last
        for name in ("standards", "expectations"):  # policy is that of today, whatever the run was made under
            shutil.rmtree(home / name)
        lay_out(home)
        return home
    shutil.rmtree(folder, ignore_errors=True)
    lay_out(home)
    sources = parse_sources([str(path) for path in sample_sources(folder / "extracts", COPIED_ROWS)])
    small = run_all(RunPlan(sources, folder / "small", settings_of(home), AS_OF), Silence()).out
    _multiply(home, small, home / "run", records, violations)
    return home


def open_on(home: Path, database_url: str | None) -> Path:
    """Return a home over the same files with a database of its own: the run taken in, USERS people signed in."""
    own = home.parent / ("postgresql" if database_url else "sqlite")
    kept = own / "sessions.json"
    if not database_url and kept.is_file() and time.time() - kept.stat().st_mtime < SESSION_SECONDS:
        return own
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    for name in ("standards", "expectations"):
        (own / name).symlink_to(home / name)
    if database_url:
        (own / DATABASE).write_text(database_url, encoding="utf-8")
    house = open_house(settings_of(own))
    now = datetime.now(UTC)
    add_run(house, HOUSE, home / "run", at=now - timedelta(hours=2))
    sessions = {}
    names = sorted(DEPARTMENTS.values())
    for number in range(USERS):
        name = f"user{number}"
        role: Role = "lead" if number % 10 == 0 else "viewer" if number % 10 == 9 else "steward"
        whose = frozenset({"*"} if role == "lead" else {names[number % len(names)]})
        told = {"issuer": "https://id.example.com", "subject": name, "name": name, "display_name": name}
        _, secret = sign_in_by_provider(house, **told, role=role, departments=whose, at=now)
        sessions[name] = {"secret": secret, "role": role}
    print(f"{own.name}: {queue(house, HOUSE, CaseFilter(), limit=1).total:,} open cases")
    house.close()
    (own / "sessions.json").write_text(json.dumps(sessions), encoding="utf-8")
    return own


def _multiply(home: Path, small: Path, large: Path, records: int, violations: int) -> None:
    """Write every row of a run as often as it takes to have so many records, and at most so many violations."""
    large.mkdir()
    database = duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(large.parent / "spill")})
    files = {path.stem: path for path in sorted(small.glob("*.parquet")) if path.name not in ONCE}
    count = database.execute(f"SELECT count(*) FROM '{files['records']}'").fetchone()
    copies = -(-records // count[0]) if count else 1
    policy = load_standards(home / "standards", home / "expectations").stewardship
    rules = database.execute(f"SELECT DISTINCT rule_id FROM '{files['violations']}'").fetchall()
    asked = [rule for (rule,) in rules if policy.kind_of_rule(rule)]
    for name, path in files.items():
        columns = [row[0] for row in database.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]
        source = f"SELECT {_changed(columns)} FROM '{path}', range({copies}) AS copy(k)"
        if name == "violations":
            marks = ", ".join(f"'{rule}'" for rule in asked)
            makes = f"severity IN ('stop', 'warn') AND rule_id IN ({marks})"
            source = (
                f"SELECT * EXCLUDE (place, turn) REPLACE (CASE WHEN {makes} AND turn > {ASKED} THEN 'info' "
                f"ELSE severity END AS severity) FROM (SELECT *, row_number() "
                f"OVER (PARTITION BY {makes} ORDER BY place) "
                f'AS turn FROM (SELECT *, hash(record_id, golden_id, rule_id, "column") AS place FROM ({source})) '
                f"ORDER BY place LIMIT {violations})"
            )
        if name == "cases":
            source = f"SELECT * FROM ({source}) WHERE kind = 'possible_match' ORDER BY hash(case_id) LIMIT {PAIRS}"
        own = [SORTED_BY[name]] if name in SORTED_BY else ["rule_id", "record_id", "golden_id", "case_id"]
        order = ", ".join(column for column in own if column in columns)
        by = f"ORDER BY {order}" if order else ""
        target = large / f"{name}.parquet"
        database.execute(f"COPY (SELECT * FROM ({source}) {by}) TO '{target}' (ROW_GROUP_SIZE 100000)")
    crosswalk = small / "crosswalk.csv"
    columns = crosswalk.read_text(encoding="utf-8").partition("\n")[0].split(",")
    read = f"SELECT {_changed(columns)} FROM read_csv('{crosswalk}', all_varchar = true), range({copies}) AS copy(k)"
    database.execute(f"COPY (SELECT * FROM ({read}) ORDER BY record_id) TO '{large / 'crosswalk.csv'}' (HEADER)")
    for name in ONCE:
        if (small / name).is_file():
            shutil.copy2(small / name, large / name)
    manifest = json.loads((small / "manifest.json").read_text(encoding="utf-8"))
    counted = {name: number * copies for name, number in manifest["rows"].items()}
    (large / "manifest.json").write_text(json.dumps(manifest | {"rows": counted}), encoding="utf-8")


def _changed(columns: list[str]) -> str:
    """Return the columns of a copy: ids and searched values with the number of the copy in them."""
    number = "lpad(k::VARCHAR, 3, '0')"
    told = []
    for column in columns:
        name = f'"{column}"'
        if column in _RECORD_IDS:
            told.append(f"regexp_replace({name}, ':', ':k' || {number} || '-') AS {name}")
        elif column == "alternates":  # JSON with ids of records in it
            told.append(
                f"""regexp_replace({name}, '"((billing|crm|web_signups)(/[a-z_]+)?):', """
                f"""'"\\1:k' || {number} || '-', 'g') AS {name}"""
            )
        elif column == "source_key":
            told.append(f"'k' || {number} || '-' || {name} AS {name}")
        elif column in _OTHER_IDS or column in _SEARCHED:
            told.append(f"{name} || {number} AS {name}")
        else:
            told.append(name)
    return ", ".join(told)
