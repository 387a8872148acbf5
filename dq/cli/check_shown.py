"""Shows what a check came to in a terminal of 80 columns: the headline first, then what to do, then why."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

FIXES_SHOWN: Final = 6
TROUBLES_SHOWN: Final = 8
"""What a screen holds; the page and the JSON have all."""
_STYLES: Final = {"reject": "red", "alters": "yellow", "pollutes": "yellow", "needs_org": "cyan"}
_VERDICTS: Final = ("loads", "alters", "pollutes", "needs_org", "reject", "parked")

Document = Mapping[str, Any]


def show_check(document: Document) -> None:
    """Print a check."""
    console = Console(highlight=False)
    _show_sources(console, document)
    for target in document["targets"]:
        _show_target(console, target)
    for rule in document["rules"]:
        said = "holds" if rule["passes"] else "fails"
        console.print(f"Rule {rule['rule_id']} {said}: {rule['failed']:,} of {rule['evaluated']:,}", markup=False)
    console.print()
    verdict = document["verdict"]
    console.print(
        Text("Ready." if verdict["ready"] else "Not ready:", style="bold green" if verdict["ready"] else "bold red")
    )
    for reason in verdict["reasons"]:
        console.print(f"  {reason}", markup=False)


def _show_sources(console: Console, document: Document) -> None:
    for table in document["sources"]:
        name = f"{table['source']}/{table['table']}" if table["table"] else table["source"]
        rejected = f", {table['reject_count']:,} pieces rejected" if table["reject_count"] else ""
        console.print(f"{name}: {table['row_count']:,} rows{rejected}", markup=False)
    shown = Table(show_edge=False, pad_edge=False, box=None, header_style="dim")
    for name in ("column", "is taken for", "sure", "filled"):
        shown.add_column(name, justify="right" if name in ("sure", "filled") else "left", overflow="fold")
    for line in document["mapping"]:
        header = f"{line['table']}.{line['header']}" if line["table"] else line["header"]
        filled = "" if line["filled"] is None else f"{line['filled']:.0%}"
        shown.add_row(Text(header), Text(str(line["mapped_to"])), f"{line['confidence']:.0%}", filled)
    console.print(shown)
    for note in document["notes"]:
        console.print(f"note: {note}", markup=False)
    found = document["duplicates"]
    if found:
        console.print(
            f"Duplicates: {found['records']:,} records are {found['customers']:,} customers; "
            f"{found['pairs_to_decide']:,} pairs wait for a decision.",
            markup=False,
        )


def _show_target(console: Console, target: Document) -> None:
    console.print()
    console.print(Text(target["headline"], style="bold"))
    for name, counts in target["objects"].items():
        said = ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in _VERDICTS if counts.get(verdict))
        console.print(f"  {name}: {said}", markup=False)
    for path in target["paths"]:
        if path["path"] != target["path"]:
            rows = path["rows"]
            console.print(
                f"  By {path['title']}: {path['loading']:,} load, {rows['alters']:,} rows cut or blanked in silence",
                markup=False,
            )
    if target["fixes"]:
        console.print("\nShortest way to yes:", style="bold")
        _show_fixes(console, target)
    if target["troubles"]:
        console.print(f"\nWhat rows fall short of, in {target['title']}'s words:", style="bold")
        for trouble in target["troubles"][:TROUBLES_SHOWN]:
            _show_trouble(console, trouble)
        more = len(target["troubles"]) - TROUBLES_SHOWN
        if more > 0:
            console.print(f"  and {more} more: see the page (--out DIR)", markup=False)
    for line in target["unknowable"]:
        console.print(Text(f"  Files cannot tell: {line}", style="dim"))


def _show_fixes(console: Console, target: Document) -> None:
    shown = Table(show_edge=False, pad_edge=False, box=None, show_header=False, padding=(0, 1))
    shown.add_column(justify="right", no_wrap=True)
    shown.add_column(overflow="fold")
    shown.add_column(justify="right", no_wrap=True)
    for fix in target["fixes"][:FIXES_SHOWN]:
        values = ", ".join(f"{value} ({count:,})" for value, count in fix["values"][:3])
        text = Text(f"{fix['sentence']}" + (" [proposed]" if fix["is_proposed"] else ""))
        if values:
            text.append(f"\n{values}", style="dim")
        shown.add_row(f"+{fix['adds']:,}" if fix["adds"] else "with:", text, f"{fix['loads_after']:,}")
    console.print(shown)
    more = len(target["fixes"]) - FIXES_SHOWN
    if more > 0:
        console.print(f"  and {more} more", markup=False)


def _show_trouble(console: Console, trouble: Document) -> None:
    head = Text(f"  {trouble['verdict'].replace('_', ' ')} ", style=_STYLES[trouble["verdict"]])
    head.append(f"{trouble['rows']:,} × {trouble['object']}.{trouble['field']} {trouble['code']}", style="default")
    head.append(f" ({trouble['certainty']})", style="dim")
    console.print(head)
    for example in trouble["examples"][:2]:
        console.print(Text(f"    {example['place'] or example['customer']}: {example['message']}", style="dim"))
