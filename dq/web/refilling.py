"""Fills a form of a page with what was typed into it and says at its fields what is wrong. Text in, text out.

Works on the page as it was drawn, so that every form of every template has it without a word of its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

PAGE: Final = "from_page"
"""Field that forms of a page shown again carry: where the page is. Its own address is now that of the refused form."""
KEPT_BY_THE_PAGE: Final = frozenset({"hidden", "password", "file", "submit", "button"})
"""Kinds of input that are never filled: what the page says of itself (a version!), secrets, files, buttons."""
TICKED: Final = frozenset({"checkbox", "radio"})
Attributes = Sequence[tuple[str, str | None]]


@dataclass
class _Control:
    """A control of a form: where its text begins and ends, and where something may be said about it."""

    tag: str
    attributes: dict[str, str | None]
    begin: int
    end: int
    after: int = 0
    options: list["_Control"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        return (self.attributes.get("type") or "text") if self.tag == "input" else self.tag


@dataclass
class _Form:
    """A form: where it ends its opening tag, where it leads, what it holds, and what has to be open to see it."""

    end: int
    actions: set[str]
    controls: list[_Control] = field(default_factory=list)
    closed: list[_Control] = field(default_factory=list)


class _Reader(HTMLParser):
    """Finds the forms of a page and where everything in them stands."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.forms: list[_Form] = []
        self.main = 0
        self._lines = [0]
        for line in page.split("\n"):  # as the parser counts; splitlines knows more ends of lines
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._page = page
        self._form: _Form | None = None
        self._select: _Control | None = None
        self._label: list[_Control] | None = None
        self._text: _Control | None = None
        self._details: list[_Control] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        begin = self._here()
        found = _Control(tag, dict(attrs), begin, begin + len(self.get_starttag_text() or ""))
        found.after = found.end
        if tag == "main" and not self.main:
            self.main = found.end
        elif tag == "details":
            self._details.append(found)
        elif tag == "form" and (found.attributes.get("method") or "").lower() == "post":
            closed = [one for one in self._details if "open" not in one.attributes]
            self._form = _Form(found.end, {found.attributes.get("action") or ""}, closed=closed)
            self.forms.append(self._form)
        elif self._form is not None:
            self._inside(self._form, found)

    def _inside(self, form: _Form, found: _Control) -> None:
        if found.tag == "button":
            form.actions.add(found.attributes.get("formaction") or "")
        elif found.tag == "label":
            self._label = []
        elif found.tag == "option" and self._select is not None:
            self._select.options.append(found)
        elif found.tag in ("input", "select", "textarea"):
            form.controls.append(found)
            if self._label is not None:
                self._label.append(found)
            self._select = found if found.tag == "select" else self._select
            self._text = found if found.tag == "textarea" else self._text

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        after = self._page.index(">", self._here()) + 1
        if tag == "form":
            self._form = None
        elif tag == "details" and self._details:
            self._details.pop()
        elif tag == "select" and self._select is not None:
            self._select.after, self._select = after, None
        elif tag == "textarea" and self._text is not None:
            self._text.after, self._text = after, None
        elif tag == "label":
            for control in self._label or ():
                control.after = after
            self._label = None

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def refilled(
    page: str, here: str, address: str, typed: Iterable[tuple[str, str]], wrong: Mapping[str, str], told: Sequence[str]
) -> str:
    """Return a page with a refused form filled in again.

    Args:
        page: The page as it is drawn anew.
        here: Its address.
        address: Path that the refused form was sent to.
        typed: Names and values that came, in the order of the form.
        wrong: Field → what is wrong with it; `value.2` is the third field of that name.
        told: What is said above the page; what is wrong with fields that the form does not show is added.

    >>> form = '<main><form method="post" action="/goals"><input type="date" name="by"></form></main>'
    >>> print(refilled(form, "/goals", "/goals", [("by", "soon")], {"by": "Give a day."}, ["Nothing was saved."]))
    <main><div class="notice bad" role="alert"><p><strong>Nothing was saved.</strong> Look at what is
    marked.</p></div>
    <form method="post" action="/goals"><input type="hidden" name="from_page" value="/goals"><input
    type="date" name="by" value="soon" aria-invalid="true" aria-describedby="wrong-by" autofocus><span class="wrong"
    id="wrong-by">Give a day.</span></form></main>
    """
    read = _Reader(page)
    values: dict[str, list[str]] = {}
    for name, value in typed:
        values.setdefault(name, []).append(value)
    form = _meant(read.forms, address, values)
    edits: list[tuple[int, int, str]] = []
    said: set[str] = set()
    for each in read.forms:
        edits.append((each.end, each.end, f'<input type="hidden" name="{PAGE}" value="{escape(here)}">'))
    if form is not None:
        edits += [(one.begin, one.end, _tag(one.tag, {**one.attributes, "open": None})) for one in form.closed]
        for edit in _filled(page, form, values, wrong, said):
            edits.append(edit)
    unseen = (f"{name.replace('_', ' ').capitalize()}: {text}" for name, text in wrong.items() if name not in said)
    sentences = [*told, *unseen, *(["Look at what is marked."] if said else [])]
    edits.append((read.main, read.main, _notice(sentences)))
    made, last = [], 0
    for begin, end, text in sorted(edits, key=lambda edit: edit[:2]):
        made += [page[last:begin], text]
        last = end
    return "".join([*made, page[last:]])


def _meant(forms: Sequence[_Form], address: str, values: Mapping[str, Sequence[str]]) -> _Form | None:
    """Return the form that was sent: of those that lead there the one that says most of the same about itself."""

    def likeness(form: _Form) -> int:
        hidden = [one for one in form.controls if one.kind == "hidden"]
        same = sum((one.attributes.get("value") or "") in values.get(one.name, ()) for one in hidden)
        return same + len({one.name for one in form.controls} & values.keys())

    led = [form for form in forms if any(urlsplit(action).path == address for action in form.actions)]
    return max(led, key=likeness, default=None)


def _filled(
    page: str, form: _Form, values: Mapping[str, Sequence[str]], wrong: Mapping[str, str], said: set[str]
) -> Iterable[tuple[int, int, str]]:
    """Yield what to write where; names that something was said at are added to `said`."""
    seen: Counter[str] = Counter()
    for control in form.controls:
        if "disabled" in control.attributes:
            continue
        place = seen[control.name]
        given = values.get(control.name, ())
        if control.kind not in TICKED:
            seen[control.name] += 1
        names = {control.name, f"{control.name}.{place}"} & wrong.keys() - said
        marks: dict[str, str | None] = {}
        if names and control.kind not in ("hidden", "submit"):
            name = names.pop()
            # A message without an index belongs to the first field of its name.
            mark = f"wrong-{name}"
            marks = {"aria-invalid": "true", "aria-describedby": mark} | ({} if said else {"autofocus": None})
            yield control.after, control.after, f'<span class="wrong" id="{escape(mark)}">{escape(wrong[name])}</span>'
            said.add(name)
        value = given[place] if place < len(given) else None
        yield from _with_value(page, control, given if control.kind in TICKED else value, marks)


def _with_value(
    page: str, control: _Control, value: str | Sequence[str] | None, marks: Mapping[str, str | None]
) -> Iterable[tuple[int, int, str]]:
    attributes = dict(control.attributes)
    if control.kind in TICKED:
        attributes.pop("checked", None)
        if (attributes.get("value") or "on") in (value or ()):
            attributes["checked"] = None
    elif control.tag == "input" and value is not None and control.kind not in KEPT_BY_THE_PAGE:
        attributes["value"] = str(value)
    yield control.begin, control.end, _tag(control.tag, {**attributes, **marks})
    if control.tag == "textarea" and value is not None:
        closing = page.rindex("</", 0, control.after) if control.after > control.end else control.end
        # The first line break of a text field is the page's own (HTML, 13.2.6.4.7): one that was typed needs another.
        yield control.end, closing, ("\n" if str(value)[:1] in ("\r", "\n") else "") + escape(str(value))
    # A choice that the list does not have leaves the list as it is.
    if value is not None and any(one.attributes.get("value") == value for one in control.options):
        for one in control.options:
            kept = {name: text for name, text in one.attributes.items() if name != "selected"}
            chosen: dict[str, str | None] = {"selected": None} if one.attributes.get("value") == value else {}
            yield one.begin, one.end, _tag("option", {**kept, **chosen})


def _tag(name: str, attributes: Mapping[str, str | None]) -> str:
    written = (f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{''.join(written)}>"


def _notice(sentences: Sequence[str]) -> str:
    first, *others = sentences
    told = f"<strong>{escape(first)}</strong>" + "".join(f" {escape(text)}" for text in others)
    return f'<div class="notice bad" role="alert"><p>{told}</p></div>\n'
