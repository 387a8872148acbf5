"""Files of other systems: any encoding and delimiter is read, what is no table is refused with a way out."""

from pathlib import Path

import pytest

from dq.errors import SourceError
from dq.tables.exported_files import read_exported_csv


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["Id", "Name"], ["1", "Café José Zoë"], ["2", ""], ["3", f'"Smith{delimiter} Inc"']]
    path = tmp_path / "export.csv"
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    read = read_exported_csv(path)
    assert list(read.columns) == ["Id", "Name"]
    assert read["Name"].fillna("-").tolist() == ["Café José Zoë", "-", f"Smith{delimiter} Inc"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "is a workbook"),
        (b"Id,Name\n1,Ann\n2,B\0b and others\n", "is no text"),
        (b"Id,Id\n1,2\n", "has the column Id twice"),
        (b"Id,Name\n1,Ann,x\n", "row 2 has 3 cells for 2 columns"),
        (b"Id;Name\n1;Ann\n", "lacks the column Email"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said) as refused:
        read_exported_csv(path, ("Email",) if b";" in content else ())
    assert refused.value.hint


def test_one_column_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text("Id\n001\n002\n", encoding="utf-8")
    assert read_exported_csv(tmp_path / "ids.csv", ("Id",))["Id"].tolist() == ["001", "002"]
