"""Decisions made in a browser, applied by a lead, and honoured by the run that follows; a file checked by itself."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from dq.operations.jobs import Jobs
from dq.stewardship.actor import HOUSE
from dq.stewardship.house import House, open_house, run_of
from dq.stewardship.queue import case_of, queue
from dq.store.cases import Case, CaseFilter
from dq.web import WebSettings, create_app
from tests.browser.serving import browser, serving
from tests.browser.test_stewards_app import page, shown, sign_in
from tests.web.homes import SECRET, settings_of

pytestmark = pytest.mark.system
__all__ = ["browser", "page"]


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(sample_home, tmp_path_factory.mktemp("applying") / "home")


@pytest.fixture(scope="module")
def house(home: Path) -> Iterator[House]:
    opened = open_house(settings_of(home))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(house: House, home: Path) -> Iterator[str]:
    """Serve the app, with work in the background, on a free port of this machine."""
    jobs = Jobs(house, settings_of(home))
    with serving(lambda url: create_app(house, WebSettings(SECRET, url), jobs=jobs)) as url:
        yield url


def decide(page: Page, house: House, key: str) -> Case:
    """Decide the pair that the page shows, by a key."""
    current = shown(page)
    page.keyboard.press(key)
    expect(page.locator("[data-said]")).to_contain_text("Saved")
    page.evaluate("document.querySelector('[data-said]').textContent = ''")
    return case_of(house, HOUSE, current)


def apply(page: Page, decisions: str) -> None:
    """Start applying from the page and wait for the new run."""
    page.goto("/jobs")
    expect(page.get_by_text(decisions)).to_be_visible()
    page.get_by_role("button", name="Apply them now").click()
    expect(page.get_by_role("heading", name="Applying decisions")).to_be_visible()
    expect(page.get_by_role("link", name="See the new run")).to_be_visible(timeout=240_000)


def golden_ids(house: House) -> dict[str, str]:
    path = house.runs_folder / str(run_of(house)["run_id"]) / "crosswalk.csv"
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    return dict(zip(rows["record_id"], rows["golden_id"], strict=True))


def asked(house: House) -> set[str]:
    return {case.case_id for case in queue(house, HOUSE, CaseFilter(kind=("possible_match",)), limit=1000).cases}


def test_the_next_run_honours_what_was_decided(page: Page, house: House) -> None:
    before = str(run_of(house)["run_id"])
    sign_in(page, "lee")
    page.goto("/jobs")
    expect(page.get_by_text("No decision waits")).to_be_visible()
    page.goto("/matches")
    same, different = decide(page, house, "s"), decide(page, house, "d")
    apply(page, "2 decisions wait")
    assert str(run_of(house)["run_id"]) != before
    ids = golden_ids(house)
    assert ids[same.record_id] == ids[same.record_id_r]
    assert ids[different.record_id] != ids[different.record_id_r]
    assert not {same.case_id, different.case_id} & asked(house)
    page.get_by_role("link", name="See the new run").click()
    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    page.goto(f"/golden/{ids[same.record_id]}")
    for record_id in (same.record_id, same.record_id_r):
        expect(page.get_by_text(record_id).first).to_be_visible()
    # The night after, with another decision: what was decided is not asked again.
    page.goto("/matches")
    assert shown(page) not in {same.case_id, different.case_id}
    third = decide(page, house, "d")
    apply(page, "1 decision waits")
    assert not {same.case_id, different.case_id, third.case_id} & asked(house)
    assert golden_ids(house)[same.record_id] == ids[same.record_id]
    page.goto("/jobs")
    expect(page.get_by_text("No decision waits")).to_be_visible()


def test_a_file_is_checked_by_itself(page: Page, house: House, home: Path) -> None:
    runs = list(house.runs_folder.iterdir())
    sign_in(page, "lee")
    page.goto("/jobs")
    page.get_by_label("A table of customers").set_input_files(home / "extracts" / "web_signups.csv")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="Checking web_signups.csv")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    link = page.get_by_role("link", name="golden.csv")
    expect(link).to_be_visible(timeout=240_000)
    with page.expect_download() as download:
        link.click()
    assert b"golden_id" in download.value.path().read_bytes()[:200]
    assert list(house.runs_folder.iterdir()) == runs
    assert not list((home / "var" / "jobs").rglob("upload"))
