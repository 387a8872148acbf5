"""A killed run leaves the old result or the new one."""

from pathlib import Path

import pytest

from dq.errors import ConflictError
from dq.pipeline.staging import complete_swap, load_state, publish, save_state, staged, staging_folder


def fill(folder: Path, text: str) -> None:
    (folder / "result" / "golden.csv").write_text(text)


def test_a_result_replaces_the_old_one_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.csv").write_text("old")
    with staged(out, "k1", fresh=False) as folder:
        fill(folder, "new")
        publish(out, folder)
    assert [path.name for path in out.iterdir()] == ["golden.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("moment", ["marked", "set aside", "renamed", "removing"])
def test_the_next_start_completes_a_half_done_swap(tmp_path: Path, moment: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.csv").write_text("old")
    with staged(out, "k1", fresh=False) as folder:
        fill(folder, "new")
        (folder / "ready").touch()
        if moment != "marked":
            out.rename(folder / "previous")
        if moment in {"renamed", "removing"}:
            (folder / "result").rename(out)
        if moment == "removing":
            folder.rename(folder.with_name(f"{folder.name}.done"))
    with staged(out, "k2", fresh=False):
        assert [path.name for path in out.iterdir()] == ["golden.csv"]


def test_before_the_mark_the_old_result_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.csv").write_text("old")
    with staged(out, "k1", fresh=False) as folder:
        fill(folder, "half")
    with staged(out, "k2", fresh=False):
        assert (out / "old.csv").read_text() == "old"
    assert not staging_folder(out, "k1").exists()


def test_an_unfinished_run_of_the_same_key_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged(out, "k1", fresh=False) as folder:
        save_state(folder, "read", {"rows": 3})
    with staged(out, "k1", fresh=False) as folder:
        assert load_state(folder, "read") == {"rows": 3}
    with staged(out, "k1", fresh=True) as folder:
        assert load_state(folder, "read") is None


def test_two_runs_into_one_folder_at_once_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged(out, "k1", fresh=False), pytest.raises(ConflictError), staged(out, "k2", fresh=False):
        pass


def test_names_with_glob_characters_are_taken_literally(tmp_path: Path) -> None:
    other = tmp_path / "outa.staging-x"
    other.mkdir()
    with staged(tmp_path / "out[a]", "k1", fresh=False) as folder:
        fill(folder, "new")
        publish(tmp_path / "out[a]", folder)
    assert other.exists()


def test_completing_twice_is_harmless(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged(out, "k1", fresh=False) as folder:
        fill(folder, "new")
        publish(out, folder)
    folder.mkdir()
    complete_swap(out, folder)
    assert (out / "golden.csv").read_text() == "new"
