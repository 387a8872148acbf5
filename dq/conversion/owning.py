"""Who will own what: owners of the sources become users of the target, counted, with the nearest user proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process, utils

from dq.conversion.rows import Customers, TargetRows
from dq.model import TEXT
from dq.standards.targets import Target

USER_MAP: Final = ("owner", "department", "user_id", "name", "active")
"""One row per owner of the sources, or per owner of one department: the user of the target who takes over. A row
without `owner` is the default of its department, one without either the default of all."""
TEMPLATE: Final = (*USER_MAP, "rows", "customers", "now", "called", "proposed_id", "proposed_name", "likeness")
"""The map as a run leaves it: every owner found, those without anybody first, with what becomes of them now and what
the target calls them."""
MAPPED, BY_DEFAULT, KNOWN, LEFT, OPEN = "mapped", "by default", "known", "inactive", "unmapped"
NEAR: Final = 85.0
"""Likeness (rapidfuzz WRatio, 0–100) from which a user is proposed: names of colleagues are short and alike."""


@dataclass(frozen=True)
class OwnerCount:
    """What becomes of the rows of one owner.

    Attributes:
        owner: As the sources say; empty: rows that name none.
        user_id: Who owns them then; empty where nobody does.
        state: `mapped`, `by default`, `known` (a user of the target already), `inactive`, `unmapped`.
        rows: Rows of the load.
        customers: Customers among them.
    """

    owner: str
    user_id: str
    state: str
    rows: int
    customers: int


def owner_fields(target: Target, rows: TargetRows) -> dict[str, list[str]]:
    """Return object → its fields that hold an owner."""
    return {
        thing: [key for key, field in target.in_force(thing).items() if field.refers_to == "owner" and key in own]
        for thing, own in rows.objects.items()
    }


def map_owners(
    target: Target, rows: TargetRows, customers: Customers, user_map: pd.DataFrame | None, users: pd.DataFrame | None
) -> tuple[TargetRows, pd.DataFrame]:
    """Return the rows with the users who take over, and what became of every row.

    An owner becomes the user named for it in the department of the customer, else the one named for it anywhere; where
    there is none, or that user is inactive, the default of the department takes over, else the default of all. Whoever
    has neither keeps the owner of the source, which the target then refuses by name.

    Args:
        target: What is to be loaded into.
        rows: What would be loaded.
        customers: For their departments.
        user_map: Columns of `USER_MAP`; `active` is boolean. None: owners stay as they are.
        users: `owner`, `is_active`: users of the target as far as they are known.

    Returns:
        The rows, and one line per row of the load and owner field: `row_id`, `customer`, `owner`, `user_id`, `state`.
    """
    departments = _departments(rows, customers)
    active = _active(user_map, users)
    told = []
    objects = dict(rows.objects)
    for thing, keys in owner_fields(target, rows).items():
        own = objects[thing]
        for key in keys:
            before = own[key]
            after, state = _taken_over(before, own["row_id"].map(departments), user_map, active)
            customer = own["golden_id"].fillna(own["record_id"])
            told.append(
                pd.DataFrame(
                    {"row_id": own["row_id"], "customer": customer, "owner": before, "user_id": after, "state": state}
                )
            )
            own = own.assign(**{key: after.fillna(before).astype(TEXT)})
        objects[thing] = own
    empty = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("row_id", "customer", "owner", "user_id", "state")})
    lines = pd.concat([empty, *told], ignore_index=True).astype(TEXT)
    return (TargetRows(objects, rows.parked, rows.made_of, rows.reads) if user_map is not None else rows), lines


def _departments(rows: TargetRows, customers: Customers) -> pd.Series:
    """Return row id → department; a household's account has that of its first member."""
    own = customers.rows
    known = own.get("department", pd.Series(None, index=own.index, dtype=TEXT))
    found = pd.Series(known.to_numpy(), index=own[customers.grain.id].to_numpy(), dtype=TEXT)
    members = [table[["parent_row_id", "row_id"]] for table in rows.objects.values()]
    if members:
        below = pd.concat(members).dropna().sort_values("row_id").drop_duplicates("parent_row_id")
        below = below[~below["parent_row_id"].isin(found.index)]
        above = pd.Series(below["row_id"].map(found).to_numpy(), index=below["parent_row_id"].to_numpy(), dtype=TEXT)
        found = pd.concat([found, above])
    return found[~found.index.duplicated()]


def _active(user_map: pd.DataFrame | None, users: pd.DataFrame | None) -> dict[str, bool]:
    """Return user → whether active: a list of users knows better than the map."""
    known: dict[str, bool] = {}
    if user_map is not None:
        there = user_map.dropna(subset="user_id")
        known = dict(zip(there["user_id"].str.casefold(), there["active"].astype(bool), strict=True))
    if users is not None:
        known = dict(zip(users["owner"].str.casefold(), users["is_active"].astype(bool), strict=True))
    return known


def _taken_over(
    owners: pd.Series, departments: pd.Series, user_map: pd.DataFrame | None, active: Mapping[str, bool]
) -> tuple[pd.Series, pd.Series]:
    """Return who takes over each row, null where nobody is named, and in which way."""
    rules = _rules(user_map)
    answers: dict[tuple[str, str], tuple[str | None, str]] = {}
    pairs = list(zip(owners.fillna("").str.strip().str.casefold(), departments.fillna("").str.casefold(), strict=True))
    for owner, department in set(pairs):
        named = rules.get((owner, department)) or rules.get((owner, "")) if owner else None
        default = rules.get(("", department)) or rules.get(("", ""))
        if named is not None and active.get(named.casefold()) is True:
            answers[owner, department] = named, MAPPED
        elif named is None and owner and active.get(owner) is True:
            answers[owner, department] = None, KNOWN
        elif default is not None:
            answers[owner, department] = default, BY_DEFAULT
        elif named is not None:
            answers[owner, department] = named, LEFT if active.get(named.casefold()) is False else OPEN
        else:
            answers[owner, department] = None, LEFT if owner and active.get(owner) is False else OPEN
    users = pd.Series([answers[pair][0] for pair in pairs], index=owners.index, dtype=TEXT)
    return users, pd.Series([answers[pair][1] for pair in pairs], index=owners.index, dtype=TEXT)


def _rules(user_map: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    if user_map is None:
        return {}
    named = user_map.dropna(subset="user_id").fillna({"owner": "", "department": ""})
    owners, departments = named["owner"].str.strip().str.casefold(), named["department"].str.strip().str.casefold()
    return dict(zip(zip(owners, departments, strict=True), named["user_id"], strict=True))


def count_owners(lines: pd.DataFrame) -> tuple[OwnerCount, ...]:
    """Return a count per owner and state, the most rows first; rows that name no owner and get none are left out."""
    said = lines.loc[lines["owner"].notna() | lines["user_id"].notna()]
    said = said.fillna({"owner": "", "user_id": ""})
    # Owners are one however they are written; the spelling of most rows is shown.
    folded = said["owner"].str.strip().str.casefold()
    counts = []
    for (_, user, state), own in said.groupby([folded, said["user_id"], said["state"]], sort=True):
        shown = str(own["owner"].mode().iloc[0])
        counts.append(OwnerCount(shown, str(user), str(state), len(own), int(own["customer"].nunique())))
    return tuple(sorted(counts, key=lambda one: (-one.rows, one.owner, one.user_id, one.state)))


def owner_template(
    counts: tuple[OwnerCount, ...], user_map: pd.DataFrame | None, users: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the map to be filled in, columns of `TEMPLATE`: owners found, the nearest user, then defaults given."""
    lines = [] if user_map is None else user_map.astype("object").to_dict("records")
    given = {_place(line): line for line in ({str(name): line[name] for name in line} for line in lines)}
    names = {} if users is None else _names(users)
    everybody = {} if users is None else dict(zip(users["owner"], users["name"], strict=True))
    rows: list[dict[str, object]] = []
    seen: set[tuple[str, str]] = set()
    for one in sorted(counts, key=lambda one: one.state not in (LEFT, OPEN)):
        place = (one.owner.strip().casefold(), "")
        if not one.owner or place in seen:
            continue
        seen.add(place)
        line = dict(given.pop(place, {"owner": one.owner}))
        near = None if one.state in (MAPPED, KNOWN) else _nearest(one.owner, names)
        called = {"called": everybody.get(place[0])}
        rows.append(line | {"rows": one.rows, "customers": one.customers, "now": one.state} | called | (near or {}))
    rows += [dict(line) for line in given.values()]
    made = pd.DataFrame(rows, columns=list(TEMPLATE))
    made["active"] = made["active"].map({True: "yes", False: "no"}, na_action="ignore").where(made["user_id"].notna())
    return made.astype(dict.fromkeys([name for name in TEMPLATE if name not in ("rows", "customers")], TEXT))


def _place(line: Mapping[str, object]) -> tuple[str, str]:
    owner, department = line.get("owner"), line.get("department")
    words = [word.strip().casefold() if isinstance(word, str) else "" for word in (owner, department)]
    return words[0], words[1]


def _names(users: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return what an active user is called → id and name."""
    alive = users.loc[users["is_active"].astype(bool)]
    return {
        str(line["owner"]): (str(line["user_id"]), str(line["name"]))
        for line in alive.sort_values(["user_id", "owner"], ascending=False).to_dict("records")
    }


def _nearest(owner: str, names: Mapping[str, tuple[str, str]]) -> dict[str, object] | None:
    found = process.extractOne(
        owner, sorted(names), scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=NEAR
    )
    if found is None:
        return None
    user, name = names[found[0]]
    return {"proposed_id": user, "proposed_name": name, "likeness": f"{found[1]:.0f}"}
