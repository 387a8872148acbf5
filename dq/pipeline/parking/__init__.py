"""Parks what policy keeps out of the conversion, and writes who, by which rule, and who approved it."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import pandas as pd

from dq import model
from dq.conversion.parking import (
    EVERYWHERE,
    PARKED_COLUMNS,
    RuleCount,
    count_rules,
    decide_for,
    find_hits,
    relations_of,
)
from dq.conversion.parking.previewing import worth
from dq.engine import paths_of
from dq.engine.parts import to_arrow, write_part
from dq.model import TEXT
from dq.pipeline.convertible import places_of
from dq.pipeline.lists import BROUGHT_BACK
from dq.pipeline.parking.bringing_back import BACK_COLUMNS, brought_back, log_of, unknown_lines
from dq.pipeline.parking.knowing import crosswalk_of, grain_of, know
from dq.pipeline.run import Run
from dq.tables.writing import write_csv_for_people

PARKED_FILE: Final = "parked.csv"
RELATIONS_FILE: Final = "parked_relations.csv"


@dataclass(frozen=True)
class Parked:
    """What parking came to; `readiness.json`, `check.json` and the manifest hold it.

    Attributes:
        customers: Customers that are parked, be it for some of the targets only.
        records: Their records, as listed in `parked.csv`.
        with_employer: Of the customers, people who went along with their employers.
        value: What they are worth; None where nobody's value is known.
        brought_back: Customers that people brought back and that a rule would park.
        children: Outcome → relations to parked customers.
        rules: What every rule comes to.
        unknown: Sentence about lines of `--bring-back` that name nobody, empty where all do.
    """

    customers: int
    records: int
    with_employer: int
    value: float | None
    brought_back: int
    children: dict[str, int]
    rules: tuple[RuleCount, ...]
    unknown: str = ""

    def document(self) -> dict[str, Any]:
        """Return it for machines."""
        return asdict(self)

    @property
    def line(self) -> str:
        """Return the sentence for the end of a run; empty where nobody is parked or was brought back."""
        if not self.customers and not self.brought_back:
            return ""
        worth_ = "" if self.value is None else f", worth {self.value:,.2f}"
        back = f"; {self.brought_back:,} brought back" if self.brought_back else ""
        return f"Parked: {self.customers:,} customers ({self.records:,} records{worth_}){back}: {{out}}/{PARKED_FILE}"

    @property
    def preview(self) -> str:
        """Return the sentence about rules that nobody accepted, empty where they speak of nobody."""
        waiting = [rule for rule in self.rules if rule.state == "preview" and rule.customers]
        told = ", ".join(f"{rule.rule} {rule.customers:,} ({rule.only:,} by no other rule)" for rule in waiting)
        return f"Would be parked if somebody accepted it: {told}" if told else ""


def park(run: Run) -> Parked:
    """Say who is parked; write `parked.csv`, and beside it what becomes of those around the parked.

    Keeps the parts `parked` (`id` of who is parked for every target of the run) and `parked_for` (`id`, `targets` of
    all who are parked), and `parking`, the document.
    """
    targets = [choice.name for choice in run.plan.conversion.targets]
    policy = run.standards.parking.about(targets)
    crosswalk = crosswalk_of(run)
    back = brought_back(run, crosswalk)
    if all(rule.state_on(run.plan.as_of) == "off" for rule in policy.rules.values()):
        known, hits, parked = None, pd.DataFrame({"id": [], "rule": []}, dtype=TEXT), _none()
        counts: tuple[RuleCount, ...] = ()
    else:
        known = know(run, policy, crosswalk)
        hits = find_hits(policy, known, run.plan.as_of)
        parked = decide_for(targets, policy, hits, known, set(back["id"]), run.plan.as_of)
        counts = _placed(run, count_rules(policy, hits, known, set(back["id"]), run.plan.as_of))
    rows = _rows(parked, crosswalk, known.customers if known else None)
    write_csv_for_people(rows, run.result / PARKED_FILE, list(model.PARKED.columns))
    if len(back):
        write_csv_for_people(log_of(back, hits, crosswalk), run.result / BROUGHT_BACK, list(BACK_COLUMNS))
    everywhere = parked["targets"].eq(EVERYWHERE)
    paths = {name: run.engine.work / "parked" / f"{name}.parquet" for name in ("parked", "parked_for")}
    write_part(paths["parked"], to_arrow(parked.loc[everywhere, ["id"]]))
    write_part(paths["parked_for"], to_arrow(parked[["id", "targets"]]))
    run.keep_parts("parked", [paths])
    found = Parked(
        customers=len(parked),
        records=len(rows),
        with_employer=int(parked["employer_id"].notna().sum()),
        value=worth(known.customers.set_index("id")["value"].reindex(parked["id"])) if known else None,
        brought_back=int(back["id"].isin(hits["id"]).sum()),
        children=_write_relations(run, parked.loc[everywhere], crosswalk),
        rules=counts,
        unknown=unknown_lines(run.kept("bring_back"), run.plan.bring_back.name) if run.plan.bring_back else "",
    )
    run.keep("parking", found.document())
    return found


def parked_ids(run: Run, target: str) -> pd.Series:
    """Return the customers that `park` keeps out of a target, none where it did not run."""
    if run.kept("parts-parked") is None:
        return pd.Series(dtype=TEXT)
    path = run.parts("parked")[0]["parked_for"]
    found = run.engine.frame("SELECT id, targets FROM parked_for", {"parked_for": [path]}, ("id",))
    is_meant = found["targets"].fillna(EVERYWHERE).map(lambda names: names == EVERYWHERE or target in names.split("|"))
    return found.loc[is_meant.astype(bool), "id"].astype(TEXT)


def _none() -> pd.DataFrame:
    columns = (*PARKED_COLUMNS, "targets")
    return pd.DataFrame({column: pd.Series(dtype=TEXT) for column in columns})


def _rows(parked: pd.DataFrame, crosswalk: pd.DataFrame, customers: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row per record of a parked customer, columns of `model.PARKED`."""
    told = parked.drop(columns="employer_id").merge(crosswalk, on="id")
    values = None if customers is None else customers.set_index("id")["value_amount"]
    told["value"] = None if values is None else told["id"].map(values)
    rows = told.rename(columns={"id": "golden_id"})[list(model.PARKED.columns)]
    return rows.astype(TEXT).sort_values("record_id", ignore_index=True)


def _placed(run: Run, counts: tuple[RuleCount, ...]) -> tuple[RuleCount, ...]:
    """Say of every example where in the sources it stands."""
    places = places_of(run, {example.customer for count in counts for example in count.examples})
    return tuple(
        replace(
            count,
            examples=tuple(replace(one, place=places.get(one.customer, "")) for one in count.examples),
        )
        for count in counts
    )


def _write_relations(run: Run, parked: pd.DataFrame, crosswalk: pd.DataFrame) -> dict[str, int]:
    """Write what becomes of the children of parked customers; return how many relations had which outcome."""
    name = "golden_relations" if run.plan.merge else "relations"
    paths = paths_of(run.parts(name), name)
    if parked.empty or not paths:
        return {}
    grain = grain_of(run)
    query = f"SELECT {grain.start}, type, {grain.end} FROM relations"  # noqa: S608 (our words)
    relations = run.engine.frame(query, {"relations": paths}, (grain.start, "type", grain.end))
    found = relations_of(parked, relations, grain, set(crosswalk["id"]))
    if len(found):
        write_csv_for_people(found, run.result / RELATIONS_FILE, list(found.columns))
    return {str(outcome): int(count) for outcome, count in found["outcome"].value_counts().sort_index().items()}


__all__ = ["PARKED_FILE", "Parked", "park", "parked_ids"]
