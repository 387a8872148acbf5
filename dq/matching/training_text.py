"""The next version of `matching.yml` as text, and what moved in it as sentences."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from dq.matching.training_moves import Move
from dq.standards.editing import Place, edited, first_key
from dq.standards.matching import TrainedOn


def next_version(text: str, version: int, moves: Sequence[Move], origin: TrainedOn, measured: Sequence[str]) -> str:
    """Return the file with the moved values, its version counted up and a log of what moved below its opening lines.

    Args:
        text: The file that was trained.
        version: Its version.
        moves: What moved.
        origin: What it was trained on.
        measured: Sentences about what training is worth.
    """
    changed = edited(text, {move.place: written(move.after) for move in moves}, "trained, was {}: ")
    stamp = (
        f"{{at: '{origin.at}', run: {origin.run}, labelled_pairs: {origin.labelled_pairs}, "
        f"judged_pairs: {origin.judged_pairs}}}"
    )
    changed = _with_keys(changed, {("version",): str(version + 1), ("trained_on",): stamp})
    log = [
        f"# Version {version + 1}, {origin.at}: dq train on {origin.labelled_pairs:,} labelled and "
        f"{origin.judged_pairs:,} judged pairs of run {origin.run}. What moved, with the pairs behind it:",
        *(f"#   {line}" for line in move_lines(moves)),
        *(f"#   {line}" for line in measured),
        "",
    ]
    start = first_key(changed)
    before = changed[:start].rstrip("\n")
    return "\n".join(filter(None, [before, *log[:-1]])) + "\n\n" + changed[start:]


def _with_keys(text: str, values: dict[Place, str]) -> str:
    for place, value in reversed(values.items()):
        try:
            text = edited(text, {place: value})
        except KeyError:
            start = first_key(text)
            text = f"{text[:start]}{place[0]}: {value}\n{text[start:]}"
    return text


def move_lines(moves: Sequence[Move]) -> list[str]:
    """Return a line per comparison, ceiling or threshold that moved.

    >>> move_lines([Move(("person", "email", "exact", "m"), 0.7, 0.5, 12, 24)])
    ['person.email m of 24 matches: exact 0.7 -> 0.5 (12)']
    """
    lines = []
    for group, found in groupby(moves, _group):
        members = list(found)
        if group[0] in ("ceilings", "thresholds"):
            first = members[0]
            values = ", ".join(
                f"{move.place[2]} {_change(move)}" if len(move.place) > 2 else _change(move) for move in members
            )
            lines.append(f"{'.'.join(group)}: {values} ({first.pairs:,} of {first.of:,} pairs are one customer)")
            continue
        of = "matches" if group[-1] == "m" else "random pairs"
        values = ", ".join(f"{move.place[2]} {_change(move)} ({move.pairs:,})" for move in members)
        lines.append(f"{'.'.join(group[:2])} {group[2]} of {members[0].of:,} {of}: {values}")
    return lines


def _change(move: Move) -> str:
    return f"{written(move.before)} -> {written(move.after)}"


def _group(move: Move) -> Place:
    if move.place[0] == "ceilings":
        return ("ceilings", move.place[1])
    if move.place[0] == "thresholds":
        return move.place[:2]
    return (*move.place[:2], move.place[3])


def written(value: float) -> str:
    """Return a number as people write it in a policy.

    >>> written(9.0), written(0.0000004)
    ('9', '0.0000004')
    """
    return str(np.format_float_positional(value, trim="-"))
