"""Every page that somebody of any role is led to, every link and every form on it: without JavaScript, small, dark."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from dq.stewardship.queue import queue
from dq.store.cases import CaseFilter
from dq.web import WebSettings, create_app
from tests.browser.serving import browser, serving
from tests.browser.test_stewards_app import sign_in
from tests.web.homes import SECRET, URL, App, app_over
from tests.web.later import add_later_run
from tests.web.visiting import Journey, Visitor, routes_of

pytestmark = pytest.mark.system
__all__ = ["browser"]
ELSEWHERE = {
    "/static/{name}": "every page asks for it",
    "/sign-in/company": "tests/web/test_company.py: needs an identity provider",
    "/sign-in/company/back": "tests/web/test_company.py",
    "/sign-in/opening/{token}": "tests/cli/test_serve.py: a link that the terminal prints",
    "/jobs/{job_id}/files/{name}": "tests/browser/test_applying.py: needs a check that ran",
    "/rules/{rule_id}/force": "tests/web/test_working.py: offered once a rule has earned it",
    "/proposals/rules/{name:path}": "tests/web/test_deciding.py: offered once a decision for many is proposed",
}
"""Routes that nobody is led to here → where they are tried."""
FILES = ("/export/", "/static/", "/api/")
"""What is no page."""


@dataclass
class Visited:
    """A house in which everything was tried."""

    app: App
    journey: Journey
    visitors: dict[str, Visitor]


@pytest.fixture(scope="module")
def visited(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    """Walk through a house of two runs as nobody, a steward, a lead, an administrator and a viewer."""
    home = shutil.copytree(sample_home, tmp_path_factory.mktemp("every-page") / "home")
    app = app_over(home, WebSettings(SECRET, URL))
    add_later_run(app, home)
    cases = queue(app.house, app.actor("maria"), CaseFilter(), limit=4).cases
    merged = app.house.tables(cases[0].last_run_id).sql(
        "SELECT golden_id FROM identities GROUP BY golden_id HAVING count(*) > 2 ORDER BY golden_id LIMIT 1"
    )
    abouts = [f"/cases/{case.case_id}/about" for case in cases]
    starts = {"maria": abouts, "lee": [f"/golden/{merged[0]['golden_id']}", f"/cases/{cases[0].case_id}"]}
    journey = Journey(routes_of(app.open().app))
    visitors = {}
    with pytest.MonkeyPatch.context() as patched:
        # Work in the background waits for ever: what can be done with it does not depend on how fast it is.
        patched.setattr(app.open().app.state.jobs._pool, "submit", lambda *_: None)  # type: ignore[attr-defined]
        Visitor(journey, "nobody", app.open(), ["/sign-in"]).walk()
        for name in ("maria", "lee", "ann", "vic"):
            visitors[name] = Visitor(journey, name, app.signed_in(name), starts.get(name, ()))
            visitors[name].walk()
            visitors[name].leave()
    yield Visited(app, journey, visitors)
    app.house.store.close()


def test_every_link_leads_somewhere_and_every_form_answers(visited: Visited) -> None:
    assert not visited.journey.faults, "\n".join(visited.journey.faults)


def test_no_page_and_no_form_is_left_out(visited: Visited) -> None:
    own = [route for route in visited.journey.routes if not route.path.startswith("/api/")]
    pages = {route.path for route in own if "GET" in (route.methods or ())} - set(visited.journey.opened)
    forms = {route.path for route in own if "POST" in (route.methods or ())} - visited.journey.taken
    assert pages | forms == set(ELSEWHERE)


@pytest.mark.parametrize(("scheme", "names"), [("light", ("lee", "vic")), ("dark", ("maria", "ann"))])
def test_every_page_can_be_read_on_a_telephone(
    browser: Browser, visited: Visited, scheme: str, names: tuple[str, ...]
) -> None:
    app, faults = visited.app, []
    made = lambda url: create_app(app.house, WebSettings(SECRET, url), app.clock, jobs=app.open().app.state.jobs)  # type: ignore[attr-defined]  # noqa: E731
    with serving(made) as address:
        for name in names:
            context = browser.new_context(
                base_url=address,
                color_scheme=scheme,  # type: ignore[arg-type]
                viewport={"width": 390, "height": 844},
            )
            page = context.new_page()
            told = _complaints(page, address)
            sign_in(page, name)
            for path in pages_of(visited.visitors[name]):
                faults += [f"{name}, {path}: {fault}" for fault in _faults(page, path)]
                faults += [f"{name}, {path}: {one}" for one in told]
                told.clear()
            context.close()
    assert not faults, "\n".join(faults)


def pages_of(visitor: Visitor) -> list[str]:
    """Return one address of each route that somebody opened and that is a page."""
    found: dict[str, str] = {}
    for address in visitor.opened:
        route = visitor.journey.route(address)
        if not route.startswith(FILES):
            found.setdefault(route, address.partition("#")[0])
    return list(found.values())


def _complaints(page: Page, address: str) -> list[str]:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(address) else told.append(asked.url))
    return told


def _faults(page: Page, path: str) -> list[str]:
    answer = page.goto(path)
    assert answer is not None
    if answer.status == 404 and urlsplit(path).path.startswith(("/jobs/", "/cases/", "/cards/")):
        return []  # it ended meanwhile
    found = [] if answer.status < 400 else [f"answers {answer.status}"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found += [f"{wide} pixels too wide"] if wide > 0 else []
    found += page.evaluate(FAULTS)
    page.keyboard.press("Tab")  # from now on the focus shows, as for somebody who uses keys
    found += page.evaluate(UNSEEN)
    return found


UNSEEN = """() => {
  const faults = new Set();
  const stops = 'a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary';
  for (const control of document.querySelectorAll(stops)) {
    if (control.hidden || !control.checkVisibility()) continue;
    control.focus({preventScroll: true});
    const style = getComputedStyle(control);
    if (document.activeElement !== control) faults.add(`out of reach of keys: ${control.outerHTML.slice(0, 80)}`);
    else if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)
      faults.add(`focus does not show: ${control.outerHTML.slice(0, 80)}`);
  }
  return [...faults];
}"""
"""Controls that keys do not reach, or on which the focus cannot be seen (WCAG 2.2, 2.1.1 and 2.4.7)."""


FAULTS = """() => {
  const faults = [];
  // color(srgb 1 .9 .8 / .5) counts from 0 to 1, rgb(255, 230, 204) to 255.
  const channels = text => (text.match(/[\\d.]+/g) || []).map(Number)
    .map((value, place) => text.startsWith('color(') && place < 3 ? value * 255 : value);
  const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > .5) return color;
    }
    return [255, 255, 255];
  };
  for (const element of document.querySelectorAll('main *, .side *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(element);
    if (!own || element.closest('.unseen, svg, option, template, [disabled]')) continue;
    const [a, b] = [light(channels(style.color)), light(behind(element))].sort((x, y) => y - x);
    const contrast = (a + .05) / (b + .05);
    const large = parseFloat(style.fontSize) >= 24;
    const told = element.textContent.trim().slice(0, 40);
    if (contrast < (large ? 3 : 4.5)) faults.push(`contrast ${contrast.toFixed(2)} of "${told}"`);
  }
  for (const field of document.querySelectorAll('main input:not([type=hidden], [hidden]), main select, main textarea'))
    if (!field.labels.length) faults.push(`no label: ${field.name}`);
  for (const table of document.querySelectorAll('main table'))
    if (!table.caption || !table.querySelector('th[scope]')) faults.push('a table without caption or heads');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one first heading');
  if (!document.documentElement.lang || !document.title) faults.push('no language or title');
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) faults.push('an id stands twice');
  for (const control of document.querySelectorAll('main a, main button'))
    if (!control.textContent.trim() && !control.getAttribute('aria-label')) faults.push('a control without a name');
  return faults;
}"""
"""Contrast of every text by WCAG 2.2 (1.4.3), labels, tables, headings, ids."""
