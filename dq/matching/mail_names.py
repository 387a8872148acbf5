"""Names that stand before the @: whose mailbox it is, and which mailboxes say no more than the name does."""

import re

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from dq.matching.folding import as_series, text_array
from dq.matching.nicknames import Nicknames

_NOT_LETTERS = re.compile(r"[^a-z]+")
_LEAST_NAME = 3
"""Shorter pieces of a mailbox are initials."""


def with_mail_names(names: pd.DataFrame, emails: pd.Series, nicknames: Nicknames) -> pd.DataFrame:
    """Complete names from mailboxes and list the mailboxes that are made of the name alone.

    `s` with `stella.miller721@` is Stella; who has no name and `noah.fox@` is Noah Fox. A mailbox that names somebody
    else (a couple shares it) changes nothing.

    Args:
        names: `first` and `last` of each record, folded.
        emails: E-mails of each record, parted by blanks.
        nicknames: Which given names exist.

    Returns:
        `first`, `last`; `named_emails`: those e-mails whose part before the @ is the name without a digit;
        `family_emails`: those that have another given name beside the family name.
    """
    first, last = (text_array(names[name]).fill_null("").to_numpy(zero_copy_only=False) for name in ("first", "last"))
    named, shared = (np.full(len(names), None, dtype=object) for _ in range(2))
    texts = text_array(emails)
    rows = np.flatnonzero(pc.is_valid(texts).to_numpy(zero_copy_only=False))
    first, last = first.copy(), last.copy()
    for row, mails in zip(rows.tolist(), texts.drop_null().to_pylist(), strict=True):
        given, family = first[row], last[row]
        own, others = [], []
        for mail in mails.split(" "):
            local = mail.partition("@")[0]
            if len(given) < 2 or not family:
                given, family = first[row], last[row] = _completed(given, family, local, nicknames)
            bare = local.replace(".", "").replace("_", "").replace("-", "")
            if bare.isalpha() and (_is_made_of(local, given, family) or _is_whole_name(local, nicknames)):
                own.append(mail)
            elif _names_another(local, given, family, nicknames):
                others.append(mail)
        if own:
            named[row] = " ".join(own)
        if others:
            shared[row] = " ".join(others)
    first, last = (np.where(known == "", None, known) for known in (first, last))
    made = {"first": first, "last": last, "named_emails": named, "family_emails": shared}
    return pd.DataFrame({name: as_series(text_array(found), names.index) for name, found in made.items()})


def _names_another(local: str, given: str, family: str, nicknames: Nicknames) -> bool:
    """Say whether a mailbox has a given name that is not the record's: Steven Bell at denise_bell6838."""
    found = _beside([piece for piece in _NOT_LETTERS.split(local) if piece], family) if family and given else ""
    if len(found) < _LEAST_NAME or not nicknames.is_known(found) or found[0] == given[0]:
        return False
    return not nicknames.related(found, given)


def _completed(given: str, family: str, local: str, nicknames: Nicknames) -> tuple[str, str]:
    """Return the names with what the mailbox adds to a missing name or an initial."""
    pieces = [piece for piece in _NOT_LETTERS.split(local) if piece]
    if family:
        found = _beside(pieces, family)
        if len(found) >= _LEAST_NAME and found.startswith(given) and nicknames.is_known(found):
            return found, family
        return (found, family) if not given and len(found) == 1 else (given, family)
    if len(pieces) != 2:
        return given, family
    for one, other in (pieces, pieces[::-1]):
        if len(given) > 1 and one == given and len(other) >= _LEAST_NAME:
            return given, other
        if (
            len(given) < 2
            and one.startswith(given)
            and len(one) >= _LEAST_NAME <= len(other)
            and nicknames.is_known(one)
        ):
            return one, other
    return given, family


def _beside(pieces: list[str], family: str) -> str:
    """Return what stands beside the family name: `stella`, `miller` or `stellamiller` give `stella`."""
    if len(pieces) == 2 and family in pieces:
        return pieces[0] if pieces[1] == family else pieces[1]
    if len(pieces) == 1 and len(family) >= _LEAST_NAME:
        whole = pieces[0]
        if whole.endswith(family):
            return whole[: -len(family)]
        if whole.startswith(family):
            return whole[len(family) :]
    return ""


def _is_whole_name(local: str, nicknames: Nicknames) -> bool:
    """Say whether the mailbox is a given name and another word: james.atkins is Jimmy's as well, or anybody's."""
    pieces = [piece for piece in _NOT_LETTERS.split(local) if piece]
    return len(pieces) == 2 and min(map(len, pieces)) >= _LEAST_NAME and any(map(nicknames.is_known, pieces))


def _is_made_of(local: str, given: str, family: str) -> bool:
    """Say whether the mailbox is first and last name, or the family name with an initial."""
    if not family or not given:
        return False
    letters = _NOT_LETTERS.sub("", local)
    return letters in (given + family, family + given, given[0] + family, family + given[0], family, given)
