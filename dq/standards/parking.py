"""What is not converted: named rules that keep customers out of a load, and what spares a customer."""

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Final, Literal

import pandas as pd
from pydantic import Field, model_validator

from dq.errors import Problem
from dq.standards.reader import Policy, read_section, suggest

FILE: Final = "parking.yml"
State = Literal["off", "preview", "accepted"]


class Accepted(Policy):
    """Who let a rule act.

    Attributes:
        by: The person's name, as it shall stand in `parked.csv`.
        on: The day; a run that calls an earlier day today only previews the rule.
    """

    by: str = Field(min_length=1)
    on: date


class Condition(Policy):
    """When a rule speaks; every key that is given has to hold.

    Attributes:
        inactive_months: Nothing was heard of the customer for so many months, by the latest date of `activity`.
        doubts: Every record of the customer has one of these doubts (`reference/flags.csv`).
        deceased: The customer is dead.
        unreachable: There is no e-mail, phone or address to reach the customer by.
        columns: Columns of the golden record; the first that is filled counts.
        values: The value is one of these, in either case.
        not_in: The value is none of these; an empty one is no value.
    """

    inactive_months: int | None = Field(default=None, ge=1)
    doubts: tuple[str, ...] = ()
    deceased: bool = False
    unreachable: bool = False
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Condition":
        if bool(self.columns) != bool(self.values or self.not_in) or (self.values and self.not_in):
            raise ValueError("`columns` go with `values` or with `not_in`, one of the two")
        if not (self.inactive_months or self.doubts or self.deceased or self.unreachable or self.columns):
            raise ValueError("a condition without any key would hold for everybody")
        return self


class Exemption(Policy):
    """What spares a customer; any key that holds does.

    Attributes:
        columns: Columns of any of the customer's records that mark it, such as open receivables.
        values: Values that mark it; without any, all but empty, zero and words for no.
        value_above: The customer is worth more than this (`value_amount`).
        file: A list beside `parking.yml`: ids or keys of customers (`parking*.csv`).
    """

    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    value_above: float | None = None
    file: str = Field(default="", pattern=r"^(?:parking[\w.-]*\.csv)?$")

    @model_validator(mode="after")
    def _says_something(self) -> "Exemption":
        if not (self.columns or self.value_above is not None or self.file):
            raise ValueError("an exemption needs `columns`, `value_above` or `file`")
        return self


class ParkingRule(Policy):
    """Customers that shall not be converted.

    Attributes:
        title: Which customers, as a person says it.
        why: The reason, for whoever reads the file.
        owner: Who answers for the rule.
        approver: Who has to accept it.
        state: `off`: not looked at; `preview`: counted, nobody is parked.
        accepted: Who accepted it and when: from then on it parks.
        when: Which customers it speaks of.
        unless: Exemptions that spare a customer from it.
        targets: Targets whose load it keeps customers out of; empty: every one.
    """

    title: str = Field(min_length=1)
    why: str = Field(min_length=1)
    owner: str = ""
    approver: str = ""
    state: Literal["off", "preview"] = "preview"
    accepted: Accepted | None = None
    when: Condition
    unless: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    def state_on(self, day: date) -> State:
        """Return whether the rule parks, is only counted, or is not looked at on a day."""
        if self.accepted is not None and self.accepted.on <= day:
            return "accepted"
        return "preview" if self.accepted is not None else self.state


class Parking(Policy):
    """Content of `standards/parking.yml`.

    Attributes:
        activity: Columns whose dates say that a customer is alive: canonical ones, or headers of sources.
        contacts: What becomes of people all of whose employers are parked: `parked` with them, or they `stay`.
        exemptions: Name → what spares a customer.
        rules: Name → rule. The first that holds is the one told; all of them count.
    """

    activity: tuple[str, ...] = ("updated_at", "created_at")
    contacts: Literal["parked", "stay"] = "parked"
    exemptions: dict[str, Exemption] = Field(default_factory=dict)
    rules: dict[str, ParkingRule] = Field(default_factory=dict)

    def about(self, targets: Collection[str]) -> "Parking":
        """Return the policy with the rules that speak of one of these targets, or of every one."""
        rules = {
            name: rule for name, rule in self.rules.items() if not rule.targets or set(rule.targets) & set(targets)
        }
        return self.model_copy(update={"rules": rules})

    @model_validator(mode="after")
    def _exemptions_are_known(self) -> "Parking":
        for name, rule in self.rules.items():
            for exemption in rule.unless:
                if exemption not in self.exemptions:
                    raise ValueError(
                        f"rules.{name}.unless: the exemption `{exemption}` is unknown; "
                        f"{suggest(exemption, list(self.exemptions))}"
                    )
        return self


def read_parking(folder: Path, problems: list[Problem]) -> Parking | None:
    """Read the file of a standards folder; a home without it parks nobody. None after adding problems."""
    path = folder / FILE
    if not path.is_file():
        return Parking()
    found = read_section(path, Parking, problems)
    if found is not None:
        problems += [Problem(FILE, *problem) for problem in _unknown(found, folder)]
    return found


def _unknown(parking: Parking, folder: Path) -> Iterable[tuple[str, str, str]]:
    for name, exemption in parking.exemptions.items():
        if exemption.file and not (folder / exemption.file).is_file():
            yield f"exemptions.{name}.file", f"there is no {exemption.file} beside {FILE}", "write it or take it out"
    there = sorted(path.stem for path in (folder / "targets").glob("*.yml"))
    for name, rule in parking.rules.items():
        for target in rule.targets:
            if target not in there:
                yield f"rules.{name}.targets", f"the target `{target}` is unknown", suggest(target, there)
    flags = folder / "reference" / "flags.csv"
    wanted = {(name, doubt) for name, rule in parking.rules.items() for doubt in rule.when.doubts}
    if not wanted or not flags.is_file():
        return
    known = pd.read_csv(flags, dtype="str", usecols=[0]).iloc[:, 0].tolist()
    for name, doubt in sorted(wanted):
        if doubt not in known:
            yield f"rules.{name}.when.doubts", f"the doubt `{doubt}` is unknown", suggest(doubt, known)
