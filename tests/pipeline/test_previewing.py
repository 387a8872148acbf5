"""Other survivorship rules tried beside those in force: what would differ is told, the result stays."""

from pathlib import Path

import pytest

from dq.errors import StandardsError
from dq.settings import load_settings
from dq.standards import load_survivorship
from tests.pipeline.runs import run, table, write_csv

CUSTOMERS = [
    ["id", "first name", "last name", "email", "phone", "birth date", "updated", "tier"],
    ["1", "Ann", "Zywicki", "ann@example.org", "217-555-0148", "1980-02-03", "2026-01-01", "gold"],
    ["2", "Ann", "Zywicki", "ann@example.org", "217-555-0199", "1980-02-03", "2020-01-01", "tin"],
    ["3", "Ann", "Zywicki", "ann@example.org", "217-555-0199", "1980-02-03", "2019-01-01", "tin"],
]


def test_what_would_differ_is_told_and_the_result_stays(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "crm.csv", CUSTOMERS)
    rules = tmp_path / "frequent.yml"
    text = (load_settings().standards / "survivorship.yml").read_text(encoding="utf-8")
    changed = text.replace(
        "phone: [valid_first, most_trusted_source, most_recent, most_frequent]", "phone: [most_frequent, most_recent]"
    )
    changed = changed.replace("default: [most_trusted_source, most_recent,", "default: [most_trusted_source,")
    assert changed.count("most_recent") < text.count("most_recent")
    rules.write_text(changed, encoding="utf-8")
    plain = run([source], tmp_path / "plain")
    tried = run([source], tmp_path / "tried", preview_rules=rules)
    assert (tried.out / "golden.csv").read_bytes() == (plain.out / "golden.csv").read_bytes()
    rows = table(tried.out, "preview.csv")[["column", "before", "after", "is_lost"]].values.tolist()
    # The phone stays in the golden contact points; the tier would be gone.
    assert rows == [["extra.tier", "gold", "tin", "yes"], ["phone", "217-555-0148", "217-555-0199", "no"]]
    assert any("1 golden records would differ in 2 values; 1 of the values" in line for line in tried.lines)
    assert not (plain.out / "preview.csv").exists()


def test_wrong_rules_are_refused_whole(tmp_path: Path) -> None:
    rules = tmp_path / "wrong.yml"
    rules.write_text("default: [newest]\nfelds: {}\n", encoding="utf-8")
    with pytest.raises(StandardsError) as caught:
        load_survivorship(rules)
    assert len(caught.value.problems) >= 2
