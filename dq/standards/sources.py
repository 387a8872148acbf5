"""What is known of a source: mapping, access, time zone, trust. One file per source in `standards/sources/`."""

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from dq.errors import Problem
from dq.standards.ingest import PersonAndCompany
from dq.standards.reader import Policy, read_section

DateOrder = Literal["mdy", "dmy", "ymd"]
TableRole = Literal["party", "contact_points", "lookup", "unused"]


class TablePolicy(Policy):
    """What is known of one table of a source.

    Attributes:
        key: Column (header) that identifies a row.
        columns: Header → canonical column, or role-prefixed canonical column such as `billing.city`; see
            `dq.tables.recognition`. An empty value keeps the column as an extra.
        ignore: Headers left out on purpose.
        archive: Headers left out of the conversion and kept in a file of their own.
        parent_keys: Header → name of the table whose key it holds.
        role: What the table is for, where it is not recognised rightly.
        date_orders: Header → order of day, month and year in that column.
    """

    key: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    archive: tuple[str, ...] = ()
    parent_keys: dict[str, str] = Field(default_factory=dict)
    role: TableRole | None = None
    date_orders: dict[str, DateOrder] = Field(default_factory=dict)


class SourcePolicy(TablePolicy):
    """Content of `standards/sources/<name>.yml`; every key may be left out.

    The keys of `TablePolicy` at the top level describe a source of one table; `tables` describes several by name.

    Attributes:
        department: Department that owns the records; decides access.
        department_column: Header whose value is the department.
        owner_column: Header whose value is the owner.
        owner: Who answers for the source: whom to ask. Decides nothing.
        country: ISO 3166 alpha-2 code of rows without a country.
        time_zone: Zone in which timestamps without an offset are read.
        trust: Rank for survivorship, 1 is trusted most; sources without a rank come last.
        key_is_personal: Hash `source_key` because policy names a personal column as key.
        null_tokens: Further cells of this source that mean "no value".
        date_order: Order of day, month and year where digits leave it open.
        person_and_company: Overrides `standards/ingest.yml` for this source.
        record_url: Link to a record in the source system, with `{source_key}`.
        is_contract: Whether a column that appears or vanishes is a violation.
    """

    department: str | None = None
    department_column: str | None = None
    owner_column: str | None = None
    owner: str | None = None
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    time_zone: str = "UTC"
    trust: int | None = Field(default=None, ge=1)
    key_is_personal: bool = False
    null_tokens: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    person_and_company: PersonAndCompany | None = None
    record_url: str | None = None
    is_contract: bool = True
    tables: dict[str, TablePolicy] = Field(default_factory=dict)

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {name!r}") from error
        return name

    @field_validator("record_url")
    @classmethod
    def _url_names_key(cls, url: str | None) -> str | None:
        if url is not None and not (url.startswith(("https://", "http://")) and "{source_key}" in url):
            raise ValueError("a link starts with https:// and holds {source_key}")
        return url

    def table(self, name: str) -> TablePolicy:
        """Return the policy of one table of the source; the top level serves a source of one table."""
        return self.tables.get(name, self)


def read_sources(folder: Path, problems: list[Problem]) -> dict[str, SourcePolicy]:
    """Read every `*.yml` of the folder; the file's stem is the source's name. A missing folder means no policy."""
    sources: dict[str, SourcePolicy] = {}
    for path in sorted(folder.glob("*.yml")):
        policy = read_section(path, SourcePolicy, problems)
        if policy is not None:
            sources[path.stem] = policy
    return sources
