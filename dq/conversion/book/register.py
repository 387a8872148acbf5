"""What was applied last, as a document: owners, remarks, signatures, values decided."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dq.conversion.book.answers import (
    BLANK,
    MAP,
    Answers,
    ColumnAnswer,
    FieldAnswer,
    PicklistAnswer,
    line_id,
)
from dq.conversion.proposals import PROPOSALS


def register_of(answers: Answers) -> dict[str, Any]:
    """Return answers as a document; lines that say nothing beyond what policy says are left out."""
    columns = [
        {"source": place[0], "table": place[1], "header": place[2], **asdict(answer)}
        for place, answer in sorted(answers.columns.items())
        if answer.owner or answer.remark or answer.signed_by or answer.send_to
    ]
    fields = [
        {"object": place[0], "field": place[1], "remark": answer.remark}
        for place, answer in sorted(answers.fields.items())
        if answer.remark
    ]
    values = [
        {"object": place[0], "field": place[1], "value": place[2], "source": place[3], **asdict(answer)}
        for place, answer in sorted(answers.picklists.items())
        if answer != PicklistAnswer()
    ]
    return {"columns": columns, "fields": fields, "values": values}


def answers_in(document: Mapping[str, Any]) -> Answers:
    """Return the answers that `register_of` made a document of."""
    return Answers(
        {
            (line["source"], line["table"], line["header"]): ColumnAnswer(
                **{name: line[name] for name in ColumnAnswer.__dataclass_fields__}
            )
            for line in document.get("columns", ())
        },
        {(line["object"], line["field"]): FieldAnswer(remark=line["remark"]) for line in document.get("fields", ())},
        {
            (line["object"], line["field"], line["value"], line.get("source", "")): PicklistAnswer(
                line["decision"], line["becomes"], line["remark"]
            )
            for line in document.get("values", ())
        },
    )


def decided_values(target: str, answers: Answers) -> list[dict[str, str]]:
    """Return the values that become another or none, as rows of `proposals.PROPOSALS` that are accepted."""
    rows = []
    for place, answer in sorted(answers.picklists.items()):
        if answer.decision not in (MAP, BLANK):
            continue
        known = {"proposal_id": f"P{line_id(*place)[1:]}", "target": target, "object": place[0], "field": place[1]}
        made = {"action": answer.decision, "value": place[2], "source": place[3], "proposed": answer.becomes}
        why = f"decided in the workbook{': ' + answer.remark if answer.remark else ''}"
        rows.append(
            {**dict.fromkeys(PROPOSALS, ""), **known, **made, "check": "not_in_picklist", "why": why, "accepted": "yes"}
        )
    return rows
