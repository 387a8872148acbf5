"""One column, two witnesses: what its header says and what its values look like. Sees no other column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from dq.tables.recognition.headers import HeaderVote
from dq.tables.recognition.shapes import Profile
from dq.tables.recognition.targets import CONSENT_COLUMNS, EXTRA, KEY, WHOLE, Target

VETO_MIN_CELLS: Final = 3
"""Fewer values than this contradict a clear header only by chance."""
VETO_BELOW: Final = 0.2
"""A typed column in which fewer than every fifth cell has the type is not that column, however dirty the source."""
DOUBT_BELOW: Final = 0.7
"""Below this a person is told which flag fixes the mapping: two sources in three are right there, not nine in ten."""

Fit = Callable[[Profile], float]


@dataclass(frozen=True)
class Vote:
    """What one column is taken for, before the other columns are looked at."""

    target: Target
    confidence: float
    reason: str
    is_answer: bool = False
    is_named: bool = True


def _not(*shapes: str) -> Fit:
    return lambda profile: 1.0 - sum(profile.share(shape) for shape in shapes)


def _any(*shapes: str) -> Fit:
    return lambda profile: min(1.0, sum(profile.share(shape) for shape in shapes))


def _date(profile: Profile) -> float:
    # Eight digits are tested for being dates where the order is learnt; a year alone is not a date of birth.
    return max(profile.share("date") + profile.share("digits") * (7.5 <= profile.mean_length <= 14.5), 0.0)


def _personal(profile: Profile) -> float:
    return 1.0 - profile.share("has_digit") - profile.share("email")


_FITS: Final[Mapping[str, Fit]] = {
    "email": _any("at"),
    "phone": _any("phone", "phone_short", "scientific"),
    "mobile": _any("phone", "phone_short", "scientific"),
    "fax": _any("phone", "phone_short", "scientific"),
    "website": _any("url"),
    "phone_area": _any("digits", "phone"),
    "phone_number": _any("phone", "phone_short", "digits", "zip_lost"),
    "phone_exchange": _any("digits"),
    "phone_extension": _any("has_digit"),
    "phone_role": _any("word_role", "word_phone_kind"),
    "address_role": _any("word_role"),
    "party_type": _any("word_party_type"),
    "birth_on": _date,
    "created_at": _date,
    "valid_from": _date,
    "valid_to": _date,
    "updated_at": _date,
    "verified_on": _date,
    "birth_day": _any("digits"),
    "birth_month": lambda profile: _any("digits")(profile) if profile.mean_length <= 2.5 else 0.5,
    "birth_year": _any("digits"),
    "first_name": _personal,
    "middle_name": _personal,
    "last_name": _personal,
    "full_name": lambda profile: 1.0 - profile.share("digits", "email", "date", "amount", "phone", "url", "bool"),
    "organization_name": lambda profile: 1.0 - profile.share("digits", "email", "date", "amount", "phone", "bool"),
    "trade_name": lambda profile: 1.0 - profile.share("digits", "email", "date", "amount", "phone", "bool"),
    "prefix": lambda profile: profile.share("word_prefix"),
    "suffix": lambda profile: max(profile.share("word_suffix"), 0.3 if profile.mean_length < 6 else 0.0),
    "job_title": lambda profile: 1.0 - profile.share("digits", "email", "date", "url", "word_prefix"),
    "city": lambda profile: 1.0 - profile.share("has_digit", "email", "url"),
    "state": lambda profile: max(
        profile.share("state") + profile.share("region"),
        0.5 if profile.share("alpha") > 0.8 and profile.mean_length < 25 else 0.0,
    ),
    "country": lambda profile: max(
        profile.share("country"), 0.3 if profile.share("alpha") > 0.9 and profile.mean_length <= 15 else 0.0
    ),
    "zip5": _any("zip_us", "zip_lost", "postcode"),
    "zip4": _any("digits", "zip_us"),
    "house_number": lambda profile: max(profile.share("house_number"), profile.share("has_digit") * 0.6),
    "address_line1": lambda profile: 1.0 - profile.share("email", "url", "date", "digits", "phone"),
    "address_line2": lambda profile: 1.0 - profile.share("email", "url", "date", "phone"),
    "address_text": lambda profile: 1.0 - profile.share("email", "url", "date", "digits", "phone"),
    "last_line": lambda profile: max(
        profile.share("last_line", "full_address"), 0.4 if profile.share("has_digit", "comma") > 0.5 else 0.0
    ),
    "tax_id": lambda profile: max(profile.share("ssn", "ein", "digits", "opaque"), profile.share("has_digit") * 0.8),
    "duns": lambda profile: max(profile.share("duns", "digits"), profile.share("has_digit") * 0.6),
    "lei": _any("lei"),
    "value_amount": _any("amount", "scientific"),
    "account_key": lambda profile: 1.0 - profile.share("email", "date", "long"),
    "parent_key": lambda profile: 1.0 - profile.share("email", "date", "long"),
    KEY: lambda profile: 1.0 - profile.share("email", "date", "long", "ssn") - _person_words(profile),
    **dict.fromkeys((name for name in CONSENT_COLUMNS if name.startswith("opt_")), _any("bool")),
}

# What values alone prove: (column, share of cells, confidence, words). The first that holds wins. Shapes that other
# things share (a ZIP is also a number) are left to the table, which sees the neighbours.
_ALONE: Final[tuple[tuple[str, tuple[str, ...], float, float, str], ...]] = (
    ("email", ("email",), 0.6, 0.92, "look like e-mail addresses"),
    ("website", ("url",), 0.7, 0.8, "look like web addresses"),
    ("lei", ("lei",), 0.8, 0.9, "look like LEI codes"),
    ("tax_id", ("ein",), 0.8, 0.8, "look like employer numbers"),
    ("phone", ("phone_us",), 0.8, 0.88, "look like US phones"),
    ("phone", ("phone",), 0.8, 0.8, "look like phone numbers"),
    ("address_text", ("full_address",), 0.5, 0.85, "look like whole addresses"),
    ("last_line", ("last_line",), 0.45, 0.85, "look like city, state and ZIP in one"),
    ("address_line1", ("street_line",), 0.5, 0.85, "look like street lines"),
    ("zip5", ("zip_plus4",), 0.25, 0.85, "look like ZIPs, many of them ZIP+4"),
    ("country", ("country",), 0.95, 0.8, "are countries"),
)
SURE_ALONE: Final = ("email", "phone", "address_text", "last_line", "address_line1", "website", "zip5")
"""What values prove even under a header that says nothing; other columns need a header that was made up."""


def _person_words(profile: Profile) -> float:
    return profile.share("full_name", "given_known", "surname_known") if profile.share("has_digit") < 0.5 else 0.0


def fit_of(target: Target, profile: Profile) -> float | None:
    """Return how well the values suit the target, 0–1; None where they cannot tell."""
    fit = _FITS.get(target.column)
    if fit is None or profile.filled < VETO_MIN_CELLS:
        return None
    return max(0.0, min(1.0, fit(profile)))


def vote_of(header: str, named: HeaderVote | None, is_unnamed: bool, profile: Profile) -> Vote:
    """Weigh header and values of one column.

    Args:
        header: As it stands in the source, for reasons.
        named: What the header says, None for nothing.
        is_unnamed: The header was made up by a reader or a spreadsheet.
        profile: What the values look like.
    """
    if named is None:
        return _alone(header, is_unnamed, profile)
    if named.target.column == EXTRA:
        return Vote(named.target, named.confidence, named.reason, named.is_answer)
    fit = fit_of(named.target, profile)
    if profile.filled == 0:
        return Vote(named.target, named.confidence * 0.9, f"{named.reason}; the column is empty")
    if fit is None:
        return Vote(named.target, named.confidence, named.reason)
    swapped = _better(named.target, profile)
    if swapped is not None:
        return Vote(swapped, 0.8, f"{named.reason.split(' is ')[0]}, but {_values(swapped, profile)}")
    if fit < VETO_BELOW:
        return _vetoed(header, named, profile)
    confidence = (
        named.confidence + (0.99 - named.confidence) * max(fit - 0.5, 0)
        if fit >= 0.5
        else named.confidence - (0.5 - fit) * 0.6
    )
    note = f"; {fit:.0%} of values fit" if fit < 0.995 else ""
    return Vote(named.target, round(min(confidence, 0.99), 2), named.reason + note)


def _alone(header: str, is_unnamed: bool, profile: Profile) -> Vote:
    for column, shapes, least, confidence, words in _ALONE:
        share = profile.share(*shapes)
        if share < least or (not is_unnamed and column not in SURE_ALONE) or profile.filled < VETO_MIN_CELLS:
            continue
        if column == "phone" and profile.share("digits") > 0.95 and not is_unnamed:
            continue  # bare ten digits under an unknown header are as likely an account number
        sure = confidence if is_unnamed else confidence - 0.1
        return Vote(
            Target(column), round(sure * min(1.0, share + 0.2), 2), f"{share:.0%} of values {words}", is_named=False
        )
    reason = "header is made up and values fit no column" if is_unnamed else f"header `{header}` is no known word"
    return Vote(Target(EXTRA), 0.5, reason, is_named=False)


def _vetoed(header: str, named: HeaderVote, profile: Profile) -> Vote:
    seen = _alone(header, False, profile)
    if seen.target.column == EXTRA and profile.share("date") >= 0.8 and named.target.column.endswith(("_on", "_at")):
        seen = Vote(named.target, 0.6, named.reason)
    if seen.target.column == EXTRA:
        examples = ", ".join(repr(value[:30]) for value in profile.top[:2])
        return Vote(Target(EXTRA), 0.6, f"header `{header}` says {named.target}, but values such as {examples} do not")
    target = Target(seen.target.column, named.target.role, named.target.party)
    return Vote(target, min(seen.confidence, 0.8), f"header `{header}` says {named.target}, but {seen.reason}")


def _better(target: Target, profile: Profile) -> Target | None:
    """Return the target a neighbouring meaning of the header has where the values choose it."""
    column = target.column
    if column == "job_title" and profile.share("word_prefix") > 0.5:
        return Target("prefix")
    if column == "birth_on" and profile.share("digits") >= 0.8 and profile.mean_length <= 2.2:
        return Target("birth_day")
    if column in {"full_name", "organization_name"} and profile.share(WHOLE) >= 0.5:
        return Target(WHOLE, target.role, target.party)
    if column in {"address_line1", "full_name"} and profile.share("full_address") >= 0.5:
        return Target("address_text", target.role, target.party, target.number)
    if column == "address_line2" and profile.share("last_line") >= 0.6:
        return Target("last_line", target.role, target.party, target.number)
    if column in {"address_text", "address_line1"} and profile.share("last_line") >= 0.6:
        return Target("last_line", target.role, target.party, target.number)
    if column == "address_text" and profile.share("street_line") >= 0.6 and profile.share("full_address") < 0.1:
        return Target("address_line1", target.role, target.party, target.number)
    if column == "city" and profile.share("last_line", "state_zip_end") >= 0.6:
        return Target("last_line", target.role, target.party, target.number)
    if column == "last_line" and profile.share("full_address") >= 0.5:
        return Target("address_text", target.role, target.party, target.number)
    if column == "last_line" and profile.share("comma", "has_digit") < 0.2:
        return Target("city", target.role, target.party, target.number)
    if column == "phone_number" and profile.share("phone_us") >= 0.6:
        return Target("phone", target.role, target.party)
    if column == "state" and profile.share("country") >= 0.9 and profile.share("state") < 0.3:
        return Target("country", target.role, target.party, target.number)
    return None


def _values(target: Target, profile: Profile) -> str:
    return f"its values look like {target.column} (for example {profile.top[0][:40]!r})"
