"""Holds a load file as such against its target: headers and line ends. Its rows are judged elsewhere."""

from collections.abc import Sequence

import pandas as pd

from dq.conversion.verdicts import certainty_of
from dq.model import BLOCKERS, TEXT
from dq.standards.targets import Target, TargetField


def check_file(
    target: Target, name: str, path: str, thing: str, headers: Sequence[str], line_end: str = ""
) -> pd.DataFrame:
    """Return the blockers of a whole file, as `model.BLOCKERS` with `row_id` null.

    Args:
        target: What it is to be loaded into.
        name: Name of the target, for `rule_id`.
        path: The load path.
        thing: The object.
        headers: Columns of the file; `Parent.Key` names a field of the parent and is left alone.
        line_end: `lf`, `crlf`, or empty where it is not known.
    """
    fields = target.in_force(thing)
    found = []
    for header in headers:
        if "." in header:
            continue
        field = fields.get(header)
        if field is None or not field.writable:
            found.append((header, "unknown_column" if field is None else "read_only_column", header))
    if line_end and line_end != target.paths[path].line_end:
        found.append(("", "wrong_line_end", target.paths[path].line_end.upper()))
    rows = []
    for header, check, value in found:
        outcome = target.outcome(check, path)
        if outcome.verdict == "loads":
            continue
        field = fields.get(header, TargetField(label=header))
        rows.append(
            {
                "target": name,
                "path": path,
                "object": thing,
                "field": header,
                "check": check,
                "code": outcome.code,
                "rule_id": ".".join(word for word in (name, thing, header, outcome.code) if word),
                "verdict": outcome.verdict,
                "certainty": certainty_of(target, thing, field, check, outcome),
                "value": value,
                "message": outcome.message.format(
                    field=header,
                    label=field.label,
                    object=thing,
                    value=value,
                    length="",
                    limit="",
                    size="",
                    path=path,
                    right=field.right,
                ),
            }
        )
    return pd.DataFrame(rows, columns=list(BLOCKERS.columns)).astype(TEXT)
