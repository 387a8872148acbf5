"""Sums up what a target makes of the customers: how many load, by which path, what keeps the others out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import pandas as pd

from dq.conversion.fixes import Fix, Show, customers_of, loading_customers
from dq.conversion.meanings import PicklistCount
from dq.conversion.owning import OwnerCount
from dq.conversion.rows import TargetRows
from dq.model import EXTRA
from dq.standards.targets import CERTAINTIES, CHECKS, Certainty, Target, TargetField
from dq.text.counts import counted

EXAMPLES: Final = 3
"""Rows shown per problem: enough to recognise the kind, few enough to read."""
_VERDICTS: Final = ("suppressed", "reject", "alters", "pollutes", "needs_org", "loads", "parked")
_WEIGHT: Final = {"reject": 0, "alters": 1, "pollutes": 2, "needs_org": 3, "suppressed": 4}


@dataclass(frozen=True)
class PathCount:
    """What becomes of the customers by one load path."""

    path: str
    title: str
    loading: int
    rows: Mapping[str, int]


@dataclass(frozen=True)
class ProblemExample:
    """One row that has a problem: whose it is, the value, the target's words, and where the sources have it."""

    customer: str
    value: str
    message: str
    place: str = ""


@dataclass(frozen=True)
class Trouble:
    """One way in which rows fall short.

    Attributes:
        rule_id: `<target>.<object>.<field>.<code>`.
        check: What it is about, in our words (`CHECKS`).
        certainty: The least sure of its blockers.
        rows: Rows that have it.
    """

    rule_id: str
    object: str
    field: str
    label: str
    code: str
    check: str
    verdict: str
    certainty: Certainty
    rows: int
    examples: tuple[ProblemExample, ...]


@dataclass(frozen=True)
class KnownThere:
    """What an export of the target was held against.

    Attributes:
        object: Whose rows it holds; `rows` of them.
        compared: Fields by which equal values are one and the same thing to the target.
        possible: Customers that may be there already by name, address, phone or mail, and are not found by `compared`.
        sure: Those of them that a run would merge with what is there.
        sentence: All of it.
    """

    object: str
    rows: int
    compared: tuple[str, ...]
    sentence: str
    possible: int = 0
    sure: int = 0


@dataclass(frozen=True)
class Readiness:
    """What `readiness.json` holds per target.

    Attributes:
        assign: Name of the policy that says who becomes what.
        path: The load path in force; `paths` has all of them side by side.
        customers: Golden records, or input rows; `loading` of them load, `parked` are kept out by policy.
        unit: `customers` or `rows`, the word for them.
        objects: Object → verdict → rows.
        made_of: Object → field → what it is made of.
        by_name: Source column → fields that it fills because it is named like them.
        left_out: Source columns that nothing of the target is made of.
        picklists: Fields with a list, and how far the words of sources have a legal value.
        existing: What exports of the target were good for.
        owners: What becomes of the rows of each owner; empty where nothing is known of users.
        owner_map: File of the run with every owner found; empty where nobody owns anything.
        suppressed: Customers that are not to be reached this way; none of them is blocked.
        parking: What the parking rules come to, the same for every target (`dq.pipeline.parking.Parked`).
    """

    target: str
    title: str
    assign: str
    path: str
    path_title: str
    unit: str
    customers: int
    loading: int
    parked: int
    headline: str
    paths: tuple[PathCount, ...]
    objects: Mapping[str, Mapping[str, int]]
    troubles: tuple[Trouble, ...]
    fixes: tuple[Fix, ...]
    made_of: Mapping[str, Mapping[str, str]]
    by_name: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]
    picklists: tuple[PicklistCount, ...]
    unknowable: tuple[str, ...]
    existing: tuple[KnownThere, ...] = ()
    owners: tuple[OwnerCount, ...] = ()
    owner_map: str = ""
    suppressed: int = 0
    parking: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Return the share of customers that load, 0–1; 1 where there is nobody."""
        due = self.customers - self.parked - self.suppressed
        return self.loading / due if due else 1.0

    def document(self) -> dict[str, Any]:
        """Return it for machines."""
        return {**asdict(self), "rate": round(self.rate, 6)}


def known_there(
    thing: str, rows: int, compared: tuple[str, ...], possible: int = 0, sure: int = 0, unmatched: str = ""
) -> KnownThere:
    """Say what an export of the target was good for; `unmatched` is why it could not be matched.

    >>> known_there("Contact", 3, ("Email",), 2, 1).sentence
    'The export of Contact has 3 rows, compared by Email. By name and address 2 more may be there (1 would be merged): possible_there.csv.'
    """  # noqa: E501 (what is printed)
    said = f"The export of {thing} has {counted(rows, 'row')}"
    said += f", compared by {', '.join(compared)}." if compared else "; no e-mail and no unique field stands in both."
    if unmatched:
        said += f" It could not be matched by name and address: {unmatched}."
    elif possible:
        merged = f" ({sure:,} would be merged)" if sure else ""
        said += f" By name and address {possible:,} more may be there{merged}: possible_there.csv."
    else:
        said += " By name and address nobody else seems to be there."
    return KnownThere(thing, rows, compared, said, possible, sure)


def count_path(target: Target, path: str, verdicts: pd.DataFrame) -> PathCount:
    """Return what becomes of the customers by one load path."""
    rows = verdicts.groupby("verdict")["row_id"].size()
    return PathCount(
        path,
        target.paths[path].title,
        loading_customers(verdicts),
        {name: int(rows.get(name, 0)) for name in _VERDICTS},
    )


def headline(
    title: str, path_title: str, unit: str, customers: int, loading: int, parked: int, suppressed: int = 0
) -> str:
    """Return the one sentence that counts.

    >>> headline("Salesforce", "Bulk API 2.0", "customers", 50000, 41207, 0)
    '41,207 of 50,000 customers load into Salesforce today (Bulk API 2.0).'
    """
    said = f"{loading:,} of {customers - parked - suppressed:,} {unit} load into {title} today ({path_title})."
    said = f"{said} {parked:,} more are parked." if parked else said
    return f"{said} {suppressed:,} are suppressed." if suppressed else said


def troubles_of(target: Target, blockers: pd.DataFrame, show: Show) -> tuple[Trouble, ...]:
    """Return what rows fall short of, the worst verdict first and then by rows.

    Args:
        target: The target.
        blockers: Of one load path, `model.BLOCKERS`.
        show: What may be shown of a value.
    """
    troubles = []
    for rule_id, own in blockers.groupby("rule_id", sort=True):
        first = own.iloc[0]
        field = target.in_force(str(first["object"])).get(str(first["field"]), TargetField())
        troubles.append(
            Trouble(
                rule_id=str(rule_id),
                object=str(first["object"]),
                field=str(first["field"]),
                label=field.label or str(first["field"]),
                code=str(first["code"]),
                check=CHECKS[str(own["check"].mode().iloc[0])],
                verdict=str(first["verdict"]),
                certainty=max(own["certainty"].unique(), key=CERTAINTIES.index),
                rows=int(own["row_id"].nunique()),
                examples=_examples(own, field, show),
            )
        )
    return tuple(sorted(troubles, key=lambda one: (_WEIGHT[one.verdict], -one.rows, one.rule_id)))


def _examples(own: pd.DataFrame, field: TargetField, show: Show) -> tuple[ProblemExample, ...]:
    """Return rows with different values, as far as there are."""
    ordered = own.sort_values(["row_id"])
    several = ordered.drop_duplicates("value")
    chosen = pd.concat([several, ordered.loc[~ordered.index.isin(several.index)]]).head(EXAMPLES)
    examples = []
    for line, customer in zip(chosen.to_dict("records"), customers_of(chosen).fillna(chosen["row_id"]), strict=True):
        value = line["value"] if isinstance(line["value"], str) else ""
        shown = show(value, field) if value else ""
        message = str(line["message"])
        examples.append(ProblemExample(str(customer), shown, message.replace(value, shown) if value else message))
    return tuple(examples)


def left_out(customers: pd.DataFrame, rows: TargetRows) -> tuple[str, ...]:
    """Return source columns that hold something and that no field of the load is made of, by their own names."""
    extras = [column for column in customers.columns if column.startswith(EXTRA) and column not in rows.reads]
    return tuple(sorted(column.removeprefix(EXTRA) for column in extras if customers[column].notna().any()))


def by_name(target: Target, rows: TargetRows) -> dict[str, tuple[str, ...]]:
    """Return the fields that are filled by a source column because it is named like them, by column."""
    found: dict[str, list[str]] = {}
    for thing, fields in rows.made_of.items():
        for key, made in fields.items():
            if not target.objects[thing].fields[key].value:
                found.setdefault(made.removeprefix("column "), []).append(f"{thing}.{key}")
    return {column: tuple(names) for column, names in sorted(found.items())}


def placed(troubles: tuple[Trouble, ...], places: Mapping[str, str]) -> tuple[Trouble, ...]:
    """Say of every example where in the sources it stands."""
    return tuple(
        replace(
            trouble,
            examples=tuple(replace(example, place=places.get(example.customer, "")) for example in trouble.examples),
        )
        for trouble in troubles
    )
