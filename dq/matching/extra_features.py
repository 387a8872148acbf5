"""What columns without a home of their own say about who somebody is: passports, licences, maiden names.

Such columns take part because `standards/matching.yml` names the words of their headers, or the columns themselves.
"""

import re
from functools import partial

import pandas as pd

from dq.matching.folding import by_distinct, fold
from dq.model import EXTRA, TEXT
from dq.standards.matching import Extras, Matching, NeverMerge

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOTHING = r"|[-+$ ]*0*(?:[.,]0*)?|n|no|none|false|nil"
"""No mark: empty, a zero of any notation, a word for no."""
_LEAST_DIGITS = 4
"""An identifier with fewer letters and digits is a code for something else."""


def other_ids(records: pd.DataFrame, policy: Extras) -> pd.Series:
    """Return the further identifiers of each record as `kind:VALUE`, parted by blanks."""
    found = pd.Series(pd.array([""] * len(records), dtype=TEXT), index=records.index)
    for column, kind in _columns(records, policy.identifiers, policy.not_identifiers):
        values = by_distinct(records[column].astype(TEXT), partial(_bare, kind=kind))
        found = found.str.cat(values.fillna(""), sep=" ")
    return by_distinct(found.str.strip(), lambda text: " ".join(sorted(set(text.split()))))


def former_names(records: pd.DataFrame, policy: Extras) -> pd.Series:
    """Return the former family names of each record, parted by blanks."""
    found = pd.Series(pd.array([""] * len(records), dtype=TEXT), index=records.index)
    for column, _ in _columns(records, policy.former_names, ()):
        values = by_distinct(records[column].astype(TEXT), lambda text: fold(text).replace(" ", ""))
        found = found.str.cat(values.fillna(""), sep=" ")
    return by_distinct(found.str.strip(), lambda text: " ".join(sorted(set(text.split()))))


def sexes(records: pd.DataFrame, policy: Matching) -> pd.Series:
    """Return `m` or `f` of each record from a column that says so, else from Mr or Mrs before the name."""
    known = policy.words.sexes
    found = pd.Series(pd.array([None] * len(records), dtype=TEXT), index=records.index)
    named = [header for header, _ in _columns(records, policy.extras.sexes, ())]
    for header in (*named, *(name for name in ("prefix",) if name in records)):
        said = by_distinct(records[header].astype(TEXT), lambda text: known.get(fold(text).partition(" ")[0], ""))
        found = found.fillna(said)
    return found


def is_never_merged(records: pd.DataFrame, policy: tuple[NeverMerge, ...]) -> pd.Series:
    """Say which records the policy marks as never to be merged with another marked one."""
    marked = pd.Series(False, index=records.index)
    columns = {str(name).casefold(): str(name) for name in records.columns}
    for mark in policy:
        name = columns.get(mark.column.casefold())
        if name is None:
            continue
        values = records[name].astype(TEXT).str.strip().str.casefold()
        wanted = [value.casefold() for value in mark.values]
        marked |= values.isin(wanted) if wanted else values.notna() & ~values.str.fullmatch(_NOTHING).fillna(True)
    return marked


def says_who(header: str, policy: Extras) -> bool:
    """Tell whether a column without a home holds numbers that say who somebody is, by its header."""
    return bool(_columns(pd.DataFrame(columns=[EXTRA + header]), policy.identifiers, policy.not_identifiers))


def _columns(records: pd.DataFrame, phrases: tuple[str, ...], refused: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the extra columns whose header holds all words of a phrase, with the phrase."""
    found = []
    for column in sorted(str(name) for name in records.columns if str(name).startswith(EXTRA)):
        words = {word.lower() for word in _WORDS.findall(column.removeprefix(EXTRA))}
        phrase = next((phrase for phrase in phrases if words.issuperset(phrase.split())), None)
        if phrase is not None and not words.intersection(refused):
            found.append((column, phrase))
    return found


def _bare(text: str, kind: str) -> str:
    kept = "".join(letter for letter in text.upper() if letter.isalnum())
    telling = len(kept) >= _LEAST_DIGITS and len(set(kept)) > 1 and any(letter.isdigit() for letter in kept)
    return f"{kind.replace(' ', '-')}:{kept}" if telling else ""
