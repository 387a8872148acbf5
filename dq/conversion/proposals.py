"""Proposes rows of policy that would let blocked rows load, and applies those that somebody accepted."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from dq.conversion.agreeing import PICKLISTS, Meaning, nearest, spelled
from dq.conversion.defaults import default_cells, propose_defaults
from dq.conversion.rows import TargetRows
from dq.conversion.vocabulary import ORIGINS, column_key
from dq.model import TEXT
from dq.standards.expressions import parse_expression
from dq.standards.targets import Target, TargetField

MAP, CUT, BLANK, DEFAULT = "map", "cut", "blank", "default"
ACTIONS: Final = (MAP, CUT, BLANK, DEFAULT)

PROPOSALS: Final = (
    "proposal_id", "target", "object", "field", "check", "action", "value", "proposed", "rows", "likeness", "loses",
    "why", "source", "columns", "canonical", "how", "accepted_before_by", "accepted",
)  # fmt: skip
"""One row per rule of policy that is proposed: `value` becomes `proposed` in that field. For `cut` and `blank` `value`
is the text that is cut or left out; for `default` it is null: empty cells are filled. A `map` whose `proposed` is null
waits for somebody to fill it in. `loses` says whether something of the value is gone. A person writes `yes` into
`accepted`. Of a picklist: `source` is whose word it is (null: any), `columns` where it stands there, `canonical` what
it is called among the sources, `how` the meaning was found, `accepted_before_by` who accepted it for another field."""
REQUIRED: Final = (*PROPOSALS[:12], "accepted")
"""What a file of proposals has to hold; one written by an earlier version has no more."""

LOAD_CHANGES: Final = ("target", "object", "row_id", "golden_id", "record_id", "field", "before", "after", "reason")
"""One row per cell that an accepted proposal changed; `reason` is its id."""

_LISTED: Final = ("not_in_picklist", "not_in_open_picklist", "state_unknown", "country_unknown")
_CUTTABLE: Final = ("text", "multiline", "phone", "url")
_BLANKABLE: Final = (
    "bad_email", "bad_date", "date_out_of_range", "short_year", "bad_number", "out_of_range", "bad_boolean", "bad_id",
    "null_marker", "null_marker_typed",
)  # fmt: skip
OPEN: Final = "nothing safe is known: write what it means into `proposed`"
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "ok"})

Spellings = Mapping[str, Mapping[str, str]]
"""`state` and `country` → folded spelling or code → the name a list would have."""


@dataclass(frozen=True)
class Agreement:
    """What is known of the words in picklists: the crosswalk (PICKLISTS) and whose word stands in a cell (ORIGINS)."""

    crosswalk: pd.DataFrame
    origins: pd.DataFrame


NO_AGREEMENT: Final = Agreement(pd.DataFrame(columns=list(PICKLISTS)), pd.DataFrame(columns=list(ORIGINS)))


def propose(
    target: Target,
    name: str,
    rows: TargetRows,
    blockers: pd.DataFrame,
    spellings: Spellings,
    agreement: Agreement = NO_AGREEMENT,
) -> pd.DataFrame:
    """Return what could be accepted as policy, columns of `PROPOSALS`, most rows first.

    Args:
        target: What is to be loaded into.
        name: Its name.
        rows: What would be loaded.
        blockers: Of one load path; verdicts other than `reject` are proposed for, too: what a list does not have
            leaves a mess where it does not keep the row out.
        spellings: Other ways to write states and countries.
        agreement: What words of picklists mean.
    """
    made: list[dict[str, object]] = []
    keys = ["object", "field", "check", "value", "source"]
    wanted = with_sources(blockers, agreement.origins)
    wanted = wanted.loc[wanted["check"].isin([*_LISTED, *_BLANKABLE, "too_long"]) & wanted["value"].notna()]
    counts = wanted.groupby(keys, sort=True)["row_id"].nunique().rename("rows").reset_index()
    words = {
        tuple(line[key] for key in ("object", "field", "source", "value")): {str(key): line[key] for key in line}
        for line in agreement.crosswalk.fillna("").to_dict("records")
    }
    for line in counts.to_dict("records"):
        thing, key, check, value, source = (str(line[column]) for column in keys)
        field = target.in_force(thing).get(key)
        word = words.get((thing, key, source, value))
        proposal = None if field is None else _proposal(target, field, check, value, spellings, word)
        if proposal is not None:
            known = {"object": thing, "field": key, "check": check, "value": value, "source": source or None}
            made.append({**known, "rows": int(line["rows"]), **proposal})
    made += propose_defaults(target, rows)
    for row in made:
        marks = [name, *(str(row[column] or "") for column in ("object", "field", "action", "value"))]
        marks += [str(row["source"])] if row.get("source") else []
        row |= {"proposal_id": f"P{hashlib.sha256(chr(0).join(marks).encode()).hexdigest()[:10]}", "target": name}
    made.sort(key=lambda row: (-int(str(row["rows"])), str(row["proposal_id"])))
    return pd.DataFrame(made, columns=list(PROPOSALS)).assign(accepted="").astype(dict.fromkeys(_TEXTS, TEXT))


_TEXTS: Final = tuple(column for column in PROPOSALS if column not in ("rows", "likeness"))


def with_sources(blockers: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """Say of every blocker whose word it is about: `source`, empty where it is no word of a picklist."""
    whose = origins.set_index(["object", "field", "row_id"])["source"]
    named = pd.MultiIndex.from_frame(blockers[["object", "field", "row_id"]])
    sources = pd.Series(whose.reindex(named).to_numpy(), index=blockers.index, dtype=TEXT)
    return blockers.assign(source=sources.where(blockers["check"].isin(_WORDS)).fillna(""))


_WORDS: Final = ("not_in_picklist", "not_in_open_picklist")


def _proposal(
    target: Target, field: TargetField, check: str, value: str, spellings: Spellings, word: Mapping[str, str] | None
) -> Mapping[str, str | None] | None:
    if check in _LISTED:
        legal = target.picklists[field.picklist]
        if word is not None:
            return _agreed(word)
        found = spelled(value, legal, spellings.get(field.place, {})) or nearest(value, legal)
        return (
            None if found is None else _mapped(found, column_key(parse_expression(field.value)) if field.value else "")
        )
    if check == "too_long":
        safe = field.type in _CUTTABLE and not (field.required or field.unique or field.key)
        if not safe or field.length is None:
            return None
        return _made(CUT, value[: field.length].rstrip(), "", "yes", f"{len(value) - field.length} characters too long")
    if field.required or (field.unique and check != "bad_email") or field.key:
        return None
    return _made(BLANK, "", "", "yes", "the rest of the row loads without it")


def _mapped(found: Meaning, columns: str) -> dict[str, str]:
    made = _made(MAP, found.legal, found.likeness, "no", found.evidence)
    return {**made, "how": found.how, "columns": columns, "canonical": found.canonical}


def _agreed(word: Mapping[str, str]) -> Mapping[str, str | None]:
    """Return the proposal of a line of the crosswalk; one without a legal value is a row for somebody to fill in."""
    told: dict[str, str | None] = {name: word[name] for name in ("columns", "canonical", "how")}
    if not word["legal"]:
        return {**_made(MAP, "", "", "no", OPEN), **told, "proposed": None}
    made = _made(MAP, word["legal"], word["likeness"], "no", word["evidence"])
    return {**made, **told, "accepted_before_by": word["accepted_by"]}


def _made(action: str, proposed: str, likeness: str, loses: str, why: str) -> dict[str, str]:
    return {"action": action, "proposed": proposed, "likeness": likeness, "loses": loses, "why": why}


def accepted(proposals: pd.DataFrame) -> pd.DataFrame:
    """Return the proposals somebody said yes to; a mapping to nothing is none."""
    said = proposals["accepted"].fillna("").str.strip().str.casefold().isin(_YES)
    return proposals.loc[said & ~is_open(proposals)]


def is_open(proposals: pd.DataFrame) -> pd.Series:
    """Tell which mappings have no value yet."""
    return proposals["action"].eq(MAP) & proposals["proposed"].fillna("").eq("")


def accepted_before(name: str, crosswalk: pd.DataFrame, learned: pd.DataFrame) -> pd.DataFrame:
    """Return what was accepted for these very fields in earlier runs, as accepted proposals (PROPOSALS).

    Args:
        name: The target.
        crosswalk: PICKLISTS of the run.
        learned: The memory, LEARNED: of states and countries it is used as it stands.
    """
    words = crosswalk[crosswalk["how"] == "accepted"].rename(columns={"legal": "proposed"})
    places = learned[learned["target"] == name].drop_duplicates(["field", "source", "value"], keep="last")
    places = places[places["source"].isna()].rename(columns={"becomes": "proposed"})
    halves = places["field"].str.split(".", n=1)
    places = places.assign(object=halves.str[0], field=halves.str[1])
    said = pd.concat([places, words], ignore_index=True).astype(TEXT)
    who = "accepted by " + said["accepted_by"] + " on " + said["accepted_on"]
    said = said.assign(target=name, action=MAP, accepted="yes", proposal_id=who)
    return said.reindex(columns=list(PROPOSALS)).astype(TEXT)


def apply_proposals(
    target: Target, name: str, rows: TargetRows, proposals: pd.DataFrame, origins: pd.DataFrame = NO_AGREEMENT.origins
) -> tuple[TargetRows, pd.DataFrame]:
    """Return the rows with accepted proposals applied, and what changed.

    Args:
        target: What is to be loaded into.
        name: Name of the target; proposals of other targets are left alone.
        rows: What would be loaded.
        proposals: Columns of `PROPOSALS`; only accepted ones count. A later row stands above an earlier one.
        origins: Whose word stands in a cell; a proposal for one source leaves the others' alone.

    Returns:
        The rows, and a frame of `LOAD_CHANGES` sorted by object, row and field.
    """
    chosen = accepted(proposals)
    chosen = chosen.loc[chosen["target"].eq(name) & chosen["action"].isin(ACTIONS)]
    objects, changed = dict(rows.objects), []
    whose = origins.set_index(["object", "field", "row_id"])["source"]
    for (thing, key), lines in chosen.groupby(["object", "field"], sort=True):
        own, column = objects.get(str(thing)), str(key)
        if own is None or column not in target.in_force(str(thing)):
            continue
        if column not in own.columns:
            own = own.assign(**{column: pd.Series(None, index=own.index, dtype=TEXT)})
        cells = pd.MultiIndex.from_product([[thing], [key], own["row_id"]])
        sources = pd.Series(whose.reindex(cells).to_numpy(), index=own.index, dtype=TEXT).fillna("")
        after, reasons = _applied(
            lines.fillna(""), own[column], sources, default_cells(target, str(thing), column, own)
        )
        hit = reasons.notna()
        block = own.loc[hit, ["row_id", "golden_id", "record_id"]].assign(before=own.loc[hit, column], after=after[hit])
        changed.append(block.assign(target=name, object=str(thing), field=column, reason=reasons[hit]))
        own = own.assign(**{column: own[column].where(~hit, after).astype(TEXT)})
        objects[str(thing)] = own
    changes = pd.concat(changed, ignore_index=True) if changed else pd.DataFrame(columns=list(LOAD_CHANGES))
    changes = changes[list(LOAD_CHANGES)].astype(TEXT).sort_values(["object", "row_id", "field"], ignore_index=True)
    return replace(rows, objects=objects), changes


def _applied(
    lines: pd.DataFrame, values: pd.Series, sources: pd.Series, empty: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Return what each cell becomes and the proposal that says so, null where none does.

    A proposal for a cell's own source stands above one for all sources.
    """
    filled = lines[lines["action"] == DEFAULT]
    named = lines[lines["action"] != DEFAULT]
    own, every = values + "\0" + sources, values + "\0"
    marks = named["value"] + "\0" + named["source"]
    after, reasons = (
        own.map(known).fillna(every.map(known)).astype(TEXT)
        for known in (dict(zip(marks, named[column], strict=True)) for column in ("proposed", "proposal_id"))
    )
    if len(filled):
        last = filled.iloc[-1]
        after, reasons = after.mask(empty, last["proposed"]), reasons.mask(empty, last["proposal_id"])
    return after.where(after != "").astype(TEXT), reasons.astype(TEXT)
