"""Proposes rows of policy that would let blocked rows load, and applies those that somebody accepted."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process, utils

from dq.conversion.rows import TargetRows
from dq.model import TEXT
from dq.standards.targets import Target, TargetField

MAP, CUT, BLANK, DEFAULT = "map", "cut", "blank", "default"
ACTIONS: Final = (MAP, CUT, BLANK, DEFAULT)

PROPOSALS: Final = (
    "proposal_id", "target", "object", "field", "check", "action", "value", "proposed", "rows", "likeness", "loses",
    "why", "accepted",
)  # fmt: skip
"""One row per rule of policy that is proposed: `value` becomes `proposed` in that field. For `cut` and `blank` `value`
is the text that is cut or left out. `loses` says whether something of the value is gone. A person writes `yes` into
`accepted`."""

LOAD_CHANGES: Final = ("target", "object", "row_id", "golden_id", "record_id", "field", "before", "after", "reason")
"""One row per cell that an accepted proposal changed; `reason` is its id."""

_LISTED: Final = ("not_in_picklist", "not_in_open_picklist", "state_unknown", "country_unknown")
_CUTTABLE: Final = ("text", "multiline", "phone", "url")
_BLANKABLE: Final = (
    "bad_email", "bad_date", "date_out_of_range", "short_year", "bad_number", "out_of_range", "bad_boolean", "bad_id",
    "null_marker", "null_marker_typed",
)  # fmt: skip
NEAR: Final = 80.0
"""Likeness (rapidfuzz WRatio, 0–100) from which a legal value is proposed: below it, what is alike is so by accident
(`Education` and `Recreation` have 74)."""
SHORTEST: Final = 4
"""Characters from which on a likeness says something: every code of two letters is near to many others."""
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "ok"})

Spellings = Mapping[str, Mapping[str, str]]
"""`state` and `country` → folded spelling or code → the name a list would have."""


def propose(target: Target, name: str, blockers: pd.DataFrame, spellings: Spellings) -> pd.DataFrame:
    """Return what could be accepted as policy, columns of `PROPOSALS`, most rows first.

    Args:
        target: What is to be loaded into.
        name: Its name.
        blockers: Of one load path; verdicts other than `reject` are proposed for, too: what a list does not have
            leaves a mess where it does not keep the row out.
        spellings: Other ways to write states and countries.
    """
    rows: list[dict[str, object]] = []
    keys = ["object", "field", "check", "value"]
    wanted = blockers.loc[blockers["check"].isin([*_LISTED, *_BLANKABLE, "too_long"]) & blockers["value"].notna()]
    counts = wanted.groupby(keys, sort=True)["row_id"].nunique().rename("rows").reset_index()
    for line in counts.to_dict("records"):
        thing, key, check, value = (str(line[column]) for column in keys)
        field = target.in_force(thing).get(key)
        made = None if field is None else _proposal(target, field, check, value, spellings)
        if made is None:
            continue
        digest = hashlib.sha256("\0".join((name, thing, key, made["action"], value)).encode()).hexdigest()[:10]
        known = {"proposal_id": f"P{digest}", "target": name, "object": thing, "field": key, "check": check}
        rows.append({**known, "value": value, "rows": int(line["rows"]), "accepted": "", **made})
    rows.sort(key=lambda row: (-int(str(row["rows"])), str(row["proposal_id"])))
    return pd.DataFrame(rows, columns=list(PROPOSALS)).astype(dict.fromkeys(_TEXTS, TEXT))


_TEXTS: Final = tuple(column for column in PROPOSALS if column not in ("rows", "likeness"))


def _proposal(
    target: Target, field: TargetField, check: str, value: str, spellings: Spellings
) -> dict[str, str] | None:
    if check in _LISTED:
        return _nearest(value, target.picklists[field.picklist], spellings.get(field.place, {}))
    if check == "too_long":
        safe = field.type in _CUTTABLE and not (field.required or field.unique or field.key)
        if not safe or field.length is None:
            return None
        return _made(CUT, value[: field.length].rstrip(), "", "yes", f"{len(value) - field.length} characters too long")
    if field.required or (field.unique and check != "bad_email") or field.key:
        return None
    return _made(BLANK, "", "", "yes", "the rest of the row loads without it")


def _nearest(value: str, legal: tuple[str, ...], spellings: Mapping[str, str]) -> dict[str, str] | None:
    folded = {choice.casefold(): choice for choice in legal}
    plain = value.strip().casefold()
    known = folded.get(plain) or folded.get(str(spellings.get(plain, "")).casefold())
    if known is not None:
        return _made(MAP, known, "100", "no", "another spelling of the same")
    if len(plain) == 1:
        begins = [choice for choice in legal if choice.casefold().startswith(plain)]
        return _made(MAP, begins[0], "", "no", "the only value that begins so") if len(begins) == 1 else None
    if len(plain) < SHORTEST:
        return None
    found = process.extractOne(value, legal, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=NEAR)
    if found is None:
        return None
    return _made(MAP, found[0], f"{found[1]:.0f}", "no", "the nearest value of the list")


def _made(action: str, proposed: str, likeness: str, loses: str, why: str) -> dict[str, str]:
    return {"action": action, "proposed": proposed, "likeness": likeness, "loses": loses, "why": why}


def accepted(proposals: pd.DataFrame) -> pd.DataFrame:
    """Return the proposals somebody said yes to."""
    return proposals.loc[proposals["accepted"].fillna("").str.strip().str.casefold().isin(_YES)]


def apply_proposals(name: str, rows: TargetRows, proposals: pd.DataFrame) -> tuple[TargetRows, pd.DataFrame]:
    """Return the rows with accepted proposals applied, and what changed.

    Args:
        name: Name of the target; proposals of other targets are left alone.
        rows: What would be loaded.
        proposals: Columns of `PROPOSALS`; only accepted ones count.

    Returns:
        The rows, and a frame of `LOAD_CHANGES` sorted by object, row and field.
    """
    chosen = accepted(proposals)
    chosen = chosen.loc[chosen["target"].eq(name) & chosen["action"].isin(ACTIONS)]
    objects, changed = dict(rows.objects), []
    for (thing, key), lines in chosen.groupby(["object", "field"], sort=True):
        own, column = objects.get(str(thing)), str(key)
        if own is None or column not in own.columns:
            continue
        becomes = dict(zip(lines["value"], lines["proposed"].fillna(""), strict=True))
        reasons = dict(zip(lines["value"], lines["proposal_id"], strict=True))
        hit = own[column].isin(list(becomes))
        before = own.loc[hit, column]
        after = before.map(becomes).astype(TEXT)
        after = after.where(after != "")
        block = own.loc[hit, ["row_id", "golden_id", "record_id"]].assign(before=before, after=after)
        changed.append(block.assign(target=name, object=str(thing), field=column, reason=before.map(reasons)))
        objects[str(thing)] = own.assign(**{column: own[column].where(~hit, after).astype(TEXT)})
    changes = pd.concat(changed, ignore_index=True) if changed else pd.DataFrame(columns=list(LOAD_CHANGES))
    changes = changes[list(LOAD_CHANGES)].astype(TEXT).sort_values(["object", "row_id", "field"], ignore_index=True)
    return replace(rows, objects=objects), changes
