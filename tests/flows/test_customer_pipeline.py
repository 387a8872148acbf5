"""The flow on a real Prefect server: the same bytes as `dq run`, and a run that the schedule itself started."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from dq.pipeline import run_all
from dq.pipeline.listening import Silence
from dq.pipeline.planning import make_plan
from dq.sample.writing import write_sample
from dq.settings import load_settings
from dq.standards import load_standards

pytestmark = pytest.mark.server
AS_OF = "2026-11-21"
UP_SECONDS = 240  # a server needs 9 s on an idle machine; a busy one gets patience, not a failure
RUN_SECONDS = 600


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("sample")
    settings = load_settings()
    write_sample(60, 7, folder, load_standards(settings.standards, settings.expectations).table)
    return [str(folder / name) for name in ("crm", "billing.csv", "web_signups.csv")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start a Prefect server on loopback; give the environment of its clients."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("prefect")
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_until(lambda: _is_up(environment["PREFECT_API_URL"]), UP_SECONDS, home / "server.log")
        yield environment
    finally:
        _stop(process)


@dataclass(frozen=True)
class Nightly:
    """A deployment that is served: where its runs write, and what it says."""

    out: Path
    log: Path


@pytest.fixture(scope="module")
def nightly(tmp_path_factory: pytest.TempPathFactory, server: dict[str, str]) -> Iterator[Nightly]:
    """Serve the deployment with a schedule of every minute, the shortest there is."""
    folder = tmp_path_factory.mktemp("nightly")
    people = folder / "people.csv"
    people.write_text("id,name,city,state\n1,Mary Kwan,Dayton,OH\n2,Bob Ray,Akron,OH\n", encoding="utf-8")
    served = Nightly(folder / "out", folder / "serve.log")
    command = [sys.executable, "-m", "flows.deployments", "--out", served.out, "--cron", "* * * * *", people]
    with served.log.open("wb") as log:
        process = subprocess.Popen(command, env=server, stdout=log, stderr=log, start_new_session=True)
    try:
        yield served
    finally:
        _stop(process)


def _files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("nightly")  # served from here on: its minute passes meanwhile
def test_the_flow_gives_the_same_bytes_as_dq_run(tmp_path: Path, sources: list[str], server: dict[str, str]) -> None:
    script = (
        "import sys; from flows.customer_pipeline import customer_pipeline; "
        f"customer_pipeline(sources=sys.argv[2:], out=sys.argv[1], as_of='{AS_OF}')"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "flow"), *sources]
    done = subprocess.run(command, env=server, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    run_all(make_plan(sources, tmp_path / "run", as_of=AS_OF), Silence())
    names = _files_of(tmp_path / "run")
    assert names == _files_of(tmp_path / "flow")
    differing = [
        name
        for name in names
        if name != "manifest.json" and (tmp_path / "run" / name).read_bytes() != (tmp_path / "flow" / name).read_bytes()
    ]
    assert differing == []


def test_the_schedule_itself_starts_a_run(nightly: Nightly, server: dict[str, str]) -> None:
    _wait_until(lambda: (nightly.out / "manifest.json").exists(), RUN_SECONDS, nightly.log)
    _wait_until(lambda: bool(_completed(server)), RUN_SECONDS, nightly.log)
    run = _completed(server)[0]
    assert run["auto_scheduled"] is True
    assert run["parameters"]["out"] == str(nightly.out)


def _completed(server: dict[str, str]) -> list[dict[str, object]]:
    wanted = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}, "deployments": {"name": {"any_": ["nightly"]}}}
    found: list[dict[str, object]] = httpx.post(f"{server['PREFECT_API_URL']}/flow_runs/filter", json=wanted).json()
    return found


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _wait_until(condition, seconds: float, log: Path) -> None:  # type: ignore[no-untyped-def]
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, log.read_text(errors="replace")[-4000:]
        time.sleep(0.5)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
