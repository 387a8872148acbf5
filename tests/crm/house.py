"""A Creme CRM of one's own: installed from PyPI into an environment dq never sees, set up once, started anew per use.

Creme is free software under the AGPL; it runs in its own processes and is spoken to over HTTP alone.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.benchmarks.environments import BENCH, python_of

NAME = "crm"
"""Name of the Django project, hence of its package of settings."""

PATIENCE = 120.0
"""Seconds the server may take to answer first: it imports for a while on a busy machine."""

SETTINGS = """
import os
from .local_settings import *  # noqa
HOUSE = Path(os.environ["CRM_HOUSE"])
DATABASES["default"]["NAME"] = HOUSE / "db.sqlite3"
# A transaction that first reads and then writes is refused at once where another one wrote meanwhile; this one waits.
DATABASES["default"]["OPTIONS"] = {"timeout": 60, "transaction_mode": "IMMEDIATE"}
MEDIA_ROOT = HOUSE / "media"
JOBMANAGER_BROKER = f"unix_socket://{HOUSE}/"
SITE_DOMAIN = "http://127.0.0.1"
ALLOWED_HOSTS = ["127.0.0.1"]
"""


class HouseError(Exception):
    """Creme could not be installed, set up or started; the message ends with what it said."""


def _environment(project: Path, house: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": f"{NAME}.settings",
        "PYTHONPATH": str(project),
        "PYTHONWARNINGS": "ignore",
        "CRM_HOUSE": str(house),
    }


def _do(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise HouseError(
            f"{' '.join(command[1:3])} ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}"
        )


def _set_up() -> tuple[Path, Path, Path]:
    """Return Creme's command, its project and the house that every start copies; all made on the first call."""
    python = python_of("creme")
    if python is None:
        raise HouseError(f"Creme could not be installed: {(BENCH / 'creme.log').read_text(encoding='utf-8')[-2000:]}")
    creme, root = python.with_name("creme"), BENCH / "creme-project"
    project, house = root / NAME, root / "house"
    ready = root / "ready"
    if ready.exists() and ready.read_text(encoding="utf-8") == SETTINGS:
        return creme, project, house
    shutil.rmtree(root, ignore_errors=True)
    (house / "media").mkdir(parents=True)
    _do([str(creme), "creme_start_project", NAME], root, os.environ)
    settings = project / NAME / "settings.py"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    for command in (["migrate", "-v0"], ["creme_populate", "-v0"], ["generatemedia"]):
        _do([str(creme), *command], project, _environment(project, house))
    ready.write_text(SETTINGS, encoding="utf-8")
    return creme, project, house


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, processes: list[subprocess.Popen[bytes]], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and all(process.poll() is None for process in processes):
        try:
            httpx.get(f"{url}/creme_login/", timeout=PATIENCE)
        except httpx.TransportError:
            time.sleep(0.3)
        else:
            return
    raise HouseError(f"Creme does not answer at {url}: {log.read_text(encoding='utf-8')[-2000:]}")


@contextmanager
def creme_house() -> Iterator[str]:
    """Start an empty Creme, its web server and its manager of jobs, on loopback; give its URL; stop it.

    Raises:
        HouseError: It cannot be installed, set up or started.
    """
    creme, project, template = _set_up()
    # The path of a socket is short by law (108 characters), the folder of a test is not.
    with TemporaryDirectory(prefix="crm-") as folder:
        house = Path(folder) / "house"
        shutil.copytree(template, house)
        port, log = _free_port(), house / "said.log"
        url, environment = f"http://127.0.0.1:{port}", _environment(project, house)
        with log.open("wb") as said:
            processes = [
                subprocess.Popen([str(creme), *command], cwd=project, env=environment, stdout=said, stderr=said)
                for command in (["creme_job_manager"], ["runserver", "--noreload", f"127.0.0.1:{port}"])
            ]
            try:
                _wait_for(url, processes, log)
                yield url
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait(timeout=30)
