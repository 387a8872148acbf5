"""The verdict on one ZIP, city and state: outcome, evidence, and the few repairs that one-sided evidence allows."""

from typing import Final, NamedTuple

from dq.address.tokens import segments
from dq.address.zip_codes import ZipCode, parse_zip
from dq.address.zip_reference import ZipReference

CERTAINTY: Final = {"consistent": 1.0, "near": 0.95, "unverified": 0.6, "zip_city_mismatch": 0.3, "zip_invalid": 0.1}
"""Factor of the last line in `address_confidence`: a rank order for people and survivorship, not a probability."""

_ALL: Final = "geonames:zip+city+state"
"""Evidence of a last line that agrees, mended or not: what was mended is a change, unseen by a second pass."""


class Verdict(NamedTuple):
    """What is known about a last line.

    Attributes:
        outcome: One of `dq.model.ADDRESS_OUTCOMES`.
        evidence: What agreed, in short words parted by blanks.
        certainty: Factor for `address_confidence`.
        city: The city to be written, upper case.
        state: The code to be written.
        zip5: Five digits, or the cell where it is no ZIP.
        zip4: Four digits or `""`.
        reasons: Column → reason of a change, as (column, reason) pairs.
        flags: Doubts as `column:code` words.
    """

    outcome: str
    evidence: str
    certainty: float
    city: str
    state: str
    zip5: str
    zip4: str
    reasons: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()


def judge(zip_text: str, city: str, state: str, reference: ZipReference) -> Verdict:
    """Judge a last line.

    Args:
        zip_text: The ZIP in any notation, ZIP+4 with its hyphen; `""` where missing.
        city: City in upper case without punctuation; `""` where missing.
        state: Code; the text as typed where it names no state; `""` where missing.
        reference: The tables.
    """
    code = parse_zip(zip_text)
    reasons: list[tuple[str, str]] = []
    flags: list[str] = []
    if state and state not in reference.states:
        flags.append("state:unknown")
    full_name = reference.full_name(city, state)
    if full_name != city:
        city = full_name
        reasons.append(("city", "city_name"))
    code = _restore_digits(code, city, state, reference, reasons, flags)
    if code.reason:
        reasons += [("zip5", code.reason), ("zip4", code.reason)]
    if not city:
        flags.append("city:missing")
    base = Verdict("unverified", "", CERTAINTY["unverified"], city, state, code.zip5, code.zip4)
    verdict = _judge_zip(base, code, reference)
    return verdict._replace(reasons=(*reasons, *verdict.reasons), flags=(*flags, *verdict.flags))


def _restore_digits(
    code: ZipCode,
    city: str,
    state: str,
    reference: ZipReference,
    reasons: list[tuple[str, str]],
    flags: list[str],
) -> ZipCode:
    """Take the proposed digits where the state (for letters read as digits: state and city) confirms them."""
    proposed = code.padded
    if code.doubt == "length" and proposed:
        if state in reference.states and reference.is_state_of(proposed, state):
            reasons += [("zip5", "zip_padded"), ("zip4", "zip_split")]
            return ZipCode(proposed, code.zip4)
        if not state and reference.own_city(proposed, city):
            reasons += [("zip5", "zip_padded"), ("zip4", "zip_split")]
            return ZipCode(proposed, code.zip4)
    if code.doubt == "letters" and reference.is_state_of(proposed, state) and reference.own_city(proposed, city):
        reasons.append(("zip5", "zip_digits"))
        return ZipCode(proposed, code.zip4)
    if code.doubt:
        flags.append(("zip4:" if code.doubt.startswith("zip4") else "zip5:") + code.doubt.removeprefix("zip4_"))
    return code


def _judge_zip(base: Verdict, code: ZipCode, reference: ZipReference) -> Verdict:
    zip5, state = code.zip5, base.state
    if not zip5:
        evidence = "geonames:city+state" if reference.is_place(base.city, state) else ""
        return base._replace(evidence=evidence, flags=("zip5:missing",))
    if code.doubt and not code.doubt.startswith("zip4"):
        return _with(base, "zip_invalid")
    if zip5[:3] not in reference.zip3_states:
        return _with(base, "zip_invalid", flags=("zip5:unassigned",))
    if state in reference.states and not reference.is_state_of(zip5, state):
        return _state_conflict(base, reference)
    if zip5 not in reference.zips:
        evidence = "zip3:state" if state in reference.states else ""
        return base._replace(evidence=evidence, flags=("zip5:unlisted",))
    return _judge_city(base, reference)


def _state_conflict(base: Verdict, reference: ZipReference) -> Verdict:
    """Two against one are still no licence to rewrite: the state is proposed in a flag."""
    place = reference.own_city(base.zip5, base.city) if base.city else None
    proposal = (f"state:proposed={place.state}",) if place else ()
    return _with(base, "zip_city_mismatch", flags=("state:not_of_zip", *proposal))


def _judge_city(base: Verdict, reference: ZipReference) -> Verdict:
    zip5, city, state = base.zip5, base.city, base.state
    own = reference.own_city(zip5, city) if city else None
    place_state = own.state if own else reference.zips[zip5][0].state
    if state not in reference.states:
        if own and not state:
            filled = base._replace(state=place_state, reasons=(("state", "state_from_zip"),))
            return _with(filled, "consistent", _ALL)
        proposal = (f"state:proposed={place_state}",) if own else ()
        return base._replace(evidence="geonames:zip+city" if own else "geonames:zip", flags=proposal)
    if not city:
        return base._replace(evidence="geonames:zip+state")
    if own:
        return _with(_spelled(base, own.city, reference), "consistent", _ALL)
    if reference.is_near(zip5, city, state):
        near = base._replace(certainty=CERTAINTY["near"])
        return near._replace(outcome="consistent", evidence="geonames:zip+state+near_city")
    typo = reference.typo_of(zip5, city, state)
    if typo:
        mended = base._replace(city=typo, reasons=(("city", "city_typo"),))
        return _with(mended, "consistent", _ALL)
    likely = reference.near_typo_of(zip5, city, state)
    proposal = (f"city:typo={likely.replace(' ', '_')}",) if likely else ()
    return _with(base, "zip_city_mismatch", "geonames:zip+state", ("city:not_of_zip", *proposal))


def _spelled(base: Verdict, own: str, reference: ZipReference) -> Verdict:
    """Write the city as GeoNames does where both have one key: `ST LOUIS` becomes `SAINT LOUIS`."""
    written = city_text(own)
    if written == base.city or reference.key(own) != reference.key(base.city):
        return base
    return base._replace(city=written, reasons=(("city", "city_name"),))


def _with(base: Verdict, outcome: str, evidence: str = "", flags: tuple[str, ...] = ()) -> Verdict:
    return base._replace(outcome=outcome, evidence=evidence, certainty=CERTAINTY[outcome], flags=(*base.flags, *flags))


def city_text(city: str) -> str:
    """Return a city in upper case without punctuation (Publication 28 section 222: hyphens become blanks).

    >>> city_text("Winston-Salem")
    'WINSTON SALEM'
    """
    return " ".join(segments(city)).replace("-", " ").replace("#", "").strip()
