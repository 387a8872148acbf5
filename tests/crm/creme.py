"""Creme over HTTP, as a person at a browser: sign in, import a CSV, read what the job says, export what is there."""

import io
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import httpx
import pandas as pd

from tests.crm.pages import errors_said, form_values

USER, PASSWORD = "root", "root"
"""Whom `creme_populate` makes."""

LISTS = {"Contact": "/persons/contacts", "Organisation": "/persons/organisations"}
"""Page with the list of an object; it names the object's number in this database."""

RUNNING = 1
"""Status of a job that waits or works; others are final."""

PATIENCE = 600.0
"""Seconds an import may take: Creme loads about 20 rows a second on one core."""


class CremeError(Exception):
    """Creme refused a form."""


@dataclass(frozen=True)
class Loaded:
    """What an import said.

    Attributes:
        job: Its number.
        created, updated: Rows it says it created and updated.
        errors: The rows it complains of, as in the file, and `Errors`, its words. A row in here may have been loaded
            all the same, without the value complained of: only an export tells.
    """

    job: int
    created: int
    updated: int
    errors: pd.DataFrame


class Creme:
    """A signed-in visit.

    Args:
        url: Where Creme listens.
    """

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, follow_redirects=True, timeout=120)
        self._numbers: dict[str, str] = {}
        self._send("/creme_login/", {"username": USER, "password": PASSWORD})

    def __enter__(self) -> "Creme":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def load(
        self,
        thing: str,
        path: Path,
        columns: Mapping[str, str],
        *,
        keys: Sequence[str] = (),
        searched: Mapping[str, str] | None = None,
    ) -> Loaded:
        """Import a CSV with a header line and wait until it is done.

        Args:
            thing: `Contact` or `Organisation`.
            path: The file.
            columns: Field of the import form (`last_name`, `billaddr_city`) to column of the file.
            keys: Fields by which a row updates what is there instead of creating.
            searched: For fields that refer to a list (`sector`): field to the column of that list to search (`title`).

        Raises:
            CremeError: A form was refused.
        """
        header = path.read_text(encoding="utf-8").splitlines()[0]
        places = {name: place for place, name in enumerate(pd.read_csv(io.StringIO(header)).columns, start=1)}
        with path.open("rb") as content:
            page = self._send(
                "/documents/document/add", {"title": path.stem}, files={"filedata": (path.name, content, "text/csv")}
            )
        document = _number_in(page, "document")
        address = f"/creme_core/mass_import/{self._number(thing)}"
        form = self._send(address, {"step": "0", "document": document, "has_header": "on"})
        untouched = dict(form_values(form.text))
        for field in list(untouched):
            if field.endswith("_colselect"):
                untouched[field] = "0"
        chosen: dict[str, str | list[str]] = {
            f"{field}_colselect": str(places[name]) for field, name in columns.items()
        }
        chosen |= {f"{field}_subfield": name for field, name in (searched or {}).items()}
        if keys:
            chosen["key_fields"] = list(keys)
        job = _number_in(self._send(address, {**untouched, **chosen}, filled=form), "job")
        self._wait(job)
        said = _text_of(self._http.get(f"/creme_core/job/{job}").text)
        return Loaded(int(job), _count(said, "created"), _count(said, "updated"), self._errors(job))

    def export(self, thing: str, fields: Sequence[str]) -> pd.DataFrame:
        """Return everything there is of an object, as text.

        Args:
            thing: `Contact` or `Organisation`.
            fields: Names such as `last_name`, `billing_address__city`; they head the columns of the result.
        """
        number = self._number(thing)
        view = f"all-{time.monotonic_ns()}"
        cells = ",".join(f"regular_field-{field}" for field in fields)
        self._send(f"/creme_core/header_filter/add/{number}", {"name": view, "cells": cells, "is_private": ""})
        listed = self._http.get(LISTS[thing]).text
        option = re.search(rf'value="([^"]+)"[^>]*>\s*{view}\s*<', listed)
        if option is None:
            raise CremeError(f"the view {view} was not made")
        asked = {"ct_id": number, "type": "csv", "hfilter": option.group(1), "sort_key": f"regular_field-{fields[0]}"}
        answer = self._http.get("/creme_core/mass_export", params={**asked, "sort_order": "ASC"})
        answer.raise_for_status()
        rows = pd.read_csv(io.BytesIO(answer.content), dtype=str, keep_default_na=False, encoding="utf-8")
        rows.columns = pd.Index(fields)
        return rows

    def _errors(self, job: str) -> pd.DataFrame:
        answer = self._http.get(f"/creme_core/mass_import/dl_errors/{job}")
        answer.raise_for_status()
        return pd.read_csv(io.BytesIO(answer.content), dtype=str, keep_default_na=False, encoding="utf-8")

    def _wait(self, job: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            states = self._http.get("/creme_core/job/info", params={"id": job}).json()
            if states.get(job, {}).get("status", RUNNING) != RUNNING:
                return
            time.sleep(0.5)
        raise CremeError(f"job {job} did not end within {PATIENCE:.0f} seconds")

    def _number(self, thing: str) -> str:
        if thing not in self._numbers:
            self._numbers[thing] = _match(r"/creme_core/mass_import/(\d+)", self._http.get(LISTS[thing]).text)
        return self._numbers[thing]

    def _send(
        self,
        address: str,
        values: Mapping[str, str | list[str]],
        *,
        files: Mapping[str, tuple[str, object, str]] | None = None,
        filled: httpx.Response | None = None,
    ) -> httpx.Response:
        page = filled or self._http.get(address)
        data = {**form_values(page.text), **values}
        answer = self._http.post(address, data=data, files=files, headers={"Referer": str(page.url)})  # type: ignore[arg-type]
        answer.raise_for_status()
        if wrong := errors_said(answer.text):
            raise CremeError(f"{address}: {'; '.join(wrong)}")
        return answer


def _match(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise CremeError(f"the page has no {pattern}")
    return found.group(1)


def _number_in(page: httpx.Response, kind: str) -> str:
    return _match(rf"/{kind}/(\d+)$", str(page.url).rstrip("/"))


def _text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def _count(said: str, what: str) -> int:
    found = re.search(rf"(\d+) «[^»]+» ha(?:s|ve) been {what}", said)
    return int(found.group(1)) if found else 0
