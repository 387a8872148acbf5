"""What the words of a picklist mean: sources agree among themselves first, then with the target. Applies nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final, Literal

import pandas as pd
from rapidfuzz import fuzz, process, utils

from dq.conversion.vocabulary import Vocabulary
from dq.model import TEXT
from dq.standards.targets import Target

How = Literal["legal", "accepted", "learned", "spelling", "met", "nearest", "none"]
"""How a meaning was found: the target has the value; somebody accepted it for this field; for another; it is the same
but for case or is another name of it; customers in two sources; the nearest spelling; not at all."""

PICKLISTS: Final = (
    "target", "object", "field", "source", "value", "columns", "records", "canonical", "legal", "how", "evidence",
    "likeness", "accepted_by", "accepted_on",
)  # fmt: skip
"""One row per word of a source in a field: what it is called among the sources (`canonical`), and by the target
(`legal`, null where nothing safe can be proposed). `likeness` is that of the spelling, or the share of customers,
0–100."""

LEARNED: Final = ("columns", "source", "value", "becomes", "target", "field", "accepted_by", "accepted_on")
"""One row per mapping somebody accepted: in source columns `columns` (parted by `|`), `value` of `source` (null: of
any) means `becomes`; it was accepted for `field` (`Object.Field`) of `target`. The last row of a value counts."""

NEAR: Final = 80.0
"""Likeness (rapidfuzz WRatio, 0–100) from which a legal value is proposed: below it, what is alike is so by accident
(`Education` and `Recreation` have 74)."""
SHORTEST: Final = 4
"""Characters from which on a likeness says something: every code of two letters is near to many others."""
MAJORITY: Final = 0.5
"""Lower bound of the share of customers who have the other source's word: more likely than not it is what is meant.
Four of four reach it, three of three do not."""
_Z: Final = 1.96
"""Normal quantile of a two-sided interval of 95 % (Wilson 1927)."""

Spellings = Mapping[str, str]
"""Folded spelling or code → the name a list would have."""


@dataclass(frozen=True)
class Meaning:
    """What one word means; `legal` is empty where nothing safe is known."""

    canonical: str
    legal: str
    how: How
    evidence: str
    likeness: str = ""
    accepted_by: str = ""
    accepted_on: str = ""


def no_picklists() -> pd.DataFrame:
    """Return the memory of somebody who has not accepted anything yet."""
    return pd.DataFrame({column: pd.Series(dtype=TEXT) for column in LEARNED})


def spelled(value: str, legal: Iterable[str], spellings: Spellings) -> Meaning | None:
    """Return the legal value that a text is another spelling of, by its letters, its names or its only beginning.

    >>> spelled("hot ", ("Hot", "Warm"), {}).legal, spelled("MR", ("Mr.", "Mrs."), {}).legal
    ('Hot', 'Mr.')
    """
    choices = list(legal)
    folded = {choice.casefold(): choice for choice in choices}
    plain = value.strip().casefold()
    known = folded.get(plain) or folded.get(str(spellings.get(plain, "")).casefold())
    bare = [choice for choice in choices if _bare(choice) and _bare(choice) == _bare(value)]
    known = known or (bare[0] if len(bare) == 1 else None)
    if known is not None:
        return Meaning(known, known, "spelling", "another spelling of the same", "100")
    begins = [choice for choice in choices if choice.casefold().startswith(plain)] if len(plain) == 1 else []
    return Meaning(begins[0], begins[0], "spelling", "the only value that begins so") if len(begins) == 1 else None


def _bare(text: str) -> str:
    """Return a text without case and punctuation."""
    return "".join(character for character in text.casefold() if character.isalnum())


def nearest(value: str, legal: Iterable[str]) -> Meaning | None:
    """Return the legal value with the nearest spelling, none where it is far."""
    if len(value.strip()) < SHORTEST:
        return None
    found = process.extractOne(
        value, list(legal), scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=NEAR
    )
    if found is None:
        return None
    return Meaning(value, found[0], "nearest", "the nearest value of the list", f"{found[1]:.0f}")


class Memory:
    """Accepted mappings, looked up by where a word stands."""

    def __init__(self, learned: pd.DataFrame) -> None:
        self._rows: dict[str, list[dict[str, str]]] = {}
        for line in learned.fillna("").to_dict("records"):
            self._rows.setdefault(line["value"].strip().casefold(), []).append({str(k): v for k, v in line.items()})

    def of(self, columns: str, source: str, value: str) -> list[dict[str, str]]:
        """Return what was accepted for a word, the last first; that for its own source before that for any."""
        there = set(columns.split("|"))
        fitting = [
            line
            for line in reversed(self._rows.get(value.strip().casefold(), []))
            if there & set(line["columns"].split("|")) and line["source"] in ("", source)
        ]
        return sorted(fitting, key=lambda line: line["source"] == "")


def agree(target: Target, name: str, vocabulary: Vocabulary, learned: pd.DataFrame) -> pd.DataFrame:
    """Return the crosswalk of every word: source value, canonical value, the target's legal value; PICKLISTS.

    Args:
        target: What is to be loaded into.
        name: Its name, as it stands in the memory.
        vocabulary: What sources say.
        learned: What was accepted before, LEARNED.
    """
    memory = Memory(learned)
    lines = []
    for (thing, key), words in vocabulary.words.groupby(["object", "field"], sort=True):
        field = _Field(target, name, str(thing), str(key), memory)
        met = vocabulary.meetings
        met = met[met["object"].eq(str(thing)) & met["field"].eq(str(key))]
        for word in words.to_dict("records"):
            mine = met[met["source"] == word["source"]]
            meaning = field.meaning(word["columns"], word["source"], word["value"], mine)
            line: dict[str, object] = {"target": name, **{str(column): word[column] for column in word}}
            lines.append(line | _told(meaning))
    made = pd.DataFrame(lines, columns=list(PICKLISTS))
    texts = [column for column in PICKLISTS if column != "records"]
    return made.astype({**dict.fromkeys(texts, TEXT), "records": "int64"})


def _told(meaning: Meaning) -> dict[str, object]:
    return {
        "canonical": meaning.canonical,
        "legal": meaning.legal or None,
        "how": meaning.how,
        "evidence": meaning.evidence or None,
        "likeness": meaning.likeness or None,
        "accepted_by": meaning.accepted_by or None,
        "accepted_on": meaning.accepted_on or None,
    }


class _Field:
    """One field of a target: its list, and what was accepted for it."""

    def __init__(self, target: Target, name: str, thing: str, key: str, memory: Memory) -> None:
        self.legal = target.picklists[target.in_force(thing)[key].picklist]
        self.name, self.place, self.memory = name, f"{thing}.{key}", memory

    def meaning(self, columns: str, source: str, value: str, met: pd.DataFrame) -> Meaning:
        """Return what a word means, by the surest way there is; `met` are the meetings of all words of its source."""
        known = self._remembered(columns, source, value)
        if known is not None and known.how == "accepted":
            return known
        if value in self.legal:
            return Meaning(value, value, "legal", "")
        partners = list(_partners(value, met))
        found = known or spelled(value, self.legal, {}) or self._met(columns, partners)
        found = found or nearest(value, self.legal)
        if found is not None:
            return found
        # Nothing legal is known: two sources agree at least among themselves, on the word of the first by name.
        shared = next((one for one in partners if one.source < source), None)
        return Meaning(value if shared is None else shared.word, "", "none", "" if shared is None else shared.sentence)

    def _remembered(self, columns: str, source: str, value: str) -> Meaning | None:
        lines = self.memory.of(columns, source, value)
        own = [line for line in lines if (line["target"], line["field"]) == (self.name, self.place)]
        for line in own:
            if line["becomes"] in self.legal:
                return _remembered(line, line["becomes"], "accepted", "")
        for line in lines:
            # Accepted for another field: the same word if this list has it, else as near as spelling brings it.
            legal = spelled(line["becomes"], self.legal, {}) or nearest(line["becomes"], self.legal)
            if legal is not None:
                return _remembered(line, legal.legal, "learned", legal.likeness)
        return None

    def _met(self, columns: str, partners: Iterable["_Partner"]) -> Meaning | None:
        """Return what a word means by the customers who are in two sources."""
        for one in partners:
            legal = self._by_itself(columns, one.source, one.word)
            if legal is not None:
                return Meaning(one.word, legal, "met", one.sentence, f"{100 * one.count // one.total}")
        return None

    def _by_itself(self, columns: str, source: str, value: str) -> str | None:
        """Return the legal value of a word by its own text or by what was accepted for it."""
        if value in self.legal:
            return value
        found = self._remembered(columns, source, value) or spelled(value, self.legal, {})
        found = found or nearest(value, self.legal)
        return None if found is None else found.legal


@dataclass(frozen=True)
class _Partner:
    """The word another source has for most customers that have a word."""

    source: str
    word: str
    count: int
    total: int

    @property
    def sentence(self) -> str:
        return f"{self.count:,} of {self.total:,} customers who are in both have {self.word} in {self.source}"


def _partners(value: str, met: pd.DataFrame) -> list[_Partner]:
    """Return the words that stand for a value in other sources, the surest first.

    A word counts where it is what most have, and where it is commoner beside this value than beside all: a source in
    which nearly everybody is Hot says nothing of a 5.
    """
    found = []
    for other, pairs in met.groupby("other_source", sort=True):
        own = pairs[pairs["value"] == value].sort_values(["customers", "other_value"], ascending=[False, True])
        if own.empty:
            continue
        count, total, word = int(own["customers"].iloc[0]), int(own["customers"].sum()), str(own["other_value"].iloc[0])
        common = int(pairs.loc[pairs["other_value"] == word, "customers"].sum()) / int(pairs["customers"].sum())
        sure = lower_bound(count, total)
        if sure >= MAJORITY and sure > common:
            found.append((-sure, _Partner(str(other), word, count, total)))
    return [partner for _, partner in sorted(found, key=lambda one: (one[0], one[1].source))]


def _remembered(line: Mapping[str, str], legal: str, how: How, likeness: str) -> Meaning:
    said = f"accepted by {line['accepted_by']} on {line['accepted_on']} for {line['target']} {line['field']}"
    meaning = Meaning(line["becomes"], legal, how, said, likeness)
    return replace(meaning, accepted_by=line["accepted_by"], accepted_on=line["accepted_on"])


def lower_bound(count: int, total: int) -> float:
    """Return the lower end of the interval of a share (Wilson 1927), 0–1, rounded to six decimals.

    >>> lower_bound(4, 4), lower_bound(3, 3)
    (0.5101, 0.438494)
    """
    share, square = count / total, _Z * _Z
    middle = share + square / (2 * total)
    spread = _Z * sqrt(share * (1 - share) / total + square / (4 * total * total))
    return round((middle - spread) / (1 + square / total), 6)
