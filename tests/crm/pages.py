"""What a page asks for: its forms, read as a browser would fill and send them."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea" and name:
            self.values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = given.get("value", "")
        elif tag == "input" and name and kind not in ("checkbox", "radio", "submit", "file"):
            self.values[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def form_values(page: str) -> Mapping[str, str]:
    """Return what the forms of a page would send untouched: hidden and preset values, and selected options."""
    form = _Form()
    form.feed(page)
    return form.values


def errors_said(page: str) -> list[str]:
    """Return what the page says is wrong with what was sent."""
    lists = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", text).strip() for text in lists]
