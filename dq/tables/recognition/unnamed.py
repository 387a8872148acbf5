"""Columns that no header names: recognised by their values and their neighbours (a city stands before its state)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from dq.tables.recognition.shapes import Profile
from dq.tables.recognition.targets import EXTRA, KEY, WHOLE, Target
from dq.tables.recognition.votes import Vote

_NEAR: Final = 3
"""A ZIP stands within three columns of its state in every layout known."""
_NAMES: Final = frozenset(("first_name", "last_name", "full_name", "organization_name", WHOLE))
_LINES: Final = frozenset(("address_text", "address_line1", "last_line", "email"))
"""What a cell with a name, an address and more is taken for by itself."""
_LEAST_NAMES: Final = 20
"""Fewer cells do not show whether values differ."""
_LEAST_DIFFERENT: Final = 0.25
"""Where everybody stands four times, every fourth value still differs; of categories one in a hundred does."""
_CATEGORY_BELOW: Final = 0.2
"""Words that differ five times less than those of another column sort the rows: `noodle shop` is no name there."""
_LEAST_WORDS: Final = 1.3
_LONGEST_NAME: Final = 150
"""Names have two words and more; beyond 150 characters a cell is a remark."""
_MOST_CODES: Final = 0.2
_MIXED_FROM: Final = 0.2
"""Of lists of firms at most 18 in 100 values read as a person's name, of lists of both 40."""


def name_unnamed(
    headers: Sequence[str],
    votes: Mapping[str, Vote],
    profiles: Mapping[str, Profile],
    unnamed: frozenset[str],
    compact: Mapping[str, float],
) -> dict[str, Vote]:
    """Return the votes with columns of made-up headers named by what their values look like.

    Args:
        headers: In file order.
        votes: What each column is taken for by itself.
        profiles: What the values look like.
        unnamed: Headers that a reader or a spreadsheet made up.
        compact: Header → share of cells that are dates of eight digits.
    """
    result = dict(votes)
    open_ = [header for header in headers if header in unnamed and votes[header].target.column == EXTRA]
    categories = _categories(open_, profiles)
    for column in (
        "state",
        "zip5",
        "ssn",
        "birth_on",
        "full_name",
        "organization_name",
        "names",
        "city",
        "house",
        "key",
    ):
        for header in open_:
            if result[header].target.column != EXTRA or (column in _NAMES and header in categories):
                continue
            found = _test(column, header, headers, result, profiles[header], compact.get(header, 0.0))
            if found is not None:
                result[header] = found
    return result


def name_missing_names(
    headers: Sequence[str], votes: Mapping[str, Vote], profiles: Mapping[str, Profile]
) -> dict[str, Vote]:
    """Give a table without any name column the column whose values look most like names, under whatever header.

    A cell with an address may hold the name before it. Where nothing looks like a name or a number stands for one, the
    text that differs most from row to row is taken: a list of restaurants is full of words nobody listed.
    """
    if any(vote.target.column in _NAMES for vote in votes.values()):
        return dict(votes)
    open_ = [header for header in headers if votes[header].target.column == EXTRA and not votes[header].is_named]
    open_ = [header for header in open_ if header not in _categories(open_, profiles)]
    best = _most(open_, lambda header: profiles[header].share("party_name"))
    if best and profiles[best].share("party_name") >= 0.5 and profiles[best].mean_words <= 8:
        share = profiles[best].share("party_name")
        reason = f"no column is called a name and {share:.0%} of these values look like names"
        return {**votes, best: Vote(Target("full_name"), 0.6, reason, is_named=False)}
    lines = [*open_, *(header for header in headers if votes[header].target.column in _LINES)]
    best = _most(lines, lambda header: profiles[header].share(WHOLE))
    if best and profiles[best].share(WHOLE) >= 0.5:
        share = profiles[best].share(WHOLE)
        reason = f"no column is a name, and in {share:.0%} of these values a name stands before an address"
        return {**votes, best: Vote(Target(WHOLE), 0.65, reason, is_named=False)}
    best = _most(
        [header for header in open_ if _is_free_text(profiles[header])], lambda header: profiles[header].uniqueness
    )
    if not best:
        return dict(votes)
    reason = "no column is a name, and of those with words these values differ most"
    return {**votes, best: Vote(Target("full_name"), 0.5, reason, is_named=False)}


def _most(headers: Sequence[str], share: Callable[[str], float]) -> str:
    return max(headers, key=lambda header: (share(header), header), default="")


def _categories(headers: Sequence[str], profiles: Mapping[str, Profile]) -> frozenset[str]:
    """Return the columns that sort the rows and name nobody, judged by how much another column of words differs."""
    most = max((profiles[header].uniqueness for header in headers if _is_free_text(profiles[header])), default=0.0)
    return frozenset(header for header in headers if profiles[header].uniqueness < most * _CATEGORY_BELOW)


def _is_free_text(profile: Profile) -> bool:
    """Say whether cells are words that name many different things: no category, code, date or essay."""
    codes = profile.share("digits") + profile.share("date", "email", "phone", "url", "opaque", "amount")
    return (
        profile.filled >= _LEAST_NAMES
        and profile.distinct >= _LEAST_NAMES
        and profile.uniqueness >= _LEAST_DIFFERENT
        and profile.mean_words >= _LEAST_WORDS
        and profile.mean_length <= _LONGEST_NAME
        and codes <= _MOST_CODES
    )


def _test(
    column: str,
    header: str,
    headers: Sequence[str],
    votes: Mapping[str, Vote],
    profile: Profile,
    compact: float,
) -> Vote | None:
    if not profile.filled:
        return None
    if column == "state" and profile.share("state") >= 0.9 and profile.share("bool") < 0.5 and profile.distinct > 1:
        return _vote("state", 0.85, profile.share("state"), "are American states")
    if column == "zip5":
        return _zip(header, headers, votes, profile)
    if column == "ssn" and profile.share("ssn") >= 0.8 and profile.share("digits") < 0.5:
        return _vote("tax_id", 0.8, profile.share("ssn"), "look like social security numbers")
    if column == "birth_on" and max(profile.share("date"), compact) >= 0.8 and _years_spread(profile):
        return _vote("birth_on", 0.72, max(profile.share("date"), compact), "are dates that spread over lifetimes")
    if column == "full_name" and profile.share("full_name") >= 0.5:
        return _vote("full_name", 0.85, profile.share("full_name"), "look like names of persons")
    if column == "full_name" and profile.share("party_name") >= 0.5 and profile.share("full_name") >= _MIXED_FROM:
        return _vote("full_name", 0.8, profile.share("party_name"), "look like names of persons and organisations")
    if column == "organization_name" and profile.share("organization") >= 0.4 and profile.mean_words < 8:
        return _vote("organization_name", 0.8, profile.share("organization"), "look like names of organisations")
    if column == "names":
        return _single_name(votes, profile)
    if column == "city":
        return _city(header, headers, votes, profile)
    if column == "house" and profile.share("house_number") >= 0.8:
        place = headers.index(header)
        if place + 1 < len(headers) and votes[headers[place + 1]].target.column in {"street_name", "address_line1"}:
            return _vote("house_number", 0.75, profile.share("house_number"), "look like house numbers before a street")
    if column == "key" and header == headers[0] and profile.uniqueness == 1.0 and profile.share("opaque") >= 0.95:
        return Vote(
            Target(KEY), 0.7, "first column, every value different and shaped like an identifier", is_named=False
        )
    return None


def _vote(column: str, confidence: float, share: float, words: str) -> Vote:
    return Vote(Target(column), confidence, f"{share:.0%} of values {words}", is_named=False)


def _zip(header: str, headers: Sequence[str], votes: Mapping[str, Vote], profile: Profile) -> Vote | None:
    share = profile.share("zip_us") + profile.share("zip_lost")
    if share < 0.85 or profile.share("zip_us") < 0.6:
        return None
    place = headers.index(header)
    near = headers[max(0, place - _NEAR) : place + _NEAR + 1]
    if not any(votes[other].target.column in {"state", "city"} for other in near):
        return None
    return _vote("zip5", 0.85, share, "have the shape of ZIPs and stand beside a state")


def _single_name(votes: Mapping[str, Vote], profile: Profile) -> Vote | None:
    taken = {vote.target.column for vote in votes.values()}
    known = profile.share("name_word")
    if known < 0.4 or profile.share("has_digit") > 0.1:
        if profile.share("initial") >= 0.6 and "first_name" in taken and "middle_name" not in taken:
            return _vote("middle_name", 0.75, profile.share("initial"), "are initials")
        return None
    given, surname = profile.share("given"), profile.share("surname")
    if profile.share("city") > known and profile.share("city") > 0.6:
        return None  # most surnames are places somewhere: where places fit better, it is a city
    if given > surname and "first_name" not in taken:
        return _vote("first_name", 0.8, given, "are given names more often than surnames")
    if given <= surname and "last_name" not in taken:
        return _vote("last_name", 0.8, surname, "are surnames more often than given names")
    if given > surname and "middle_name" not in taken:
        return _vote("middle_name", 0.6, given, "are given names, and a first name stands before")
    return None


def _city(header: str, headers: Sequence[str], votes: Mapping[str, Vote], profile: Profile) -> Vote | None:
    place = headers.index(header)
    after = [votes[other].target.column for other in headers[place + 1 : place + 3]]
    beside = "state" in after or "zip5" in after
    if profile.share("city") >= 0.6 or (beside and profile.share("city") >= 0.3):
        return _vote("city", 0.8 if beside else 0.7, profile.share("city"), "are American places")
    if beside and profile.share("alpha") >= 0.9 and profile.distinct > 2 and profile.mean_words < 3.5:
        return _vote("city", 0.65, profile.share("alpha"), "are words before a state or ZIP")
    return None


def _years_spread(profile: Profile) -> bool:
    # Customers are born over decades; most other dates of a file lie within a few years of each other. The three most
    # frequent values do not show that, so the number of different days does: more than 40 % of cells differ.
    return profile.uniqueness > 0.4
