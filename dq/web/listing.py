"""Long lists: one page of rows, the links to the next, and facets that narrow the list by its address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request

PAGE_ROWS: Final = 50
"""Rows of a page: two screens, answered by the database in a few milliseconds."""
FURTHEST: Final = 1_000_000
"""Last page a list turns to; beyond it somebody is guessing, not reading."""


@dataclass(frozen=True)
class Listing:
    """One page of a long list.

    Attributes:
        rows: What is shown.
        total: Rows in all.
        first: Rows before these.
        previous: Address of the page before, empty on the first.
        next: Address of the page after, empty on the last.
    """

    rows: Sequence[Any]
    total: int
    first: int
    previous: str
    next: str
    size: int = PAGE_ROWS

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows)


@dataclass(frozen=True)
class Choice:
    """One value a list can be narrowed to."""

    name: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Narrowing:
    """What the address of a list says: its filters and its page.

    Attributes:
        path: Address without the query.
        values: Filter → value, those given only.
        page: Page shown, the first is 1.
    """

    path: str
    values: Mapping[str, str]
    page: int = 1

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * PAGE_ROWS

    def url(self, path: str = "", **changes: str | int) -> str:
        """Return the address with other filters; an empty value takes a filter away."""
        chosen = {**self.values, **{name: str(value) for name, value in changes.items()}}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return (path or self.path) + (f"?{query}" if query else "")

    def listing(self, rows: Sequence[Any], total: int) -> Listing:
        """Return the page with its neighbours."""
        return Listing(
            rows=rows,
            total=total,
            first=self.offset,
            previous=self.url(page=self.page - 1 if self.page > 2 else "") if self.page > 1 else "",
            next=self.url(page=self.page + 1) if self.offset + len(rows) < total else "",
        )

    def choices(self, name: str, counts: Iterable[tuple[str, int]], say: Callable[[str], str] = str) -> list[Choice]:
        """Return the values of a facet; choosing the chosen one takes it away."""
        chosen = self.values.get(name, "")
        return [
            Choice(
                say(value),
                count,
                self.url(**{name: "" if value == chosen else value}),
                value == chosen,
            )
            for value, count in counts
            if value
        ]


def narrowing(path: str, query: QueryParams, names: Sequence[str]) -> Narrowing:
    """Read the filters and the page of a list from an address; what is not known is left out."""
    values = {name: query[name] for name in names if query.get(name)}
    asked = query.get("page", "1")
    page = min(int(asked), FURTHEST) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    return Narrowing(path, values, max(1, page))


def narrowed(path: str, names: Sequence[str]) -> Callable[[Request], Narrowing]:
    """Return what reads the filters and the page of a list from a request, for a route to depend on."""

    def asked(request: Request) -> Narrowing:
        return narrowing(path, request.query_params, names)

    return asked
