"""The sheet a committee decides on: one page per target of a run, with counts, sums, blockers, hours and signatures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow.parquet as pq

from dq.conversion.deciding import OWNERS_SHOWN, SOURCES_SHOWN, customer_lines, open_blockers, shortened
from dq.engine.querying import RunTables
from dq.errors import NotFoundError, SettingsError
from dq.model import TEXT
from dq.pipeline.loading.folder import LOAD_FILE
from dq.pipeline.loading.reconciled import DOCUMENT as RECONCILED
from dq.pipeline.loading.timing import hours_of
from dq.quality.scorecard.decision_page import render_decision
from dq.tables.people_files import read_crosswalk
from dq.tables.writing import atomic

if TYPE_CHECKING:
    from dq.stewardship.blocked import Blocked
    from dq.stewardship.blocker_waivers import BlockerWaiver

READINESS: Final = "readiness.json"
NAMES_SHOWN: Final = 3
"""Names of what a mock refused: the page has one side."""
_VERDICTS: Final = ["target", "path", "object", "golden_id", "verdict", "would_load"]
_RECORDS: Final = ["record_id", "source", "value_amount"]
_GOLDEN: Final = ["golden_id", "owner", "value_amount"]


@dataclass(frozen=True)
class LetBe:
    """What people of a home let be.

    Attributes:
        rules: Whole rules: `rule_id`, `source`, `department`, `by`, `until`, `reason`.
        blockers: What keeps customers out of a target; those that are over, too.
    """

    rules: Sequence[Mapping[str, str]] = ()
    blockers: Sequence["BlockerWaiver"] = ()


def sheet_name(target: str) -> str:
    """Return the name of a target's sheet in the folder of a run."""
    return f"go_no_go_{target}.html"


def write_sheets(folder: Path, run: Mapping[str, Any]) -> None:
    """Write the sheet of every target into the folder of a run that is being written; nobody was asked for waivers.

    Args:
        folder: With the tables and `readiness.json`; without golden records there is nothing to decide on.
        run: `as_of` and `ledger`, as in the manifest, which is not written yet.
    """
    if not (folder / READINESS).is_file() or not (folder / "golden.parquet").is_file():
        return
    for readiness in json.loads((folder / READINESS).read_text(encoding="utf-8")):
        document = _document(folder, run, readiness, None, None)
        _put(folder / sheet_name(readiness["target"]), render_decision(document))


def decide(folder: Path, target: str | None, let_be: LetBe | None, mock: Path | None) -> tuple[dict[str, Any], str]:
    """Return the sheet of a finished run, as a document and as a page.

    Args:
        folder: The run.
        target: One of its targets; None: its only one.
        let_be: What people of the home let be; None: there is no home to ask.
        mock: The load rehearsed last; None: hours are not known.

    Raises:
        NotFoundError: It is no run with targets and golden records.
        SettingsError: It has no such target, or several and none is named.
    """
    for name in ("manifest.json", READINESS, "golden.parquet"):
        if not (folder / name).is_file():
            raise NotFoundError(f"{folder} holds no {name}", "name a finished run that was made with --target")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = {one["target"]: one for one in json.loads((folder / READINESS).read_text(encoding="utf-8"))}
    if target is None and len(found) != 1:
        raise SettingsError(f"{folder} has several targets", f"name one with --target: {', '.join(found)}")
    chosen = target or next(iter(found))
    if chosen not in found:
        raise SettingsError(f"--target {chosen} is none of the run's", f"there are: {', '.join(found)}")
    document = _document(folder, manifest, found[chosen], let_be, mock)
    return document, render_decision(document)


def _document(
    folder: Path,
    run: Mapping[str, Any],
    readiness: Mapping[str, Any],
    let_be: LetBe | None,
    mock: Path | None,
) -> dict[str, Any]:
    verdicts = _read(folder / "load_verdicts.parquet", _VERDICTS)
    own = verdicts.loc[verdicts["target"].eq(readiness["target"]) & verdicts["path"].eq(readiness["path"])]
    crosswalk = read_crosswalk(folder).set_index("record_id")["golden_id"]
    records = _read(folder / "records.parquet", _RECORDS)
    records = records.assign(golden_id=records["record_id"].map(crosswalk))
    sources, owners = customer_lines(records, _read(folder / "golden.parquet", _GOLDEN), own)
    ledger = pd.DataFrame.from_dict(run["ledger"]["sources"], orient="index").reindex(sources["source"])
    terms = {name: ledger[name].to_numpy() for name in ("read", "rejected", "merged", "parked")}
    sources = sources.assign(**terms).sort_values(["customers", "source"], ascending=[False, True])
    taken = {one["owner"].strip().casefold(): one for one in readiness.get("owners", ())}
    name = str(readiness["target"])
    found = _blocked(folder, name, let_be) if let_be is not None else None
    held = _held(name, found, let_be) if let_be is not None and found is not None else {}
    blockers, more = open_blockers(readiness, held)
    refused = sum(line["rows"] - line["waived"] for line in blockers) + more["rows"]
    rows = own.loc[own["verdict"] != "parked"].groupby("object", sort=True)["would_load"].agg(["size", "sum"])
    hours = hours_of(mock) if mock is not None else {}
    return {
        "target": readiness["target"],
        "title": readiness["title"],
        "as_of": run["as_of"],
        "run": run.get("run_id", ""),
        "headline": readiness["headline"],
        "rate": readiness["rate"],
        "customers": readiness["customers"],
        "loading": readiness["loading"],
        "parked": readiness["parked"],
        "sources": shortened(sources, SOURCES_SHOWN),
        "owners": [{**line, "now": _now(line, taken)} for line in shortened(owners, OWNERS_SHOWN)],
        "knows_owners": bool(taken),
        "blockers": blockers,
        "more_blockers": more,
        "fixes": [{name: fix[name] for name in ("sentence", "adds")} for fix in readiness["fixes"][:3]],
        "open_rows": refused if found is None else found.open_rows,
        "asked_store": let_be is not None,
        "waived": [] if let_be is None else list(let_be.rules),
        "waived_owners": [] if found is None else _owners(found),
        "objects": [
            {"object": thing, "rows": int(line["size"]), "loading": int(line["sum"]), **hours.get(str(thing), {})}
            for thing, line in rows.iterrows()
        ],
        "mock": mock.name if mock is not None else "",
        "rehearsed": _rehearsed(mock) if mock is not None else None,
        "unknowable": list(readiness["unknowable"]),
    }


def _rehearsed(mock: Path) -> dict[str, Any] | None:
    """Return what became of the rows of a mock: `sent`, `loaded`, `refused`, and the commonest names of refusals.

    None where nothing was answered. The names are known once the mock was reconciled.
    """
    about = json.loads((mock / LOAD_FILE).read_text(encoding="utf-8"))
    if "answers" not in about:
        return None
    sent = sum(counts[work] for counts in about["counts"].values() for work in ("insert", "update", "merge"))
    said = {name: int(about["answers"][name]) for name in ("loaded", "refused")}
    path = mock / RECONCILED
    refusals = json.loads(path.read_text(encoding="utf-8"))["refusals"] if path.is_file() else []
    names = [{"code": line["code"], "rows": line["rows"]} for line in refusals[:NAMES_SHOWN]]
    return {"sent": sent, **said, "names": names}


def _blocked(folder: Path, target: str, let_be: LetBe) -> "Blocked":
    # Who let what be is asked of a home only; a check without one starts sooner without a database's library.
    from dq.stewardship.blocked import blocked_in

    tables = RunTables(folder)
    try:
        return blocked_in(tables, target, let_be.blockers)
    finally:
        tables.close()


def _held(target: str, found: "Blocked", let_be: LetBe) -> dict[str, dict[str, Any]]:
    """Return per rule the rows that somebody let be, who did, and who did until a day that has passed."""
    over = [one for one in let_be.blockers if one.is_over and one.target == target]
    return {
        line.rule_id: {
            "waived": line.waived,
            "waivers": [asdict(one) for one in line.waivers],
            "over": [asdict(one) for one in over if one.rule_id == line.rule_id],
        }
        for line in found.lines
        if line.verdict == "reject"
    }


def _owners(found: "Blocked") -> list[dict[str, Any]]:
    """Return the owners that somebody let be for whom nobody takes over."""
    return [asdict(line) for line in found.owners if any(one.owner for one in line.waivers)]


def _now(line: Mapping[str, Any], taken: Mapping[str, Mapping[str, Any]]) -> str:
    one = taken.get(str(line["owner"]).strip().casefold())
    return "" if one is None else one["user_id"] or one["state"]


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    there = set(pq.read_schema(path).names)
    found: pd.DataFrame = pq.read_table(path, columns=[name for name in columns if name in there]).to_pandas()
    return found.astype({name: TEXT for name in found.columns if name != "would_load"})


def _put(path: Path, text: str) -> None:
    with atomic(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
