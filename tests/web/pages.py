"""What a page offers somebody without mouse or script: its links, forms, labels and headings, read from its text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urljoin

EMPTY = frozenset({"input", "img", "link", "meta", "br", "hr"})
SILENT = frozenset({"hidden", "submit"})
"""Kinds of input that nobody types into."""


@dataclass
class Control:
    """Something to fill in."""

    tag: str
    said: dict[str, str]
    options: list[str] = field(default_factory=list)
    chosen: str | None = None
    text: str = ""

    @property
    def name(self) -> str:
        return self.said.get("name", "")

    @property
    def kind(self) -> str:
        return self.said.get("type", "text") if self.tag == "input" else self.tag

    @property
    def value(self) -> str:
        """What is sent when nobody touches it."""
        if self.tag == "select":
            return self.chosen if self.chosen is not None else next(iter(self.options), "")
        return self.text.removeprefix("\n") if self.tag == "textarea" else self.said.get("value", "")

    @property
    def is_typed(self) -> bool:
        """Whether it is a field for text, numbers or days."""
        return self.kind in {"text", "textarea", "number", "date", "password", "search", "email"}


@dataclass
class Form:
    """A form, with the buttons that send it: name, value and an address of their own."""

    action: str
    method: str
    page: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A page that was read."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.headings: list[int] = []
        self.notices: list[str] = []
        self.labels: set[str] = set()
        self.loose: list[Control] = []
        self.wrong: set[str] = set()
        self._within: list[tuple[str, dict[str, str]]] = []
        self._form: Form | None = None
        self._last: Control | None = None
        self._option: list[str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in said:
            self.links.append(urljoin(self.address, said["href"]))
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag == "label" and "for" in said:
            self.labels.add(said["for"])
        if "aria-invalid" in said:
            self.wrong.add(said.get("name", ""))
        if "notice" in said.get("class", "").split():
            self.notices.append(said.get("role", ""))
        if tag == "form":
            where = urljoin(self.address, said.get("action", ""))
            self._form = Form(where, said.get("method", "get").lower(), self.address)
            self.forms.append(self._form)
        elif tag == "button" and self._form is not None and "disabled" not in said:
            self._form.buttons.append(said)
        elif tag == "option" and self._last is not None:
            self._option = [said["value"]] if "value" in said else []
            if "selected" in said:
                self._last.chosen = said.get("value", "")
            if "value" in said:
                self._last.options.append(said["value"])
        elif tag in ("input", "select", "textarea"):
            self._control(Control(tag, said))
        if tag not in EMPTY:
            self._within.append((tag, said))

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop()[0] != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag in ("select", "textarea"):
            self._last = None

    def handle_data(self, data: str) -> None:
        inside = self._within[-1][0] if self._within else ""
        if inside == "textarea" and self._last is not None:
            self._last.text += data
        elif inside == "option" and self._option == [] and self._last is not None:
            self._last.options.append(data)
            self._option = [data]

    def _control(self, control: Control) -> None:
        if self._form is not None:
            self._form.controls.append(control)
        if control.tag != "input":
            self._last = control
        if (
            control.kind not in SILENT
            and "hidden" not in control.said
            and not any(w == "label" for w, _ in self._within)
        ):
            self.loose.append(control)

    @property
    def faults(self) -> list[str]:
        """What somebody who hears the page, or only has keys, stumbles over."""
        found = [
            f"no label: {control.name}"
            for control in self.loose
            if control.said.get("id", "") not in self.labels and "aria-label" not in control.said
        ]
        if self.headings.count(1) != 1:
            found.append(f"{self.headings.count(1)} first headings")
        # The menu has headings of its own before the page's.
        own = self.headings[self.headings.index(1) :] if 1 in self.headings else []
        found += [f"a heading {b} under a heading {a}" for a, b in pairwise(own) if b > a + 1]
        return found
