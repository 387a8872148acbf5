"""Sessions in documents: fenced `console` blocks, whose commands are run and whose output must be what stands there.

python -m tests.sessions    # writes the present output into the documents
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md",)
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)


def commands_of(block: str) -> list[str]:
    """Return the commands of a session: lines that begin with `$ `, with the lines a backslash joins to them."""
    return [match.replace("\\\n", " ") for match in re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE)]


def sessions_of(document: Path) -> list[str]:
    """Return the sessions of a document in order."""
    return _BLOCK.findall(document.read_text(encoding="utf-8"))


def replay(blocks: list[str], folder: Path) -> list[str]:
    """Run sessions one after the other in a folder that holds `sample_data`; return them with their real output."""
    if not (folder / "sample_data").exists():
        shutil.copytree(ROOT / "sample_data", folder / "sample_data")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "110", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    # Reference data of this machine are no part of what a reader sees.
    environment["DQ_REFERENCE"] = str(folder / "no-reference-data")
    for name in ("DQ_HOME", "FORCE_COLOR"):
        environment.pop(name, None)
    return [_replay_block(block, folder, environment) for block in blocks]


def _replay_block(block: str, folder: Path, environment: dict[str, str]) -> str:
    typed = re.findall(r"^\$ (?:.*\\\n)*.*\n", block, re.MULTILINE)
    told = []
    for shown, command in zip(typed, commands_of(block), strict=True):
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        output = "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())
        told.append(shown + (f"{output}\n" if output else ""))
    return "\n".join(told)


def main() -> None:
    """Write the real output into every document."""
    for name in DOCUMENTS:
        document = ROOT / name
        with tempfile.TemporaryDirectory() as folder:
            real = replay(sessions_of(document), Path(folder))
        between = _BLOCK.split(document.read_text(encoding="utf-8"))
        document.write_text("".join(a + b for a, b in zip(between, [*real, ""], strict=True)), encoding="utf-8")


if __name__ == "__main__":
    main()
