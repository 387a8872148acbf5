"""The burn-down: how many customers loaded run by run, and where that leads by the day of the cut-over.

History is what earlier run folders say in their manifests, those of the home or those beside: no database is needed,
and a run that was never taken into a home counts as well.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from dq.pipeline.tags import manifest_in
from dq.quality.forecasting import LEAST, Forecast, forecast
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
    def percent(self) -> float:
        """Return the share of customers to be converted that load, 0–100; 100 where there is nobody."""
        due = self.loading + self.blocked
        return 100 * self.loading / due if due else 100.0


@dataclass(frozen=True)
class BurnDown:
    """How a target gets ready.

    Attributes:
        points: The oldest first.
        expected: Where the line leads by the cut-over; None with fewer than four days.
        needed: Customers to be unblocked a day from the last point on; None where the day has come.
    """

    target: str
    unit: str
    cut_over: date
    points: tuple[ReadinessPoint, ...]
    expected: Forecast | None
    needed: int | None

    def document(self) -> dict[str, Any]:
        """Return it for machines, with its sentence."""
        points = [
            {**asdict(one), "as_of": one.as_of.isoformat(), "percent": round(one.percent, 4)} for one in self.points
        ]
        return {
            "target": self.target,
            "unit": self.unit,
            "cut_over": self.cut_over.isoformat(),
            "points": points,
            "expected": asdict(self.expected) if self.expected else None,
            "needed_a_day": self.needed,
            "sentence": sentence(self),
        }


def burn_downs(runs: Iterable[Mapping[str, Any]], cut_over: date, *, named: bool = False) -> list[BurnDown]:
    """Return a burn-down per target of the last run.

    Args:
        runs: `history_of` run folders, in any order; what is not about the same targets and sources as the last one
            is left out.
        cut_over: The day.
        named: Somebody named the runs: they belong together whatever their sources are called.
    """
    ordered = sorted(runs, key=lambda run: (run["as_of"], run["finished_at"]))
    if not ordered:
        return []
    last = ordered[-1]
    found = []
    for target in last["targets"]:
        kind = _kind(last, target, named=named)
        points = tuple(
            ReadinessPoint(**one["point"])
            for run in ordered
            for one in run["targets"]
            if _kind(run, one, named=named) == kind
        )
        found.append(burn_down(target["target"], target["unit"], points, cut_over))
    return found


def burn_down(target: str, unit: str, points: Sequence[ReadinessPoint], cut_over: date) -> BurnDown:
    """Return the burn-down of one target; `points` are in order of their days, one at least."""
    daily = {point.as_of: point for point in points}
    expected = forecast([(day, point.percent) for day, point in daily.items()], cut_over)
    last = points[-1]
    days = (cut_over - last.as_of).days
    needed = -(-last.blocked // days) if days > 0 else None
    return BurnDown(target, unit, cut_over, tuple(daily.values()), expected if days > 0 else None, needed)


def sentence(burn: BurnDown) -> str:
    """Say where it leads and what it takes."""
    last, day = burn.points[-1], f"{burn.cut_over.day} {burn.cut_over:%B}"
    if burn.needed is None:
        return f"the cut-over was on {day}: {counted(last.blocked, burn.unit.removesuffix('s'))} did not load"
    if burn.expected is None:
        pace = f"{counted(len(burn.points), 'day')} measured, {LEAST} are needed to say where it leads"
    else:
        value, low, high = (_said(part) for part in (burn.expected.value, burn.expected.low, burn.expected.high))
        band = f" ({low}–{high})" if low != high else ""
        pace = f"at this pace {value} %{band} on {day}"
    return f"{pace}; {burn.needed:,} a day needed" if last.blocked else f"{pace}; nobody is blocked today"


def _said(percent: float) -> str:
    """Write a share so that 100 is said of nothing less."""
    return "100" if percent >= 100 else f"{int(percent * 10) / 10:.1f}"


def history_of(folder: Path) -> dict[str, Any] | None:
    """Return what a run says of its targets; None where the folder is no run or was held against none."""
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
        "targets": [{**account, "point": _point(account, rows, called, day)} for account in accounts],
    }


def history_in(folders: Iterable[Path]) -> list[dict[str, Any]]:
    """Return what the runs of several folders say, each run once."""
    found = {str(one["run_id"]): one for one in (history_of(folder) for folder in folders) if one}
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


def _kind(run: Mapping[str, Any], account: Mapping[str, Any], *, named: bool) -> tuple[Any, ...]:
    """Return what two runs share whose numbers can stand on one line."""
    about = account["target"], account["assign"], account["unit"]
    return about if named else (*about, tuple(run["sources"]), run["sample"])
