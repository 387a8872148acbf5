"""`dq workbook`: made, filled in, refused with everything that is wrong, applied, and the same again."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminals import Terminal
from tests.workbooks import cells_of, part_of, saved

FORMULA = '=HYPERLINK("http://evil.example","x")'
LONG = "x" * 1200
COLUMNS = ("Id", "Given", "Surname", "Mail", "Town", "Grade", "Remarks", FORMULA, "<b>bold</b>", LONG)


@pytest.fixture
def home(terminal: Terminal) -> Path:
    """A home with twelve customers of one source, and headers and cells that mean harm."""
    folder = terminal.folder
    (folder / "dq.toml").write_text('key = "a secret of the tests of workbooks"\n', encoding="utf-8")
    with (folder / "crm.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(12):
            name = ("Ann", "Bob", "Cara")[number % 3]
            row = [f"K{number}", name, f"Miller{number}", f"{name}{number}@example.com".lower(), "Owego"]
            writer.writerow([*row, ("Hot", "Wram")[number % 2], FORMULA, "=1+1", "<script>x</script>", "y" * 2000])
    return folder


MAKE = ("workbook", "crm.csv", "--target", "salesforce", "--assign", "leads", "--as-of", "2026-11-22", "--workers", "1")


def answered(book: bytes, answers: dict[tuple[str, str], dict[str, str]]) -> bytes:
    """Fill in a workbook: (sheet, text of some grey cell of the line) → title of a column → what is typed there."""
    cells: dict[str, list[list[Any]]] = cells_of(book)
    for (sheet, known), typed in answers.items():
        head = cells[sheet][0]
        (line,) = [row for row in cells[sheet][1:] if known in row[:3]]
        for title, text in typed.items():
            line[head.index(title)] = text
    return saved(cells)


def test_a_workbook_is_given_out_filled_in_and_put_in_force(terminal: Terminal, home: Path) -> None:
    made = terminal.dq(*MAKE, "--out", "m.xlsx")
    assert made.code == 0, made.err
    assert "10 migrate" in made.out
    book = (home / "m.xlsx").read_bytes()
    assert "<f>" not in "".join(part_of(book, f"sheet{number}.xml") for number in (1, 2, 3))
    assert terminal.dq(*MAKE, "--out", "again.xlsx").code == 0
    assert (home / "again.xlsx").read_bytes() == book
    before = sorted(path for path in home.rglob("*") if path.is_file())
    same = terminal.dq("workbook", "apply", "m.xlsx", "crm.csv")
    assert same.out.splitlines()[0].startswith("0 differences. Columns: 10 migrate"), same.err
    assert sorted(path for path in home.rglob("*") if path.is_file()) == before

    signed = {"Signed by": "Ann Lead", "Signed on": "2026-11-22"}
    filled = answered(
        book,
        {
            ("Columns", "Grade"): {"Send to": "Lead.Rating", **signed},
            ("Columns", "Remarks"): {"Decision": "archive", "Remark": "legal wants to keep it"},
            ("Columns", FORMULA): {"Decision": "drop", "Owner": "Bob"},
            ("Columns", "Town"): {"Is": "mailing.city", **signed},
        },
    )
    (home / "filled.xlsx").write_bytes(filled)
    checked = terminal.dq("workbook", "check", "filled.xlsx", "crm.csv")
    assert "crm.Remarks: decision: migrate → archive" in checked.out, checked.err
    assert "(signed by Ann Lead)" in checked.out
    assert not (home / "standards").exists()
    applied = terminal.dq("workbook", "apply", "filled.xlsx", "crm.csv")
    assert applied.code == 0, applied.err
    assert "8 migrate, 1 drop, 1 archive; 2 of 10 signed" in applied.out
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    twice = terminal.dq("workbook", "apply", "filled.xlsx", "crm.csv")
    assert twice.out.startswith("0 differences."), twice.err
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == files

    later = terminal.dq(*MAKE, "--out", "later.xlsx")
    assert "2 signed" in later.out, later.err
    lines = cells_of((home / "later.xlsx").read_bytes())["Picklists"][1:]
    (wrong,) = [line for line in lines if line[2] == "Wram"]
    assert wrong[3:5] == ["crm", "6"]
    unknown = answered((home / "later.xlsx").read_bytes(), {("Picklists", "Wram"): {"Decision": "map", "Becomes": "Q"}})
    (home / "later.xlsx").write_bytes(unknown)
    refused = terminal.dq("workbook", "apply", "later.xlsx", "crm.csv")
    assert (refused.code, "`Q` is not in the list of" in refused.err) == (2, True)
    (home / "later.xlsx").write_bytes(answered(unknown, {("Picklists", "Wram"): {"Becomes": "Warm"}}))
    decided = terminal.dq("workbook", "apply", "later.xlsx", "crm.csv")
    assert decided.code == 0, decided.err
    proposals = decided.out.split("--apply-proposals ")[1].strip()

    run = terminal.dq("run", "crm.csv", "--out", "run", *MAKE[2:], "--apply-proposals", proposals)
    assert run.code == 0, run.err
    assert "Source columns: 8 converted, 1 dropped, 1 archived in run/archived/." in run.out
    archived = list(csv.reader((home / "run/archived/crm.csv").open(encoding="utf-8")))
    assert archived[:2] == [["record_id", "Id", "Remarks"], ["crm:K0", "K0", f"'{FORMULA}"]]
    manifest = json.loads((home / "run/manifest.json").read_text(encoding="utf-8"))
    assert manifest["columns"] == {"migrated": 8, "dropped": 1, "archived": 1}
    changes = list(csv.DictReader((home / "run/load_changes.csv").open(encoding="utf-8")))
    assert {(line["before"], line["after"]) for line in changes} == {("Wram", "Warm")}


def test_a_word_is_decided_for_the_source_that_says_it(terminal: Terminal, home: Path) -> None:
    """A rating of 1 is the best here and the worst there: two lines, two decisions; an old one for all still holds."""
    for name, mark in (("east", "A"), ("west", "B")):
        rows = [f"{mark}{place},{one},Linkous,Granite {mark} LLC,1" for place, one in enumerate(("Ann", "Bob", "Carl"))]
        lines = ["Id,First Name,Last Name,Company,Rating", *rows, ""]
        (home / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    sources = ("east.csv", "west.csv")
    assert terminal.dq("workbook", *sources, *MAKE[2:], "--out", "m.xlsx").code == 0
    cells: dict[str, list[list[Any]]] = cells_of((home / "m.xlsx").read_bytes())
    head, *lines = cells["Picklists"]
    ratings = [line for line in lines if line[head.index("Field")] == "Rating"]
    assert [line[2:5] for line in ratings] == [["1", "east", "3"], ["1", "west", "3"]]
    for line, becomes in zip(ratings, ("Hot", "Cold"), strict=True):
        line[head.index("Decision")], line[head.index("Becomes")] = "map", becomes
    (home / "m.xlsx").write_bytes(saved(cells))
    decided = terminal.dq("workbook", "apply", "m.xlsx", *sources)
    assert decided.code == 0, decided.err
    proposals = decided.out.split("--apply-proposals ")[1].strip()
    assert terminal.dq("run", *sources, "--out", "run", *MAKE[2:], "--apply-proposals", proposals).code == 0
    (file,) = (home / "run/load/salesforce").glob("*-Lead.insert.0001.csv")
    loaded = csv.DictReader(file.open(encoding="utf-8"))
    ratings_in = {(line["Company"], line["Rating"]) for line in loaded if line["FirstName"]}
    assert ratings_in == {("Granite A LLC", "Hot"), ("Granite B LLC", "Cold")}
    # What an earlier version decided says nothing of a source: it holds for all of them, and shows in each line.
    (register,) = home.rglob("mapping/salesforce.json")
    document = json.loads(register.read_text(encoding="utf-8"))
    document["values"] = [
        {name: text for name, text in document["values"][0].items() if name != "source"} | {"becomes": "Warm"}
    ]
    register.write_text(json.dumps(document), encoding="utf-8")
    assert terminal.dq("workbook", *sources, *MAKE[2:], "--out", "n.xlsx").code == 0
    later = cells_of((home / "n.xlsx").read_bytes())["Picklists"]
    assert [line[head.index("Becomes")] for line in later if line[1] == "Rating"] == ["Warm", "Warm"]
    same = terminal.dq("workbook", "apply", "n.xlsx", *sources)
    assert same.out.startswith("0 differences."), same.err


def test_everything_that_does_not_fit_is_said_at_once(terminal: Terminal, home: Path) -> None:
    assert terminal.dq("workbook", "crm.csv", "--target", "salesforce", "--workers", "1", "--out", "m.xlsx").code == 0
    book = (home / "m.xlsx").read_bytes()
    wrong = answered(
        book,
        {
            ("Columns", "Id"): {"Decision": "drop"},
            ("Columns", "Surname"): {"Is": "lastname"},
            ("Columns", "Grade"): {"Send to": "Contact.Ratting"},
            ("Columns", "Given"): {"Decision": "perhaps"},
            ("Columns", "Town"): {"Signed by": "Ann"},
            ("Columns", "Mail"): {"Signed by": "Ann", "Signed on": "tomorrow"},
            ("Columns", "<b>bold</b>"): {"Column": "other"},
            ("Contact", "Title"): {"Made of": "join(first_name"},
            ("Contact", "Department"): {"Made of": "`extra.Graed`"},
        },
    )
    (home / "wrong.xlsx").write_bytes(wrong)
    (home / "crm.csv").write_text((home / "crm.csv").read_text("utf-8").replace("Remarks,", "Notes,", 1), "utf-8")
    refused = terminal.dq("workbook", "apply", "wrong.xlsx", "crm.csv")
    assert refused.code == 2
    for said in (
        "crm.Remarks: the column went away",
        "crm.Id: it has to migrate: it is the key of its rows",
        "`lastname` is nothing a column can be; did you mean `last_name`?",
        "the decision `perhaps` is none of migrate, drop, archive",
        "send to `Contact.Ratting`: the target has no such field",
        "crm.Town: a name and a day belong to a signature",
        "write the day as 2026-01-31",
        "its id does not fit its grey cells",
        "Contact.Title: join(… is not closed",
        "there is no column `extra.Graed`; did you mean `extra.Grade`?",
    ):
        assert said in refused.err, said
    assert "10 problems in the workbook; nothing was applied" in refused.err
    absent = terminal.dq("workbook", "check", "m.xlsx", "other=crm.csv")
    assert "the source `crm` is not given" in absent.err
    (home / "none.xlsx").write_bytes(saved({"Sheet1": [["a"]]}))
    assert terminal.dq("workbook", "check", "none.xlsx", "crm.csv").code == 2
    assert "is no Excel workbook" in terminal.dq("workbook", "crm.csv", "--target", "hubspot", "--out", "m.csv").err
