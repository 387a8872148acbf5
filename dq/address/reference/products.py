"""The loading of a fixed-width product: finds its files, reads and counts their records, hands them to a table."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from dq.address.reference.dataset import Dataset
from dq.address.reference.layouts import HEADER, Product, read_products
from dq.address.reference.loading import LoadOrder, LoadReport, replacing
from dq.address.reference.packages import Member, Packages
from dq.address.reference.records import Chunk, probe, read_chunks, vintages_of, wrong_product
from dq.errors import SourceError


@dataclass(frozen=True)
class Counts:
    """What a chunk came to: rows written, records per type, skipped ones per type."""

    rows: int
    records: Counter[str]
    skipped: Counter[str]


Take = Callable[[Chunk, str | None], Counts]
"""Writes the records of a chunk with the vintage of its file; raises nothing on records it does not know."""


@dataclass
class _Tally:
    rows: int
    records: Counter[str]
    skipped: Counter[str]
    vintages: set[str]
    notes: list[str]


def load_product(
    order: LoadOrder, kind: str, opened: Callable[[Path, Product], tuple[Take, Callable[[], None]]]
) -> LoadReport:
    """Replace the data of a kind by those in the named files.

    Args:
        order: What to load and where to.
        kind: Name of the product and of its folder in the library.
        opened: Given the folder for the tables and the layout, returns what takes chunks and what closes the tables.

    Raises:
        SourceError: The files are missing, damaged or of another product.
    """
    products = read_products(order.standards)
    with (
        replacing(order.library, kind) as (folder, publish),
        Packages(folder, order.standards.ingest, order.password) as packages,
    ):
        members = packages.members(order.paths)
        chosen, left_out = _chosen(members, products, kind)
        order.listener.begin(f"{products[kind].name} records", sum(member.size for member, _ in chosen))
        tally = _Tally(0, Counter(), Counter(), set(), [*packages.notes, *left_out])
        digest = hashlib.sha256()
        take, close = opened(folder / "result", products[kind])
        for member, line_end in chosen:
            vintage = None
            for chunk in read_chunks(member, products[kind], line_end, digest, order.listener.advance):
                vintage = _vintage(chunk, products[kind], member, vintage, tally)
                _add(tally, take(chunk, vintage))
        close()
        if not tally.rows:
            raise SourceError(f"{_named(chosen)}: no {products[kind].name} records", "name the product's own files")
        dataset = Dataset(
            kind=kind,
            vintage=min(tally.vintages, default=None),
            vintages=tuple(sorted(tally.vintages)),
            loaded_at=order.loaded_at.astimezone(UTC).isoformat(timespec="seconds"),
            rows=tally.rows,
            records=dict(sorted(tally.records.items())),
            skipped=dict(sorted(tally.skipped.items())),
            sha256=digest.hexdigest(),
            files=tuple(member.label for member, _ in chosen),
        )
        publish(dataset)
    return LoadReport(dataset, tuple(tally.notes))


def _chosen(
    members: list[Member], products: dict[str, Product], kind: str
) -> tuple[list[tuple[Member, bytes]], list[str]]:
    """Return the files of the product with their line ends, and what is said of the others."""
    chosen: list[tuple[Member, bytes]] = []
    others: dict[str, list[str]] = {}
    for member in members:
        found = probe(member, products)
        if found.kind == kind:
            chosen.append((member, found.line_end))
        else:
            what = f"{products[found.kind].name} records" if found.kind is not None else "no records"
            others.setdefault(what, []).append(member.label)
    if not chosen:
        if not members:
            raise SourceError("there are no files in what was named", "name the product's own files")
        raise wrong_product(members[0], products[kind], probe(members[0], products).kind)
    return chosen, [_left_out(labels, what) for what, labels in others.items()]


def _left_out(labels: list[str], what: str) -> str:
    if len(labels) == 1:
        return f"{labels[0]} holds {what} and was left out"
    return f"{len(labels):,} files such as {labels[0]} hold {what} and were left out"


def _vintage(chunk: Chunk, product: Product, member: Member, known: str | None, tally: _Tally) -> str | None:
    for found in vintages_of(chunk, product):
        if found:
            known = found
            tally.vintages.add(found)
        else:
            tally.notes.append(f"{member.label}: the copyright record names no month and year")
    return known


def _add(tally: _Tally, counts: Counts) -> None:
    tally.rows += counts.rows
    tally.records += counts.records
    tally.skipped += counts.skipped


def _named(chosen: list[tuple[Member, bytes]]) -> str:
    return ", ".join(member.label for member, _ in chosen[:3])


def count_codes(chunk: Chunk) -> Counter[str]:
    """Return how many records of each code a chunk has, without copyright records."""
    codes = Counter(chunk.codes.tobytes().decode("latin-1"))
    del codes[HEADER]
    return codes
