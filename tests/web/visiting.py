"""Somebody who opens every page they are led to and sends every form, as a browser without JavaScript does."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from httpx import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.testclient import TestClient

from tests.web.homes import NOW, PASSWORD, URL
from tests.web.pages import Control, Form, Page

LIKE = 2
"""Pages of one route, and of one name in its query, that are opened: another one seldom says anything else."""
LONG = "Zoë " * 2500
BUTTONS = 3
"""Buttons of one form that are pressed: a list may have one in every line."""
HOSTILE = {
    "empty": "",
    "long": LONG,
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}",
    "query": "x'; DROP TABLE cases; --",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "nul": "a\x00b\r\n\u202e💩",
}
"""What is typed into every field of a form: nothing, too much, and what means something to a machine."""


def routes_of(app: object) -> list[Route]:
    """Return the routes of an app, those of its routers too."""
    found: list[Route] = []

    def walk(routes: list[BaseRoute]) -> None:
        for route in routes:
            if isinstance(route, Route):
                found.append(route)
            else:
                walk(getattr(route, "original_router", route).routes)  # type: ignore[attr-defined]

    walk(app.routes)  # type: ignore[attr-defined]
    return found


@dataclass
class Journey:
    """What was seen and sent, by all visitors together.

    Attributes:
        opened: Route → addresses that answered with a page or a file.
        attacked: Shapes of forms into which hostile text was typed.
        taken: Routes of forms that were taken.
        refused: Routes of forms that were refused, honestly.
        faults: What was wrong.
    """

    routes: list[Route]
    opened: dict[str, list[str]] = field(default_factory=dict)
    attacked: set[tuple[str, ...]] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def route(self, address: str, method: str = "GET") -> str:
        """Return the route of an address; empty where it has none."""
        path = urlsplit(address).path
        scope = {"type": "http", "path": path, "method": method}
        return next((route.path for route in self.routes if route.matches(scope)[0] == Match.FULL), "")


class Visitor:
    """Somebody with a browser whose JavaScript is switched off."""

    def __init__(self, journey: Journey, name: str, browser: TestClient, starts: Sequence[str] = ()) -> None:
        self.journey = journey
        self.name = name
        self.browser = browser
        self.starts = starts
        self.workbook = b""
        self.known: dict[str, str] = {}
        self._seen: Counter[tuple[str, ...]] = Counter()
        self._asked: set[str] = set()
        self.opened: list[str] = []
        self._with_forms: list[str] = []
        self._sent: set[tuple[str, ...]] = set()

    def walk(self) -> None:
        """Open every page and send every form, until there is none that was not there before."""
        for _ in range(5):
            before = len(self._sent)
            pages = list(self._pages())
            for form in [form for page in pages for form in page.forms]:
                self._try(form)
            if len(self._sent) == before:
                return

    def leave(self) -> None:
        """Sign out."""
        answer = self.browser.post("/sign-out", headers={"referer": f"{URL}/"}, follow_redirects=False)
        self.journey.taken.add("/sign-out")
        if answer.headers.get("location") != "/sign-in" or self.browser.get("/", follow_redirects=False).is_success:
            self._fault("POST /sign-out", "leaves the session open")

    def _pages(self) -> Iterator[Page]:
        waiting = list(dict.fromkeys([*self._with_forms, *([] if self._asked else ["/", *self.starts])]))
        while waiting:
            address = waiting.pop(0)
            page = self._open(address)
            if page is None:
                continue
            if any(form.method == "post" and form.action != "/sign-out" for form in page.forms):
                self._with_forms.append(address)
            yield page
            filters = [form for form in page.forms if form.method == "get"]
            asked = [f"{one.action.partition('#')[0]}?{urlencode(self._filled(one, None)[0])}" for one in filters]
            waiting += [link.removeprefix(URL) for link in (*page.links, *asked) if self._is_new(link)]

    def _is_new(self, link: str) -> bool:
        address = link.removeprefix(URL).partition("#")[0]
        if not address.startswith("/") or address in self._asked:
            return False
        parts = urlsplit(address)
        route = self.journey.route(address)
        names = {pair.partition("=")[0] for pair in parts.query.split("&") if pair} or {""}
        self._asked.add(address)
        is_new = any(self._seen[route, name] < LIKE for name in names)
        self._seen.update((route, name) for name in names if is_new)
        return is_new

    def _open(self, address: str) -> Page | None:
        answer = self.browser.get(address)
        where = answer.url.raw_path.decode()
        if answer.status_code >= 400:
            self._fault(f"GET {address}", f"answers {answer.status_code}")
        else:
            self.opened.append(address)
        for each in [*answer.history, answer]:
            self.journey.opened.setdefault(self.journey.route(str(each.url.path)), []).append(address)
        return self._read(f"GET {address}", where, answer)

    def _read(self, what: str, where: str, answer: Response) -> Page | None:
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return None
        if "<script>alert" in answer.text or "<img src=x" in answer.text:
            self._fault(what, "what was typed runs")
        page = Page(where, answer.text)
        for fault in page.faults:
            self._fault(what, fault)
        for link in page.links:
            found = re.fullmatch(r"/records/([^?#]+)", link)
            if found:
                self.known.setdefault("record", found[1].replace("%3A", ":").replace("%2F", "/"))
        return page

    def _fault(self, what: str, fault: str) -> None:
        told = f"{self.name}: {what[:150]}: {fault}"
        if told not in self.journey.faults:
            self.journey.faults.append(told)

    # ---- forms ----------------------------------------------------------------------------------------------------
    def _try(self, form: Form) -> None:
        for number, button in enumerate(form.buttons or [{}]):
            if number >= BUTTONS:
                return
            address = button.get("formaction") or form.action
            route = self.journey.route(address, form.method.upper())
            names = sorted({control.name for control in form.controls if control.kind != "hidden"})
            shape = (form.method, route, str(number), *names)
            if shape in self._sent or route == "/sign-out":
                continue
            if shape not in self.journey.attacked and any(control.is_typed for control in form.controls):
                self.journey.attacked.add(shape)
                for kind, text in HOSTILE.items():
                    self._send(form, address, button, kind, {control.name: text for control in form.controls})
            fresh = self._again(form)
            if fresh is not None and self._send(fresh, address, button, "sensible", None):
                self._sent.add(shape)

    def _again(self, form: Form) -> Form | None:
        """Return a form as its page has it now: what was sent before may have changed or ended it."""
        page = Page(form.page, self.browser.get(form.page).text)
        alike = [one for one in page.forms if one.action == form.action and len(one.buttons) == len(form.buttons)]
        return next(iter(alike), None)

    def _send(
        self, form: Form, address: str, button: dict[str, str], kind: str, hostile: dict[str, str] | None
    ) -> bool:
        """Send a form; tell whether it was taken or refused for good, and not because somebody was quicker."""
        sent, files = self._filled(form, hostile)
        if "name" in button:
            sent.append((button["name"], button.get("value", "")))
        what = f"{form.method.upper()} {address} ({kind}, from {form.page})"
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        if form.method == "get":
            answer = self.browser.get(address, params=data)
            if answer.status_code >= 400 and (hostile is None or answer.status_code >= 500):
                self._fault(what, f"answers {answer.status_code}")
            self._read(what, str(answer.url.raw_path.decode()), answer)
            return True
        answer = self.browser.post(address, data=data, files=files or None, headers={"referer": URL + form.page})
        page = self._read(what, answer.url.raw_path.decode(), answer)
        route = self.journey.route(address, "POST")
        if answer.status_code >= 500:
            self._fault(what, f"answers {answer.status_code}")
        elif answer.status_code >= 400:
            self.journey.refused.add(route)
            self._refused(what, form, sent, answer, page)
            if hostile is None and answer.status_code != 409:
                told = re.search(r'role="alert">(.*?)</div>', answer.text, re.S)
                self._fault(what, f"is refused with {answer.status_code}: {told[1] if told else answer.text[-400:]}")
        else:
            self.journey.taken.add(route)
            moved = answer.history and urlsplit(answer.history[-1].headers["location"]).path != urlsplit(form.page).path
            if page is not None and not page.notices and not moved:
                self._fault(what, "is taken without a word")
            if answer.headers.get("content-type", "").endswith(".sheet"):
                self.workbook = answer.content
        return answer.status_code != 409

    def _refused(self, what: str, form: Form, sent: list[tuple[str, str]], answer: Response, page: Page | None) -> None:
        if page is None:
            self._fault(what, f"is refused with {answer.status_code} and no page")
            return
        same = [one for one in page.forms if one.action == form.action]
        if not page.notices:
            self._fault(what, f"is refused with {answer.status_code} on another page, and what was typed is lost")
        elif answer.status_code == 422 and same and not page.wrong:
            told = re.search(r'role="alert">(.*?)</div>', answer.text, re.S)
            self._fault(what, f"no field is named by {told and told[1]}")
        typed = sorted({control.name for control in form.controls if control.is_typed and control.kind != "password"})
        kept = [[c.value for c in one.controls if c.name in typed] for one in same]
        wanted = [value.replace("\r\n", "\n") for name, value in sent if name in typed]
        if same and wanted and sorted(wanted) not in [sorted(v.replace("\r\n", "\n") for v in one) for one in kept]:
            self._fault(what, "what was typed is not kept")

    def _filled(
        self, form: Form, hostile: dict[str, str] | None
    ) -> tuple[list[tuple[str, str]], dict[str, tuple[str, bytes]]]:
        sent: list[tuple[str, str]] = []
        files: dict[str, tuple[str, bytes]] = {}
        ticked: set[str] = set()
        for control in form.controls:
            if "disabled" in control.said or not control.name:
                continue
            if control.kind == "file":
                table = ("customers.csv", b"first_name,last_name,city\nAnn,Lee,Boise\n")
                is_pack = control.said.get("accept") == ".xlsx"
                files[control.name] = ("pack.xlsx", self.workbook) if is_pack and hostile is None else table
            elif control.kind in ("checkbox", "radio"):
                is_first = control.name not in ticked
                ticked.add(control.name)
                if "checked" in control.said or (hostile is None and is_first):
                    sent.append((control.name, control.said.get("value", "on")))
            elif hostile is not None and control.is_typed:
                sent.append((control.name, hostile[control.name]))
            else:
                sent.append((control.name, self._sensible(control)))
        return sent, files

    def _sensible(self, control: Control) -> str:
        if control.kind == "hidden":
            return control.value
        if control.tag == "select":
            if control.name == "delegate":
                return next(value for value in ("lee", "ann") if value != self.name)
            own = [value for value in control.options if value.startswith("override:")]  # a typed value is used
            return control.value or next(iter(own), "") or next((value for value in control.options if value), "")
        if control.name in ("old", "new", "password"):
            return PASSWORD
        if control.name == "login":
            return "vic"
        if control.kind == "date":
            return control.value or (NOW + timedelta(days=60)).date().isoformat()
        if control.kind == "number":
            return control.value or control.said.get("min") or "7"
        if control.name == "record":
            return self.known.get("record", "crm:1")
        if control.name == "title":
            return f"{control.value} as {self.name} says"
        if control.name == "departments":
            return control.value or "sales"
        if control.name == "value" and not control.value:
            return "Boise"
        if control.value or "required" not in control.said:
            return control.value
        return f"{control.name.replace('_', '-')}-{self.name}-{len(self._sent)}"
