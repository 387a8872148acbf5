"""What whole columns say about their cells, and what a person should know about the source. Maps nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dq.standards import Standards
from dq.standards.sources import SourcePolicy
from dq.tables.recognition.assign import PERSON_COLUMNS
from dq.tables.recognition.country import CountryChoice
from dq.tables.recognition.dates import learn_order
from dq.tables.recognition.source_mapping import DATE_TARGETS, TableMapping, TableSample
from dq.tables.recognition.table_reading import TableReading, cells_of

NAME_ORDER_LEAST: Final = 0.6
"""Three of five names that tell an order must stand surname first; below it the column is mixed and left alone."""
NAME_ORDER_EVIDENCE: Final = 0.2
"""At least every fifth name must tell, so that a few odd ones do not turn a column round."""


def with_dates(
    table: TableMapping, reading: TableReading, policy: SourcePolicy, country: CountryChoice
) -> TableMapping:
    columns = []
    for column in table.columns:
        if column.target.column not in DATE_TARGETS:
            columns.append(column)
            continue
        declared = reading.policy.date_orders.get(column.header) or policy.date_order
        default = "mdy" if country.code in (None, "US") else "dmy"
        order, reason = learn_order(cells_of(reading.sample, column.header), declared or default)
        if declared:
            order, reason = declared, "the source's file says the order of dates"
        elif country.code is None and reason.startswith("no date tells"):
            order, reason = "", "no date tells day from month: use date_order in the source's file"
        columns.append(replace(column, date_order=order, reason=f"{column.reason}; {reason}"))
    return replace(table, columns=tuple(columns))


def name_orders(tables: Sequence[TableMapping], readings: Sequence[TableReading]) -> dict[str, str]:
    orders = {}
    for table, reading in zip(tables, readings, strict=True):
        for column in table.columns:
            if column.target.column != "full_name":
                continue
            profile = reading.profiles[column.header]
            forward, backward = profile.share("first_last"), profile.share("last_first")
            if backward >= NAME_ORDER_EVIDENCE and backward / (forward + backward) >= NAME_ORDER_LEAST:
                orders[f"{table.table}/full_name"] = "last_first"
    return orders


def warnings_of(tables: Sequence[TableMapping], readings: Sequence[TableReading], country: CountryChoice) -> list[str]:
    sentences = []
    for table, reading in zip(tables, readings, strict=True):
        place = f"{table.table}: " if table.table else ""
        if table.role == "party" and not any(
            column.target.column in (*PERSON_COLUMNS, "organization_name") for column in table.columns
        ):
            sentences.append(f"{place}no column is a name; use --map HEADER=full_name")
        for column in table.columns:
            profile, name = reading.profiles[column.header], column.target.column
            if name == "zip5" and country.code == "US" and profile.share("zip_lost") >= 0.01:
                sentences.append(
                    f"{place}`{column.header}`: {profile.share('zip_lost'):.1%} of ZIPs lost a leading zero"
                )
            if name in {"phone", "mobile", "fax"} and profile.share("scientific"):
                sentences.append(
                    f"{place}`{column.header}`: {profile.share('scientific'):.2%} of numbers went through a spreadsheet"
                )
    return sentences


def compare_contract(
    source: str, samples: Sequence[TableSample], standards: Standards
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Compare the headers with those the source's file names; without a contract nothing appears or vanishes."""
    policy = standards.sources.get(source)
    if policy is None or not policy.is_contract:
        return (), ()
    appeared, vanished = [], []
    for sample in samples:
        table = policy.table(sample.table)
        known = {
            *table.columns,
            *table.ignore,
            *table.archive,
            *table.parent_keys,
            table.key,
            policy.department_column,
            policy.owner_column,
        }
        known -= {None}
        if not table.columns:
            continue
        appeared += [f"{sample.table}/{header}" for header in sample.headers if header not in known]
        vanished += [
            f"{sample.table}/{header}" for header in sorted(filter(None, known)) if header not in sample.headers
        ]
    return tuple(appeared), tuple(vanished)
