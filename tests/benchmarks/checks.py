"""What `dq check` says of real colleges, target by target: the table and the pictures of the manual of conversion.

python -m tests.benchmarks.checks DATA_FOLDER [--targets salesforce mailing] [--seed 20261122] [--write]

Each target twice: the three lists as they are, and as a CRM would hold them (`dirtying`). Without `--write` the table
is printed and nothing kept; with it the manual's part between its marks and the pictures beside it are drawn anew.
"""

import argparse
import json
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from dq.quality.scorecard.readiness_page import steps_of
from tests.benchmarks.accuracy import START
from tests.benchmarks.dirtying import dirtied
from tests.benchmarks.labelled_sets import NUMBER, colleges
from tests.browser.test_stewards_app import FLAGS, QUALITY

TARGETS: Final = ("salesforce", "dynamics", "hubspot", "creme", "generic", "mailing")
MANUAL: Final = Path(__file__).parents[2] / "dq" / "conversion" / "README.md"
BEGIN, END = "<!-- checks: drawn by tests.benchmarks.checks -->", "<!-- checks: end -->"
AS_OF: Final = "2026-11-22"
SEED: Final = 20261122
FIXES: Final = 5
WIDTH, HEIGHT = 1120, 860
"""What a laptop shows of a page without scrolling."""


def extracts(data: Path, folder: Path, seed: int | None) -> list[str]:
    """Write the three lists, dirtied by a seed or as they are; return them as sources of a command."""
    sources = []
    for place, extract in enumerate(colleges(data)):
        rows = extract.rows.drop(columns=NUMBER)
        path = folder / f"{extract.source}.csv"
        (rows if seed is None else dirtied(rows, place, seed)).to_csv(path, index=False)
        sources.append(f"{extract.source}={path}")
    return sources


def checked(sources: Sequence[str], targets: Sequence[str], out: Path) -> dict[str, Any]:
    """Check sources against targets; return what the terminal would show as JSON."""
    chosen = [word for target in targets for word in ("--target", target)]
    command = [*START, "check", *sources, *chosen, "--as-of", AS_OF, "--out", str(out), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    document: dict[str, Any] = json.loads((out / "check.json").read_text(encoding="utf-8"))
    return document


def line(raw: dict[str, Any], dirty: dict[str, Any]) -> str:
    """Return the line of a target in the table."""
    steps = steps_of(dirty["fixes"])[:FIXES]
    fixes = [f"+{step['adds']:,} {'; and '.join(step['sentences'])}" for step in steps]
    return " | ".join(
        (
            f"| {dirty['title']}",
            f"{raw['loading']:,} of {raw['customers']:,}",
            f"{dirty['loading']:,} of {dirty['customers']:,}",
            f"{'<br>'.join(fixes)} |",
        )
    )


def draw(browser: Browser, page: Path, picture: Path) -> None:
    """Draw the first screen of a page."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.screenshot()  # waits until the page is drawn
    taken = context.new_cdp_session(tab).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    picture.write_bytes(b64decode(taken["data"]))
    context.close()


def main() -> None:
    """Check, print, and draw where asked to."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--targets", nargs="+", default=list(TARGETS))
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--write", action="store_true")
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        for name in ("raw", "dirty"):
            (place / name).mkdir()
        raw = checked(extracts(said.data, place / "raw", None), said.targets, place / "out-raw")["targets"]
        sources = extracts(said.data, place / "dirty", said.seed)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        lines = []
        for target, as_it_is in zip(said.targets, raw, strict=True):
            out = place / f"out-{target}"
            lines.append(line(as_it_is, checked(sources, [target], out)["targets"][0]))
            print(lines[-1], flush=True)
            if said.write:
                draw(browser, out / "check.html", MANUAL.parent / "pictures" / f"check-{target}.webp")
        browser.close()
    if said.write:
        _put(lines)


def _put(lines: list[str]) -> None:
    """Write the table into the manual, between its marks."""
    text = MANUAL.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    head = ["| target | as they are: load | as a CRM has them: load | the shortest way to yes |", "|---|---|---|---|"]
    MANUAL.write_text("\n".join([before + BEGIN, *head, *lines, END]) + after, encoding="utf-8")


if __name__ == "__main__":
    main()
