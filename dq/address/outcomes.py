"""The verdict on one ZIP, city and state: outcome, evidence, and the few repairs that one-sided evidence allows."""

from functools import lru_cache
from typing import Final, NamedTuple

from dq.address.tokens import segments
from dq.address.zip_codes import ZipCode, parse_zip
from dq.address.zip_proposals import (
    SWAP_KM,
    area_kilometres,
    is_far,
    is_served,
    is_state_typo,
    mistyped_area,
    near_typos,
    own_short_form,
    own_typo,
    proposed_zip,
    swapped_zip,
    swapped_zip_nearby,
    with_distance,
)
from dq.address.zip_reference import ZipReference

CERTAINTY: Final = {"consistent": 1.0, "near": 0.95, "unverified": 0.6, "zip_city_mismatch": 0.3, "zip_invalid": 0.1}
"""Factor of the last line in `address_confidence`: a rank order for people and survivorship, not a probability."""

MILITARY: Final = frozenset({"AA", "AE", "AP"})
"""States of the armed forces: every ZIP has one city there, and lists lack a third of the ZIPs in use."""
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
    if verdict.state and verdict.state not in reference.states:
        flags.insert(0, "state:unknown")
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
        return _judge_unlisted(base, reference)
    return _judge_city(base, reference)


def _state_conflict(base: Verdict, reference: ZipReference) -> Verdict:
    """Two against one are still no licence to rewrite: the state, or the ZIP with digits swapped, is proposed."""
    place = reference.own_city(base.zip5, base.city) if base.city else None
    meant = "" if place or not base.city else swapped_zip(base.zip5, base.city, base.state, reference)
    proposal = (f"state:proposed={place.state}",) if place else _proposal(base.zip5, meant, reference)
    return _with(base, "zip_city_mismatch", flags=("state:not_of_zip", *proposal))


def _judge_unlisted(base: Verdict, reference: ZipReference) -> Verdict:
    """Judge a ZIP that no list has: alone it proves nothing, since lists have gaps.

    It is held to be wrong where a slip of the keyboard makes a ZIP of the row's own city out of it, or where the city
    lies far from every ZIP with the same beginning: of seven such ZIPs in 25,663 real rows, seven were wrong.
    """
    zip5, city, state = base.zip5, base.city, base.state
    unlisted = ("zip5:unlisted",)
    if state not in reference.states:
        return base._replace(flags=unlisted)
    if city and state not in MILITARY:
        swapped = swapped_zip(zip5, city, state, reference) or swapped_zip_nearby(zip5, city, state, reference)
        meant = [swapped] if swapped else []
        if not meant and not is_served(zip5, city, state, reference):
            meant = mistyped_area(zip5, city, state, reference)
        if meant:
            proposal = _proposal(zip5, meant[0], reference) if len(meant) == 1 else ()
            return _with(base, "zip_city_mismatch", "zip3:state", (*unlisted, *proposal))
        if is_far(area_kilometres(zip5, city, state, reference)):
            return _with(base, "zip_city_mismatch", "zip3:state", (*unlisted, "city:not_of_zip"))
    return base._replace(evidence="zip3:state", flags=unlisted)


def _judge_city(base: Verdict, reference: ZipReference) -> Verdict:
    zip5, city, state = base.zip5, base.city, base.state
    own = reference.own_city(zip5, city) if city else None
    place_state = own.state if own else reference.zips[zip5][0].state
    if state not in reference.states:
        is_typo = bool(state) and own is not None and is_state_typo(state, reference.states[place_state])
        if own and (not state or is_typo):
            filled = base._replace(state=place_state, reasons=(("state", "state_typo" if state else "state_from_zip"),))
            return _with(_spelled(filled, own.city, reference), "consistent", _ALL)
        if city and not state and reference.is_near(zip5, city, place_state):
            return _judge_near(base._replace(state=place_state, reasons=(("state", "state_from_zip"),)), reference)
        proposal = (f"state:proposed={place_state}",) if own else ()
        return base._replace(evidence="geonames:zip+city" if own else "geonames:zip", flags=proposal)
    if not city:
        return base._replace(evidence="geonames:zip+state")
    if own:
        return _with(_spelled(base, own.city, reference), "consistent", _ALL)
    if reference.is_near(zip5, city, state):
        return _judge_near(base, reference)
    if reference.is_part(zip5, city, state):
        return _near(base)
    return _judge_stranger(base, reference)


def _judge_near(base: Verdict, reference: ZipReference) -> Verdict:
    """A near place is accepted, unless swapped digits explain better why its ZIP is another town's."""
    zip5, city, state = base.zip5, base.city, base.state
    if (reference.kilometres(zip5, city, state) or 0.0) < SWAP_KM:
        return _near(base)
    meant = swapped_zip(zip5, city, state, reference)
    if not meant:
        return _near(base)
    flags = ("city:not_of_zip", *_proposal(zip5, meant, reference))
    return _with(base, "zip_city_mismatch", "geonames:zip+state", flags)


def _near(base: Verdict) -> Verdict:
    near = base._replace(certainty=CERTAINTY["near"])
    return near._replace(outcome="consistent", evidence="geonames:zip+state+near_city")


def _judge_stranger(base: Verdict, reference: ZipReference) -> Verdict:
    """Judge a city that is neither the ZIP's own nor a place near it: misspelt, far away or unknown.

    A misspelling is mended where one name is the nearest. A name that no place of the country bears is no proof of an
    error: hamlets and quarters are in no list.
    """
    zip5, city, state = base.zip5, base.city, base.state
    short = own_short_form(zip5, city, state, reference)
    if short:
        return _with(base._replace(city=city_text(short), reasons=(("city", "city_name"),)), "consistent", _ALL)
    typo = own_typo(zip5, city, state, reference)
    likely = [] if typo else near_typos(zip5, city, state, reference)
    if typo or len(likely) == 1:
        mended = base._replace(city=city_text(typo or likely[0]), reasons=(("city", "city_typo"),))
        return _with(mended, "consistent", _ALL) if typo else _judge_near(mended, reference)
    if likely:
        names = "|".join(city_text(name).replace(" ", "_") for name in likely)
        flags = ("city:not_of_zip", f"city:typo={names}")
        return _with(base, "zip_city_mismatch", "geonames:zip+state", flags)
    if not reference.is_place(city, state) and not any(key in reference.known_keys for key in reference.keys(city)):
        return base._replace(evidence="geonames:zip+state", flags=("city:unknown",))
    proposed = proposed_zip(zip5, city, state, reference)
    flags = ("city:not_of_zip", *((f"zip5:proposed={proposed}",) if proposed else ()))
    return _with(base, "zip_city_mismatch", "geonames:zip+state", flags)


def _proposal(zip5: str, meant: str, reference: ZipReference) -> tuple[str, ...]:
    return (f"zip5:proposed={with_distance(zip5, meant, reference)}",) if meant else ()


def _spelled(base: Verdict, own: str, reference: ZipReference) -> Verdict:
    """Write the city as the post office does where only blanks or abbreviations differ: `ST LOUIS`, `MC KINNEY`.

    What differs otherwise is a name of its own that stays: Newton Centre, Foxborough.
    """
    written = city_text(own)
    letters = written.replace(" ", "")
    if written == base.city or letters not in (base.city.replace(" ", ""), _expanded(base.city, reference)):
        return base
    return base._replace(city=written, reasons=(("city", "city_name"),))


def _expanded(city: str, reference: ZipReference) -> str:
    """Return a city's letters with its abbreviations spelled; a spelling as long as its word is none."""
    found = ((word, reference.words.get(word, word)) for word in city.split())
    return "".join(full if len(full) > len(word) else word for word, full in found)


def _with(base: Verdict, outcome: str, evidence: str = "", flags: tuple[str, ...] = ()) -> Verdict:
    return base._replace(outcome=outcome, evidence=evidence, certainty=CERTAINTY[outcome], flags=(*base.flags, *flags))


@lru_cache(maxsize=65_536)
def city_text(city: str) -> str:
    """Return a city in upper case without punctuation (Publication 28 section 222: hyphens become blanks).

    >>> city_text("Winston-Salem")
    'WINSTON SALEM'
    """
    return " ".join(segments(city)).replace("-", " ").replace("#", "").strip()
