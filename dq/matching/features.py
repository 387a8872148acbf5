"""What comparing and blocking know of a record: one row of folded values per record. Compares nothing."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import ADDRESS_READ, addresses_of
from dq.matching.blocking import keys_of
from dq.matching.contact_features import channels_of
from dq.matching.extra_features import is_never_merged, other_ids, sexes
from dq.matching.firm_features import organization_names
from dq.matching.folding import as_series, column, glued, text_array
from dq.matching.mail_names import with_mail_names
from dq.matching.name_features import person_names
from dq.matching.nicknames import nicknames_of
from dq.matching.points import points_of
from dq.matching.singles import Single, every, nothing, single_of, yes
from dq.matching.spouses import SPOUSES, spouse_marks
from dq.model import EXTRA, IS_DECEASED, Frames
from dq.standards import RowPolicy
from dq.standards.matching import Matching
from dq.text.order import places_among

FEATURES = (
    "record_id",
    "source",
    "party_type",
    "other_party",
    "first",
    "middle",
    "last",
    "last_parts",
    "former",
    "generation",
    "names",
    "legal_form",
    "birth_on",
    "birth_year",
    "sex",
    "tax_id",
    "lei",
    "duns",
    "phones",
    "emails",
    "named_emails",
    "family_emails",
    "domains",
    "other_ids",
    "addresses",
    "never_merge",
    SPOUSES,
)
"""Columns of the features, all text. Several values of a record stand sorted in one text: phones, e-mails and domains
parted by a blank, names by `|`, addresses by `;` with their components parted by `|`. `other_party` is `yes` where the
party type is in doubt and the record meets both kinds; `never_merge` is `yes` where the policy marks a record so."""


_BORN_ON = r"^\d{4}-\d{2}-\d{2}$"
_BORN = r"^\d{4}(-\d{2}(-\d{2})?)?$"

CUT_OUT = "#organization"
"""End of the ids of organisations that were cut out of a person's row (CONTRACTS 1)."""


_RECORDS_READ = (
    "record_id",
    "source",
    "party_type",
    "party_confidence",
    "prefix",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "organization_name",
    "trade_name",
    "tax_id",
    "lei",
    "duns",
    "phone",
    "mobile",
    "email",
    "website",
    "birth_on",
    IS_DECEASED,
    *ADDRESS_READ,
    f"{EXTRA}*",
)


def features_read(matching: Matching) -> dict[str, tuple[str, ...]]:
    """Return the tables and columns that `match_features` reads: a record has three times as many."""
    # A column marks records whatever its case (see `is_never_merged`); brackets stand for one of the signs in them.
    marks = ("".join(f"[{s.lower()}{s.upper()}]" for s in mark.column) for mark in matching.never_merge)
    return {
        "records": (*_RECORDS_READ, *marks),
        "contact_points": ("record_id", "kind", "value", *ADDRESS_READ),
    }


def match_features(frames: Frames, policy: RowPolicy) -> Frames:
    """Fold everything of a record that takes part in matching.

    Args:
        frames: `records` (standardised) and, where there are any, `contact_points`.
        policy: Policy of the run.

    Returns:
        `features`: columns FEATURES, one row per record in the order of `records`.
    """
    return {"features": _texts(feature_columns(frames, policy))}


def features_and_keys(frames: Frames, policy: RowPolicy) -> Frames:
    """Return `features` (see `match_features`) and `block_keys` (see there), made of the same codes.

    Args:
        frames: As for `match_features`; the index of `records` is the place of each record in the order of `record_id`
            (`map(counted=True)`).
        policy: Policy of the run.
    """
    columns = feature_columns(frames, policy)
    keys = keys_of(columns, frames["records"].index.to_numpy(dtype="int32"), policy)
    return {"features": _texts(columns), "block_keys": keys}


def _texts(columns: Mapping[str, Single]) -> pd.DataFrame:
    return pd.DataFrame({name: as_series(column.array()) for name, column in columns.items()})


def feature_columns(frames: Frames, policy: RowPolicy) -> dict[str, Single]:
    """Return FEATURES, each as codes of distinct texts in the order of the first record that has one."""
    records = frames["records"]
    made = _names(records, policy) | _contacts(records, frames.get("contact_points"), policy)
    made |= _marks(records, policy)
    person = ~made["party_type"].is_in(("organization",))
    made |= with_mail_names(made["first"], made["last"], made["emails"], nicknames_of(policy.standards))
    for name in ("first", "last", "named_emails", "family_emails", "sex"):
        made[name] = made[name].where(person)
    return {name: made[name].in_order() for name in FEATURES}


def _marks(records: pd.DataFrame, policy: RowPolicy) -> dict[str, Single]:
    """Return what says of a record how it is looked at, and numbers and dates that say who somebody is."""
    matching = policy.standards.matching
    born = single_of(column(records, "birth_on"))
    years = pc.if_else(pc.match_substring_regex(born.texts, _BORN), pc.utf8_slice_codeunits(born.texts, 0, 4), "")
    return {
        **{name: identifier(single_of(column(records, name))) for name in ("tax_id", "lei", "duns")},
        "other_ids": other_ids(records, matching.extras),
        "never_merge": yes(is_never_merged(records, matching.never_merge)),
        SPOUSES: spouse_marks(records, policy.standards.table("given_names"), matching.words),
        "birth_on": born.mapped(pc.if_else(pc.match_substring_regex(born.texts, _BORN_ON), born.texts, "")),
        "birth_year": born.mapped(years),
        "sex": sexes(records, matching),
    }


def _names(records: pd.DataFrame, policy: RowPolicy) -> dict[str, Single]:
    """Return who a record is by name, and of which kind."""
    matching = policy.standards.matching
    ids, source = text_array(records["record_id"]), single_of(column(records, "source"))
    cut_out = source.mapped(glued(source.texts, CUT_OUT)).where(is_cut_out(ids))
    party = single_of(column(records, "party_type"))
    party = party.or_else(every("person", len(records)))
    confidence = pd.to_numeric(column(records, "party_confidence"), errors="coerce")
    doubt = confidence.lt(matching.party_doubt_below).to_numpy() | _nameless(records)
    organization = party.is_in(("organization",))
    return {
        "record_id": Single(np.arange(len(ids)), ids),
        "source": cut_out.or_else(source),
        "party_type": party,
        "other_party": yes(doubt),
        **person_names(records, ~organization, matching, nicknames_of(policy.standards)),
        **organization_names(records, doubt | organization, matching.words),
    }


def _contacts(records: pd.DataFrame, points: pd.DataFrame | None, policy: RowPolicy) -> dict[str, Single]:
    """Return where a record is reached."""
    owned = points_of(records, points)
    made = channels_of(records, owned)
    work = _work_domains(text_array(records["record_id"]), made["emails"], policy.standards.table("email_domains"))
    made["domains"] = made["domains"].or_else(work)
    return {**made, "addresses": addresses_of(records, owned, policy.standards.matching.words)}


def _nameless(records: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which records have no name and no party type: they may be anybody's, and their phone and door must do."""
    nameless = np.ones(len(records), dtype=bool)
    for name in ("party_type", "first_name", "last_name", "organization_name", "trade_name"):
        nameless &= column(records, name).isna().to_numpy()
    return nameless


def is_cut_out(record_ids: pa.Array) -> NDArray[np.bool_]:
    """Say which records are the organisation cut out of a person's row: its address and phone may be the person's."""
    found: NDArray[np.bool_] = pc.ends_with(record_ids, CUT_OUT).to_numpy(zero_copy_only=False)
    return found


def _work_domains(ids: pa.Array, emails: Single, providers: pd.DataFrame) -> Single:
    """Return the domains of the mailboxes of the person whose row an organisation was cut out of, providers aside.

    Mary's mary@acme.com in a row that names Acme is Acme's domain.
    """
    cut_out = np.flatnonzero(is_cut_out(ids))
    if not len(cut_out):
        return nothing(len(ids))
    bare = pc.utf8_slice_codeunits(ids.take(pa.array(cut_out)), 0, -len(CUT_OUT))
    owners = places_among(ids, bare).fill_null(-1).to_numpy()
    codes = np.full(len(ids), -1, dtype=np.int64)
    codes[cut_out] = np.append(emails.codes, -1)[owners]
    known = frozenset(providers["domain"])

    def domains(text: str) -> str:
        return " ".join(sorted({mail.rpartition("@")[2] for mail in text.split(" ")} - known))

    return Single(codes, emails.texts).in_order().made(domains)


def identifier(values: Single) -> Single:
    """Return the letters and digits of an identifier in capitals; fewer than five say nothing."""

    def bare(text: str) -> str:
        kept = "".join(letter for letter in text.upper() if letter.isalnum())
        return kept if len(kept) >= 5 and len(set(kept)) > 1 else ""

    return values.made(bare)
