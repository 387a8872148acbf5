"""Recognition of a source: every column of every table gets a target, a confidence and a reason."""

from collections.abc import Mapping, Sequence

from dq.standards import Standards
from dq.standards.sources import SourcePolicy, TablePolicy
from dq.tables.recognition.assign import settle
from dq.tables.recognition.country import CountryChoice, PlaceEvidence, decide_country
from dq.tables.recognition.dates import compact_share
from dq.tables.recognition.decisions import check_overrides, decided_votes
from dq.tables.recognition.headers import HeaderWords, header_words, is_unnamed, read_header
from dq.tables.recognition.keys import KeyChoice, check_key, choose_key
from dq.tables.recognition.observations import compare_contract, name_orders, warnings_of, with_dates
from dq.tables.recognition.relate import Meaning, TableView, classify, find_foreign_keys, table_nouns, table_type
from dq.tables.recognition.shapes import Profile, profile_column
from dq.tables.recognition.source_mapping import (
    DATE_TARGETS,
    ColumnMapping,
    ForeignKey,
    Overrides,
    SourceMapping,
    TableMapping,
    TableSample,
)
from dq.tables.recognition.table_reading import TableReading, cells_counted, cells_of
from dq.tables.recognition.targets import EXTRA, KEY, PERSONAL_COLUMNS, WHOLE, Target
from dq.tables.recognition.unnamed import name_missing_names, name_unnamed
from dq.tables.recognition.vocabulary import Vocabulary, vocabulary_of
from dq.tables.recognition.votes import DOUBT_BELOW, Vote, vote_of


def recognise(
    source: str, samples: Sequence[TableSample], standards: Standards, overrides: Overrides | None = None
) -> SourceMapping:
    """Recognise the columns of all tables of a source.

    Args:
        source: Its name; `standards/sources/<name>.yml` is heard where it exists.
        samples: One per table, in a fixed order.
        standards: Reference words and policy.
        overrides: What the command line says; stands above policy, which stands above recognition.

    Raises:
        SourceError: A key went through a spreadsheet, or an override names a column that is not there.
    """
    said = overrides or Overrides()
    policy = standards.source(source)
    words, vocabulary = header_words(standards), vocabulary_of(standards)
    nulls = frozenset(token.lower() for token in (*standards.ingest.null_tokens, *policy.null_tokens))
    check_overrides(source, samples, said)
    readings = [_read_table(sample, policy, said, words, vocabulary, nulls) for sample in samples]
    country = _country(readings, policy, said, vocabulary)
    tables = _relate(readings, words, policy)
    tables = [with_dates(table, reading, policy, country) for table, reading in zip(tables, readings, strict=True)]
    appeared, vanished = compare_contract(source, samples, standards)
    return SourceMapping(
        source,
        tuple(tables),
        country.code,
        country.reason,
        name_orders(tables, readings),
        tuple(warnings_of(tables, readings, country)),
        appeared,
        vanished,
    )


def _read_table(
    sample: TableSample,
    source_policy: SourcePolicy,
    said: Overrides,
    words: HeaderWords,
    vocabulary: Vocabulary,
    nulls: frozenset[str],
) -> TableReading:
    policy = source_policy.table(sample.table)
    profiles = {header: profile_column(sample.rows[header], vocabulary, nulls) for header in sample.headers}
    decided = decided_votes(sample, source_policy, policy, said)
    unnamed = frozenset(header for header in sample.headers if is_unnamed(header))
    votes = {
        header: decided.get(header) or vote_of(header, read_header(header, words), header in unnamed, profiles[header])
        for header in sample.headers
    }
    compact = {
        header: compact_share(cells_of(sample, header))
        for header in sample.headers
        if profiles[header].share("digits") > 0.5 and 7.5 <= profiles[header].mean_length <= 14.5
    }
    kind = table_type(sample.table, words)
    votes = name_unnamed(
        sample.headers, votes, profiles, unnamed, {header: pair[0] for header, pair in compact.items()}
    )
    if not decided:
        votes = name_missing_names(sample.headers, votes, profiles)
    votes = settle(sample.headers, votes, profiles, kind)
    votes = _without_false_dates(votes, profiles, compact)
    key = _key(sample, policy, said, votes, profiles)
    return TableReading(sample, policy, profiles, _settle_keys(votes, key), key, kind, compact)


def _key(
    sample: TableSample,
    policy: TablePolicy,
    said: Overrides,
    votes: Mapping[str, Vote],
    profiles: Mapping[str, Profile],
) -> KeyChoice:
    for header, who in ((said.key, "--key says so"), (policy.key, "the source's file says so")):
        if header in sample.headers and header is not None:
            if votes[header].target.column not in PERSONAL_COLUMNS:
                check_key(sample, header)
            return KeyChoice(header, who)
    return choose_key(sample, votes, profiles, table_nouns(sample.table))


def _settle_keys(votes: Mapping[str, Vote], key: KeyChoice) -> dict[str, Vote]:
    """Make the chosen column the key and the other candidates extras."""
    settled: dict[str, Vote] = {}
    for header, vote in votes.items():
        if header == key.header and vote.target.column not in PERSONAL_COLUMNS:
            settled[header] = Vote(Target(KEY), max(vote.confidence, 0.75), key.reason)
        elif vote.target.column == KEY:
            reason = f"`{key.header}` is the key already" if key.header else key.reason
            # Without any key the doubt is real: the flag that names one is printed.
            settled[header] = Vote(Target(EXTRA), 0.85 if key.header else 0.6, reason)
        else:
            settled[header] = vote
    return settled


def _without_false_dates(
    votes: Mapping[str, Vote], profiles: Mapping[str, Profile], compact: Mapping[str, tuple[float, str]]
) -> dict[str, Vote]:
    """Take numbers of eight digits for dates only where at least a third are possible ones."""
    result = dict(votes)
    for header, vote in votes.items():
        if vote.target.column in DATE_TARGETS and vote.confidence < 1.0 and profiles[header].share("date") < 0.2:
            share = compact[header][0] if header in compact else 1.0 - profiles[header].share("digits")
            if share < 1 / 3:
                result[header] = Vote(Target(EXTRA), 0.6, f"header `{header}` names a date, but its numbers are none")
    return result


def _country(
    readings: Sequence[TableReading], policy: SourcePolicy, said: Overrides, vocabulary: Vocabulary
) -> CountryChoice:
    if said.country:
        return CountryChoice(said.country.upper(), "--country says so")
    if policy.country:
        return CountryChoice(policy.country, "the source's file says so")
    states: dict[str, int] = {}
    zips, phones, wholes = [], [], []
    for reading in readings:
        for header, vote in reading.votes.items():
            column, profile = vote.target.column, reading.profiles[header]
            if column == "state":
                for cell, count in cells_counted(reading.sample, header).items():
                    folded = cell.lower().replace(".", "").strip()
                    states[folded] = states.get(folded, 0) + count
            elif column == "zip5" and profile.filled:
                zips.append(profile)
            elif column in {"phone", "mobile"} and profile.filled >= 5:
                phones.append(profile)
            elif column in {"address_text", "last_line", WHOLE} and profile.filled >= 3:
                wholes.append(profile)
    return decide_country(PlaceEvidence(states, tuple(zips), tuple(phones), tuple(wholes)), vocabulary)


def _relate(readings: Sequence[TableReading], words: HeaderWords, policy: SourcePolicy) -> list[TableMapping]:
    views = [TableView(reading.sample, reading.votes, reading.key.header) for reading in readings]
    several = len(views) > 1
    policies = {reading.sample.table: reading.policy for reading in readings}
    keys = [
        _declared_or_found(view, views, reading.policy, policies, words)
        for view, reading in zip(views, readings, strict=True)
    ]
    tables = []
    for view, reading, own in zip(views, readings, keys, strict=True):
        referred = frozenset(
            key.meaning
            for other, found in zip(views, keys, strict=True)
            for key in found
            if key.table == view.sample.table and other is not view
        )
        role, reason = classify(view, own, referred, words) if several else ("party", "")
        if reading.policy.role is not None and not (several and reading.policy is policy):
            role, reason = reading.policy.role, "the source's file says so"
        tables.append(_table(reading, role, reason, own))
    return tables


def _declared_or_found(
    view: TableView,
    views: Sequence[TableView],
    policy: TablePolicy,
    policies: Mapping[str, TablePolicy],
    words: HeaderWords,
) -> tuple[ForeignKey, ...]:
    found = find_foreign_keys(view, views, words)
    meanings = {key.header: key.meaning for key in found}
    declared = [
        ForeignKey(header, table, _meaning(header, table, view, policies, meanings), "the source's file says so")
        for header, table in policy.parent_keys.items()
        if header in view.sample.headers
    ]
    names = {key.header for key in declared}
    return (*declared, *(key for key in found if key.header not in names))


def _meaning(
    header: str, table: str, view: TableView, policies: Mapping[str, TablePolicy], found: Mapping[str, Meaning]
) -> Meaning:
    """Return what a declared key means: as recognised, else by the table it points to."""
    if header in found:
        return found[header]
    if table == view.sample.table:
        return "parent"
    return "owner" if table in policies and policies[table].role == "lookup" else "account"


def _table(reading: TableReading, role: str, reason: str, keys: tuple[ForeignKey, ...]) -> TableMapping:
    has_account = any(key.meaning == "account" for key in keys)
    columns = []
    for header in reading.sample.headers:
        vote = _with_relation(reading.votes[header], header, keys, has_account and role == "party")
        vote = _type_of_point(vote, header, reading, role)
        is_decided = vote.confidence == 1.0
        columns.append(
            ColumnMapping(
                header, vote.target, vote.confidence, vote.reason, _fix(header, vote, reading), "", is_decided
            )
        )
    is_personal = reading.key.header is not None and reading.votes[reading.key.header].target.column in PERSONAL_COLUMNS
    return TableMapping(
        reading.sample.table,
        role,  # type: ignore[arg-type]
        tuple(columns),
        reading.key.header,
        reading.key.reason,
        is_personal or bool(getattr(reading.policy, "key_is_personal", False)),
        keys,
        reading.table_type,
        reason,
    )


def _with_relation(vote: Vote, header: str, keys: tuple[ForeignKey, ...], has_account: bool) -> Vote:
    key = next((key for key in keys if key.header == header), None)
    if key is None or vote.confidence == 1.0:
        return vote
    columns = {"account": "account_key", "parent": "parent_key"}
    if key.meaning in columns and (has_account or key.meaning == "parent"):
        return Vote(Target(columns[key.meaning]), 0.95, key.reason)
    return Vote(Target(EXTRA), 0.95, key.reason)


def _type_of_point(vote: Vote, header: str, reading: TableReading, role: str) -> Vote:
    """Read a plain `type` of a table of contact points as the role of each."""
    profile = reading.profiles[header]
    if role != "contact_points" or vote.target.column != EXTRA or profile.share("word_role", "word_phone_kind") < 0.5:
        return vote
    columns = {other.target.column for other in reading.votes.values()}
    target = "phone_role" if "phone" in columns and "address_line1" not in columns else "address_role"
    if target in columns or vote.confidence == 1.0:
        return vote
    return Vote(Target(target), 0.85, f"header `{header}` of a table of contact points, and its values are roles")


def _fix(header: str, vote: Vote, reading: TableReading) -> str:
    """Return the flag that changes a doubtful mapping; nothing for an extra that is plainly one."""
    if vote.confidence >= DOUBT_BELOW:
        return ""
    shown = f"{reading.sample.table}.{header}" if reading.sample.table else header
    if vote.target.column == EXTRA:
        if reading.key.header is None and "repeats or is empty" in vote.reason:
            return ""
        return f'--map "{shown}=COLUMN"' if vote.is_named and vote.reason.startswith("header") else ""
    return f'--map "{shown}=" or --map "{shown}=COLUMN"'
