"""Names of organisations: legal form, article, ampersand, trade name and case in one style. Decides no identity.

The style: `The` in front (The Gap), `&` for a word between words, the legal form without periods or comma (Acme LLC),
what stands behind `dba` in `trade_name`. Store numbers and branch names stay.
"""

import re
from typing import Final, NamedTuple

import pandas as pd

from dq.model import ORGANIZATION_COLUMNS, TEXT
from dq.standardize.changes import all_changes, value_changes
from dq.standardize.distinct import column_of, standardize_distinct, with_flags
from dq.standardize.name_doubts import doubts, is_placeholder
from dq.standardize.name_tables import NameTables, name_tables
from dq.standards import RowPolicy
from dq.text import clean_text, fold_text, restore_text
from dq.text.case import has_no_vowel

LONGEST: Final = 300
"""A longer cell is a text about an organisation; only its characters are cleaned."""
_LONGEST_FORM: Final = 5
"""Words of the longest spelling of a legal form (professional limited liability company has four)."""

_ROUNDS: Final = 4
"""Rounds of restyling: `Ñ CALL llc` is in one case only after its legal form is written."""

_TRADE: Final = re.compile(
    r"[\s,;(\-]*(?<![\w.&/])(?:d\s?/\s?b\s?/\s?a\b|d\.\s?b\.\s?a\b\.?|dba\b|doing business as\b"
    r"|t/a\b|trading as\b|a/k/a\b|aka\b)[:.,\s]*",
    re.IGNORECASE,
)
_TRAILING_ARTICLE: Final = re.compile(r"^(?!the\s)(\S.*?)(?:\s*,\s*the|\s+\(the\)|\s+the)$", re.IGNORECASE)
_AND: Final = re.compile(r"(?<=\S)(?<!,) and (?=\w)", re.IGNORECASE)
_TIGHT: Final = re.compile(r"(?<=\w\w\w)\s?&\s?(?=\w\w\w)")
_INITIALS: Final = re.compile(r"\b(\w) ?& ?(\w)\b(?!')")
_GLUED: Final = re.compile(r",(?=[A-Za-z.]+\s*$)")
"""The comma of `REALTY,LLC`."""
_TAIL: Final = re.compile(r"\s*(?:#\s?\w+.*|\(.*\)|\s[-/]\s.*|,?\s(?:store|unit|branch|no)\.?\s.*)$", re.IGNORECASE)


class Organization(NamedTuple):
    """One name in the house style, why it was altered, and the trade name that stood behind `dba`."""

    value: str | None
    reason: str | None = None
    trade_name: str | None = None


def standardize_organizations(records: pd.DataFrame, policy: RowPolicy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Standardise `organization_name` and `trade_name`.

    Args:
        records: After `standardize_names`, which moves names of organisations here.
        policy: Gives the tables of legal forms and acronyms, and the style.

    Returns:
        The records, same rows and order, and one change per altered value. A trade name behind `dba` moves to
        `trade_name` where that is free or says the same; otherwise the name stays whole.
    """
    tables = name_tables(policy.standards)
    name, trade = column_of(records, "organization_name"), column_of(records, "trade_name")
    trades = standardize_distinct(trade, lambda text: standardize_organization(text, tables, splits=False))
    split = standardize_distinct(name, lambda text: standardize_organization(text, tables))
    found = split["trade_name"] if "trade_name" in split else name.where(name.isna())
    old = trades["value"]
    clashes = (found.notna() & old.notna() & (found.fillna("") != old.fillna(""))).to_numpy(dtype=bool)
    if clashes.any():
        whole = standardize_distinct(name[clashes], lambda text: standardize_organization(text, tables, splits=False))
        split.loc[clashes, ["value", "reason"]] = whole[["value", "reason"]]
    new = old.where(old.notna(), found)
    reasons = trades["reason"].where(trade.notna(), "trade_name_split")
    changes = [
        value_changes(records, "organization_name", name, split["value"], split["reason"]),
        value_changes(records, "trade_name", trade, new, reasons),
    ]
    records = records.assign(organization_name=split["value"].astype(TEXT), trade_name=new)
    flags = [doubts(records[column], column, tables) for column in ORGANIZATION_COLUMNS]
    return with_flags(records, *flags), all_changes(changes)


def standardize_organization(text: str, tables: NameTables, *, splits: bool = True) -> Organization:
    """Write one name in the house style.

    Args:
        text: The name as typed.
        tables: Legal forms, acronyms and words.
        splits: Whether a trade name behind `dba` is taken out.
    """
    cleaned = clean_text(text)
    if cleaned is None or len(cleaned) > LONGEST or is_placeholder(fold_text(cleaned) or "", tables):
        return Organization(cleaned, "characters_cleaned")
    if splits:
        before, trade = _without_trade(cleaned)
        if before != cleaned:
            while before != (shorter := _without_trade(before)[0]):
                before = shorter
            name = standardize_organization(before, tables, splits=False).value
            other = standardize_organization(trade, tables, splits=False).value if trade else None
            return Organization(name, "trade_name_split", other)
    outcome = _restyled(cleaned, tables)
    for _ in range(_ROUNDS):
        again = _restyled(outcome.value or "", tables)
        if again.value == outcome.value:
            break
        outcome = Organization(again.value, outcome.reason)
    return outcome


def _restyled(cleaned: str, tables: NameTables) -> Organization:
    """Take the steps of the house style in order; the weightiest that altered something is the reason."""
    reason = "characters_cleaned"
    cased = _cased(cleaned, tables)
    if cased != cleaned:
        reason = "case_restored"
    joined = _with_ampersand(cased)
    if joined != cased:
        reason = "ampersand"
    headed = _with_article(joined)
    if headed != joined:
        reason = "article_moved"
    formed = _with_legal_form(headed, tables)
    if formed != headed:
        reason = "legal_form"
    return Organization(formed, reason)


def _without_trade(name: str) -> tuple[str, str]:
    """Return the name and what stands behind `dba`; a name that only begins with `dba` loses the word."""
    found = _TRADE.search(name)
    if not found or found.end() == len(name):
        return name, ""
    before, after = name[: found.start()].strip(" ,;(-"), name[found.end() :].strip(" ,;-")
    if "(" in found[0] and after.endswith(")"):
        after = after[:-1].rstrip()
    if not after or not any(map(str.isalnum, after)):
        return name, ""
    return (before, after) if before else (after, "")


def _cased(name: str, tables: NameTables) -> str:
    if not tables.restores_case:
        return name
    return restore_text(name, tables.forms, small_words=False, acronyms=has_no_vowel)


def _with_ampersand(name: str) -> str:
    """Write `&` for the word `and`, with blanks between words and without between single letters."""
    if "&" not in name and " and " not in name.lower():
        return name
    return _INITIALS.sub(r"\1&\2", _TIGHT.sub(" & ", _AND.sub(" & ", name)))


def _with_article(name: str) -> str:
    """Write a trailing `The` in front."""
    if "the" not in name[-12:].lower() or " " not in name:
        return name
    found = _TRAILING_ARTICLE.match(name)
    return f"The {found[1].rstrip(' ,')}" if found else name


def _with_legal_form(name: str, tables: NameTables) -> str:
    """Write the legal forms at the end of a name, in front of a store number or branch, in their standard form."""
    tail = _TAIL.search(name)
    body, rest = (name[: tail.start()], name[tail.start() :]) if tail else (name, "")
    words = _GLUED.sub(", ", body).split()
    forms: list[str] = []
    while len(words) > 1:
        for size in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
            form = _form_of(words[-size:], tables)
            if form and words[:-size] not in (["The"], ["the"]):
                forms.insert(0, form)
                words = words[:-size]
                break
        else:
            break
    if not forms:
        return name
    return " ".join([*words[:-1], words[-1].rstrip(",;") or words[-1], *forms]) + rest


def _form_of(words: list[str], tables: NameTables) -> str | None:
    """Return the standard form if the words spell a legal form."""
    if words[0] in ("&", "and"):
        return None
    folded = fold_text(" ".join(words))
    found = tables.legal_forms.get(folded) if folded else None
    return found[0] if found else None
