"""In a run: addresses and ranges cut into parts by ZIP give what they give at once."""

from pathlib import Path

import pandas as pd
import pytest

from dq.address.range_match import (
    ADDRESSES,
    AREAS_OF_CITIES,
    RANGES,
    TRIED,
    answer,
    ask_elsewhere,
    settle,
    verify_addresses,
)
from dq.engine import LocalEngine, Parts, bounds_of, join_parts, paths_of
from dq.engine.parts import read_part, to_arrow, write_part
from tests.address.range_match.springfield import aliases, file, places
from tests.address.range_match.worlds import addresses, cases, standards

ORDER = ("zip5", "address_key")


def asked() -> pd.DataFrame:
    rows = [
        {"address_line1": case["line1"], "address_line2": case["line2"] or None, "city": case["city"]}
        | {"zip5": case["zip5"] or None}
        for case in cases("range_choice.csv")
        if not case["firm"]
    ]
    return addresses(*rows).drop_duplicates("address_key")


def in_parts(engine: LocalEngine, given: dict[str, list[Path]], range_rows: int) -> pd.DataFrame:
    """What a run does: cut by the ranges, answer, try other ZIPs, settle."""

    def beside_their_ranges(query: str, source: dict[str, list[Path]], stage: str) -> Parts:
        found = engine.sql(query, source, ORDER, stage=f"{stage}_all", table="addresses")
        tables = {"addresses": paths_of(found, "addresses"), "ranges": given["ranges"]}
        ranges = engine.sql(RANGES, tables, ("zip5",), stage=stage, table="ranges", key="zip5", rows=range_rows)
        bounds = bounds_of(ranges, "ranges", "zip5")
        cut = engine.sql(query, source, ORDER, stage=stage, table="addresses", key="zip5", bounds=bounds)
        return join_parts(cut, ranges)

    files = {"cities": given["cities"], "aliases": given["aliases"]}
    parts = beside_their_ranges(ADDRESSES, {"contact_points": given["contact_points"]}, "own_zip")
    answers = engine.map(answer, parts, standards(), stage="answers", shared=files)
    areas = engine.sql(AREAS_OF_CITIES, {"cities": given["cities"]}, ("zip5", "city"), stage="areas", table="areas")
    tried = engine.map(ask_elsewhere, answers, standards(), stage="tried", shared={"areas": paths_of(areas, "areas")})
    again = beside_their_ranges(TRIED, {"addresses": paths_of(tried, "addresses")}, "other_zips")
    others = engine.map(answer, again, standards(), stage="other_answers", shared=files)
    shared = {"elsewhere": paths_of(others, "answers"), "cities": given["cities"]}
    findings = engine.map(settle, answers, standards(), stage="findings", shared=shared)
    return pd.concat([read_part(part)["findings"] for part in findings], ignore_index=True)


@pytest.mark.parametrize("range_rows", [10, 1_000])
def test_parts_give_what_memory_gives(tmp_path, range_rows):
    points = asked().assign(kind="address", country="US", firm=pd.NA)
    tables = {"contact_points": points, "ranges": file(), "cities": places(), "aliases": aliases()}
    for name, rows in tables.items():
        write_part(tmp_path / f"{name}.parquet", to_arrow(rows))
    given = {name: [tmp_path / f"{name}.parquet"] for name in tables}
    with LocalEngine(tmp_path / "work") as engine:
        found = in_parts(engine, given, range_rows)
    expected = verify_addresses(points, file(), standards(), places(), aliases())
    pd.testing.assert_frame_equal(found.sort_values("address_key", ignore_index=True), expected)
