"""Shows what is not converted: what each parking rule parks, or would park once somebody accepts it."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def show_parking(console: Console, parking: Mapping[str, Any]) -> None:
    """Print the rules that speak of anybody; nothing where none does.

    Args:
        console: Where to.
        parking: `parking` of a check or a readiness.
    """
    if parking.get("unknown"):
        console.print(f"note: {parking['unknown']}", markup=False)
    rules = [rule for rule in parking.get("rules", []) if rule["customers"] or rule["brought_back"]]
    if not rules:
        return
    console.print("\nWhat not to convert (nothing is parked that nobody accepted):", style="bold")
    shown = Table(show_edge=False, pad_edge=False, box=None, show_header=False, padding=(0, 1))
    shown.add_column(no_wrap=True)
    shown.add_column(justify="right", no_wrap=True)
    shown.add_column(overflow="fold")
    for rule in rules:
        is_accepted = rule["state"] == "accepted"
        state = Text("parked" if is_accepted else "would park", style="yellow" if is_accepted else "dim")
        shown.add_row(state, f"{rule['customers']:,}", _told(rule))
    console.print(shown)
    for outcome, count in parking["children"].items():
        console.print(f"  relations to parked customers, {outcome.replace('_', ' ')}: {count:,}", markup=False)


def _told(rule: Mapping[str, Any]) -> Text:
    value = "" if rule["value"] is None else f", worth {rule['value']:,.0f}"
    text = Text(f"{rule['rule']}: {rule['title']}; {rule['only']:,} by no other rule{value}")
    details = [
        f"accepted by {rule['accepted_by']} on {rule['accepted_on']}"
        if rule["state"] == "accepted"
        else f"{rule['approver'] or 'somebody'} has to accept it",
        *(f"{count:,} spared: {name.replace('_', ' ')}" for name, count in rule["exempt"].items() if count),
    ]
    details += [f"for {', '.join(rule['targets'])} only"] if rule.get("targets") else []
    details += [f"{rule['with_contacts']:,} contacts go along"] if rule["with_contacts"] else []
    details += [f"{rule['brought_back']:,} brought back"] if rule["brought_back"] else []
    text.append("\n" + "; ".join(details), style="dim")
    for example in rule["examples"][:2]:
        worth = "" if example["value"] is None else f" ({example['value']:,.0f})"
        text.append(f"\n{example['place'] or example['customer']}{worth}: {example['reason']}", style="dim")
    return text
