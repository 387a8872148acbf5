"""Tables of one source: which column holds keys of which table, and what each table is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dq.tables.recognition.headers import HeaderWords, tokens_of
from dq.tables.recognition.source_mapping import ForeignKey, TableRole, TableSample
from dq.tables.recognition.targets import ADDRESS_PIECES, CHANNELS, PHONE_PIECES, WHOLE
from dq.tables.recognition.votes import Vote

OVERLAP_LEAST: Final = 0.5
"""Half of the values found among the other table's keys: dangling keys are dirt, not another meaning."""
_NAMES: Final = ("first_name", "last_name", "full_name", "organization_name", WHOLE)


@dataclass(frozen=True)
class TableView:
    """What is known of one table before its relations are: votes per header and the chosen key."""

    sample: TableSample
    votes: Mapping[str, Vote]
    key: str | None


def table_nouns(table: str) -> frozenset[str]:
    """Return what a table's name may be called inside a header: `crm_accounts` → account, accounts, crmaccount, …

    >>> sorted(table_nouns("Companies"))
    ['companies', 'company']
    """
    tokens = [token for token in tokens_of(table) if not token.isdigit()]
    forms = {"".join(tokens), *tokens[-1:]} if tokens else set()
    return frozenset(form for word in forms for form in (word, singular(word)))


def singular(word: str) -> str:
    """Return the singular of an English table name."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def table_type(table: str, words: HeaderWords) -> Literal["person", "organization", ""]:
    """Return what the rows of a table so called are, empty where its name does not tell."""
    nouns = table_nouns(table)
    if nouns & set(words.kinds.get("table_organization", {})):
        return "organization"
    return "person" if nouns & set(words.kinds.get("table_person", {})) else ""


def find_foreign_keys(view: TableView, others: Sequence[TableView], words: HeaderWords) -> tuple[ForeignKey, ...]:
    """Return the columns of a table that hold keys of a table of the source (its own included, for parents)."""
    found: list[ForeignKey] = []
    for header in view.sample.headers:
        if header == view.key:
            continue
        options = [
            (score, other.sample.table, meaning, reason)
            for other in others
            if other.key is not None
            for score, meaning, reason in [_refers(view, header, other, words)]
            if score > 0
        ]
        if options:
            _, table, meaning, reason = min(options, key=lambda option: (-option[0], option[1]))
            found.append(ForeignKey(header, table, meaning, reason))
    return tuple(found)


Meaning = Literal["account", "parent", "owner", "party"]


def _refers(view: TableView, header: str, other: TableView, words: HeaderWords) -> tuple[float, Meaning, str]:
    """Score whether `header` holds keys of `other`: named alike and, where values exist, found there."""
    none: tuple[float, Meaning, str] = (0.0, "party", "")
    tokens = tokens_of(header)
    ends = words.kinds.get("id", {})
    stem = tokens[:-1] if tokens and tokens[-1] in ends else tokens
    if len(stem) == len(tokens) and "".join(tokens).endswith("id") and len(tokens) == 1:
        stem = ["".join(tokens)[:-2]]  # accountid
    compact, nouns = "".join(stem), table_nouns(other.sample.table)
    own = other.sample.table == view.sample.table
    is_parent = compact.startswith("parent") or view.votes[header].target.column == "parent_key"
    is_owner = " ".join(stem) in words.kinds.get("foreign_owner", {}) or compact in words.kinds.get("foreign_owner", {})
    other_key = "".join(tokens_of(other.key or ""))
    alike = (
        (bool(compact) and (compact in nouns or any(compact.endswith(noun) and noun for noun in nouns)))
        or ("".join(tokens) == other_key and other_key not in {"id", "key", "code", "no", "name", "number"})
        or _is_synonym(compact, nouns, words)
    )
    if own:
        return (
            (_overlap(view, header, other) + 0.1, "parent", f"`{header}` points to rows of its own table")
            if (is_parent and _overlap(view, header, other) >= OVERLAP_LEAST)
            else none
        )
    if is_owner and not alike:
        alike = bool(
            nouns
            & {"user", "users", "owner", "owners", "rep", "reps", "salesrep", "salesreps", "staff", "agent", "agents"}
        )
    if not alike or (len(stem) == len(tokens) and compact not in nouns and "".join(tokens) != other_key):
        return none
    overlap = _overlap(view, header, other)
    if overlap < OVERLAP_LEAST:
        return none
    meaning: Meaning = "owner" if is_owner else "parent" if is_parent else "account"
    return (
        overlap + len(compact) / 100,
        meaning,
        f"`{header}` is named like the key of {other.sample.table}; {overlap:.0%} of its values are found there",
    )


def _is_synonym(compact: str, nouns: frozenset[str], words: HeaderWords) -> bool:
    """Say whether header and table name the same kind of party in other words (`CompanyId` → accounts)."""
    for kind in ("table_organization", "table_person"):
        group = {word.replace(" ", "") for word in words.kinds.get(kind, {})}
        if compact in group and nouns & group:
            return True
    return False


def _overlap(view: TableView, header: str, other: TableView) -> float:
    """Return the share of distinct values found among the other table's keys; 1 where a sample cannot tell."""
    values = set(view.sample.rows[header].dropna().astype("str").str.strip()) - {""}
    assert other.key is not None
    keys = set(other.sample.rows[other.key].dropna().astype("str").str.strip())
    if not values:
        return 0.0
    share = len(values & keys) / len(values)
    is_whole = len(other.sample.rows) >= other.sample.row_count
    return share if is_whole or not share else max(share, OVERLAP_LEAST)


def classify(
    view: TableView, keys: tuple[ForeignKey, ...], referred_as: frozenset[str], words: HeaderWords
) -> tuple[TableRole, str]:
    """Say what a table is for.

    Args:
        view: The table.
        keys: Its keys to other tables.
        referred_as: Meanings with which other tables point to it.
        words: Reference words.
    """
    columns = {vote.target.column for vote in view.votes.values()}
    has_names = bool(columns & set(_NAMES))
    has_points = bool(columns & {*ADDRESS_PIECES, *CHANNELS, *PHONE_PIECES})
    nouns = table_nouns(view.sample.table)
    is_lookup = bool(nouns & set(words.kinds.get("table_lookup", {})))
    parents = [key for key in keys if key.meaning in {"account", "party"} and key.table != view.sample.table]
    if "owner" in referred_as or (is_lookup and referred_as):
        return "lookup", "other tables refer to it for owners or descriptions"
    if has_names and not _is_child_of_names(view, parents):
        return "party", "its rows name persons or organisations"
    if has_points and parents:
        return "contact_points", f"its rows hang on {parents[0].table} by `{parents[0].header}`"
    if referred_as:
        return "lookup", "other tables refer to it and it names no party"
    if has_points and not parents:
        return "party", "its rows hold contact data and refer to no other table"
    return "unused", "it names no party and no way to reach one; its rows are counted, not converted"


def _is_child_of_names(view: TableView, parents: Sequence[ForeignKey]) -> bool:
    """Say whether a name column only addresses a child row (`addresses.recipient`), so that it is no party table."""
    nouns = table_nouns(view.sample.table)
    child = {
        "address",
        "addresses",
        "phone",
        "phones",
        "email",
        "emails",
        "contactpoint",
        "contactpoints",
        "location",
        "locations",
    }
    return bool(parents) and bool(nouns & child)
