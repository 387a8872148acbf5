"""Holds what a target has after a load against what was sent and what was predicted."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.conversion.loading.dialect import fields_of
from dq.conversion.loading.operations import CHANGED
from dq.model import TEXT
from dq.standards.targets import Target

DIFFERENCES: Final = ("object", "row_id", "field", "sent", "found", "kind")
"""One row per cell that is not as it was sent."""
KINDS: Final = ("cut", "emptied", "re-cased", "filled in", "changed")
"""What became of a cell: shortened, empty, other case only, not empty though it was sent empty, anything else."""
_BLANKS: Final = re.compile(r"\s+")
_OTHER: Final = "other"
_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{3,}|0x[0-9a-fA-F]{8}")
"""How codes of targets look: words in capitals, or a number of Dataverse."""


@dataclass(frozen=True)
class Score:
    """How well a kind of statement was predicted.

    Attributes:
        right: Said and so.
        false_alarms: Said and not so.
        missed: Not said and so.
    """

    right: int
    false_alarms: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Return the share of statements that were right; None where nothing was said."""
        said = self.right + self.false_alarms
        return self.right / said if said else None

    @property
    def recall(self) -> float | None:
        """Return the share of what happened that was said; None where nothing happened."""
        happened = self.right + self.missed
        return self.right / happened if happened else None


@dataclass(frozen=True)
class Reconciliation:
    """What became of a load.

    Attributes:
        differences: Cells that are not as they were sent (DIFFERENCES).
        missing: `object`, `row_id`: said to be in, or not known, and not in the export.
        unexpected: `object`, `row_id`: in the export and said to be refused.
        refused: `object`, `row_id`, `code`, `error`: what the target kept out, in the names the gate uses.
        rejects: How well refusals were predicted, over the rows that were sent.
        alterations: How well changed cells were predicted, over the rows that are in.
        compared: Cells that were held against the export.
        twice: `object`, `row_id`: keys that stand more than once in the export; the first row of each is compared.
    """

    differences: pd.DataFrame
    missing: pd.DataFrame
    unexpected: pd.DataFrame
    refused: pd.DataFrame
    rejects: Score
    alterations: Score
    compared: int
    twice: pd.DataFrame


def reconcile(
    target: Target,
    path: str,
    sent: Mapping[str, pd.DataFrame],
    results: pd.DataFrame,
    blockers: pd.DataFrame,
    exports: Mapping[str, pd.DataFrame],
) -> Reconciliation:
    """Return what became of the rows that were sent.

    Args:
        target: What was loaded into.
        path: The load path.
        sent: Object → rows as they were sent, with `row_id` and the fields.
        results: What the target answered (`loading.RESULTS`).
        blockers: What was predicted, as `model.BLOCKERS`.
        exports: Object → what the target holds now, columns named like fields; nothing is compared where it is missing.
            With an export a row is in when it is in it, whatever the answers said; an update that was refused is not.
    """
    answered = results.set_index("row_id")["loaded"]
    differences, missing, unexpected, twice, present = [], [], [], [], {}
    compared = 0
    for thing, rows in sent.items():
        said = rows["row_id"].map(answered)
        export = exports.get(thing)
        if export is None:
            present[thing] = set(rows.loc[said.eq("yes"), "row_id"])
            continue
        key = target.objects[thing].key
        there = export.dropna(subset=[key]).drop_duplicates(key).set_index(key, drop=False)
        again = export.loc[export[key].isin(rows["row_id"]) & export[key].duplicated(), key].drop_duplicates()
        twice.append(_named(thing, again))
        is_there = rows["row_id"].isin(there.index)
        # A record that was to be changed is there whether or not the change was refused.
        stayed = said.eq("no") & rows[CHANGED].notna() if CHANGED in rows.columns else said.isin([])
        present[thing] = set(rows.loc[is_there & ~stayed, "row_id"])
        missing.append(_named(thing, rows.loc[~is_there & ~said.eq("no"), "row_id"]))
        unexpected.append(_named(thing, rows.loc[is_there & said.eq("no") & ~stayed, "row_id"]))
        cells, count = _differences(thing, rows[is_there & ~stayed], there)
        differences.append(cells)
        compared += count
    changed = _stacked(differences, DIFFERENCES)
    refused = _refused(target, path, sent, results, present)
    return Reconciliation(
        changed,
        _stacked(missing, ("object", "row_id")),
        _stacked(unexpected, ("object", "row_id")),
        refused,
        _rejects(sent, present, blockers, answered),
        _alterations(changed, blockers, present, exports),
        compared,
        _stacked(twice, ("object", "row_id")),
    )


def _stacked(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    empty = pd.DataFrame({column: pd.Series(dtype=TEXT) for column in columns})
    rows = pd.concat([empty, *frames], ignore_index=True).astype(TEXT)
    return rows.sort_values(list(columns[:3]), ignore_index=True)


def _named(thing: str, ids: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"object": thing, "row_id": ids})


def _differences(thing: str, rows: pd.DataFrame, there: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    found = there.reindex(rows["row_id"]).reset_index(drop=True)
    blocks = []
    shared = [field for field in fields_of(rows) if field in found.columns]
    for field in shared:
        sent = rows[field].fillna("").reset_index(drop=True)
        now = found[field].fillna("")
        # Line ends are a matter of files, not of values.
        other = sent.str.replace("\r\n", "\n", regex=False) != now.str.replace("\r\n", "\n", regex=False)
        if other.any():
            ids = rows["row_id"].reset_index(drop=True)[other]
            pairs = pd.DataFrame({"row_id": ids, "sent": sent[other], "found": now[other]})
            kinds = [_kind(*pair) for pair in zip(pairs["sent"], pairs["found"], strict=True)]
            blocks.append(pairs.assign(object=thing, field=field, kind=kinds))
    return _stacked(blocks, DIFFERENCES)[list(DIFFERENCES)], len(shared) * len(rows)


def _kind(sent: str, found: str) -> str:
    if not found:
        return "emptied"
    if not sent:
        return "filled in"
    if sent.casefold() == found.casefold():
        return "re-cased"
    if _BLANKS.sub(" ", sent).strip().startswith(_BLANKS.sub(" ", found).strip()):
        return "cut"
    return "changed"


def _refused(
    target: Target,
    path: str,
    sent: Mapping[str, pd.DataFrame],
    results: pd.DataFrame,
    present: Mapping[str, Collection[str]],
) -> pd.DataFrame:
    """Return the rows the target kept out, with the code its words stand for."""
    frames = []
    words = _words_of(target, path)
    errors = results.set_index("row_id")["error"]
    for thing, rows in sent.items():
        out = rows.loc[~rows["row_id"].isin(list(present[thing])), ["row_id"]]
        error = out["row_id"].map(errors).astype(TEXT)
        codes = {text: _code_of(text, words) for text in error.dropna().unique()}
        frames.append(out.assign(object=thing, error=error, code=error.map(codes, na_action="ignore")))
    return _stacked(frames, ("object", "row_id", "code", "error"))


def _words_of(target: Target, path: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return per outcome of a load path its code and how its message looks, the longest messages first."""
    known = []
    for check in target.checks:
        outcome = target.outcome(check, path)
        if outcome.code and outcome.message:
            parts = re.split(r"\{\w+\}", outcome.message)
            known.append((outcome.code, re.compile(".*?".join(re.escape(part) for part in parts), re.DOTALL)))
    return sorted(known, key=lambda pair: (-len(pair[1].pattern), pair[0]))


def _code_of(text: str, words: list[tuple[str, re.Pattern[str]]]) -> str:
    """Return the code of an error: the one it opens with, or that of the message it contains."""
    opening = text.partition(":")[0].strip()
    if any(code == opening for code, _ in words):
        return opening
    known = next((code for code, pattern in words if pattern.search(text)), "")
    # A code the gate does not speak of is better than none.
    return known or (opening if _CODE.fullmatch(opening) else _OTHER)


def _rejects(
    sent: Mapping[str, pd.DataFrame],
    present: Mapping[str, Collection[str]],
    blockers: pd.DataFrame,
    answered: pd.Series,
) -> Score:
    foretold = set(blockers.loc[blockers["verdict"] == "reject", "row_id"])
    right = false_alarms = missed = 0
    for thing, rows in sent.items():
        # A row nobody has said anything of is neither in nor refused.
        known = set(rows["row_id"]) & (set(answered.index) | set(present[thing]))
        out = known - set(present[thing])
        right += len(out & foretold)
        missed += len(out - foretold)
        false_alarms += len((known & foretold) - out)
    return Score(right, false_alarms, missed)


def _alterations(
    differences: pd.DataFrame,
    blockers: pd.DataFrame,
    present: Mapping[str, Collection[str]],
    exports: Mapping[str, pd.DataFrame],
) -> Score:
    foretold = {
        (thing, row, field)
        for thing, row, field in blockers.loc[
            blockers["verdict"] == "alters", ["object", "row_id", "field"]
        ].itertuples(index=False)
        if row in present.get(thing, ()) and thing in exports and field in exports[thing].columns
    }
    happened = set(differences[["object", "row_id", "field"]].itertuples(index=False, name=None))
    return Score(len(happened & foretold), len(foretold - happened), len(happened - foretold))
