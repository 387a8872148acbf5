"""What comparing and blocking know of a record: one row of folded values per record. Compares nothing."""

import numpy as np
import pandas as pd

from dq.matching.address_features import ADDRESS_READ, addresses_of
from dq.matching.contact_features import channels_of
from dq.matching.extra_features import is_never_merged, other_ids, sexes
from dq.matching.folding import by_distinct, column, text_array
from dq.matching.mail_names import with_mail_names
from dq.matching.name_features import organization_names, person_names
from dq.matching.nicknames import nicknames_of
from dq.matching.spouses import SPOUSES, spouse_marks
from dq.model import EXTRA, IS_DECEASED, TEXT, Frames
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
    records = frames["records"].reset_index(drop=True)
    points = frames.get("contact_points")
    owned = owned_points(records, points)
    matching = policy.standards.matching
    features = pd.DataFrame({"record_id": records["record_id"], "source": column(records, "source")})
    features["source"] = features["source"].where(~is_cut_out(records["record_id"]), features["source"] + CUT_OUT)
    features["party_type"] = column(records, "party_type").fillna("person")
    doubt = pd.to_numeric(column(records, "party_confidence"), errors="coerce").lt(matching.party_doubt_below)
    doubt |= _nameless(records)
    features["other_party"] = pd.Series("yes", index=records.index, dtype=TEXT).where(doubt)
    for made in (
        person_names(records, features["party_type"], matching, nicknames_of(policy.standards)),
        organization_names(records, doubt | features["party_type"].eq("organization"), matching.words),
        pd.DataFrame({name: identifier(column(records, name)) for name in ("tax_id", "lei", "duns")}),
        pd.DataFrame({"other_ids": other_ids(records, matching.extras)}),
        channels_of(records, owned),
        addresses_of(records, owned, matching.words),
    ):
        for name in made.columns:
            features[name] = made[name]
    features["domains"] = features["domains"].fillna(_work_domains(features, policy.standards.table("email_domains")))
    features["never_merge"] = pd.Series("yes", index=records.index, dtype=TEXT).where(
        is_never_merged(records, matching.never_merge)
    )
    features[SPOUSES] = spouse_marks(records, policy.standards.table("given_names"), matching.words)
    whole = with_mail_names(features, features["emails"], nicknames_of(policy.standards))
    person = features["party_type"].ne("organization")
    features["first"] = whole["first"].where(person)
    features["last"] = whole["last"].where(person)
    for name in ("named_emails", "family_emails"):
        features[name] = whole[name].where(person)
    born = column(records, "birth_on")
    features["birth_on"] = born.where(born.str.fullmatch(r"\d{4}-\d{2}-\d{2}").fillna(False))
    features["birth_year"] = born.str[:4].where(born.str.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?").fillna(False))
    features["sex"] = sexes(records, matching).where(person)
    return {"features": features[list(FEATURES)].astype(dict.fromkeys(FEATURES, TEXT))}


def _nameless(records: pd.DataFrame) -> pd.Series:
    """Say which records have no name and no party type: they may be anybody's, and their phone and door must do."""
    nameless = column(records, "party_type").isna()
    for name in ("first_name", "last_name", "organization_name", "trade_name"):
        nameless &= column(records, name).isna()
    return nameless


def is_cut_out(record_ids: pd.Series) -> pd.Series:
    """Say which records are the organisation cut out of a person's row: its address and phone may be the person's."""
    return record_ids.str.endswith(CUT_OUT)


def _work_domains(features: pd.DataFrame, providers: pd.DataFrame) -> pd.Series:
    """Return the domains of the mailboxes of the person whose row an organisation was cut out of, providers aside.

    Mary's mary@acme.com in a row that names Acme is Acme's domain.
    """
    found = pd.Series(pd.array([None] * len(features), dtype=TEXT), index=features.index)
    cut_out = features.index[is_cut_out(features["record_id"])]
    owners = features.loc[cut_out, "record_id"].str.removesuffix(CUT_OUT)
    places = pd.Index(features["record_id"]).get_indexer(pd.Index(owners))
    known = frozenset(providers["domain"])

    def domains(text: str) -> str:
        return " ".join(sorted({mail.rpartition("@")[2] for mail in text.split(" ")} - known))

    emails = features["emails"].iloc[places].where(places >= 0)
    found.loc[cut_out] = by_distinct(emails, domains).to_numpy()
    return found


def identifier(values: pd.Series) -> pd.Series:
    """Return the letters and digits of an identifier in capitals; fewer than five say nothing."""

    def bare(text: str) -> str:
        kept = "".join(letter for letter in text.upper() if letter.isalnum())
        return kept if len(kept) >= 5 and len(set(kept)) > 1 else ""

    return by_distinct(values, bare)


def owned_points(records: pd.DataFrame, points: pd.DataFrame | None) -> pd.DataFrame:
    """Return the contact points with `owner`, the position of their record; points of no record are left out."""
    if points is None or points.empty:
        return pd.DataFrame({"owner": pd.Series(dtype="int64"), "kind": pd.Series(dtype=TEXT)})
    owners = places_among(text_array(records["record_id"]), text_array(points["record_id"])).fill_null(-1).to_numpy()
    owned = points.assign(owner=owners.astype(np.int64))
    if (owners < 0).any():
        owned = owned.loc[owners >= 0].reset_index(drop=True)
    return owned
