"""Environments of the peers and of real CRMs: a folder per tool under `.bench/`; dq sees none."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
BENCH = ROOT / ".bench"
"""What benchmarks make and keep; not part of the repository."""

PEERS: Mapping[str, tuple[str, ...]] = {
    "splink": ("splink>=5,<6", "pyarrow"),
    "goldenmatch": ("goldenmatch", "pyarrow"),
    # dedupe 3.0.3 does not import with newer ones.
    "dedupe": ("dedupe==3.0.3", "BTrees<6.1", "zope.index<7", "pandas", "pyarrow"),
}

CRMS: Mapping[str, tuple[str, ...]] = {"creme": ("creme-crm==2.8.6",)}
"""Real CRMs that tests load (tests/crm); the version is the one whose behaviour standards/targets describes."""


def python_of(peer: str) -> Path | None:
    """Return the interpreter of a peer's environment, made on the first call; None where it cannot be installed."""
    folder = BENCH / peer
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if (folder / "installed").exists():
        return python
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *{**PEERS, **CRMS}[peer]]
    log = BENCH / f"{peer}.log"
    BENCH.mkdir(exist_ok=True)
    with log.open("w", encoding="utf-8") as said:
        for command in ([sys.executable, "-m", "venv", str(folder)], pip):
            if subprocess.run(command, stdout=said, stderr=said, check=False).returncode:
                return None
    (folder / "installed").touch()
    return python


def version_of(python: Path, peer: str) -> str:
    """Return the version of a peer."""
    asked = [str(python), "-c", f"from importlib.metadata import version; print(version('{peer}'))"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
