"""Targets as data: those that ship are whole, and a wrong one is told every mistake at once."""

import shutil
from pathlib import Path

import pytest

from dq.errors import SettingsError, StandardsError
from dq.settings import load_settings
from dq.standards.targets import CHECKS, load_target, load_targets, parent_field, target_names

SHIPPED = load_settings().standards


@pytest.mark.parametrize("name", target_names(SHIPPED))
def test_a_shipped_target_is_whole(name: str) -> None:
    target = load_target(SHIPPED, name)
    assert all(thing.key and thing.fields[thing.key].value == "row_id" for thing in target.objects.values())
    assert set(target.checks) <= set(CHECKS)
    ranks = {thing: place for place, thing in enumerate(target.load_order())}
    for thing in target.objects:
        field = parent_field(target, thing)
        parent = target.in_force(thing)[field].refers_to if field else thing
        assert ranks[parent] <= ranks[thing]


def test_the_certainty_of_a_statement_is_that_of_its_weakest_source() -> None:
    target = load_target(SHIPPED, "salesforce")
    assert target.certainty("describe_contact", "errors") == "seen"
    assert target.certainty("describe_contact", "help_384328") == "inferred"
    assert target.certainty("errors", "general") == "general"


def test_an_unknown_target_is_told_the_nearest() -> None:
    with pytest.raises(SettingsError, match="did you mean salesforce"):
        load_target(SHIPPED, "salesforse")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    path = tmp_path / "targets" / "generic.yml"
    shutil.copy(SHIPPED / "targets" / "generic.yml", path)
    text = path.read_text(encoding="utf-8")
    for before, after in (
        ("value: first_name", "value: frist_name"),
        ("type: email, length: 254", "type: email, length: none"),
        ("object: customer}", "object: custumer}"),
        ("  bad_email:", "  bad_mail:"),
        ('message: "{label} is required"', 'message: "{lable} is required"'),
        ("value: job_title", 'value: "uper(job_title)"'),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StandardsError) as caught:
        load_targets(tmp_path, ("generic",))
    told = str(caught.value)
    assert "the function `uper` is unknown" in told
    assert "length" in told
    path.write_text(text.replace("length: none", "length: 254").replace("uper(", "upper("), encoding="utf-8")
    with pytest.raises(StandardsError) as caught:
        load_targets(tmp_path, ("generic",))
    told = str(caught.value)
    assert "did you mean `first_name`?" in told
    assert "did you mean `customer`?" in told
    assert "did you mean `bad_email`?" in told
    assert "lable" in told
