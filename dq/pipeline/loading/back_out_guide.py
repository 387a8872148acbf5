"""What a person reads before taking a load back: which file, how, in which order, and how sure that is."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dq.standards.targets import Target

_WIDTH: Final = 100
"""Characters of a line: what a terminal and an editor show without breaking it."""
_CERTAINTY: Final = {
    "seen": "These steps were seen in a source:",
    "inferred": "These steps follow from a source, nobody tried them here; try them with a few rows first:",
    "general": "These steps are general knowledge, not confirmed here; try them with a few rows first:",
}
_SEND: Final = """\
calls/ is the same way back as calls of the target's interface, one file a call; calls.csv lists them
in their order with method, path and content type. A call that fails stops the rest. From a shell, with
the address of the instance in HOST and a token in TOKEN:

  cd calls
  tail -n +2 calls.csv | tr -d '\\r' | while IFS=, read -r file method path type; do
    curl --fail-with-body -X "$method" "$HOST$path" -H "Authorization: Bearer $TOKEN" \\
      -H "Content-Type: $type" --data-binary "@$file" || break
  done
"""


@dataclass(frozen=True)
class BackFile:
    """One file of the way back.

    Attributes:
        name: Its name.
        thing: The object, or `children`.
        step: What it does.
        rows: How many rows it has.
    """

    name: str
    thing: str
    step: str
    rows: int


def guide(target: Target, path: str, files: Sequence[BackFile], unsaid: int, calls: int, uncalled: int) -> str:
    """Return the text that lies beside the files.

    Args:
        target: What was loaded into.
        path: The load path.
        files: In their order.
        unsaid: Fields that the files cannot empty.
        calls: How many calls were written.
        uncalled: Fields and rows that the calls leave out.
    """
    way = target.way_back
    lines = [
        f"How this load is taken back out of {target.title} ({target.paths[path].title})",
        "",
        *_told("The files go in by name, each one whole before the next. Ids that the target gave itself do not come "
               "back; keys and fields do."),
        "",
    ]  # fmt: skip
    for file in files:
        count = "1 row" if file.rows == 1 else f"{file.rows:,} rows"
        lines.append(f"{file.name}  ({count})")
        lines += [f"  {line}" for line in _told(_step(target, file), _WIDTH - 2)]
    if unsaid:
        lines += ["", *_told(f"by_hand.csv: fields that were empty before and that no file empties here ({unsaid:,}).")]
    if calls:
        lines += ["", _SEND.rstrip()]
        if uncalled:
            lines += [
                "",
                *_told(
                    f"calls/by_hand.csv: what a call cannot say ({uncalled:,}): an owner or a parent whose id "
                    "over there is not known before, a choice whose number is not known. A line without a field "
                    "is a whole row."
                ),
            ]
    if way.why:
        lines += ["", *_told(f"{way.why[0].upper()}{way.why[1:]}.")]
    certainty = _CERTAINTY[target.certainty(way.source)]
    source = target.sources[way.source].title if way.source else "no source"
    return "\n".join([*lines, "", *_told(f"{certainty} {source}."), ""])


def _step(target: Target, file: BackFile) -> str:
    if file.thing not in target.objects:
        return "give each case, note and the like back to the customer it hung on: `external_id` is that customer's key"
    plain = {"delete": "delete these rows", "unmerge": "insert these rows"}.get(file.step, "update these rows")
    return target.way_back.steps.get(file.step, plain)


def _told(text: str, width: int = _WIDTH) -> list[str]:
    return textwrap.wrap(text, width)
