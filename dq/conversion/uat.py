"""Acceptance by a department: customers to look at, old rows beside the new record, and what people found."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from dq.conversion.book.answers import line_id
from dq.tables.forms import Column, Form, Line, Sheet, plain, read_form

RANDOM, LARGEST, MERGED = "random", "largest", "most merged"
SIZES: Final = {LARGEST: 20, MERGED: 20, RANDOM: 30}
"""Customers of each kind: 30 random ones say with 95 % that fewer than a tenth is wrong where none is; the others are
those that hurt most."""
OLD_SHOWN: Final = 5
"""Old rows beside the new record: what a screen holds; more are counted."""
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("prefix", "first_name", "middle_name", "last_name", "suffix"),
    "organization": ("organization_name",),
    "job title": ("job_title",),
    "address": ("address_line2", "address_line1", "city", "state", "zip5", "zip4", "postal_code", "country"),
    "email": ("email",),
    "phone": ("phone",),
    "mobile": ("mobile",),
    "website": ("website",),
    "born": ("birth_on",),
    "tax id": ("tax_id",),
    "status": ("status",),
    "owner": ("owner",),
    "value": ("value_amount",),
    "do not": ("do_not_mail", "do_not_email", "do_not_call", "do_not_text"),
}
"""What people compare: their words for columns that are read together."""
WHOLE: Final = "the customer"
"""First line of each customer: one customer or several, and who looked."""
SHEET, ABOUT = "Customers", "Read me"
OK, DEFECT = "ok", "defect"
SEVERITIES: Final = ("stops the load", "serious", "minor")
_OLD: Final = tuple(Column(f"Old {number}") for number in range(1, OLD_SHOWN + 1))
_COLUMNS: Final = (
    Column("Customer"),
    Column("Chosen as"),
    Column("Field"),
    Column("New"),
    *_OLD,
    Column("Verdict", is_answer=True, choices="verdicts", says="Empty is ok once the customer has initials."),
    Column("Severity", is_answer=True, choices="severities", says="Of a defect."),
    Column("What is wrong", is_answer=True),
    Column("Initials", is_answer=True, says="On the first line of a customer: who looked at it."),
    Column("id", is_faint=True),
)
_MADE_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)


def choose(golden: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the customers of a department to look at: `golden_id`, `chosen`; each once, the largest first.

    Args:
        golden: `golden_id`, `cluster_size`, `value_amount` (text).
        seed: Equal seeds choose the same random customers, whatever the order of rows.
    """
    known = golden.assign(
        value=pd.to_numeric(golden["value_amount"], errors="coerce").fillna(0),
        size=pd.to_numeric(golden["cluster_size"], errors="coerce").fillna(1),
        chance=[hashlib.sha256(f"{seed}|{one}".encode()).hexdigest() for one in golden["golden_id"]],
    )
    by_size = ["size", "value", "golden_id"]
    orders = {
        RANDOM: known.sort_values(["chance", "golden_id"]),
        LARGEST: known.sort_values(["value", "size", "golden_id"], ascending=[False, False, True]),
        MERGED: known.loc[known["size"] > 1].sort_values(by_size, ascending=[False, False, True]),
    }
    chosen: dict[str, str] = {}
    # Chance goes first: a random sample from which the largest were taken is none.
    for kind, ordered in orders.items():
        left = [one for one in ordered["golden_id"] if one not in chosen]
        chosen |= dict.fromkeys(left[: SIZES[kind]], kind)
    return pd.DataFrame({"golden_id": list(chosen), "chosen": list(chosen.values())}, dtype="str")


def uat_form(
    title: str, about: Sequence[tuple[str, str]], chosen: pd.DataFrame, golden: pd.DataFrame, records: pd.DataFrame
) -> Form:
    """Return the workbook of a department.

    Args:
        title: Of the first sheet.
        about: Its lines: run, department, seed.
        chosen: Of `choose`.
        golden: The new records.
        records: The old rows of these customers, raw text in `<column>_raw`, with `golden_id`.
    """
    new = {
        str(row["golden_id"]): row for _, row in golden.loc[golden["golden_id"].isin(chosen["golden_id"])].iterrows()
    }
    old = {str(one): rows.sort_values("record_id") for one, rows in records.groupby("golden_id")}
    lines: list[Line] = []
    for line in chosen.to_dict("records"):
        customer = str(line["golden_id"])
        lines += _lines(customer, str(line["chosen"]), new[customer], old.get(customer, records.head(0)))
    told = [
        *about,
        ("What this is", "customers as they were and as they will be: say what is wrong before it is loaded"),
        ("How", "put your initials on the first line of each customer you looked at; mark wrong lines as defect"),
        ("Chosen as", "random: what they show holds for all; largest and most merged: where a mistake hurts most"),
        ("Giving it back", "save it as .xlsx; dq uat read FILE counts what was found"),
    ]
    choices = {"verdicts": (OK, DEFECT), "severities": SEVERITIES}
    return Form(title, told, [Sheet(SHEET, _COLUMNS, lines, frozen=3)], choices, _MADE_AT, ABOUT)


def _lines(customer: str, chosen: str, new: pd.Series, old: pd.DataFrame) -> list[Line]:
    keys = [str(one) for one in old["record_id"]]
    more = f"; {len(keys) - OLD_SHOWN:,} more" if len(keys) > OLD_SHOWN else ""
    rows_said = "one old row" if len(keys) == 1 else f"{len(keys):,} old rows are one"
    shown = [{WHOLE: (f"{rows_said}{more}", keys)}]
    rows = [row for _, row in old.head(OLD_SHOWN).iterrows()]
    for field, columns in FIELDS.items():
        texts = (_joined(new, columns, is_raw=False), [_joined(row, columns, is_raw=True) for row in rows])
        if texts[0] or any(texts[1]):
            shown.append({field: texts})
    lines = []
    for one in shown:
        ((field, (now, before)),) = one.items()
        before = [*before, *[""] * OLD_SHOWN][:OLD_SHOWN]
        answers = ("", "", "", "", line_id(customer, field))
        # What the new record says otherwise than every old row catches the eye.
        differs = field != WHOLE and now.casefold() not in [text.casefold() for text in before]
        marked = frozenset({3}) if differs else frozenset()
        lines.append(Line((customer, chosen, field, now, *before, *answers), marked))
    return lines


def _joined(row: pd.Series, columns: Sequence[str], *, is_raw: bool) -> str:
    texts = []
    for column in columns:
        value = row.get(f"{column}_raw") if is_raw else None
        value = row.get(column) if value is None or pd.isna(value) else value
        if isinstance(value, str) and value:
            texts.append(value)
        elif value is True:
            texts.append(column.removeprefix("do_not_"))
    return plain(" ".join(dict.fromkeys(texts)))


@dataclass(frozen=True)
class Found:
    """What a department said.

    Attributes:
        about: Lines of the first sheet.
        kinds: Kind → customers `given`, `looked` at, and `wrong` ones among those.
        defects: `customer`, `chosen`, `field`, `severity`, `what`, `initials`.
        problems: Line → what does not fit.
    """

    about: Mapping[str, str]
    kinds: Mapping[str, Mapping[str, int]]
    defects: Sequence[Mapping[str, str]]
    problems: Sequence[str]


def read_uat(content: bytes) -> Found:
    """Read what a department found in its workbook; where anything does not fit, all of it is said."""
    returned = read_form(content, ABOUT, {SHEET: [column.title for column in _COLUMNS]})
    if returned.problems:
        return Found({}, {}, (), returned.problems)
    problems: list[str] = []
    initials: dict[str, str] = {}
    chosen: dict[str, str] = {}
    defects: list[dict[str, str]] = []
    for number, row in returned.sheets[SHEET]:
        customer, place = row["Customer"], f"line {number}"
        if row["id"] != line_id(customer, row["Field"]):
            problems.append(f"{place}: its id does not fit its grey cells")
            continue
        chosen.setdefault(customer, row["Chosen as"])
        if row["Initials"]:
            initials.setdefault(customer, row["Initials"])
        verdict, severity = row["Verdict"].casefold(), row["Severity"].casefold()
        if verdict not in ("", OK, DEFECT):
            problems.append(f"{place}: the verdict `{row['Verdict']}` is neither {OK} nor {DEFECT}")
        if verdict == DEFECT and severity not in SEVERITIES:
            problems.append(f"{place}: a defect needs a severity: {', '.join(SEVERITIES)}")
        elif verdict != DEFECT and (severity or row["What is wrong"]):
            problems.append(f"{place}: it says what is wrong and is not marked as {DEFECT}")
        if verdict == DEFECT:
            known = {"customer": customer, "chosen": row["Chosen as"], "field": row["Field"], "severity": severity}
            defects.append({**known, "what": row["What is wrong"], "line": place})
    for defect in defects:
        place = defect.pop("line")
        defect["initials"] = initials.get(defect["customer"], "")
        if not defect["initials"]:
            problems.append(f"{place}: nobody's initials stand on the customer {defect['customer']}")
    wrong = {defect["customer"] for defect in defects}
    kinds = {
        kind: {
            "given": sum(one == kind for one in chosen.values()),
            "looked": sum(one == kind and customer in initials for customer, one in chosen.items()),
            "wrong": sum(one == kind and customer in wrong for customer, one in chosen.items()),
        }
        for kind in SIZES
    }
    return Found(returned.about, kinds, tuple(defects), tuple(problems))


def count_defects(found: Sequence[Found], interval: Callable[[int, int], tuple[float, float]]) -> dict[str, Any]:
    """Return what departments found: per department the customers, and defects per field and severity.

    Args:
        found: Without problems.
        interval: (wrong, looked at) → 95 % interval; it is given of random customers only, the others stand for
            nobody but themselves.
    """
    departments = []
    for one in found:
        chance = one.kinds[RANDOM]
        low, high = interval(chance["wrong"], chance["looked"]) if chance["looked"] else (0.0, 1.0)
        counts: dict[tuple[str, str], int] = {}
        for defect in one.defects:
            key = (defect["field"], defect["severity"])
            counts[key] = counts.get(key, 0) + 1
        order = {name: place for place, name in enumerate(SEVERITIES)}
        lines = sorted(counts.items(), key=lambda item: (order[item[0][1]], -item[1], item[0][0]))
        departments.append(
            {
                "department": one.about.get("Department", ""),
                "run": one.about.get("Run", ""),
                "customers": one.kinds,
                "wrong_rate": {
                    "rate": round(chance["wrong"] / chance["looked"], 4) if chance["looked"] else None,
                    "low": round(low, 4),
                    "high": round(high, 4),
                },
                "defects": [{"field": key[0], "severity": key[1], "count": count} for key, count in lines],
                "listed": list(one.defects),
            }
        )
    total = {name: sum(d["severity"] == name for one in found for d in one.defects) for name in SEVERITIES}
    return {"departments": departments, "defects": total}
