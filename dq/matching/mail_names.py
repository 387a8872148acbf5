"""Names that stand before the @: whose mailbox it is, and which mailboxes say no more than the name does."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.folding import glued, parted, text_array
from dq.matching.nicknames import Nicknames
from dq.matching.singles import Codes, Single, nothing, single_of

_NOT_LETTERS = re.compile(r"[^a-z]+")
_LEAST_NAME = 3
"""Shorter pieces of a mailbox are initials."""


def with_mail_names(first: Single, last: Single, emails: Single, nicknames: Nicknames) -> dict[str, Single]:
    """Complete names from mailboxes and list the mailboxes that are made of the name alone.

    `s` with `stella.miller721@` is Stella; who has no name and `noah.fox@` is Noah Fox. A mailbox that names somebody
    else (a couple shares it) changes nothing.

    Args:
        first: Given name of each record, folded.
        last: Family name.
        emails: E-mails of each record, parted by blanks.
        nicknames: Which given names exist.

    Returns:
        `first`, `last`; `named_emails`: those e-mails whose part before the @ is the name without a digit;
        `family_emails`: those that have another given name beside the family name.
    """
    own = _owns(first, last, emails)
    rows = np.flatnonzero(emails.known & (own == _UNSURE))
    looked = [
        _looked_into(given or "", family or "", mails, nicknames)
        for given, family, mails in zip(*(of.of(rows).to_pylist() for of in (first, last, emails)), strict=True)
    ]
    names = ("first", "last", "named_emails", "family_emails")
    given, family, named, shared = (
        single_of(text_array([texts[place] or None for texts in looked])) for place in range(len(names))
    )
    settled = emails.where(own == _OWN)
    return {
        "first": _replaced(first, rows, given),
        "last": _replaced(last, rows, family),
        "named_emails": _replaced(settled, rows, named),
        "family_emails": _replaced(nothing(len(emails)), rows, shared),
    }


def _replaced(column: Single, rows: Codes, texts: Single) -> Single:
    """Return a column with other texts in some rows."""
    codes = np.full(len(column), -1, dtype=np.int64)
    codes[rows] = texts.codes
    chosen = np.zeros(len(column), dtype=bool)
    chosen[rows] = True
    return Single(codes, texts.texts).or_else(column.without(chosen))


def _looked_into(given: str, family: str, mails: str, nicknames: Nicknames) -> tuple[str, str, str, str]:
    """Return the names of a record, completed, and its e-mails made of them and of another given name."""
    own, others = [], []
    for mail in mails.split(" "):
        local = mail.partition("@")[0]
        if len(given) < 2 or not family:
            given, family = _completed(given, family, local, nicknames)
        bare = local.replace(".", "").replace("_", "").replace("-", "")
        if bare.isalpha() and (_is_made_of(local, given, family) or _is_whole_name(local, nicknames)):
            own.append(mail)
        elif _names_another(local, given, family, nicknames):
            others.append(mail)
    return given, family, " ".join(own), " ".join(others)


_UNSURE, _NOT_OWN, _OWN = 0, 1, 2
"""What a glance tells of a record's mailbox: nothing, that it says nothing, or that it is made of the name alone."""


def _owns(first: Single, last: Single, emails: Single) -> NDArray[np.int8]:
    """Tell at a glance, for most records with one mailbox, what `_looked_into` finds there.

    A whole name changes nothing. `stella.miller@` and `smiller@` are Stella Miller's; with other signs among them
    (`stella.miller721@`) they name nobody else: what stands beside the family name is her own name or its initial. With
    such signs and without the family name (`stella88@`) a mailbox says nothing.
    """
    texts = emails.texts
    local, _ = parted(texts, "@")
    letters = pc.replace_substring_regex(local, "[^a-z]+", "")
    begin = pc.replace_substring_regex(local, "^[^a-z]*([a-z]+).*$", r"\1")
    count = pc.count_substring_regex(local, "[a-z]+")
    usual = pc.and_(pc.equal(pc.count_substring(texts, "@"), 1), pc.string_is_ascii(texts))
    plain = pc.match_substring_regex(local, "^[a-z._-]+$")
    rows = np.flatnonzero(emails.known & first.known & last.known)
    codes = pa.array(emails.codes[rows])
    given, family, letters = first.of(rows), last.of(rows), letters.take(codes)
    whole = pc.equal(letters, glued(given, family))
    short = pc.equal(letters, glued(pc.utf8_slice_codeunits(given, 0, 1), family))
    begin, count, plain = (of.take(codes) for of in (begin, count, plain))
    one = pc.equal(count, 1)
    two = pc.or_(pc.and_(whole, pc.equal(begin, given)), pc.and_(short, pc.equal(pc.utf8_length(begin), 1)))
    glance = pc.or_(pc.or_(plain, one), pc.and_(pc.equal(count, 2), two))
    glance = pc.and_(glance, pc.or_(whole, short))
    sees = pc.and_(usual.take(codes), pc.greater(pc.utf8_length(given), 1)).to_numpy(zero_copy_only=False)
    glance = glance.to_numpy(zero_copy_only=False) & sees
    marked = ~plain.to_numpy(zero_copy_only=False)
    found = np.zeros(len(emails), dtype=np.int8)
    found[rows[glance]] = np.where(marked[glance], _NOT_OWN, _OWN)
    left = np.flatnonzero(sees & marked & ~glance)
    names = zip(*(texts.take(pa.array(left)).to_pylist() for texts in (family, letters)), strict=True)
    found[rows[left[[name not in mailbox for name, mailbox in names]]]] = _NOT_OWN
    return found


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
