"""Source arguments: names, defaults, and every problem at once."""

from pathlib import Path

import pytest

from dq.errors import SettingsError, SourceError
from dq.tables.reading import Source, parse_sources


def _file(folder: Path, name: str, content: bytes = b"id,name\n1,A\n") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("customers.csv", "customers"),
        ("Customers 2024 (final).csv.gz", "Customers_2024_final"),
        ("a:b#c|d~e.csv", "a_b_c_d_e"),
        ("crm.v2.parquet", "crm.v2"),
        ("Müller.csv", "M_ller"),
    ],
)
def test_name_defaults_to_a_safe_stem(file: str, name: str, tmp_path: Path) -> None:
    path = _file(tmp_path, file)
    assert parse_sources([path]) == (Source(name, Path(path)),)


def test_name_of_a_folder_keeps_its_dots(tmp_path: Path) -> None:
    _file(tmp_path / "crm.2024", "a.csv")
    assert parse_sources([str(tmp_path / "crm.2024")])[0].name == "crm.2024"


def test_name_may_be_given(tmp_path: Path) -> None:
    path = _file(tmp_path, "a=b.csv")
    assert parse_sources([f"crm={path}"]) == (Source("crm", Path(path)),)
    assert parse_sources([path])[0].name == "a_b"


def test_path_with_an_equals_sign_that_exists_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _file(tmp_path, "x=y.csv")
    monkeypatch.chdir(tmp_path)
    assert parse_sources(["x=y.csv"]) == (Source("x_y", Path("x=y.csv")),)


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    empty, good = _file(tmp_path, "empty.csv", b""), _file(tmp_path, "good.csv")
    (tmp_path / "void").mkdir()
    with pytest.raises(SourceError) as caught:
        parse_sources([f"{tmp_path}/no.csv", empty, f"{tmp_path}/void", f"b:c={good}", f"sqlite:///{tmp_path}/x.db#t"])
    for part in ("no.csv does not exist", "empty.csv is an empty file", "void is an empty folder", "'b:c'", "database"):
        assert part in caught.value.message
    assert caught.value.hint


def test_two_sources_with_one_name_are_refused_ignoring_case(tmp_path: Path) -> None:
    first, second = _file(tmp_path / "a", "crm.csv"), _file(tmp_path / "b", "CRM.csv")
    with pytest.raises(SettingsError, match="two sources are named 'CRM'") as caught:
        parse_sources([first, second])
    assert first in caught.value.message
    assert second in caught.value.message
    assert "name=PATH" in caught.value.hint


def test_no_source_is_refused() -> None:
    with pytest.raises(SettingsError):
        parse_sources([])
