"""Encodes the features of all records: codes of distinct values, counted by customers, prepared for comparing."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.areas import Areas
from dq.matching.coded import SEPARATORS, Coded, Several
from dq.matching.encoding import MISSING, Codes, Column, Lists, Texts, expand, narrow, pieces, sharers_of
from dq.matching.folding import as_series, numbered
from dq.matching.generic import Generic, generic_values, without_generic
from dq.matching.homes import homes_of
from dq.matching.known import Counts, Known
from dq.matching.nicknames import nicknames_of
from dq.matching.person_ladders import Dates, NameCodes
from dq.matching.singles import Single
from dq.matching.source_groups import Sources
from dq.matching.spouses import SPOUSES, spouse_codes
from dq.standards import Standards


def encoded(
    read: Callable[[str], "pd.Series | pa.Array"], standards: Standards, generic: Generic | None = None
) -> Known:
    """Encode all records and prepare what comparing needs.

    Args:
        read: Gives a column of the features, one row per record, sorted by `record_id`.
        standards: Policy.
        generic: Values that are nobody's own; found among these features where they are not given.
    """
    coded = Coded(read).encoded()
    if generic is None:
        generic = generic_values(coded, standards.matching, nicknames_of(standards))
    known = encode(coded, standards, generic)
    # The texts of whole lists go before all that comparing needs is made: nobody asks for them any more.
    del coded
    return known.prepared()


def encode(coded: Coded, standards: Standards, generic: Generic) -> Known:
    """Encode the features of all records.

    Args:
        coded: The features, sorted by `record_id`.
        standards: Where the nicknames are.
        generic: Values that are nobody's own.
    """
    nicknames = nicknames_of(standards)
    homes = homes_of(coded)
    coded = without_generic(coded, generic)
    together, (first, middle, last) = _names(coded)
    size = len(together.texts)
    singles = {
        name: _column(coded.single(name))
        for name in ("last_parts", "former", "generation", "birth_on", "birth_year", "sex", "legal_form")
    }
    singles["birth_on"] = Dates(**vars(singles["birth_on"]))
    singles |= {name: _column(coded.single(name), coded.identities) for name in ("tax_id", "lei", "duns")}
    marks = coded.single(SPOUSES)
    return Known(
        sources=_sources(coded.single("source")),
        is_person=~coded.is_organization,
        names=NameCodes(together, first, middle, last, nicknames),
        first=Counts(first, _counts(first, size), _expected(together, nicknames.given_shares)),
        middle=Counts(middle, _counts(middle, size), None),
        last=Counts(last, _counts(last, size), _expected(together, nicknames.surname_shares)),
        columns=singles,
        lists={
            name: _lists(coded.several(name), coded.bearers if name == "names" else coded.identities)
            for name in SEPARATORS
        },
        named_emails=_listed_in(coded.single("named_emails")),
        family_emails=_listed_in(coded.single("family_emails")),
        providers=pa.array(standards.table("email_domains")["domain"], type=pa.large_string(), from_pandas=True),
        record_ids=Texts(coded.record_ids),
        never_merge=coded.single("never_merge").known,
        spouses=np.append(spouse_codes(as_series(marks.texts)), 0)[marks.codes],
        cut_out=coded.is_cut_out,
        areas=_areas(standards),
        short_words=_short_words(standards),
        directions=standards.matching.words.directions,
        nicknames=nicknames,
        generic=generic,
        homes=homes,
    )


def _areas(standards: Standards) -> Areas:
    distances = standards.matching.distances
    return Areas(standards.table("zips"), distances.near, distances.region)


def _short_words(standards: Standards) -> dict[str, str]:
    """Return the words of firms' names, lower case, with their abbreviation."""
    table = standards.table("business_words")
    return dict(zip(table["word"].str.lower(), table["abbreviation"].str.lower(), strict=True))


def _listed_in(lists_: Single) -> pa.Array:
    return pieces(lists_.texts, " ")[1].unique()


def _names(coded: Coded) -> tuple[Column, tuple[Codes, Codes, Codes]]:
    """Return first, middle and last names in one space of codes, and the codes of each."""
    parts = [coded.single(name) for name in ("first", "middle", "last")]
    codes, texts = numbered(pa.concat_arrays([part.texts for part in parts]))
    starts = np.cumsum([0, *(len(part.texts) for part in parts)])
    # The last of all is the missing name.
    spaces = (np.append(codes[start:end], MISSING) for start, end in pairwise(starts))
    first, middle, last = (space[part.codes] for space, part in zip(spaces, parts, strict=True))
    counts = sum(_counts(part, len(texts)) for part in (first, middle, last))
    first, middle, last = narrow(first), narrow(middle), narrow(last)
    return Column(first, Texts(texts), np.asarray(counts)), (first, middle, last)


def _sources(of: Single) -> Sources:
    known = [*of.texts.to_pylist(), ""]
    names = sorted(set(known[:-1]) | ({""} if (of.codes < 0).any() else set()))
    places = np.array([names.index(name) if name in names else 0 for name in known], dtype=np.int64)
    return Sources(narrow(places[of.codes]), tuple(names))


def _column(of: Single, identities: Codes | None = None) -> Column:
    sharers = sharers_of(of.codes, np.arange(len(of.codes)), len(of.texts), identities)
    return Column(narrow(of.codes), Texts(of.texts), sharers)


def _lists(of: Several, identities: Codes) -> Lists:
    records, _, members = expand(of.sets.codes, of.starts, of.members)
    values = Column(
        np.empty(0, dtype=np.int64), Texts(of.values), sharers_of(members, records, len(of.values), identities)
    )
    sets = Column(narrow(of.sets.codes), Texts([]), np.empty(0, dtype=np.int32))
    return Lists(sets, narrow(of.starts), narrow(of.members), values)


def _expected(names: Column, shares: Callable[[list[str]], NDArray[np.float64]]) -> NDArray[np.float64]:
    return shares(list(names.texts)) if len(names.texts) else np.ones(1)


def _counts(codes: Codes, size: int) -> Codes:
    return narrow(np.bincount(codes[codes >= 0], minlength=max(size, 1)))
