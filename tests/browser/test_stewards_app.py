"""The stewards' app in a real browser against a real server: a morning from signing in to the audit."""

import os
import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from dq.operations.elsewhere import leaving_word
from dq.operations.jobs import Jobs
from dq.pipeline import RunPlan
from dq.pipeline.listening import Silence
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.deciding import decide_pair
from dq.stewardship.goals import Metric, set_goal, type_number
from dq.stewardship.house import House, open_house
from dq.stewardship.packs import make_pack
from dq.stewardship.people import user_named
from dq.stewardship.queue import queue
from dq.store.cases import CaseFilter
from dq.tables.reading.source import Source
from dq.web import WebSettings, create_app
from tests.browser.serving import browser, serving
from tests.pipeline.runs import AS_OF, sample_sources
from tests.web.homes import PASSWORD, SECRET, settings_of

pytestmark = pytest.mark.system
__all__ = ["browser"]
QUALITY = 45
"""Of a picture, of 100: letters are sharp, and all pictures together stay well under a megabyte."""
PICTURES = Path(__file__).parents[2] / "dq" / "web" / "pictures"
"""Pictures of the manual; `DQ_PICTURES=1` writes them anew."""


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(sample_home, tmp_path_factory.mktemp("browser") / "home")


@pytest.fixture(scope="module")
def house(home: Path) -> Iterator[House]:
    opened = open_house(settings_of(home))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(house: House, home: Path) -> Iterator[str]:
    """Serve the app on a free port of this machine."""
    jobs = Jobs(house, settings_of(home))
    with serving(lambda url: create_app(house, WebSettings(SECRET, url), jobs=jobs)) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Return a page that fails the test where the browser complains or asks another site."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url))
    yield opened
    context.close()
    assert [one for one in complaints if "status of 4" not in one] == []


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def shown(page: Page) -> str:
    return str(page.locator("[data-question]").first.get_attribute("data-question"))


def open_pairs(house: House) -> int:
    return queue(house, HOUSE, CaseFilter(kind=("possible_match",)), limit=1).total


def test_the_way_from_the_score_to_a_record(page: Page) -> None:
    sign_in(page, "lee")
    page.get_by_role("link", name="Scorecard").click()
    expect(page.get_by_role("heading", name="How good the customer data are")).to_be_visible()
    page.get_by_role("link", name="Address has a street").first.click()
    page.get_by_role("link", name="Show the records").click()
    page.locator("main table tbody a").first.click()
    expect(page.get_by_role("heading", name="What it says")).to_be_visible()
    expect(page.get_by_text("Open where it was typed")).to_be_visible()


def test_ten_pairs_by_keyboard_and_one_taken_back(page: Page, house: House) -> None:
    sign_in(page, "lee")
    before = open_pairs(house)
    assert before > 10
    page.goto("/matches")
    decided = []
    for number in range(10):
        current = shown(page)
        decided.append(current)
        ahead = page.evaluate(
            "document.querySelector('template[data-ahead]')?.content.firstElementChild?.dataset.question"
        )
        assert ahead
        assert ahead != current
        # The next question is there before the server has answered: measured inside the browser, from the key on.
        took = page.evaluate(
            """key => { const begun = performance.now();
                 document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
                 return [performance.now() - begun, document.querySelector('[data-question]').dataset.question]; }""",
            "sd"[number % 2],
        )
        assert took[1] == ahead
        expect(page.locator("[data-said]")).to_contain_text("Saved")
        page.wait_for_function("document.querySelector('template[data-ahead]') !== null")
        page.evaluate("document.querySelector('[data-said]').textContent = ''")
    assert len(set(decided)) == 10
    assert open_pairs(house) == before - 10
    page.reload()
    page.keyboard.press("z")
    expect(page.locator("[data-said]")).to_contain_text("Taken back")
    assert shown(page) == decided[-1]
    assert open_pairs(house) == before - 9


def test_many_are_decided_after_a_look_and_opened_again(page: Page, house: House) -> None:
    sign_in(page, "lee")
    rule = queue(house, HOUSE, CaseFilter(kind=("missing_value",)), limit=1).cases[0].rule_id
    wanted = CaseFilter(rule_id=(rule,))
    before = queue(house, HOUSE, wanted, limit=1).total
    page.goto(f"/queue?rule={rule}")
    page.get_by_role("link", name="Decide for all of these").click()
    expect(page.get_by_role("heading", name=re.compile(f"^{before:,} cases:"))).to_be_visible()
    left_out = page.locator("input[name=leave]").first
    case_id = str(left_out.get_attribute("value"))
    left_out.check()
    page.get_by_label("Decision for all of them").select_option("resolve:no_better_value")
    page.get_by_label("Name of this decision").fill("nobody knows")
    page.get_by_role("button", name=re.compile("^Decide ")).click()
    expect(page.get_by_text(f"{before - 1:,} cases decided; later runs follow")).to_be_visible()
    assert [case.case_id for case in queue(house, HOUSE, wanted).cases] == [case_id]
    row = page.get_by_role("row", name=re.compile("nobody knows"))
    row.get_by_label("open its cases again").check()
    row.get_by_role("button", name="End it").click()
    expect(page.get_by_text("What it decided is open again.")).to_be_visible()
    assert queue(house, HOUSE, wanted, limit=1).total == before


def test_keys_do_nothing_while_somebody_types(page: Page, house: House) -> None:
    sign_in(page, "lee")
    before = open_pairs(house)
    page.goto("/report")
    page.get_by_label("What is wrong").press_sequentially("sdu")
    expect(page.get_by_label("What is wrong")).to_have_value("sdu")
    assert open_pairs(house) == before


def test_another_departments_record_is_refused(page: Page, house: House) -> None:
    sign_in(page, "maria")
    row = house.tables(queue(house, HOUSE, CaseFilter(), limit=1).cases[0].last_run_id).sql(
        "SELECT record_id FROM identities WHERE department = 'finance' LIMIT 1"
    )[0]
    answer = page.goto(f"/records/{row['record_id']}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("it may belong to another department")).to_be_visible()


def test_everything_works_without_javascript(browser: Browser, address: str, house: House) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "lee")
    before = open_pairs(house)
    page.goto("/matches")
    first = shown(page)
    page.get_by_role("button", name="Different").first.click()
    expect(page.get_by_text("Saved: different customers.")).to_be_visible()
    assert shown(page) != first
    assert open_pairs(house) == before - 1
    context.close()


SHOWN = {
    "sign-in": ("", "/sign-in", "light"),
    "today": ("lee", "/today", "light"),
    "matches": ("lee", "/matches", "light"),
    "matches-dark": ("lee", "/matches", "dark"),
    "card": ("lee", "card", "light"),
    "case": ("lee", "case", "light"),
    "queue": ("lee", "/queue", "light"),
    "bulk": ("lee", "/bulk?kind=possible_match&source=crm", "light"),
    "scorecard": ("lee", "/scorecard", "light"),
    "scorecard-dark": ("lee", "/scorecard", "dark"),
    "rule": ("lee", "/scorecard/rules/address_has_a_street", "light"),
    "rules": ("lee", "/rules", "light"),
    "records": ("lee", "/records?rule=phone_is_possible", "light"),
    "record": ("lee", "record", "light"),
    "golden": ("lee", "golden", "light"),
    "run": ("lee", "run", "light"),
    "goals": ("lee", "/goals", "light"),
    "readiness": ("lee", "/readiness", "light"),
    "parked": ("lee", "/parked", "light"),
    "standards": ("lee", "/standards", "light"),
    "jobs": ("lee", "/jobs", "light"),
    "packs": ("lee", "/packs", "light"),
    "usage": ("lee", "/usage", "light"),
    "reasons": ("lee", "/reasons", "light"),
    "people": ("ann", "/people", "light"),
    "audit": ("ann", "/audit", "light"),
    "account": ("ann", "/account", "light"),
}
TALL = {"usage": 1040, "goals": 860}
"""Pages of which the first screen would cut a table in two: how high they are drawn."""
WIDE = {"records": 1400}
"""Pages of which a usual window would cut off a column: how wide they are drawn."""


def test_every_page_is_drawn(browser: Browser, address: str, house: House, home: Path, tmp_path: Path) -> None:
    folder = PICTURES if os.environ.get("DQ_PICTURES") else tmp_path
    folder.mkdir(exist_ok=True)
    places = _places(house)
    lee = user_named(house, "lee").actor
    make_pack(house, lee, "maria", "today", at=datetime.now(UTC))
    _aim(house, lee)
    case = queue(house, lee, CaseFilter(kind=("possible_match",)), limit=1, offset=3).cases[0]
    decide_pair(house, lee, case.case_id, "DIFFERENT", version=case.version, at=datetime.now(UTC), seconds=6)
    extracts = tuple(Source(path.name.partition(".")[0], path) for path in sample_sources(home / "again", 10))
    night = RunPlan(extracts, home / "night", settings_of(home), AS_OF)
    with leaving_word(night, Silence()) as listener:
        listener.begin("match")
        listener.advance("pairs", 2, 3)
        for name, (who, path, scheme) in SHOWN.items():
            picture = folder / f"{name}.webp"
            _draw(
                browser,
                address,
                picture,
                who,
                places.get(path, path),
                scheme,
                (WIDE.get(name, 1120), TALL.get(name, 720)),
            )
            # A blank page compresses to a few kilobytes; text does not.
            assert picture.stat().st_size > 5_000, name


def _aim(house: House, lee: Actor) -> None:
    """Give the page of goals something to show: two goals, and a number of the business on three days."""
    now = datetime.now(UTC)
    due = now.date() + timedelta(days=90)
    set_goal(house, lee, "Fewer wrong values", Metric(dimension="validity"), 98, due, "maria", at=now)
    set_goal(house, lee, "Clean Texas", Metric(segment="state=TX"), 95, due, "finn", at=now)
    for month, count in ((8, 164), (9, 131), (10, 118)):
        type_number(house, lee, "returned mail", date(2026, month, 28), count, at=now)


def _draw(
    browser: Browser, address: str, picture: Path, who: str, path: str, scheme: str, size: tuple[int, int]
) -> None:
    """Write what somebody sees as WebP, a third of the bytes that JPEG takes for text as sharp."""
    context = browser.new_context(
        base_url=address,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": size[0], "height": size[1]},
    )
    page = context.new_page()
    if who:
        sign_in(page, who)
    page.goto(path)
    page.screenshot()  # waits until the page is drawn; asked for a picture before that, Chromium refuses now and then
    taken = context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    picture.write_bytes(b64decode(taken["data"]))
    context.close()


def test_the_manual_shows_every_page() -> None:
    manual = (PICTURES.parent / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\(pictures/([\w-]+)\.webp\)", manual))
    assert named == set(SHOWN) == {path.stem for path in PICTURES.glob("*.webp")}
    assert sum(path.stat().st_size for path in PICTURES.glob("*.webp")) < 1_000_000


def _places(house: House) -> dict[str, str]:
    """Return addresses of things that are named by ids."""
    cases = queue(house, HOUSE, CaseFilter(), limit=500).cases
    run = cases[0].last_run_id
    record = next(case for case in cases if case.rule_id and case.record_id)
    merged = house.tables(run).sql(
        "SELECT golden_id FROM identities GROUP BY golden_id HAVING count(*) > 2 ORDER BY golden_id LIMIT 1"
    )
    cards = [case.card_id for case in cases]
    card = max(cards, key=lambda name: (cards.count(name), name))
    return {
        "card": f"/cards/{quote(card, safe='')}",
        "case": f"/cases/{record.case_id}/about",
        "record": f"/records/{quote(record.record_id, safe='')}",
        "golden": f"/golden/{merged[0]['golden_id']}",
        "run": f"/runs/{run}",
    }
