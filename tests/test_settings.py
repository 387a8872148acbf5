"""Where things are: a home, or the defaults that ship with dq."""

from pathlib import Path

import pytest

from dq.errors import SettingsError
from dq.settings import ONE_OFF_KEY, find_home, load_settings

KEY = "a secret of at least sixteen"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DQ_HOME", raising=False)
    monkeypatch.delenv("DQ_KEY", raising=False)
    monkeypatch.delenv("DQ_REFERENCE", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)


def home(folder: Path, text: str = f'key = "{KEY}"\n') -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dq.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_home_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert (settings.home, settings.key) == (None, ONE_OFF_KEY)
    assert (settings.standards / "matching.yml").is_file()
    assert list(settings.expectations.glob("*.yml"))


def test_the_nearest_parent_with_a_file_is_home(tmp_path: Path) -> None:
    outer = home(tmp_path / "outer")
    inner = home(outer / "inner")
    (inner / "deep").mkdir()
    assert find_home(inner / "deep") == inner.resolve()
    assert find_home(outer) == outer.resolve()


def test_the_environment_names_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = home(tmp_path / "named")
    monkeypatch.setenv("DQ_HOME", str(named))
    assert load_settings(tmp_path).home == named.resolve()
    monkeypatch.setenv("DQ_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match=r"has no dq\.toml"):
        load_settings(tmp_path)


def test_a_home_may_hold_its_own_policy(tmp_path: Path) -> None:
    here = home(tmp_path / "home")
    assert load_settings(here).standards != here / "standards"
    (here / "standards").mkdir()
    settings = load_settings(here)
    assert settings.standards == here.resolve() / "standards"
    assert settings.expectations != here / "expectations"
    assert settings.key == KEY.encode()


@pytest.mark.parametrize("text", ["", 'key = "short"\n', "key = 12\n", "key = \n", "key = \udcff"])
def test_a_home_without_a_proper_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "dq.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError) as told:
        load_settings(tmp_path)
    assert told.value.hint


def test_the_key_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DQ_KEY", KEY)
    assert load_settings(home(tmp_path, "")).key == KEY.encode()


def test_reference_data_lie_in_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DQ_REFERENCE", str(tmp_path / "elsewhere"))
    here = home(tmp_path / "home")
    assert load_settings(here).reference == here.resolve() / "var" / "reference"


def test_without_a_home_reference_data_lie_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    usual = tmp_path / ".local" / "share" / "dq" / "reference"
    assert load_settings(tmp_path).reference == usual
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    assert load_settings(tmp_path).reference == usual
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert load_settings(tmp_path).reference == tmp_path / "data" / "dq" / "reference"
    monkeypatch.setenv("DQ_REFERENCE", str(tmp_path / "own"))
    assert load_settings(tmp_path).reference == tmp_path / "own"
