"""A run reads the reference library: street data give +4 and outcomes, a mail house's answer gives moves."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dq.address.findings import FINDINGS, address_key, name_key
from dq.address.reference.city_state import load_city_state
from dq.address.reference.zip4 import load_zip4
from dq.model import TEXT
from dq.pipeline import RunPlan, run_standardize
from dq.pipeline.listening import Silence
from dq.pipeline.one_address import look_at
from dq.pipeline.plan import run_inputs
from dq.sample.usps import write_usps_sample
from dq.settings import load_settings
from dq.standards import load_standards
from tests.address.reference.loads import Desk
from tests.pipeline.runs import AS_OF, plan_of, table, write_csv


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library with a small synthetic ZIP+4 product and its City State product."""
    folder = tmp_path_factory.mktemp("usps")
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    write_usps_sample(3_000, 0, 5, folder / "product", standards.table)
    desk = Desk(folder / "library", standards)
    load_zip4(desk.order(folder / "product" / "zip4"))
    load_city_state(desk.order(folder / "product" / "ctystate"))
    return folder / "library"


def ranges(library: Path) -> pd.DataFrame:
    paths = sorted((library / "usps-zip4" / "ranges").glob("*.parquet"))
    return pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)


def plan_with(library: Path, source: Path, out: Path, **options: object) -> RunPlan:
    plan = plan_of([source], out, **options)
    return replace(plan, settings=replace(plan.settings, reference=library))


def streets(library: Path) -> list[list[str]]:
    """Return addresses whose number opens a street range, in the ZIP's own city."""
    known = ranges(library)
    cities = pd.read_parquet(library / "usps-citystate" / "cities.parquet")
    names = cities[cities["is_mailing_name"] == "Y"].drop_duplicates("zip5").set_index("zip5")["city"]
    chosen = known[(known["record_type"] == "S") & known["zip5"].isin(names.index)].head(60)
    parts = chosen[["low", "predirectional", "street", "suffix", "postdirectional"]].fillna("")
    lines = parts.agg(" ".join, axis=1).str.split().str.join(" ")
    rows = zip(lines, chosen["zip5"].map(names), chosen["state"], chosen["zip5"], strict=True)
    return [[str(at), f"Ann Zywicki{at}", *row] for at, row in enumerate(rows)]


HEADER = ["id", "name", "street", "city", "state", "zip"]


@pytest.mark.parametrize("part_rows", [25, 100_000])
def test_street_data_give_outcomes_whatever_the_parts(library: Path, tmp_path: Path, part_rows: int) -> None:
    rows = streets(library)
    rows += [["x1", "Bob Quill", "1 Nowhere Zzyzx Way", rows[0][3], rows[0][4], rows[0][5]]]
    rows += [["x2", "Cy Twombly", "Apartado 7", "", "", ""]]
    source = write_csv(tmp_path / "crm.csv", [HEADER, *rows])
    out = run_standardize(plan_with(library, source, tmp_path / "out", part_rows=part_rows), Silence()).out
    points = table(out, "contact_points.parquet").set_index("record_id")
    covered = points.loc[[f"crm:{row[0]}" for row in rows[:60]], "address_outcome"]
    assert covered.isin(["range_only", "confirmed", "no_delivery", "unit_missing", "building_default"]).mean() > 0.9
    assert points.loc["crm:x1", "address_outcome"] == "street_not_found"
    has_plus4 = points["zip4"].notna()
    assert has_plus4.sum() > 40
    assert points.loc[has_plus4, "address_evidence"].str.startswith("usps_zip4:").all()
    changes = table(out, "changes.parquet")
    assert (changes["reason"] == "zip4_added").sum() == has_plus4.sum()
    records = table(out, "records.parquet").set_index("record_id")
    assert records["zip4"].equals(points["zip4"].reindex(records.index))


def test_parts_do_not_decide(library: Path, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "crm.csv", [HEADER, *streets(library)])
    written = [
        run_standardize(plan_with(library, source, tmp_path / f"out{rows}", part_rows=rows), Silence()).out
        for rows in (25, 100_000)
    ]
    for name in ("contact_points", "changes", "records"):
        one, other = ((out / f"{name}.parquet").read_bytes() for out in written)
        assert one == other, name


def test_what_is_loaded_belongs_to_the_key_of_a_run(library: Path, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "crm.csv", [HEADER, *streets(library)[:1]])
    plan = plan_with(library, source, tmp_path / "out")
    standards = load_standards(plan.settings.standards, plan.settings.expectations)
    empty = replace(plan, settings=replace(plan.settings, reference=tmp_path / "nothing"))
    assert run_inputs(plan, standards) != run_inputs(empty, standards)


def test_a_move_is_a_new_address_with_dates(tmp_path: Path) -> None:
    source = write_csv(
        tmp_path / "crm.csv",
        [
            HEADER,
            ["1", "Ann Zywicki", "12 Oak Street", "Springfield", "IL", "62704"],
            ["2", "Bob Quillfeather", "12 Oak Street", "Springfield", "IL", "62704"],
        ],
    )
    first = run_standardize(plan_with(tmp_path / "library", source, tmp_path / "first"), Silence()).out
    points = table(first, "contact_points.parquet")
    moved = {
        "address_key": points["address_key"].iloc[0],
        "name_key": name_key(pd.Series(["ZYWICKI|ANN"])).iloc[0],
        "source": "bureau",
        "evidence_on": "2026-11-01",
        "outcome": "moved",
        "move_type": "individual",
        "move_on": "2026-06",
        "new_line1": "7 ELM AVE",
        "new_city": "CHICAGO",
        "new_state": "IL",
        "new_zip5": "60601",
    }
    folder = tmp_path / "library" / "findings"
    folder.mkdir(parents=True)
    pd.DataFrame([moved], columns=list(FINDINGS)).astype(TEXT).to_parquet(folder / "bureau.parquet")
    second = run_standardize(plan_with(tmp_path / "library", source, tmp_path / "second"), Silence()).out
    points = table(second, "contact_points.parquet")
    of_ann = points[points["record_id"] == "crm:1"].sort_values("contact_point_id")
    assert of_ann[["address_line1", "address_outcome"]].fillna("").values.tolist()[0] == ["12 OAK ST", "moved"]
    assert of_ann["valid_to"].iloc[0] == of_ann["valid_from"].iloc[1] == "2026-06-01"
    assert of_ann["address_line1"].iloc[1] == "7 ELM AVE"
    assert points.loc[points["record_id"] == "crm:2", "address_line1"].tolist() == ["12 OAK ST"]
    records = table(second, "records.parquet").set_index("record_id")
    assert records.loc["crm:1", "address_line1"] == "7 ELM AVE"


def test_one_address_is_told_what_the_library_knows(library: Path) -> None:
    settings = replace(load_settings(), reference=library)
    standards = load_standards(settings.standards, settings.expectations)
    _, _, line, city, state, zip5 = streets(library)[0]
    found = look_at(f"{line}, {city} {state} {zip5}", settings, standards, AS_OF)
    assert found.row["address_outcome"] in ("range_only", "confirmed", "no_delivery")
    assert found.details
    json.dumps(found.row)
    plain = look_at("742 evergreen terr apt 2b springfield il 62704", settings, standards, AS_OF)
    assert plain.row["address_line1"] == "742 EVERGREEN TER APT 2B"


def test_the_key_of_an_address_is_that_before_corrections(tmp_path: Path) -> None:
    source = write_csv(
        tmp_path / "crm.csv", [HEADER, ["1", "Ann Zywicki", "12 Oka Street", "Springfield", "IL", "62704"]]
    )
    first = run_standardize(plan_with(tmp_path / "library", source, tmp_path / "first"), Silence()).out
    key = table(first, "contact_points.parquet")["address_key"].iloc[0]
    said = {
        "address_key": key,
        "source": "smarty",
        "evidence_on": "2026-11-01",
        "outcome": "confirmed",
        "corrections": json.dumps([["address_line1", "12 OKA ST", "12 OAK ST", "smarty:M"]]),
    }
    folder = tmp_path / "library" / "findings"
    folder.mkdir(parents=True)
    pd.DataFrame([said], columns=list(FINDINGS)).astype(TEXT).to_parquet(folder / "smarty.parquet")
    points = table(
        run_standardize(plan_with(tmp_path / "library", source, tmp_path / "second"), Silence()).out,
        "contact_points.parquet",
    )
    assert points["address_line1"].tolist() == ["12 OAK ST"]
    assert points["address_key"].tolist() == [key] != address_key(points).tolist()
