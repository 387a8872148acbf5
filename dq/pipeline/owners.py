"""Reads who may own records in the target, and who takes over from whom; refuses files that are something else."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from dq.conversion.owning import USER_MAP
from dq.errors import SettingsError, SourceError
from dq.model import TEXT
from dq.tables.exported_files import read_exported_csv
from dq.tables.people_files import read_people_csv

FILE: Final = "user_map.csv"
"""In the home's standards: the map in force; in a run: the map with every owner found."""
_OF_TARGET: Final = "user_map_{target}.csv"
"""The map of one target, whose users are different people: in the home it stands above the one for all; a run of
several targets leaves one for each."""
_KEYS: Final = ("id", "email", "username", "name", "owner", "userid", "ownerid", "domainname", "internalemailaddress")
"""What a user is known by: the first of these that is there is the id that rows get."""
_ACTIVE: Final = ("isactive", "active", "isenabled", "enabled")
_INACTIVE: Final = ("isdisabled", "disabled", "archived", "deactivated", "isdeleted")
"""How exports say who may own records; the second list says who may not."""
_WORDS: Final = {
    **dict.fromkeys(("true", "1", "yes", "y", "active", "enabled"), True),
    **dict.fromkeys(("false", "0", "no", "n", "inactive", "disabled"), False),
}
_NAMED: Final = 5
"""Mistakes named of one kind."""


def map_file(target: str) -> str:
    """Return the name of the map of one target, in a home and in a run of several targets."""
    return _OF_TARGET.format(target=target)


def maps_kept(standards: Path, targets: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    """Return the maps that a home keeps for one target each: (target, file), of those named, in their order.

    Raises:
        SettingsError: A map of the folder is that of no target: nobody would read it.
    """
    there = {path.name: path for path in standards.glob(_OF_TARGET.format(target="*"))}
    known = {map_file(path.stem): path.stem for path in (standards / "targets").glob("*.yml")}
    strange = sorted(set(there) - set(known))
    if strange:
        close = difflib.get_close_matches(strange[0], sorted(known), n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise SettingsError(
            f"standards/{strange[0]} is the owner map of no target", f"{hint}there are: {', '.join(sorted(known))}"
        )
    return tuple((name, there[map_file(name)]) for name in targets if map_file(name) in there)


def read_owners(path: Path) -> pd.DataFrame:
    """Return who may own records.

    Returns:
        One row per name of a user: `owner` (id, name or e-mail, in lower case), `is_active`, `user_id`, `name`.

    Raises:
        SourceError: No column identifies a user or says who is active: a list of customers is no list of users.
    """
    rows = read_exported_csv(path)
    plain = {"".join(filter(str.isalnum, column.casefold())): column for column in rows.columns}
    keys = [plain[key] for key in _KEYS if key in plain]
    known = ", ".join(map(str, rows.columns[:12])) or "none"
    if not keys:
        raise SourceError(
            f"--owners {path} has no column that identifies a user: {known}", f"one of {', '.join(_KEYS)}"
        )
    flag = next((name for name in (*_ACTIVE, *_INACTIVE) if name in plain), None)
    if flag is None:
        raise SourceError(
            f"--owners {path} does not say who is active: {known}",
            "export the users of the target with a column such as IsActive; is it a list of customers?",
        )
    said = rows[plain[flag]].str.strip().str.casefold().map(_WORDS)
    wrong = rows.loc[rows[keys[0]].notna() & said.isna(), plain[flag]]
    if len(wrong):
        shown = ", ".join(f"`{'' if pd.isna(word) else word}`" for word in wrong.drop_duplicates()[:_NAMED])
        raise SourceError(f"--owners {path}: {plain[flag]} says neither yes nor no: {shown}", "write true or false")
    alive = said.astype("boolean").fillna(False) != (flag in _INACTIVE)
    name = rows[plain["name"]] if "name" in plain else rows[keys[0]]
    found = pd.concat(
        [
            pd.DataFrame(
                {"owner": rows[key].str.casefold(), "is_active": alive, "user_id": rows[keys[0]], "name": name}
            )
            for key in keys
        ]
    )
    # Two users of one name: the name means the one who is there.
    found = found.dropna(subset="owner").sort_values("is_active", ascending=False, kind="stable")
    return found.drop_duplicates("owner", ignore_index=True)


def read_user_map(path: Path) -> pd.DataFrame:
    """Return who takes over from whom, columns of `USER_MAP`; `active` is boolean.

    Rows without `user_id` are not decided yet and stay; an empty `active` is a yes.

    Raises:
        SourceError: With everything that is wrong in it.
    """
    read_people_csv(path, ("owner", "user_id"))
    rows = read_people_csv(path).reindex(columns=list(USER_MAP)).astype(TEXT)
    rows = rows.apply(lambda column: column.str.strip())
    rows = rows.mask(rows == "")
    rows = rows.loc[rows[["owner", "department", "user_id"]].notna().any(axis=1)]
    said = rows["active"].fillna("yes").str.casefold().map(_WORDS)
    problems = [*_unclear(rows, said), *_contradictions(rows, said)]
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise SourceError(f"the owner map {path} cannot be used:\n{lines}", "mend the rows, then start again")
    found: pd.DataFrame = rows.assign(active=said.astype(bool)).reset_index(drop=True)
    return found


def _unclear(rows: pd.DataFrame, said: pd.Series) -> Sequence[str]:
    wrong = rows.loc[said.isna(), "active"].drop_duplicates()
    return [f"`active` is neither yes nor no: `{word}`" for word in wrong[:_NAMED]]


def _contradictions(rows: pd.DataFrame, said: pd.Series) -> Sequence[str]:
    meant: dict[tuple[str, str], set[str]] = {}
    alive: dict[str, set[bool]] = {}
    for line, is_active in zip(rows.fillna("").to_dict("records"), said, strict=True):
        user = line["user_id"].casefold()
        if user:
            meant.setdefault((line["owner"].casefold(), line["department"].casefold()), set()).add(user)
            alive.setdefault(user, set()).add(is_active)
    problems = [
        f"`{owner or '(default)'}`{f' of {department}' if department else ''} becomes {len(users)} different users"
        for (owner, department), users in sorted(meant.items())
        if len(users) > 1
    ]
    both = [user for user, words in sorted(alive.items()) if {True, False} <= words]
    return [*problems, *(f"the user `{user}` is active in one row and not in another" for user in both)]
