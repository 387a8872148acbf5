"""A mailing: who is on a list stays out and why, coding and moves must be fresh, one piece goes to a household."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dq.errors import SettingsError
from dq.pipeline import run_check
from dq.pipeline.listening import Silence
from dq.pipeline.planning import convert_into
from tests.pipeline.runs import plan_of, write_csv

HEADER = ("Id", "First Name", "Last Name", "Company", "Email", "Phone", "Street", "City", "State", "Zip", "CASS Date",
          "NCOA-Date", "Do Not Mail")  # fmt: skip
OWEGO, BOWIE = ("Owego", "NY", "13827-1234"), ("Bowie", "MD", "20715-1234")
FRESH = ("2026-10-15", "2026-10-15")
PEOPLE = {
    "1": ("Sarah", "Linkous", "", "s.linkous@bluefin.com", "301-262-0148", "12 Pine Rd", *OWEGO, *FRESH, ""),
    "2": ("Brenda", "Caldwell", "", "b.cald@bluefin.com", "607-687-0122", "44 Birch Avenue", *OWEGO, *FRESH, ""),
    "3": ("Walter", "Hodges", "", "w.hodges@bluefin.com", "607-687-0133", "8 Cedar Ln", *OWEGO, *FRESH, ""),
    "4": ("Nora", "Whitfield", "", "nora.w@bluefin.com", "", "61 Spruce Court", *BOWIE, *FRESH, ""),
    "5": ("Irene", "Castillo", "", "irene.c@bluefin.com", "", "3 Aspen Dr", *BOWIE, *FRESH, "yes"),
    "6": ("Hugo", "Marsh", "", "h.marsh@bluefin.com", "", "29 Willow Way", *BOWIE, *FRESH, ""),
    "7": ("Ellen", "Marsh", "", "e.marsh@bluefin.com", "", "29 Willow Way", *BOWIE, *FRESH, ""),
    "8": ("Oscar", "Fenwick", "", "o.fen@bluefin.com", "", "5 Laurel St", *BOWIE, *FRESH, ""),
}
OWN = [("e-mail address",), ("S.Linkous@Bluefin.com",), ("nobody@bluefin.com",)]
CALLS = [("telephone",), ("(607) 687 0122",)]
DMA = [
    ("name", "address", "city", "state", "zip"),
    ("HODGES, WALTER", "8 CEDAR LANE", "OWEGO", "NY", "13827"),
    ("Marsh, Hugo", "29 willow way", "Bowie", "MD", "20715"),
    ("Other, Person", "5 Laurel Street", "Bowie", "MD", "20715"),
]
MOVED_OUT = [("street", "city", "state", "zip"), ("61 SPRUCE CT", "BOWIE", "MD", "20715")]
CASES = pd.read_csv(Path(__file__).parents[1] / "cases" / "mailing_dates.csv", dtype="str", keep_default_na=False)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Check eight people of one file and eleven of another, whose dates are those of the case table."""
    folder = tmp_path_factory.mktemp("mailing")
    people = write_csv(folder / "people.csv", [HEADER, *((key, *cells) for key, cells in PEOPLE.items())])
    words = [
        "Abbott", "Bristow", "Cottrell", "Dunlap", "Eldridge", "Fairbanks", "Goddard", "Hathaway", "Ingersoll",
        "Jardine", "Kimball",
    ]  # fmt: skip
    dated = [
        (f"d{place}", "Ruth", word, "", f"{word}@bluefin.com", "", f"{100 + 7 * place} Oak St", *OWEGO, *day, "")
        for place, (word, day) in enumerate(zip(words, CASES[["cass_date", "ncoa_date"]].to_numpy(), strict=True))
    ]
    dates = write_csv(folder / "dates.csv", [HEADER, *dated])
    lists = [
        write_csv(folder / f"{name}.csv", rows)
        for name, rows in (("own", OWN), ("calls", CALLS), ("dma", DMA), ("empty_houses", MOVED_OUT))
    ]
    plan = replace(plan_of([people, dates], folder / "out"), conversion=convert_into(["mailing"], suppress=lists))
    return run_check(plan, Silence()).out


def blockers_of(out: Path) -> pd.DataFrame:
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["conversion"][0]["target"] == "mailing"
    blockers, keys = pd.read_parquet(out / "blockers.parquet"), pd.read_parquet(out / "load_verdicts.parquet")
    assert set(blockers["row_id"]) <= set(keys["row_id"])
    return blockers


def test_who_is_on_a_list_stays_out_and_it_says_why(checked: Path) -> None:
    blockers = blockers_of(checked)
    said = blockers.loc[blockers["verdict"].eq("suppressed"), ["code", "value"]].fillna("")
    assert sorted(zip(said["code"], said["value"], strict=True)) == [
        ("ON_LIST", "calls.csv line 2: phone"),
        ("ON_LIST", "dma.csv line 2: name and address"),
        ("ON_LIST", "dma.csv line 3: name and address"),
        ("ON_LIST", "empty_houses.csv line 2: address"),
        ("ON_LIST", "own.csv line 2: e-mail"),
        ("SUPPRESSED", "true"),
    ]
    assert "SAME_HOUSEHOLD" not in set(blockers["code"]), "Hugo stays out, so that Ellen's is the one piece"


def test_customers_are_loaded_blocked_parked_or_suppressed(checked: Path) -> None:
    account = json.loads((checked / "manifest.json").read_text(encoding="utf-8"))["conversion"][0]
    assert {term: account[term] for term in ("customers", "would_load", "blocked", "parked", "suppressed")} == {
        "customers": 19, "would_load": 6, "blocked": 7, "parked": 0, "suppressed": 6,
    }  # fmt: skip
    target = json.loads((checked / "readiness.json").read_text(encoding="utf-8"))[0]
    assert target["headline"].endswith(
        "6 of 13 customers load into Mass mailing today (List for a mail house). 6 are suppressed."
    )


def test_coding_and_moves_are_fresh_on_the_day_of_the_run(checked: Path) -> None:
    blockers = blockers_of(checked)
    crosswalk = json.loads((checked / "check.json").read_text(encoding="utf-8"))["targets"][0]["troubles"]
    told = {one["code"]: one["rows"] for one in crosswalk if one["verdict"] == "reject"}
    assert told == {code: int(count) for code, count in CASES["expected"].value_counts().items() if code}
    assert set(blockers.loc[blockers["verdict"].eq("reject"), "check"]) == {
        "too_old",
        "required",
        "date_to_come",
        "bad_date",
    }


def test_a_list_needs_a_target_that_is_mailed(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "own.csv", OWN)
    with pytest.raises(SettingsError, match="lists that are mailed"):
        convert_into(["salesforce"], suppress=[one])
