"""What a header says about its column: words → canonical column. Looks at headers only, never at values.

The words are data: `standards/reference/columns.csv` (phrase → column) and `column_words.csv` (roles, parties, words
that carry nothing, words that make a column somebody else's).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dq.standards import Standards
from dq.tables.recognition.targets import (
    ADDRESS_PIECES,
    CHANNELS,
    EXTRA,
    KEY,
    KEY_COLUMNS,
    PHONE_PIECES,
    Target,
    parse_target,
)

UNNAMED: Final = re.compile(
    r"^(?:unnamed(?: \d+)?|(?:column|col|field|feld|fld|var|f|c|v|x|attr)? ?\d+|blank|header|[a-z]|)$"
)
"""Headers that a reader or a spreadsheet made up, after folding: `column_3`, `Unnamed: 3`, `F5`, `_c0`.

One letter names nothing either."""

_ROLE_COLUMNS: Final = frozenset((*CHANNELS, *PHONE_PIECES, *ADDRESS_PIECES))
_LINE_COLUMNS: Final = {1: "address_line1", 2: "address_line2", 3: "address_line3", 4: "address_line3"}
_STRIP_COST: Final = 0.03  # each word passed over makes the reading a little less certain
_FUZZY_CONFIDENCE: Final = 0.62  # one letter off is a typo more often than another word, but it is said


@dataclass(frozen=True)
class HeaderVote:
    """One reading of a header.

    Attributes:
        target: Where the column would go.
        confidence: 0–1 before values are heard.
        reason: Words for the person who reads the mapping.
        is_answer: The header names the answer of an exercise or a group of rows.
    """

    target: Target
    confidence: float
    reason: str
    is_answer: bool = False


@dataclass(frozen=True)
class HeaderWords:
    """The reference words, indexed for reading headers."""

    phrases: Mapping[str, tuple[str, float]]
    kinds: Mapping[str, Mapping[str, str]]
    vocabulary: Mapping[str, int] = field(repr=False)


def _words_of(standards: Standards) -> HeaderWords:
    columns, words = standards.table("columns"), standards.table("column_words")
    phrases = {
        phrase.replace(" ", ""): (column, float(confidence))
        for column, phrase, confidence in zip(columns["column"], columns["words"], columns["confidence"], strict=True)
    }
    kinds: dict[str, dict[str, str]] = {}
    for kind, phrase, value in zip(words["kind"], words["words"], words["value"], strict=True):
        kinds.setdefault(kind, {})[phrase] = value
    vocabulary = {
        part: 1 for phrase in (*columns["words"], *words["words"]) for part in phrase.split() if len(part) > 1
    }
    return HeaderWords(phrases, kinds, vocabulary)


_cache: dict[str, HeaderWords] = {}  # by hash of the standards: equal hashes mean equal words


def header_words(standards: Standards) -> HeaderWords:
    """Return the indexed reference words of these standards."""
    if standards.hash not in _cache:
        _cache[standards.hash] = _words_of(standards)
    return _cache[standards.hash]


def tokens_of(header: str) -> list[str]:
    """Cut a header into lower-case words: camelCase, snake_case, blanks and digits part words; accents go.

    >>> tokens_of("BillingPostalCode"), tokens_of("Zip/Postal"), tokens_of("addr1"), tokens_of("Geburtsdatum ")
    (['billing', 'postal', 'code'], ['zip', 'postal'], ['addr', '1'], ['geburtsdatum'])
    """
    text = unicodedata.normalize("NFKD", header.replace("ß", "ss"))
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = re.sub(r"__(?:c|pc|r)$", "", text)  # a custom field of Salesforce
    text = re.sub(r"['’`´]s\b", " ", text)
    text = re.sub(r"([a-z\d])([A-Z])", r"\1 \2", text)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", text)
    text = re.sub(r"(\d+)(?!st\b|nd\b|rd\b|th\b)", r" \1 ", text.lower())
    return re.findall(r"[^\W_]+", text)


def is_unnamed(header: str) -> bool:
    """Say whether a reader or spreadsheet made the header up (`column_3`, `Unnamed: 3`, `F5`, empty)."""
    return UNNAMED.match(" ".join(tokens_of(header))) is not None


def read_header(header: str, words: HeaderWords) -> HeaderVote | None:
    """Return what a header says, None where it says nothing.

    >>> from pathlib import Path
    >>> words = HeaderWords({"fname": ("first_name", 0.97)}, {}, {})
    >>> read_header("FNAME", words).reason
    'header `FNAME` is a spelling of first_name'
    """
    tokens = tokens_of(header)
    if not tokens or is_unnamed(header):
        return None
    reading = _Reading(words, header)
    vote = reading.read(tuple(tokens))
    if vote is None:
        segmented = _segment(tokens, words)
        vote = reading.read(segmented) if segmented != tuple(tokens) else None
    return vote or _alternatives(header, words) or reading.read_fuzzy(tuple(tokens))


def _alternatives(header: str, words: HeaderWords) -> HeaderVote | None:
    """Return what a header of several parts says, one thing twice (`Kunde / Client`) or two (`Surname/Sfx`).

    Of two things the first is what every cell holds; values that are something else are heard later.
    """
    parts = [part for part in re.split(r"[/|]", header) if tokens_of(part)]
    found = [vote for vote in (read_header(part, words) for part in parts) if vote] if len(parts) > 1 else []
    found = [vote for vote in found if vote.target.column != EXTRA]
    if not found:
        return None
    if {vote.target.column for vote in found} >= {"first_name", "last_name"}:
        return HeaderVote(Target("full_name"), _FUZZY_CONFIDENCE, f"header `{header}` says first and last name")
    sure = len({vote.target for vote in found}) == 1
    confidence = min(vote.confidence for vote in found) if sure else _FUZZY_CONFIDENCE
    said = " and ".join(dict.fromkeys(str(vote.target) for vote in found))
    return replace(found[0], confidence=confidence, reason=f"header `{header}` says {said}")


class _Reading:
    """Reads the words of one header: whole phrase first, then without leading roles, parties and empty words."""

    def __init__(self, words: HeaderWords, header: str) -> None:
        self.words, self.header = words, header

    def read(self, tokens: tuple[str, ...]) -> HeaderVote | None:
        whole = self.words.phrases.get("".join(tokens))
        if whole is not None:
            return self.vote(parse_target(whole[0]) or Target(EXTRA), whole[1])
        if self.has_kind("answer", tokens):
            return HeaderVote(Target(EXTRA), 0.9, f"header `{self.header}` names a group or an answer", is_answer=True)
        found = self.strip(tokens, "", "", 1, 0)
        is_key = found is None or found.target.column in KEY_COLUMNS
        if is_key and tokens[-1] in self.words.kinds.get("id", {}) and self.has_kind("foreign", tokens[:-1]):
            return HeaderVote(Target(EXTRA), 0.8, f"header `{self.header}` identifies something else than the row")
        if found is not None:
            return found
        if self.has_kind("never", tokens):
            return HeaderVote(Target(EXTRA), 0.9, f"header `{self.header}` is about something else than the record")
        return self.key_by_ending(tokens)

    def vote(self, target: Target, confidence: float) -> HeaderVote:
        if target.column == EXTRA:
            return HeaderVote(Target(EXTRA), confidence, f"header `{self.header}` has no canonical column")
        return HeaderVote(target, round(confidence, 2), f"header `{self.header}` is a spelling of {target}")

    def has_kind(self, kind: str, tokens: tuple[str, ...]) -> bool:
        phrases = self.words.kinds.get(kind, {})
        padded = f" {' '.join(tokens)} "
        return any(f" {phrase} " in padded for phrase in phrases)

    def strip(self, tokens: tuple[str, ...], role: str, party: str, number: int, cost: int) -> HeaderVote | None:
        """Take words off the front (roles, parties, empty words) and numbers off the end until a phrase remains."""
        if self.has_kind("never", tokens) and cost == 0:
            return None
        whole = self.words.phrases.get("".join(tokens))
        if cost and whole is not None:
            return self.place(whole, role, party, number, cost)
        if not tokens or cost > 5:
            return None
        options: list[HeaderVote | None] = []
        for length in (3, 2, 1):
            head, tail = " ".join(tokens[:length]), tokens[length:]
            if len(tokens) <= length:
                continue
            if head in self.words.kinds.get("role", {}) and not role:
                options.append(self.strip(tail, self.words.kinds["role"][head], party, number, cost + 1))
            if head in self.words.kinds.get("party", {}) and not party:
                options.append(self.strip(tail, role, self.words.kinds["party"][head], number, cost + 1))
            if head in self.words.kinds.get("address", {}):
                group = int(tail[0]) if tail[0].isdigit() and len(tail) > 1 and len(tail[0]) == 1 else 0
                options.append(
                    self.strip(tail[1:], role or ("other" if group > 1 else ""), party, max(group, number), cost + 1)
                    if group
                    else self.strip(tail, role, party, number, cost + 1)
                )
            if head in self.words.kinds.get("noise", {}):
                options.append(self.strip(tail, role, party, number, cost + 2))
        options.extend(self.strip_end(tokens, role, party, number, cost))
        votes = [vote for vote in options if vote is not None]
        return max(votes, key=lambda vote: (vote.confidence, str(vote.target))) if votes else None

    def strip_end(
        self, tokens: tuple[str, ...], role: str, party: str, number: int, cost: int
    ) -> list[HeaderVote | None]:
        if len(tokens) < 2:
            return []
        last, rest = tokens[-1], tokens[:-1]
        if last.isdigit() and len(last) == 1:
            return [self.strip(rest, role, party, int(last) or 1, cost + 1)]
        if last in self.words.kinds.get("role", {}):
            return [self.strip(rest, role or self.words.kinds["role"][last], party, number, cost + 1)]
        if last in self.words.kinds.get("noise", {}) or last in {"line", "s", "es"}:
            return [self.strip(rest, role, party, number, cost + 2)]
        return []

    def place(self, whole: tuple[str, float], role: str, party: str, number: int, cost: int) -> HeaderVote:
        target, confidence = parse_target(whole[0]) or Target(EXTRA), whole[1]
        column, party = target.column, target.party or party
        if column == "address_line1" and number > 1 and role in {"", "billing", "shipping", "mailing", "home", "work"}:
            column, number = _LINE_COLUMNS.get(number, "address_line3"), 1
        if column == "organization_name":
            if role == "other":
                column, role = "trade_name", ""
            party = target.party
        if column in {"full_name", "trade_name"} and party:
            column, party = ("organization_name", "") if column == "full_name" else (column, "")
        if column in CHANNELS and number > 1 and not role:
            role = "other"
        if column not in _ROLE_COLUMNS:
            confidence -= 0.1 if role and role != "primary" else 0.0
            number = 2 if role and role != "primary" else number
            role = ""
        if column in {KEY} and party:
            column, party = "account_key", ""
        if column in CHANNELS:
            number = 1
        return self.vote(Target(column, role, party, number), max(confidence - cost * _STRIP_COST, 0.5))

    def key_by_ending(self, tokens: tuple[str, ...]) -> HeaderVote | None:
        """Read `<noun> id`, `<noun> no`, …: a key where the noun is a party's, a doubtful one otherwise."""
        ends, entity = self.words.kinds.get("id", {}), self.words.kinds.get("entity", {})
        if len(tokens) < 2 or tokens[-1] not in ends:
            return None
        noun = " ".join(tokens[:-1])
        known = noun in entity or tokens[-2] in entity
        return HeaderVote(
            Target(KEY), 0.85 if known else 0.55, f"header `{self.header}` ends like the name of an identifier"
        )

    def read_fuzzy(self, tokens: tuple[str, ...]) -> HeaderVote | None:
        compact = "".join(tokens)
        if len(compact) < 6:  # shorter words are one letter away from too many others
            return None
        near = sorted(
            (phrase, column)
            for phrase, (column, _) in self.words.phrases.items()
            if abs(len(phrase) - len(compact)) <= 1 and phrase[0] == compact[0] and _is_one_edit(phrase, compact)
        )
        if len({column for _, column in near}) != 1:
            return None
        phrase, column = near[0]
        if column == EXTRA:
            return None
        target = parse_target(column) or Target(EXTRA)
        return HeaderVote(target, _FUZZY_CONFIDENCE, f"header `{self.header}` is one letter from {phrase!r}")


def _is_one_edit(left: str, right: str) -> bool:
    """Say whether one insertion, deletion, substitution or swap of neighbours makes the words equal."""
    if len(left) > len(right):
        left, right = right, left
    start = next((index for index, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), len(left))
    if len(left) < len(right):
        return left[start:] == right[start + 1 :]
    swapped = left[start + 1 : start + 2] + left[start : start + 1] + left[start + 2 :]
    return left[start + 1 :] == right[start + 1 :] or swapped == right[start:]


def _segment(tokens: list[str], words: HeaderWords) -> tuple[str, ...]:
    """Cut run-together words (`mailingpostalcode`) into the fewest known words; unknown ones stay whole."""
    return tuple(piece for token in tokens for piece in _cut(token, words.vocabulary))


def _cut(token: str, vocabulary: Mapping[str, int]) -> list[str]:
    if token in vocabulary or len(token) < 5 or len(token) > 60:
        return [token]
    best: list[list[str] | None] = [[], *[None] * len(token)]
    for end in range(1, len(token) + 1):
        for start in range(max(0, end - 16), end):
            before = best[start]
            if before is None or token[start:end] not in vocabulary:
                continue
            candidate = [*before, token[start:end]]
            current = best[end]
            if current is None or len(candidate) < len(current):
                best[end] = candidate
    return best[-1] or [token]
