"""Shows what a check came to in a terminal of 80 columns: the headline first, then what to do, then why."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dq.cli.parking_shown import show_parking
from dq.text.counts import counted

FIXES_SHOWN: Final = 6
TROUBLES_SHOWN: Final = 8
WORDS_SHOWN: Final = 4
TOGETHER_SHOWN: Final = 5
"""What a screen holds; the page and the JSON have all."""
_STYLES: Final = {
    "suppressed": "magenta",
    "reject": "red",
    "alters": "yellow",
    "pollutes": "yellow",
    "needs_org": "cyan",
}
_VERDICTS: Final = ("loads", "alters", "pollutes", "needs_org", "reject", "suppressed", "parked")

Document = Mapping[str, Any]


def show_check(document: Document) -> None:
    """Print a check."""
    console = Console(highlight=False, emoji=False)
    _show_sources(console, document)
    show_parking(console, document["parking"])
    for target in document["targets"]:
        _show_target(console, target)
    _show_together(console, document["together"])
    for rule in document["rules"]:
        said = "holds" if rule["passes"] else "fails"
        count = f"{rule['failed']:,} of {rule['evaluated']:,} do not keep it"
        console.print(f"Rule {rule['rule_id']} {said}: {count}", markup=False)
    console.print()
    verdict = document["verdict"]
    console.print(
        Text("Ready." if verdict["ready"] else "Not ready:", style="bold green" if verdict["ready"] else "bold red")
    )
    for reason in verdict["reasons"]:
        console.print(f"  {reason}", markup=False)


def waiting(pairs: int) -> str:
    """Say how many pairs ask for a decision."""
    return f"{counted(pairs, 'pair')} {'waits' if pairs == 1 else 'wait'} for a decision"


def _show_sources(console: Console, document: Document) -> None:
    for table in document["sources"]:
        name = f"{table['source']}/{table['table']}" if table["table"] else table["source"]
        rejected = f", {counted(table['reject_count'], 'piece')} rejected" if table["reject_count"] else ""
        console.print(f"{name}: {counted(table['row_count'], 'row')}{rejected}", markup=False)
        for decision in table["decisions"]:
            if "--sample" in decision:
                console.print(f"  {decision}", markup=False)
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
            f"Duplicates: {counted(found['records'], 'record')} {'is' if found['records'] == 1 else 'are'} "
            f"{counted(found['customers'], 'customer')}; {waiting(found['pairs_to_decide'])}.",
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
                f"  By {path['title']}: {path['loading']:,} load, "
                f"{counted(rows['alters'], 'row')} cut or blanked in silence",
                markup=False,
            )
    for there in target["existing"]:
        console.print(f"  {there['sentence']}", markup=False)
    _show_owners(console, target["owners"], target["owner_map"])
    if target["by_name"]:
        named = ", ".join(f"{column} → {', '.join(fields)}" for column, fields in target["by_name"].items())
        console.print(f"  Filled by name: {named} (--ignore COLUMN leaves one out)", markup=False)
    for field in target["picklists"]:
        _show_words(console, field)
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
    if target["unknowable"]:
        console.print(
            Text(f"\nFiles cannot tell: {'; '.join(line.rstrip('.') for line in target['unknowable'])}.", style="dim")
        )


def _show_owners(console: Console, owners: Sequence[Document], owner_map: str) -> None:
    """Print how many rows of how many owners have somebody to take them over, and the largest who do not."""
    if not owners:
        return
    said = []
    for state in ("mapped", "known", "by default", "inactive", "unmapped"):
        own = [one for one in owners if one["state"] == state]
        if own:
            said.append(f"{counted(len(own), 'owner')} {state} ({sum(one['rows'] for one in own):,})")
    console.print(f"  Owners, with rows: {', '.join(said)}", markup=False)
    stuck = [one for one in owners if one["state"] in ("inactive", "unmapped")]
    if stuck:
        words = ", ".join(f"{one['owner']} {one['rows']:,}" for one in stuck[:WORDS_SHOWN])
        more = f" and {len(stuck) - WORDS_SHOWN} more" if len(stuck) > WORDS_SHOWN else ""
        console.print(f"  Nobody takes over from {words}{more}: fill in {owner_map}", markup=False)


def _show_words(console: Console, field: Document) -> None:
    """Print how many words of a picklist have no legal value, and the commonest of them."""
    if not field["open"]:
        return
    words = ", ".join(f"{value} ({source}, {count:,})" for source, value, count in field["open"][:WORDS_SHOWN])
    more = len(field["open"]) - WORDS_SHOWN
    words += f" and {more} more" if more > 0 else ""
    said = f"{len(field['open'])} of {field['words']} words mean nothing to it: {words}"
    console.print(f"  {field['object']}.{field['field']}: {said}", markup=False)


def _show_together(console: Console, together: Document) -> None:
    """Print what several targets come to together."""
    if not together:
        return
    console.print(Text(f"\nAll targets together: {together['loading']:,} load into every one.", style="bold"))
    if together["limits"]:
        console.print("  The tightest length holds for all of them:")
        shown = Table(show_edge=False, pad_edge=False, box=None, header_style="dim", padding=(0, 1, 0, 2))
        for name in ("column", "characters", "asked for by", "too long"):
            shown.add_column(name, justify="right" if name in ("characters", "too long") else "left", overflow="fold")
        for one in together["limits"]:
            longer = f"{one['longer']:,}" if one["longer"] else ""
            shown.add_row(Text(one["column"]), f"{one['length']:,}", Text(one["by"]), longer)
        console.print(shown)
    for one in together["limits"]:
        if one["longer"]:
            became = "cut" if one["verdict"] == "alters" else "refused"
            console.print(f"  {one['by']}, {became}: {_some(one['customers'], one['longer'])}", markup=False)
    for one in together["demands"][:TOGETHER_SHOWN]:
        _show_demand(console, one)
    for one in together["forms"][:TOGETHER_SHOWN]:
        ways = "; ".join(f"{said} ({', '.join(places[:2])})" for said, places in one["forms"].items())
        console.print(f"  {one['column']} is written {ways}", markup=False)
    more = sum(max(len(together[name]) - TOGETHER_SHOWN, 0) for name in ("demands", "forms"))
    if more:
        console.print(f"  and {more} more: see the page (--out DIR)", markup=False)
    for one in together["conflicts"]:
        console.print(f"  Conflict of {one['one']} and {one['other']}: {one['why']}", markup=False)
    if not together["conflicts"]:
        console.print("  No value that one of them demands is refused by another.")


def _show_demand(console: Console, one: Document) -> None:
    """Print a column that one target requires and another does not have or ask for."""
    without = [f"nothing of {', '.join(one['absent_in'])} is made of it"] if one["absent_in"] else []
    without += [f"{', '.join(one['optional_in'][:2])} can be empty"] if one["optional_in"] else []
    lacking = f"; {_some(one['customers'], one['empty'])} lack it" if one["empty"] else ""
    required = ", ".join(one["required_by"][:2])
    console.print(f"  {one['column']} is required by {required}; {' and '.join(without)}{lacking}", markup=False)


def _some(places: Sequence[str], rows: int) -> str:
    """Say of how many rows there are, and where the first stand."""
    return f"{counted(rows, 'row')}" + (
        f" ({', '.join(places)}{', …' if rows > len(places) else ''})" if places else ""
    )


def _show_fixes(console: Console, target: Document) -> None:
    """Print the steps; what only helps together is one of them."""
    shown = Table(show_edge=False, pad_edge=False, box=None, show_header=False, padding=(0, 1))
    shown.add_column(justify="right", no_wrap=True)
    shown.add_column(overflow="fold")
    shown.add_column(justify="right", no_wrap=True)
    steps: list[list[Document]] = []
    for fix in target["fixes"]:
        if steps and fix["together"] and steps[-1][0]["together"] == fix["together"]:
            steps[-1].append(fix)
        else:
            steps.append([fix])
    for step in steps[:FIXES_SHOWN]:
        text = Text("all of this: " if len(step) > 1 else "")
        for place, fix in enumerate(step):
            text.append(f"{'; ' if place else ''}{fix['sentence']}{' [proposed]' if fix['is_proposed'] else ''}")
        values = ", ".join(f"{value} ({count:,})" for value, count in step[0]["values"][:3])
        if len(step) == 1 and values:
            text.append(f"\n{values}", style="dim")
        shown.add_row(f"+{step[-1]['adds']:,}", text, f"{step[-1]['loads_after']:,}")
    console.print(shown)
    if len(steps) > FIXES_SHOWN:
        console.print(f"  and {len(steps) - FIXES_SHOWN} more", markup=False)


def _show_trouble(console: Console, trouble: Document) -> None:
    head = Text(f"  {trouble['verdict'].replace('_', ' ')} ", style=_STYLES[trouble["verdict"]])
    head.append(f"{trouble['rows']:,} × {trouble['object']}.{trouble['field']} {trouble['code']}", style="default")
    head.append(f" ({trouble['certainty']})", style="dim")
    console.print(head)
    places: dict[str, list[str]] = {}
    for example in trouble["examples"][:2]:
        places.setdefault(example["message"], []).append(example["place"] or example["customer"])
    for message, found in places.items():
        console.print(Text(f"    {', '.join(found)}: {message}", style="dim"))
