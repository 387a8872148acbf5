"""Changes: what counts as one."""

from dq.model import CHANGES
from dq.standardize.changes import all_changes, frame_changes, no_changes
from tests.standardize.policies import frame


def test_altered_dropped_and_new_values_are_changes_with_their_reason() -> None:
    before = frame(record_id=["a", "b", "c", "d"], city=["X", "Y", None, "Z"])
    after = before.assign(city=frame(city=["x", None, "w", "Z"])["city"])
    changes = frame_changes(before, after, {"city": "case_restored"})
    assert changes.fillna("").to_numpy().tolist() == [
        ["a", "", "city", "X", "x", "case_restored"],
        ["b", "", "city", "Y", "", "case_restored"],
        ["c", "", "city", "", "w", "case_restored"],
    ]


def test_consent_and_flags_are_no_changes() -> None:
    before = frame(record_id=["a"], flags=[None], consent=["unknown"])
    after = frame(record_id=["a"], flags=["phone:invalid"], consent=["opt_out"])
    assert len(frame_changes(before, after, {"flags": "x", "consent": "x"})) == 0


def test_no_changes_is_a_table_all_the_same() -> None:
    assert list(all_changes([no_changes(), no_changes()]).columns) == list(CHANGES.columns)
