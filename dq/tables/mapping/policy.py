"""Everything mapping one table may know: how it was recognised, words, the key of hashes. Frozen and picklable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dq.standards import Standards
from dq.tables.recognition.source_mapping import SourceMapping, TableMapping
from dq.tables.recognition.vocabulary import country_codes, value_words

LOOKUP: Final = "lookup:"
"""Prefix of the frames that carry lookup tables beside `rows`."""


@dataclass(frozen=True)
class Lookup:
    """A table of descriptions (owners, …) whose columns travel to the rows that refer to it.

    Attributes:
        table: Its name; its rows come as the frame `lookup:<table>`.
        header: Column of the referring table that holds its key.
        key: Its key column.
        columns: Its columns that travel, as `extra.<table>.<header>`.
    """

    table: str
    header: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class MappingPolicy:
    """Policy of `map_rows` for one table.

    Attributes:
        source: Name of the source.
        table: How the table was recognised.
        parents: Header of a foreign key → (table it points to, whether that table's keys are hashed).
        parent_meanings: Header of a foreign key → `account` or `parent`.
        lookups: Tables whose columns travel here.
        country: ISO alpha-2 of rows that name none, None for unknown.
        department: Department of all records of the source, where its file names one.
        key: Secret of content hashes.
        null_tokens: Lower-case cells that mean "no value".
        name_null_tokens: The same for columns of names.
        organization_null_tokens: The same for columns of organisations.
        person_and_company: What becomes of a row with a person and a company.
        words: Kind of `value_words.csv` → word → value.
        countries: Spelling → ISO alpha-2.
        states: Lower-case spellings of American states.
        provinces: Lower-case spellings of Canadian provinces.
        regions: Lower-case spellings of states of other countries.
    """

    source: str
    table: TableMapping
    key: bytes
    parents: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    parent_meanings: Mapping[str, str] = field(default_factory=dict)
    lookups: tuple[Lookup, ...] = ()
    country: str | None = None
    department: str | None = None
    null_tokens: tuple[str, ...] = ()
    name_null_tokens: tuple[str, ...] = ()
    organization_null_tokens: tuple[str, ...] = ()
    person_and_company: str = "split"
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


def mapping_policy(mapping: SourceMapping, table: str, standards: Standards, key: bytes) -> MappingPolicy:
    """Return the policy of one table of a recognised source.

    Args:
        mapping: How the source was recognised.
        table: Name of the table, empty for a source of one table.
        standards: Policy and reference words.
        key: The home's secret, or the constant of one-off runs.
    """
    own = mapping.table(table)
    policy = standards.source(mapping.source)
    ingest = standards.ingest
    hashed = {other.table: other.is_key_personal for other in mapping.tables}
    # A token that is unsafe for names stays unsafe there, whoever names it: people are called Na and Null.
    unsafe = set(ingest.null_tokens) - set(ingest.name_null_tokens)
    further = tuple(token.lower() for token in policy.null_tokens)
    of_names = {*(token.lower() for token in ingest.name_null_tokens), *(t for t in further if t not in unsafe)}
    return MappingPolicy(
        source=mapping.source,
        table=own,
        key=key,
        parents={link.header: (link.table, hashed[link.table]) for link in own.foreign_keys if link.table in hashed},
        parent_meanings={link.header: link.meaning for link in own.foreign_keys},
        lookups=_lookups(mapping, own),
        country=mapping.country,
        department=policy.department,
        null_tokens=tuple(sorted({*(token.lower() for token in ingest.null_tokens), *further})),
        name_null_tokens=tuple(sorted(of_names)),
        organization_null_tokens=tuple(sorted(of_names | {token.lower() for token in ingest.organization_null_tokens})),
        person_and_company=policy.person_and_company or ingest.person_and_company,
        words=value_words(standards),
        countries=country_codes(standards),
        states=_states(standards),
        provinces=_regions(standards, canadian=True),
        regions=_regions(standards, canadian=False),
    )


def _lookups(mapping: SourceMapping, own: TableMapping) -> tuple[Lookup, ...]:
    by_name = {table.table: table for table in mapping.tables}
    return tuple(
        Lookup(link.table, link.header, key, tuple(column.header for column in other.columns if column.header != key))
        for link in own.foreign_keys
        for other in [by_name[link.table]]
        for key in [other.key]
        if other.role == "lookup" and key is not None
    )


def _states(standards: Standards) -> tuple[str, ...]:
    table = standards.table("states")
    spellings = {word for cell in table["spellings"] for word in cell.split("|") if word}
    return tuple(sorted(word.lower().replace(".", "") for word in {*table["code"], *table["name"], *spellings}))


def _regions(standards: Standards, *, canadian: bool) -> tuple[str, ...]:
    table = standards.table("regions")
    chosen = table[(table["country"] == "CA") == canadian]
    return tuple(sorted({word.lower() for word in (*chosen["code"], *chosen["name"])}))
