"""The scorecard in a real browser: it renders from a file, without a network, on a desk and on a phone."""

import shutil
import subprocess
from pathlib import Path

import pytest

from dq.quality.scorecard import render_page
from tests.quality.scorecard.cards import card_of, rule

pytestmark = pytest.mark.system
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)


def chromium(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the system's Chromium with a profile of its own."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    assert browser, "Chromium is not installed: apt-get install chromium"
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "scorecard.html"
    path.write_text(render_page(card_of(rule("zip_is_valid", "completeness", 1), rule("b", "uniqueness", 1))))
    return path


def test_the_browser_sees_the_score_and_the_pictures(tmp_path: Path, page: Path) -> None:
    seen = chromium(tmp_path, "--dump-dom", page.as_uri()).stdout
    assert "of 100" in seen
    assert "zip is valid" in seen
    assert seen.count("<svg") == 2


@pytest.mark.parametrize("size", ["1280,900", "390,844"])
def test_it_is_drawn_on_a_desk_and_on_a_phone(tmp_path: Path, page: Path, size: str) -> None:
    picture = tmp_path / "page.png"
    chromium(tmp_path, f"--window-size={size}", f"--screenshot={picture}", page.as_uri())
    # A blank page compresses to a few kilobytes; text and pictures do not.
    assert picture.stat().st_size > 20_000
