"""What `dq link` leaves: a bought list row by row, who must not be contacted, and what the list is worth."""

import json
from dataclasses import asdict, dataclass
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq import model
from dq.engine import paths_of
from dq.engine.parts import to_frame
from dq.matching.linking import link_rows
from dq.pipeline.link_consent import refused_by_customers, refused_values, useless_values
from dq.pipeline.manifest import write_manifest
from dq.pipeline.reporting import write_crosswalk, write_matching, write_records
from dq.pipeline.run import Run
from dq.tables.writing import atomic, write_csv_for_machines, write_csv_for_people

UNREACHABLE: Final = (
    "missing",
    "zip_invalid",
    "zip_city_mismatch",
    "number_out_of_range",
    "street_not_found",
    "no_delivery",
    "vacant",
    "moved",
)
"""Address outcomes with which a letter is not worth its postage."""
CHANNELS: Final = {
    "do_not_mail": "address_line1",
    "do_not_email": "email",
    "do_not_call": "phone",
    "do_not_text": "mobile",
}
_SHOWN: Final = (
    "party_type",
    model.IS_DECEASED,
    *model.NAME_COLUMNS,
    *model.ORGANIZATION_COLUMNS,
    *model.ADDRESS_COLUMNS,
    "address_outcome",
    *model.CHANNEL_COLUMNS,
    *model.DO_NOT_COLUMNS,
)


@dataclass(frozen=True)
class Verdict:
    """What a bought list turned out to be, in rows.

    Attributes:
        rows: Rows of the list.
        existing: Rows that are customers already.
        possible: Rows that may be; a person decides.
        repeated: Rows that say an earlier row of the list again, whatever that one is.
        repeated_new: Those of them that are new.
        undeliverable: Rows whose address cannot work.
        opted_out: Rows that must not be contacted on a channel: somebody refused, or has died.
        deceased: Rows of people who have died.
        net_new: New rows, each customer once.
        usable: Net new rows with a channel that works and that nobody refused.
        cost_per_usable: Price of the list by usable rows; None without a price or a usable row.
    """

    rows: int
    existing: int
    possible: int
    repeated: int
    repeated_new: int
    undeliverable: int
    opted_out: int
    deceased: int
    net_new: int
    usable: int
    cost_per_usable: float | None


def report_link(run: Run) -> None:
    """Write `linked.csv`, `new.csv`, `suppression.csv`, `verdict.json` beside the tables of a match."""
    counts = write_records(run) | write_matching(run) | write_crosswalk(run)
    linked = _linked(run)
    owned, listed = _sides(run)
    refusals, useless = refused_values(run, owned, listed), useless_values(run, owned, listed)
    closed = run.standards.survivorship.deceased.closes
    for channel, values in CHANNELS.items():
        by_point = refusals.loc[refusals["channel"] == channel, "record_id"]
        linked[channel] = linked[channel].fillna(False).astype(bool) | linked["record_id"].isin(by_point)
        if channel in closed:
            linked[channel] |= linked[model.IS_DECEASED].eq(True)
        linked[f"can_{channel.removeprefix('do_not_')}"] = linked[values].notna() & ~linked[channel]
        linked[f"can_{channel.removeprefix('do_not_')}"] &= ~linked["record_id"].isin(useless.get(values, ()))
    linked["can_mail"] &= ~linked["address_outcome"].isin(UNREACHABLE)
    verdict = _verdict(linked, run.plan.list_price)
    folder = run.result
    columns = ["source_key", "link", "customer_key", "match_weight", "customers", "repeats", *_SHOWN]
    write_csv_for_people(linked[columns], folder / "linked.csv")
    new = linked[(linked["link"] == "new") & linked["repeats"].isna()]
    write_csv_for_machines(new[["source_key", *_SHOWN]], folder / "new.csv")
    counts["suppressed"] = write_csv_for_people(_suppression(linked), folder / "suppression.csv")
    with atomic(folder / "verdict.json") as unfinished:
        unfinished.write_text(json.dumps(asdict(verdict), indent=1), encoding="utf-8")
    run.keep("lines", verdict_lines(verdict))
    write_manifest(run, {}, counts | {"linked": len(linked), "new": len(new)})


def verdict_lines(verdict: Verdict) -> list[str]:
    """Return the verdict on a list as sentences."""
    cost = verdict.cost_per_usable
    return [
        f"{verdict.rows:,} rows: {verdict.existing:,} are customers already, {verdict.possible:,} may be, "
        f"{verdict.net_new:,} are new, the other {verdict.repeated_new:,} say a new one again.",
        f"{verdict.repeated:,} rows in all say another one again, {verdict.undeliverable:,} addresses cannot work, "
        f"{verdict.opted_out:,} rows must not be contacted on a channel, {verdict.deceased:,} are of the dead.",
        f"{verdict.usable:,} names are new and can be used" + (f": {cost:.2f} each." if cost is not None else "."),
        "Every row: {out}/linked.csv; to import: {out}/new.csv; not to contact: {out}/suppression.csv",
    ]


def _sides(run: Run) -> tuple[str, str]:
    assert run.plan.link is not None, "the plan of a link names its two sources"
    return run.plan.link


def _linked(run: Run) -> pd.DataFrame:
    """Return the rows of the list with their outcome, their standard values and what their customer refused."""
    owned, listed = _sides(run)
    files = {"records": paths_of(run.parts("verified"), "records")}
    shown = ", ".join(f'"{column}"' for column in _SHOWN)
    query = f"SELECT record_id, source, source_key, part, {shown} FROM records WHERE part IS NULL OR part = ''"  # noqa: S608
    records = run.engine.frame(query, files, ("record_id",))
    pairs = to_frame(pa.concat_tables([pq.read_table(path) for path in paths_of(run.parts("pairs"), "pairs")]))
    crosswalk = to_frame(pa.concat_tables([pq.read_table(p) for p in paths_of(run.parts("crosswalk"), "crosswalk")]))
    of_list = records[records["source"] == listed]
    customers = records[records["source"] == owned]
    links = link_rows(of_list["record_id"], customers["record_id"], pairs, crosswalk, one_to_one=run.plan.one_to_one)
    linked = links.merge(of_list.drop(columns=["source", "part"]), on="record_id")
    keys = customers.set_index("record_id")["source_key"]
    linked["customer_key"] = linked["customer_record_id"].map(keys)
    linked["repeats"] = linked["repeats"].map(of_list.set_index("record_id")["source_key"])
    ids = crosswalk.set_index("record_id")["golden_id"]
    golden, possible = linked["record_id"].map(ids), linked["customer_record_id"].map(ids)
    customers = customers.assign(golden_id=customers["record_id"].map(ids))
    refused = refused_by_customers(run, customers, pd.concat([golden, possible]))
    for channel in CHANNELS:
        theirs = golden.map(refused[channel]).eq(True) | possible.map(refused[channel]).eq(True)
        linked[channel] = linked[channel].eq(True) | theirs
    return linked


def _suppression(linked: pd.DataFrame) -> pd.DataFrame:
    """Return one row per row of the list and channel that must not be used."""
    parts = [
        linked.loc[linked[channel], ["source_key", values]].assign(channel=channel).rename(columns={values: "value"})
        for channel, values in CHANNELS.items()
    ]
    rows = pd.concat(parts, ignore_index=True)[["source_key", "channel", "value"]]
    return rows.sort_values(["source_key", "channel"], ignore_index=True)


def _verdict(linked: pd.DataFrame, price: float | None) -> Verdict:
    repeats = linked["repeats"].notna()
    is_new = (linked["link"] == "new") & ~repeats
    can = linked[[f"can_{channel.removeprefix('do_not_')}" for channel in CHANNELS]].any(axis=1)
    usable = int((is_new & can).sum())
    return Verdict(
        rows=len(linked),
        existing=int((linked["link"] == "existing").sum()),
        possible=int((linked["link"] == "possible").sum()),
        repeated=int(repeats.sum()),
        repeated_new=int((repeats & (linked["link"] == "new")).sum()),
        undeliverable=int(linked["address_outcome"].isin(UNREACHABLE).sum()),
        opted_out=int(linked[list(CHANNELS)].any(axis=1).sum()),
        deceased=int(linked[model.IS_DECEASED].eq(True).sum()),
        net_new=int(is_new.sum()),
        usable=usable,
        cost_per_usable=round(price / usable, 4) if price is not None and usable else None,
    )
