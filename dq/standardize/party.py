"""Person or organisation: decides what a name cell names, and how sure that is. Splits and alters nothing."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from dq.model import TEXT
from dq.standardize.name_doubts import are_placeholders
from dq.standardize.name_notes import strip_notes
from dq.standardize.name_tables import NameTables, name_tables
from dq.standardize.party_words import fact_table
from dq.standards import Standards
from dq.text.tokens import Tokens, arrow_text, split_tokens

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
LONGEST: Final = 300
"""Characters of a cell that are looked at: nobody's name is longer, and a page of text is not made worse by it."""

_LAWYER: Final = r"\b(?:attorneys?|atty\.?) (?:at|-at-) ?law\b|,? attorney$"
"""A profession typed behind the name of a person, where a law firm would say `attorneys`."""
_NICKNAME: Final = r"""\w\.? (?:"[^"]{1,25}"|'[^']{1,25}'|\([^()]{1,25}\)) \w"""
_MAX_LOGIT: Final = 6.0
"""Confidence stays below 0.998: words alone never prove what kind of party a name is."""


def decide_party(names: pd.Series, standards: Standards) -> pd.DataFrame:
    """Say of every name whether it is a person's or an organisation's.

    Args:
        names: Name cells as typed, in any order of first and last name.
        standards: Gives the words and the weights (`party_weights.csv`).

    Returns:
        `party_type` and `party_confidence` (0.5 to 1), with the index of `names`; both null where a cell holds no
        letter.
    """
    codes, distinct = pd.factorize(names.astype(TEXT))
    tables = name_tables(standards)
    cells = strip_notes(pd.Series(distinct, dtype=TEXT), tables.notes)["value"].fillna("")
    features = party_features(cells, tables)
    logit = np.zeros(len(cells))
    for name, values in features.items():
        logit += tables.party_weights.get(name, 0.0) * values
    logit = np.clip(logit, -_MAX_LOGIT, _MAX_LOGIT)
    # Placeholders name nobody: they stay in the columns of persons, where they are flagged.
    logit[are_placeholders(cells, tables)] = 0.0
    is_organization = logit > 0
    confidence = np.round(1 / (1 + np.exp(-np.abs(logit))), 4)
    has_letter = cells.str.contains(r"[^\W\d_]", regex=True).to_numpy(dtype=bool)
    kinds = pd.Series(np.where(is_organization, "organization", "person"), dtype=TEXT).where(has_letter)
    known = pd.Series(confidence).where(has_letter)
    return pd.DataFrame(
        {
            "party_type": kinds.array.take(codes, allow_fill=True),
            "party_confidence": known.array.take(codes, allow_fill=True),
        },
        index=names.index,
    )


_SIGNALS: Final = (
    *("legal_sure", "strong", "strong_name", "weak", "function"),
    *("english", "digits", "possessive", "joint", "article"),
)
"""Words that persons' names rarely hold."""


def split_cells(cells: pd.Series) -> Tokens:
    """Split name cells into lower-case words, with commas and ampersands as words of their own."""
    text = pc.utf8_slice_codeunits(arrow_text(cells), 0, LONGEST)
    text = pc.replace_substring_regex(pc.utf8_lower(text), _LAWYER, " esq ")
    text = pc.replace_substring_regex(text, r"([,;&+()/\"])", r" \1 ")
    return split_tokens(pd.Series(text.to_pandas(), dtype="str"))


def party_features(cells: pd.Series, tables: NameTables) -> dict[str, Floats]:
    """Return what speaks for a person or an organisation: one array of numbers per feature, one number per cell."""
    tokens = split_cells(cells)
    facts = {name: values[tokens.codes] for name, values in fact_table(tokens.words, tables).items()}
    sums = {name: _sum(tokens, values) for name, values in facts.items()}
    count = sums["content"]
    silent = sum((sums[name] for name in _SIGNALS), np.zeros(len(cells))) == 0
    return {
        **_amounts(sums, count),
        **_places(tokens, facts, sums, count),
        **_silence(tokens, facts, sums, silent),
        **_joints(tokens, facts, sums),
        "nickname": _contains(cells, _NICKNAME),
        "letters_joined": _contains(cells, r"\b\w ?& ?\w\b"),
    }


def _sum(tokens: Tokens, values: Floats) -> Floats:
    return np.bincount(tokens.rows, weights=values, minlength=len(tokens.counts)).astype(np.float64)


def _contains(cells: pd.Series, pattern: str) -> Floats:
    return cells.str.contains(pattern, regex=True).to_numpy(dtype=bool).astype(np.float64)


def _amounts(sums: dict[str, Floats], count: Floats) -> dict[str, Floats]:
    """Return how many words of which kind there are; beyond two or three, more of a kind says no more."""
    content_names = sums["content_name"]
    return {
        "intercept": np.ones(len(count)),
        "four_words": (count == 4).astype(np.float64),
        "five_or_more_words": (count >= 5).astype(np.float64),
        "no_word": (count == 0).astype(np.float64),
        "legal_form": np.minimum(sums["legal_sure"], 1),
        "strong_words": np.minimum(sums["strong"], 2),
        "strong_names": np.minimum(sums["strong_name"], 2),
        "weak_words": np.minimum(sums["weak"], 2),
        "function_words": np.minimum(sums["function"], 1),
        "english_words": np.minimum(sums["english"], 3),
        "digits": np.minimum(sums["digits"], 1),
        "possessive": np.minimum(sums["possessive"], 1),
        "suffix": np.minimum(sums["suffix"], 1),
        "initials": np.minimum(sums["initial"], 2),
        "particle": np.minimum(sums["particle"], 1),
        "unknown_rate": sums["unknown"] / np.maximum(count, 1),
        "name_rate": content_names / np.maximum(count, 1),
    }


def _places(tokens: Tokens, facts: dict[str, Floats], sums: dict[str, Floats], count: Floats) -> dict[str, Floats]:
    """Return what stands first, last or alone."""
    is_alone = ((count == 1) & (sums["initial"] + sums["prefix"] == 0)).astype(np.float64)
    return {
        "one_word": is_alone,
        "one_word_name": is_alone * np.maximum(_first(tokens, facts["given"]), _first(tokens, facts["surname"])),
        "starts_with_the": _first(tokens, facts["article"]),
        "prefix": _first(tokens, facts["prefix"]),
        "legal_form_at_end": _last(tokens, facts["legal_unsure"]),
        "strong_word_at_end": _last(tokens, facts["strong"]),
        "strong_name_at_end": _last(tokens, facts["strong_name"]),
    }


def _silence(
    tokens: Tokens, facts: dict[str, Floats], sums: dict[str, Floats], silent: npt.NDArray[np.bool_]
) -> dict[str, Floats]:
    """Return what speaks for a person where no word speaks for an organisation."""
    count = sums["content"]
    return {
        "silent_two_words": (silent & (count == 2)).astype(np.float64),
        "silent_three_words": (silent & (count == 3)).astype(np.float64),
        "silent_initial": silent * _first(tokens, facts["initial"]) * (count <= 2),
        "silent_suffix": silent * _last(tokens, facts["suffix"]) * (count >= 2),
        "plain_comma": (silent & (sums["comma"] == 1) & ((count == 2) | (count == 3))).astype(np.float64),
    }


def _joints(tokens: Tokens, facts: dict[str, Floats], sums: dict[str, Floats]) -> dict[str, Floats]:
    """Return how well the words fit a person's name, and what an ampersand joins."""
    shape = _person_shape(tokens, facts)
    joint = np.minimum(sums["joint"], 1)
    is_given = (shape["given"] >= 2) & (shape["lean"] >= 0)
    only_joint = sum((sums[name] for name in _SIGNALS), np.zeros(len(joint))) == joint
    two_given = only_joint & (_words_before(tokens, facts["joint"], facts["content"]) == 1) & (sums["content"] == 3)
    return {
        "given_name": shape["given"],
        "surname": shape["surname"],
        "comma_order": shape["comma"],
        "two_first_names": two_given.astype(np.float64),
        "and_without_given": joint * ~is_given,
        "and_with_given": joint * is_given,
    }


def _person_shape(tokens: Tokens, facts: dict[str, Floats]) -> dict[str, Floats]:
    """Return how well the words fit given name + surname in the better of both orders.

    The orders are first … last, and last first …; a comma after one to three words speaks for the second.
    """
    is_content = facts["content"] > 0
    given, surname = facts["given"][is_content], facts["surname"][is_content]
    counts = np.bincount(tokens.rows[is_content], minlength=len(tokens.counts))
    starts = np.concatenate(([0], np.cumsum(counts)))[:-1]

    def at(values: Floats, offset: Integers | int, where: Flags) -> Floats:
        picked = np.zeros(len(counts))
        picked[where] = values[(starts + offset)[where]]
        return picked

    some, several = counts > 0, counts > 1
    forward = at(given, 0, some), at(surname, counts - 1, several)
    backward = at(given, 1, several), at(surname, 0, some)
    before = _words_before(tokens, facts["comma"], facts["content"])
    after = at(given, before, (before >= 1) & (before <= 3) & (before < counts))
    # One in ten per million is the least that makes a word behind a comma a given name.
    by_comma = after >= 1.0
    # The usual order has to be beaten clearly, by a factor of 100 in frequency.
    is_backward = (sum(backward) > sum(forward) + 2.0) & ~by_comma
    return {
        "given": np.where(by_comma, after, np.where(is_backward, backward[0], forward[0])),
        "surname": np.where(by_comma | is_backward, backward[1], forward[1]),
        "comma": by_comma.astype(np.float64),
        "lean": at(given - surname, 0, some),
    }


def _words_before(tokens: Tokens, marks: Floats, content: Floats) -> Integers:
    """Return the number of content words before the first mark of each cell, 0 where there is no mark."""
    before = np.zeros(len(tokens.counts), dtype=np.int64)
    marked = np.flatnonzero(marks > 0)
    rows, first = np.unique(tokens.rows[marked], return_index=True)
    running = np.concatenate(([0], np.cumsum(content > 0)))
    before[rows] = running[marked[first]] - running[tokens.starts[rows]]
    return before


def _first(tokens: Tokens, values: Floats) -> Floats:
    return _picked(tokens, values, tokens.starts)


def _last(tokens: Tokens, values: Floats) -> Floats:
    return _picked(tokens, values, tokens.starts + tokens.counts - 1)


def _picked(tokens: Tokens, values: Floats, positions: Integers) -> Floats:
    picked = np.zeros(len(tokens.counts))
    where = tokens.counts > 0
    picked[where] = values[positions[where]]
    return picked
