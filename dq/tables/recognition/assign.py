"""One table: settles what its columns are together, where single columns leave it open. Looks at no other table."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dq.tables.recognition.shapes import Profile
from dq.tables.recognition.targets import (
    ADDRESS_PIECES,
    CHANNELS,
    EXTRA,
    KEY,
    KEY_COLUMNS,
    ORGANIZATION,
    PHONE_PIECES,
    RECORD_COLUMNS,
    WHOLE,
    Target,
)
from dq.tables.recognition.votes import Vote

PERSON_COLUMNS: Final = ("first_name", "last_name", "full_name", WHOLE)
_SEVERAL: Final = ("full_name", "organization_name", "trade_name", "tax_id")
"""Columns of a record that may come from a second cell where the first is empty."""
_ROLE_RANK: Final = ("", "primary", "home", "mailing", "billing", "work", "registered", "shipping", "seasonal", "other")


def settle(
    headers: tuple[str, ...], votes: Mapping[str, Vote], profiles: Mapping[str, Profile], table_type: str
) -> dict[str, Vote]:
    """Return the votes with conflicts between columns settled.

    Args:
        headers: In file order.
        votes: What each column is taken for by itself; decided columns have confidence 1.
        profiles: What the values look like.
        table_type: `person` or `organization` where the table's name says so, else empty.
    """
    result = dict(votes)
    result = _half_names(headers, result, profiles)
    result = _name_of_organization(headers, result, profiles, table_type)
    result = _collapse_party(headers, result)
    result = _years(result, profiles)
    result = _second_choices(headers, result)
    result = _addresses(headers, result)
    return _channels(headers, result)


def looks_like_organizations(profile: Profile) -> bool:
    """Say whether a name column holds organisations: their words prevail and almost nobody has a person's name."""
    organizations, persons = profile.share("organization"), profile.share("full_name")
    return (organizations >= 0.5 and persons <= 0.1) or (organizations >= 0.35 and persons <= 0.05)


def _half_names(headers: tuple[str, ...], votes: dict[str, Vote], profiles: Mapping[str, Profile]) -> dict[str, Vote]:
    """Read a plain `name` beside only one half of a name as the other half (`Name, Vorname`; `Nombre, Apellidos`)."""
    columns = {vote.target.column for vote in votes.values()}
    for header in headers:
        vote = votes[header]
        if vote.target.column != "full_name" or vote.confidence == 1.0 or profiles[header].mean_words >= 2:
            continue
        for have, other in (("last_name", "first_name"), ("first_name", "last_name")):
            if have in columns and other not in columns:
                reason = f"{vote.reason}, and it stands beside a {have} alone"
                votes[header] = Vote(Target(other), min(vote.confidence, 0.8), reason)
                columns.add(other)
    return votes


def _name_of_organization(
    headers: tuple[str, ...], votes: dict[str, Vote], profiles: Mapping[str, Profile], table_type: str
) -> dict[str, Vote]:
    """Read a plain `name` as the organisation's where the table or the values say so."""
    columns = {vote.target.column for vote in votes.values()}
    if "organization_name" in columns:
        return votes
    named = [
        header for header in headers if votes[header].target.column == "full_name" and votes[header].confidence < 1.0
    ]
    if not named:
        return votes
    header = min(named, key=lambda name: (votes[name].target.number, headers.index(name)))
    has_parts = bool(columns & {"first_name", "last_name"})
    vote = votes[header]
    if table_type == ORGANIZATION and not has_parts:
        reason = f"{vote.reason}, and the table holds organisations"
    elif looks_like_organizations(profiles[header]) and table_type != "person":
        reason = f"{vote.reason}, and {profiles[header].share('organization'):.0%} of values look like organisations"
    else:
        return votes
    votes[header] = replace(vote, target=Target("organization_name", number=vote.target.number), reason=reason)
    return votes


def _collapse_party(headers: tuple[str, ...], votes: dict[str, Vote]) -> dict[str, Vote]:
    """Without a person in the row, the organisation is the row's own party: its prefix says nothing."""
    if any(vote.target.column in PERSON_COLUMNS for vote in votes.values()):
        return votes
    for header in headers:
        vote = votes[header]
        if vote.target.party and vote.confidence < 1.0:
            votes[header] = replace(vote, target=replace(vote.target, party=""))
    return votes


def _years(votes: dict[str, Vote], profiles: Mapping[str, Profile]) -> dict[str, Vote]:
    for header, vote in votes.items():
        profile = profiles[header]
        if vote.target.column == "birth_on" and profile.share("four_digits") >= 0.8 and vote.confidence < 1.0:
            votes[header] = replace(vote, target=Target("birth_year"), reason=f"{vote.reason}; its values are years")
    return votes


def _second_choices(headers: tuple[str, ...], votes: dict[str, Vote]) -> dict[str, Vote]:
    """Number the cells of one record column; where a second cell makes no sense it stays an extra."""
    by_column: dict[tuple[str, str], list[str]] = {}
    for header in headers:
        target = votes[header].target
        if target.column in RECORD_COLUMNS or target.column in KEY_COLUMNS:
            by_column.setdefault((target.party, target.column), []).append(header)
    for (_, column), found in by_column.items():
        # Of several names the first in the file is the main one; of several dates the one that is named most plainly.
        rank = {header: 0.0 if column in _SEVERAL else -round(votes[header].confidence, 1) for header in found}
        ordered = sorted(found, key=lambda header: (votes[header].target.number, rank[header], headers.index(header)))
        for place, header in enumerate(ordered, start=1):
            vote = votes[header]
            if place == 1 or column == KEY:
                votes[header] = replace(vote, target=replace(vote.target, number=1))
            elif column in _SEVERAL:
                reason = f"{vote.reason}; used where `{ordered[0]}` is empty"
                votes[header] = replace(vote, target=replace(vote.target, number=place), reason=reason)
            elif vote.confidence < 1.0:
                votes[header] = replace(vote, target=Target(EXTRA), reason=f"`{ordered[0]}` is {column} already")
    return votes


def _addresses(headers: tuple[str, ...], votes: dict[str, Vote]) -> dict[str, Vote]:
    """Keep one cell per piece of an address: a second street is another address, any other repeat an extra."""
    taken: dict[Target, str] = {}
    for header in headers:
        vote = votes[header]
        target = vote.target
        if target.column not in ADDRESS_PIECES:
            continue
        if target not in taken:
            taken[target] = header
            continue
        if vote.confidence == 1.0:
            continue
        first = taken[target]
        if target.column in {"address_line1", "address_text"}:
            number = target.number
            while replace(target, number=number) in taken:
                number += 1
            votes[header] = Vote(
                replace(target, number=number),
                0.6,
                f"{vote.reason}; `{first}` is that street already, so another address",
            )
            taken[votes[header].target] = header
        else:
            votes[header] = replace(vote, target=Target(EXTRA), reason=f"`{first}` is {target} already")
    return _lone_line2(headers, votes)


def _lone_line2(headers: tuple[str, ...], votes: dict[str, Vote]) -> dict[str, Vote]:
    """Read a lone second line as the street where the first one is missing altogether."""
    targets = {votes[header].target for header in headers}
    for header in headers:
        target = votes[header].target
        if target.column not in {"address_line2"} or votes[header].confidence == 1.0:
            continue
        others = {"address_line1", "street_name", "address_text", "house_number", "po_box"}
        if not any(replace(target, column=column) in targets for column in others):
            reason = f"{votes[header].reason}; no other column of that address holds a street"
            votes[header] = Vote(replace(target, column="address_line1"), 0.65, reason)
    return votes


def _channels(headers: tuple[str, ...], votes: dict[str, Vote]) -> dict[str, Vote]:
    """Give the second plain phone or e-mail the role `other`: one of them is the primary one."""
    seen: set[Target] = set()
    order = sorted(headers, key=lambda header: (-votes[header].confidence, headers.index(header)))
    for header in order:
        vote = votes[header]
        if vote.target.column not in CHANNELS and vote.target.column not in PHONE_PIECES:
            continue
        if vote.target in seen and vote.target.role == "" and vote.target.column in CHANNELS and vote.confidence < 1.0:
            votes[header] = replace(vote, target=replace(vote.target, role="other"))
        elif vote.target in seen and vote.target.column in PHONE_PIECES and vote.confidence < 1.0:
            votes[header] = replace(vote, target=Target(EXTRA), reason=f"another column is {vote.target} already")
        seen.add(votes[header].target)
    return votes


def role_rank(role: str) -> int:
    """Return the place of a role when one point must be the first: no role, primary, home, mailing, …"""
    return _ROLE_RANK.index(role)
