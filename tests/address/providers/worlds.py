"""What the tests share: time that passes only when somebody waits, and contact points as a run writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from dq.address.providers import Clock, Manners, Provider, open_provider
from dq.model import TEXT
from tests.address.providers.server import Service, serving
from tests.address.providers.services import ENVIRON

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BRISK = Manners(timeout_s=1.5)
"""A client that does not wait long for a server that hangs; long enough for a machine with other work."""


class Time:
    """A simulated clock: sleeping is what moves it."""

    def __init__(self, start: datetime = NOON) -> None:
        self.at = start.timestamp()
        self.slept: list[float] = []
        self.clock = Clock(lambda: self.at, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.at += seconds


@contextmanager
def asking(
    name: str, service: Service, time: Time | None = None, manners: Manners = BRISK, **environ: str
) -> Iterator[Provider]:
    """Give a provider that talks to a service."""
    with serving(service) as url:
        provider = open_provider(
            name, {**ENVIRON, **environ}, base_url=url, clock=(time or Time()).clock, manners=manners
        )
        try:
            yield provider
        finally:
            provider.close()


def points(*lines: str, outcome: str | None = "consistent", **cells: str) -> pd.DataFrame:
    """Contact points of kind address in Springfield, one per delivery line."""
    row = {"city": "SPRINGFIELD", "state": "IL", "zip5": "62704", "address_outcome": outcome, **cells}
    rows = [
        {"contact_point_id": f"crm:{number}|address|1", "record_id": f"crm:{number}", "kind": "address"}
        | row
        | {"address_line1": line}
        for number, line in enumerate(lines)
    ]
    columns = ["contact_point_id", "record_id", "kind", "address_line1", "address_line2", *row]
    return pd.DataFrame(
        rows, columns=[*dict.fromkeys([*columns, "addr_number", "addr_unit_type", "addr_unit"])]
    ).astype(TEXT)


def written(folder: Path) -> str:
    """Return everything that stands below a folder as one text."""
    return "\n".join(path.read_bytes().decode("latin-1") for path in sorted(folder.rglob("*")) if path.is_file())
