"""Who works on what and by when: cases and their kinds, routing, capacity, reasons, approvals."""

from fnmatch import fnmatchcase
from typing import Literal

from pydantic import Field, field_validator, model_validator

from dq.standards.reader import Policy
from dq.standards.working_days import Calendar

Severity = Literal["stop", "warn", "info"]
Closing = Literal["resolve", "waive", "override", "decide"]
NeedsApproval = Literal["decide", "override", "resolve", "waive", "bulk"]


class Capacity(Policy):
    """What one steward does in a day beside other work; whichever is reached first ends the day's list.

    Attributes:
        cases: Cases.
        minutes: Minutes, by the `seconds` of the kinds.
    """

    cases: int = Field(default=40, ge=1)
    minutes: int = Field(default=30, ge=1)


class CaseKind(Policy):
    """What a kind of case is.

    Attributes:
        title: In a steward's words.
        seconds: What one takes, for the length of a day.
        uncertainty: 0–1: how open the answer is before somebody looks. Possible matches compute theirs from the
            probability of the match.
        rules: Rules whose violations are cases of this kind; `*` stands for anything, as in the codes of targets
            (`salesforce.*.INVALID_EMAIL_ADDRESS`). A rule that is named whole goes before one that only fits.
    """

    title: str
    seconds: int = Field(default=45, ge=1)
    uncertainty: float = Field(default=0.5, ge=0, le=1)
    rules: tuple[str, ...] = ()


class Route(Policy):
    """Where cases go. The first route all of whose conditions hold decides; an empty condition always holds.

    Attributes:
        kinds: Kinds of case.
        rules: Rules.
        sources: Sources.
        departments: Departments.
        severities: Severities.
        pool: Name of the pool whose members see it as theirs.
        assignee: User it is assigned to.
        due_in: Working days until it is due; without it, those of the severity.
        factor: Multiplies the priority.
    """

    kinds: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    pool: str = ""
    assignee: str = ""
    due_in: int | None = Field(default=None, ge=0)
    factor: float = Field(default=1.0, gt=0)


class Reason(Policy):
    """A reason code of the house.

    Attributes:
        code: What is stored and counted.
        title: What people read.
        closes: Actions it is offered for.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    closes: tuple[Closing, ...] = ("resolve", "waive")


class Approval(Policy):
    """What needs a second person.

    Attributes:
        action: What is done.
        columns: Only for these columns (action `override`); empty means all.
        kinds: Only for cases of these kinds; empty means all.
        severities: Only for these severities; empty means all.
        at_least: Only for as many cases or more (action `bulk`).
        value_above: Only where more than this is at stake.
    """

    action: NeedsApproval
    columns: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    at_least: int = Field(default=1, ge=1)
    value_above: float | None = None


class Trial(Policy):
    """What a rule on trial has to show before a lead can put it in force.

    Attributes:
        sample: Findings that stewards are asked about, and answers that are needed.
        most_wrong: Largest share of false alarms among them, 0–1.
    """

    sample: int = Field(default=20, ge=1)
    most_wrong: float = Field(default=0.1, ge=0, le=1)


class Stewardship(Policy):
    """Content of `standards/stewardship.yml`.

    Attributes:
        capacity: A steward's day.
        calendar: Working days, for due dates.
        due_in: Severity → working days until a case is due.
        severity_factor: Severity → what it multiplies the priority by.
        overdue_factor: What being overdue multiplies the priority by.
        customer_value: What a customer is worth whose value nobody knows, in the currency of `value_amount`.
        kinds: What kinds of case there are.
        other_violations: Kind of violations whose rule no kind names; empty: no cases of them.
        case_severities: Severities of violations that become cases.
        without_cases: Rules whose violations are never cases; they are worked by the thousand, not one by one.
        most_of_a_rule: Customers a rule of a target may refuse one by one; of more it makes one case together.
        routes: Where cases go, in order.
        reasons: Reason codes of the house.
        approvals: What needs a second person.
        waive_at_most: Days until which a case can be waived at most.
        second_opinion_share: Share of decided pairs that a second steward is asked about, 0–1.
        trial: What a rule on trial has to show.
        no_department: Who sees records that no department owns.
        totals: Who sees the figures of the whole house, without a way to other departments' records.
        segments: Columns of `records` by which customers without a problem are counted.
    """

    capacity: Capacity = Capacity()
    calendar: Calendar = Calendar()
    due_in: dict[Severity, int] = Field(default={"stop": 1, "warn": 5, "info": 20})
    severity_factor: dict[Severity, float] = Field(default={"stop": 3.0, "warn": 1.0, "info": 0.3})
    overdue_factor: float = Field(default=2.0, ge=1)
    customer_value: float = Field(default=100.0, gt=0)
    kinds: dict[str, CaseKind] = Field(default_factory=dict)
    other_violations: str = ""
    case_severities: tuple[Severity, ...] = ("stop", "warn")
    without_cases: tuple[str, ...] = ()
    most_of_a_rule: int = Field(default=1000, ge=1)
    routes: tuple[Route, ...] = ()
    reasons: tuple[Reason, ...] = ()
    approvals: tuple[Approval, ...] = ()
    waive_at_most: int = Field(default=365, ge=1)
    second_opinion_share: float = Field(default=0.05, ge=0, le=1)
    trial: Trial = Trial()
    no_department: Literal["everyone", "leads"] = "leads"
    totals: Literal["everyone", "own_departments"] = "everyone"
    segments: tuple[str, ...] = ()

    @field_validator("reasons")
    @classmethod
    def _codes_stand_once(cls, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
        codes = [reason.code for reason in reasons]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"the reason `{twice[0]}` stands twice")
        return reasons

    @model_validator(mode="after")
    def _kinds_are_known(self) -> "Stewardship":
        if self.other_violations and self.other_violations not in self.kinds:
            raise ValueError(f"other_violations: `{self.other_violations}` is not among the kinds")
        for route in self.routes:
            unknown = sorted(set(route.kinds) - set(self.kinds))
            if unknown:
                raise ValueError(f"routes: `{unknown[0]}` is not among the kinds")
        places: dict[str, str] = {}
        for name, kind in self.kinds.items():
            for rule in kind.rules:
                if rule in places:
                    raise ValueError(f"kinds: rule `{rule}` stands in `{places[rule]}` and in `{name}`")
                places[rule] = name
        return self

    def kind(self, name: str) -> CaseKind:
        """Return a kind of case; one that the file does not name is known by its name alone."""
        return self.kinds.get(name, CaseKind(title=name.replace("_", " ")))

    def kind_of_rule(self, rule_id: str) -> str:
        """Return the kind of the cases a rule's violations make, empty where they make none."""
        if rule_id in self.without_cases:
            return ""
        named = (name for name, kind in self.kinds.items() if rule_id in kind.rules)
        fits = (name for name, kind in self.kinds.items() if any(fnmatchcase(rule_id, one) for one in kind.rules))
        return next(named, "") or next(fits, self.other_violations)
