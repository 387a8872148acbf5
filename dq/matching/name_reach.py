"""The most that the names of two persons can weigh (see `reach`)."""

import numpy as np

from dq.matching.encoding import Codes
from dq.matching.evidence import counted_weights, given_weights
from dq.matching.known import Known
from dq.matching.person_ladders import ALIKE_FIRST, ALIKE_LAST, NameCodes
from dq.matching.reach import Flags, Weights, tops
from dq.matching.scoring import Scale
from dq.matching.strings import may_be_alike, may_be_edits


def crossed(names: NameCodes, left: Codes, right: Codes) -> Flags:
    """Say which pairs may have first and last name in each other's place; nothing bounds what that weighs."""
    first, last = names.first, names.last
    found: Flags = (first[left] == last[right]) & (first[left] >= 0)
    found |= (last[left] == first[right]) & (last[left] >= 0)
    return found


def given_reach(known: Known, left: Codes, right: Codes, scale: Scale) -> Weights:
    """Return the most that the given names of each pair can weigh, unless they are crossed."""
    names, top = known.names, tops(scale)
    one, other = names.first[left], names.first[right]
    made = np.zeros(len(left))
    present = (one >= 0) & (other >= 0)
    same = np.flatnonzero(present & (one == other))
    levels = np.full(len(same), scale.place("exact"), dtype=np.int8)
    made[same] = given_weights(levels, known, left[same], right[same], scale)[1]
    rows = np.flatnonzero(present & (one != other))
    made[rows] = _unequal_given(names, one[rows], other[rows], scale)
    by_middle = (one[rows] == names.middle[right[rows]]) | (other[rows] == names.middle[left[rows]])
    made[rows[by_middle]] = np.maximum(made[rows[by_middle]], top.of("middle"))
    return made


def _unequal_given(names: NameCodes, one: Codes, other: Codes, scale: Scale) -> Weights:
    top, texts = tops(scale), names.names.texts
    known = names.is_given[one] & names.is_given[other]
    made = np.where(known, top.of("other_known_name"), top.of("other"))
    alike = may_be_alike(texts, one, other, ALIKE_FIRST) | may_be_edits(texts, one, other, 2)
    made[alike] = top.of("typo", "variant", "sounds_alike", "alike_known_name", "other_known_name", "similar", "other")
    initial = (np.minimum(names.lengths[one], names.lengths[other]) == 1) & (names.letters[one] == names.letters[other])
    made[initial] = np.maximum(made[initial], top.of("initial"))
    listed = (names.families[one] & names.families[other]) != 0
    made[listed] = np.maximum(made[listed], top.of("nickname", "variant"))
    return _unless_two_scripts(made, names, one, other)


def _unless_two_scripts(made: Weights, names: NameCodes, one: Codes, other: Codes) -> Weights:
    return np.where(names.is_plain[one] == names.is_plain[other], made, np.maximum(made, 0.0))


def family_reach(known: Known, left: Codes, right: Codes, scale: Scale) -> tuple[Weights, Flags]:
    """Return the most that the family names of each pair can weigh, and which may be those of one family."""
    names, top = known.names, tops(scale)
    one, other = names.last[left], names.last[right]
    made = np.zeros(len(left))
    present = (one >= 0) & (other >= 0)
    family = present & (one == other)
    same = np.flatnonzero(family)
    levels = np.full(len(same), scale.place("exact"), dtype=np.int8)
    made[same] = counted_weights(scale, levels, known.last, left[same])[1]
    rows = np.flatnonzero(present & (one != other))
    a, b = one[rows], other[rows]
    alike = may_be_alike(names.names.texts, a, b, ALIKE_LAST) | may_be_edits(names.names.texts, a, b, 2)
    alike |= names.sounds[a] == names.sounds[b]
    weights = np.where(alike, top.of("typo", "sounds_alike", "similar", "other"), top.of("other"))
    made[rows] = _unless_two_scripts(weights, names, a, b)
    family[rows] = alike
    has_more = (known.columns["last_parts"].codes >= 0) | (known.columns["former"].codes >= 0)
    double = np.flatnonzero((has_more[left] | has_more[right]) & ~(present & (one == other)))
    made[double] = np.maximum(made[double], max(top.below("exact"), 0.0))
    family[double] = True
    return made, family


def middle_reach(known: Known, left: Codes, right: Codes, scale: Scale) -> Weights:
    """Return the most that the middle names of each pair can weigh."""
    names, top = known.names, tops(scale)
    one, other = names.middle[left], names.middle[right]
    made = np.zeros(len(left))
    present = (one >= 0) & (other >= 0)
    same = np.flatnonzero(present & (one == other))
    levels = np.full(len(same), scale.place("exact"), dtype=np.int8)
    made[same] = counted_weights(scale, levels, known.middle, left[same])[1]
    rows = np.flatnonzero(present & (one != other))
    a, b = one[rows], other[rows]
    weights = np.full(len(rows), top.of("other"))
    weights[may_be_edits(names.names.texts, a, b, 1)] = top.of("typo", "other")
    initial = (np.minimum(names.lengths[a], names.lengths[b]) == 1) & (names.letters[a] == names.letters[b])
    weights[initial] = np.maximum(weights[initial], top.of("initial"))
    made[rows] = _unless_two_scripts(weights, names, a, b)
    return made
