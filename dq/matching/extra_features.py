"""What columns without a home of their own say about who somebody is: passports, licences, maiden names.

Such columns take part because `standards/matching.yml` names the words of their headers, or the columns themselves.
"""

import re
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.folding import fold
from dq.matching.singles import Single, nothing, put_together, single_of
from dq.model import EXTRA, TEXT
from dq.standards.matching import Extras, Matching, NeverMerge

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOTHING = re.compile(r"|[-+$ ]*0*(?:[.,]0*)?|n|no|none|false|nil")
"""No mark: empty, a zero of any notation, a word for no."""
_LEAST_DIGITS = 4
"""An identifier with fewer letters and digits is a code for something else."""


def other_ids(records: pd.DataFrame, policy: Extras) -> Single:
    """Return the further identifiers of each record as `kind:VALUE`, parted by blanks."""
    columns = _columns(records, policy.identifiers, policy.not_identifiers)
    return _all(
        records, [single_of(records[name].astype(TEXT)).made(partial(_bare, kind=kind)) for name, kind in columns]
    )


def former_names(records: pd.DataFrame, policy: Extras) -> Single:
    """Return the former family names of each record, parted by blanks."""
    columns = _columns(records, policy.former_names, ())
    return _all(records, [single_of(records[name].astype(TEXT)).made(_one_word) for name, _ in columns])


def _all(records: pd.DataFrame, columns: list[Single]) -> Single:
    """Return the distinct words of some columns, sorted."""
    if not columns:
        return nothing(len(records))
    return put_together(*columns, by=" ").made(lambda text: " ".join(sorted(set(text.split()))))


def _one_word(text: str) -> str:
    return fold(text).replace(" ", "")


def sexes(records: pd.DataFrame, policy: Matching) -> Single:
    """Return `m` or `f` of each record from a column that says so, else from Mr or Mrs before the name."""
    known = policy.words.sexes
    found = nothing(len(records))
    named = [header for header, _ in _columns(records, policy.extras.sexes, ())]
    for header in (*named, *(name for name in ("prefix",) if name in records)):
        said = single_of(records[header].astype(TEXT))
        found = found.or_else(said.made(lambda text: known.get(fold(text).partition(" ")[0], "")))
    return found


def is_never_merged(records: pd.DataFrame, policy: tuple[NeverMerge, ...]) -> NDArray[np.bool_]:
    """Say which records the policy marks as never to be merged with another marked one."""
    marked = np.zeros(len(records), dtype=bool)
    columns = {str(name).casefold(): str(name) for name in records.columns}
    for mark in policy:
        name = columns.get(mark.column.casefold())
        if name is None:
            continue
        values = single_of(records[name].astype(TEXT)).made(lambda text: text.strip().casefold())
        wanted = [value.casefold() for value in mark.values]
        nothings = [text for text in values.texts.to_pylist() if _NOTHING.fullmatch(text)]
        marked |= values.is_in(wanted) if wanted else values.known & ~values.is_in(nothings)
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
