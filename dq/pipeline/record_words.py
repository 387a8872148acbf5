"""What two runs come to by record, in sentences: the terminal and the page of a run say the same."""

from collections.abc import Mapping
from typing import Final

from dq.pipeline.record_changes import RecordChanges
from dq.text.counts import counted

COLUMNS_SHOWN: Final = 5
"""Columns of golden records named: those with most new values."""


def lines_of(found: RecordChanges) -> list[str]:
    """Return the comparison as sentences."""
    presence, problems = found.counts["presence"], found.counts["problems"]
    cluster, same_id = found.counts["cluster"], found.counts["id"]
    if not presence["both"]:
        return [
            f"By record: {found.then:,} then, {found.now:,} now, and none in both: is a source called otherwise? "
            "NAME=PATH calls it the same in every run."
        ]
    both = f"{counted(presence['both'], 'record')} in both"
    lines = [
        f"By record: {found.then:,} then, {found.now:,} now: {presence['both']:,} in both, {presence['new']:,} new, "
        f"{presence['gone']:,} gone.",
        f"  Of {both}, {found.counts['input']['edited']:,} came in otherwise than before.",
        f"  Problems of {both}: {_terms(problems)}.",
        f"  Customers of {both}: {_terms(cluster)}; {same_id['changed']:,} have another golden id.",
    ]
    lines += [_loads(target, found) for target in dict.fromkeys(move.target for move in found.loads)]
    if found.golden:
        golden = found.golden
        lines.append(
            f"Golden records: {golden['then']:,} then, {golden['now']:,} now: {golden['kept']:,} in both, "
            f"{golden['new']:,} new, {golden['gone']:,} gone; {golden['changed']:,} of those in both differ."
        )
    if found.columns:
        most = [f"{column} {count:,}" for column, count in list(found.columns.items())[:COLUMNS_SHOWN]]
        lines.append(f"  Most: {', '.join(most)}")
    return lines


def _terms(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {_WORDS.get(word, word)}" for word, count in counts.items() if count or word in _SAID)


_WORDS: Final = {
    "newly_broken": "newly broken",
    "still_broken": "still broken",
    "same": "as they were",
    "nobody": "without a customer in one run",
}
_SAID: Final = ("fixed", "newly_broken", "merged", "split")
"""Classes that are named although nobody is in them: their absence is the news."""


def _loads(target: str, found: RecordChanges) -> str:
    own = [move for move in found.loads if move.target == target]
    total = sum(move.records for move in own)
    moved = {(move.then, move.now): move.records for move in own}
    came = sum(count for (then, now), count in moved.items() if then != "loads" and now == "loads")
    left = sum(count for (then, now), count in moved.items() if then == "loads" and now != "loads")
    stays = moved.get(("loads", "loads"), 0)
    return (
        f"{target}, of {counted(total, 'record')}: {came:,} load that did not, {left:,} no longer load, "
        f"{stays:,} load as before, {total - came - left - stays:,} stay out."
    )
