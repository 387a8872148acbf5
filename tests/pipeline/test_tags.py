"""A tag names one run, and stands for its folder."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dq.errors import ConflictError, SettingsError
from dq.pipeline.tags import check_tag, find_run
from dq.settings import load_settings


def put(folder: Path, tag: str, run_id: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"run_id": run_id, "tag": tag}), encoding="utf-8")
    return folder


def test_a_tag_is_found_in_the_home_and_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(load_settings(), home=tmp_path / "home")
    kept = put(tmp_path / "home" / "var" / "runs" / "20261122", "mock-1", "20261122")
    put(tmp_path / "out", "mock-1", "20261122")  # the same run, before it was taken into the home
    later = put(tmp_path / "later", "mock-2", "20261129")
    monkeypatch.chdir(tmp_path)
    assert find_run("mock-1", settings) == kept
    assert find_run("mock-2", settings).resolve() == later
    assert find_run("20261122", settings) == kept
    assert find_run("later", settings) == Path("later")
    assert find_run("nothing", settings) == Path("nothing")
    check_tag("mock-2", later, settings)  # made again in its own place
    check_tag("cut-over", tmp_path / "new", settings)
    with pytest.raises(ConflictError, match="mock-2 names the run"):
        check_tag("mock-2", tmp_path / "new", settings)
    with pytest.raises(SettingsError, match="is no tag"):
        check_tag("mock 2", tmp_path / "new", settings)
    put(tmp_path / "again", "mock-2", "20261130")
    with pytest.raises(ConflictError, match="several runs"):
        find_run("mock-2", settings)
