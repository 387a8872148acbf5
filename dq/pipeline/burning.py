"""The burn-down: how many customers loaded run by run, and where that leads by the day of the cut-over.

History is what earlier run folders say in their manifests, those of the home or those beside: no database is needed,
and a run that was never taken into a home counts as well. Runs of one home are about one house, whatever their sources
are called; runs that only lie beside each other belong together where sources and sample are the same.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from dq.pipeline.tags import manifest_in
from dq.quality.forecasting import LEAST
from dq.quality.outlook import Outlook, is_too_far, outlook
from dq.text.counts import counted

READINESS_FILE: Final = "readiness.json"


@dataclass(frozen=True)
class ReadinessPoint:
    """What a target made of the customers in one run.

    Attributes:
        run: Its tag, else the name of its folder.
        as_of: Day of the data.
        customers: All of them: `loading`, `blocked`, `parked` and who must not be written to at all.
        altered: Rows that load and are cut or blanked in silence.
        messy: Rows that load and leave a mess.
    """

    run: str
    as_of: date
    customers: int
    loading: int
    blocked: int
    parked: int
    altered: int
    messy: int

    @property
    def due(self) -> int:
        """Return the customers that are to be converted."""
        return self.loading + self.blocked

    @property
    def percent(self) -> float:
        """Return the share of customers to be converted that load, 0–100; 100 where there is nobody."""
        return 100 * self.loading / self.due if self.due else 100.0


@dataclass(frozen=True)
class BurnDown:
    """How a target gets ready.

    Attributes:
        points: The oldest first.
        expected: What to expect by the cut-over; None where days measured are too few, or too close for so far a day.
        needed: Customers to be unblocked a day from the last point on; None where the day has come, or nobody says
            which it is.
        left_out: Runs into the same target that do not stand on this line, since they are about other sources.
    """

    target: str
    unit: str
    cut_over: date | None
    points: tuple[ReadinessPoint, ...]
    expected: Outlook | None
    needed: int | None
    left_out: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it for machines, with its sentence."""
        points = [
            {**asdict(one), "as_of": one.as_of.isoformat(), "percent": round(one.percent, 4)} for one in self.points
        ]
        return {
            "target": self.target,
            "unit": self.unit,
            "cut_over": self.cut_over.isoformat() if self.cut_over else None,
            "points": points,
            "expected": _expected(self.expected) if self.expected else None,
            "needed_a_day": self.needed,
            "left_out": list(self.left_out),
            "sentence": sentence(self),
        }


def _expected(found: Outlook) -> dict[str, Any]:
    return {**asdict(found), "ready_on": found.ready_on.isoformat() if found.ready_on else None}


def burn_downs(runs: Iterable[Mapping[str, Any]], cut_over: date | None, *, named: bool = False) -> list[BurnDown]:
    """Return a burn-down per target of the last run.

    Args:
        runs: `history_of` run folders, in any order; what is not about the same targets as the last one is left out,
            and so is what is about other sources, unless both are of the home.
        cut_over: The day; None: nothing is expected.
        named: Somebody named the runs: they belong together whatever their sources are called.
    """
    ordered = sorted(runs, key=lambda run: (run["as_of"], run["finished_at"]))
    if not ordered:
        return []
    last = ordered[-1]
    found = []
    for target in last["targets"]:
        same = [(run, one) for run in ordered for one in run["targets"] if _about(one) == _about(target)]
        points = tuple(ReadinessPoint(**one["point"]) for run, one in same if named or _alike(run, last))
        others = tuple(str(one["point"]["run"]) for run, one in same if not named and not _alike(run, last))
        found.append(burn_down(target["target"], target["unit"], points, cut_over, others))
    return found


def burn_down(
    target: str, unit: str, points: Sequence[ReadinessPoint], cut_over: date | None, left_out: tuple[str, ...] = ()
) -> BurnDown:
    """Return the burn-down of one target; `points` are in order of their days, one at least."""
    daily = tuple({point.as_of: point for point in points}.values())
    last = daily[-1]
    days = (cut_over - last.as_of).days if cut_over else 0
    if cut_over is None or days <= 0:
        return BurnDown(target, unit, cut_over, daily, None, None, left_out)
    needed = -(-last.blocked // days)
    return BurnDown(target, unit, cut_over, daily, outlook(_measured(daily), cut_over), needed, left_out)


def sentence(burn: BurnDown) -> str:
    """Say where it leads and what it takes."""
    last, who = burn.points[-1], burn.unit.removesuffix("s")
    if burn.cut_over is None:
        are = "is" if last.blocked == 1 else "are"
        return f"{counted(last.blocked, who)} {are} blocked; no day of the cut-over is set"
    if burn.needed is None:
        return f"the cut-over was on {said_day(burn.cut_over)}: {counted(last.blocked, who)} did not load"
    pace = _pace(burn, burn.cut_over)
    return f"{pace}; {burn.needed:,} a day needed" if last.blocked else f"nobody is blocked today; {pace}"


def _pace(burn: BurnDown, cut_over: date) -> str:
    """Say what to expect by the day, or why nothing can be."""
    day, expected = said_day(cut_over), burn.expected
    if expected is None:
        if len(burn.points) >= LEAST and is_too_far(_measured(burn.points), cut_over):
            first, last = burn.points[0].as_of, burn.points[-1].as_of
            return f"{(last - first).days} days measured do not tell what is in {(cut_over - last).days}"
        return f"{counted(len(burn.points), 'day')} measured, {LEAST} are needed to say where it leads"
    value, low, high = (_said(part) for part in (expected.value, expected.low, expected.high))
    band = f"{low}–{high}" if low != high else low
    if expected.ready_on is not None:
        return f"at this pace all load by {said_day(expected.ready_on)} ({band} % on {day})"
    if expected.shape == "level":
        return f"it stands at {value} %: if it stays so, {band} % on {day}"
    if expected.shape == "around":
        return f"it goes up and down without a direction: {band} % on {day}"
    return f"at this pace {value} % ({band}) on {day}"


def said_day(day: date) -> str:
    """Return a day as a sentence has it.

    >>> said_day(date(2026, 12, 5))
    '5 December'
    """
    return f"{day.day} {day:%B}"


def _measured(points: Sequence[ReadinessPoint]) -> list[tuple[date, float, int]]:
    return [(point.as_of, point.percent, point.due) for point in points]


def _said(percent: float) -> str:
    """Write a share so that 100 is said of nothing less."""
    return "100" if percent >= 100 else f"{int(percent * 10) / 10:.1f}"


def history_of(folder: Path, *, of_home: bool = False) -> dict[str, Any] | None:
    """Return what a run says of its targets; None where the folder is no run or was held against none.

    Args:
        folder: Of the run.
        of_home: It belongs to the home, whose runs are about one house whatever their sources are called.
    """
    manifest = manifest_in(folder)
    accounts = manifest.get("conversion")
    if not accounts or "as_of" not in manifest:
        return None
    rows = _rows(folder)
    options = (manifest.get("inputs") or {}).get("options") or {}
    called = str(manifest.get("tag") or folder.name)
    day = date.fromisoformat(str(manifest["as_of"]))
    return {
        "run_id": manifest.get("run_id"),
        "as_of": str(manifest["as_of"]),
        "finished_at": str(manifest.get("finished_at", "")),
        "sources": sorted({str(table["source"]) for table in manifest.get("sources") or ()}),
        "sample": options.get("sample"),
        "of_home": of_home,
        "targets": [{**account, "point": _point(account, rows, called, day)} for account in accounts],
    }


def history_in(folders: Iterable[Path], home: Iterable[Path] = ()) -> list[dict[str, Any]]:
    """Return what the runs of several folders, and of a home, say, each run once; one that is in both is the home's."""
    said = [*(history_of(folder) for folder in folders), *(history_of(folder, of_home=True) for folder in home)]
    found = {str(one["run_id"]): one for one in said if one}
    return list(found.values())


def _point(account: Mapping[str, Any], rows: Mapping[str, Mapping[str, int]], run: str, day: date) -> dict[str, Any]:
    beside = rows.get(str(account["target"]), {})
    return {
        "run": run,
        "as_of": day,
        "customers": int(account["customers"]),
        "loading": int(account["would_load"]),
        "blocked": int(account["blocked"]),
        "parked": int(account["parked"]),
        "altered": beside.get("alters", 0),
        "messy": beside.get("pollutes", 0),
    }


def _rows(folder: Path) -> dict[str, dict[str, int]]:
    """Return per target and verdict the rows of all its objects; empty where the run keeps no readiness."""
    try:
        targets = json.loads((folder / READINESS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    found: dict[str, dict[str, int]] = {}
    for target in targets:
        sums = found.setdefault(str(target["target"]), {})
        for counts in target["objects"].values():
            for verdict, count in counts.items():
                sums[verdict] = sums.get(verdict, 0) + int(count)
    return found


def _about(account: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what two runs share whose numbers count the same thing."""
    return account["target"], account["assign"], account["unit"]


def _alike(run: Mapping[str, Any], last: Mapping[str, Any]) -> bool:
    """Tell whether two runs are about the same customers."""
    if run["sample"] != last["sample"]:
        return False
    return bool(run["of_home"] and last["of_home"]) or run["sources"] == last["sources"]
