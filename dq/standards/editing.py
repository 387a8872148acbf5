"""Changes single values of a policy file in its text, so that its order, its layout and its comments stay."""

import re
from collections.abc import Mapping

import yaml

Place = tuple[str, ...]
"""Keys from the top of the file down to a value."""


def edited(text: str, values: Mapping[Place, str], note: str = "") -> str:
    """Return the text with other values.

    A comment that follows a value keeps its column. It tells the reason of the old value, so it is preceded by `note`,
    in which `{}` stands for that value.

    Args:
        text: A YAML file.
        values: Place → new value, as it is to be written. Every place is a value of the file.
        note: What to say before the comment; nothing where it is empty.

    Raises:
        KeyError: A place is no value of the file.

    >>> edited("safe:\\n  lowest: 7   # one in 128\\n", {("safe", "lowest"): "8.5"}, "was {}: ")
    'safe:\\n  lowest: 8.5 # was 7: one in 128\\n'
    """
    top = yaml.compose(text, Loader=yaml.BaseLoader)
    spans = [(*_span(top, place), value) for place, value in values.items()]
    for start, end, value in sorted(spans, reverse=True):
        after = text[end:]
        comment = re.match(r"( +)# ?", after)
        if comment:
            gap = max(1, len(comment.group(1)) - (len(value) - (end - start)))
            after = " " * gap + "# " + note.format(text[start:end]) + after[comment.end() :]
        text = text[:start] + value + after
    return text


def _span(node: yaml.Node | None, place: Place) -> tuple[int, int]:
    """Return where the value at a place starts and ends."""
    found = _node(node, place)
    return found.start_mark.index, found.end_mark.index


def _node(node: yaml.Node | None, place: Place) -> yaml.Node:
    for key in place:
        entries = node.value if isinstance(node, yaml.MappingNode) else []
        node = next((value for name, value in entries if name.value == key), None)
    if node is None:
        raise KeyError(".".join(place))
    return node


def placed(text: str, values: Mapping[Place, str]) -> str:
    """Return the text with values that may be new: a last key that is not there yet is added to its mapping.

    Args:
        text: A YAML file.
        values: Place → value, as it is to be written.

    Raises:
        KeyError: What the value stands in is no mapping of the file.

    >>> placed("a: {b: {x: 1}}\\nc:\\n  d: 2\\n", {("a", "b", "y"): "3", ("c", "e"): "4", ("c", "d"): "5"})
    'a: {b: {x: 1, y: 3}}\\nc:\\n  d: 5\\n  e: 4\\n'
    """
    for place, value in values.items():  # one by one: each shifts what stands behind it
        node = _node(yaml.compose(text, Loader=yaml.BaseLoader), place[:-1])
        if not isinstance(node, yaml.MappingNode) or not node.value:
            raise KeyError(".".join(place))
        if any(name.value == place[-1] for name, _ in node.value):
            text = edited(text, {place: value})
            continue
        last = node.value[-1][1].end_mark.index
        indent = " " * node.value[0][0].start_mark.column
        if not node.flow_style:  # behind the comment of the last line
            last = len(text[:last].rstrip()) if text[:last].endswith("\n") else last
            last = text.find("\n", last) if "\n" in text[last:] else len(text)
        text = (
            text[:last]
            + (f", {place[-1]}: {value}" if node.flow_style else f"\n{indent}{place[-1]}: {value}")
            + text[last:]
        )
    return text


def first_key(text: str) -> int:
    """Return where the first key of the file stands, behind its opening comments."""
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    return int(node.start_mark.index) if node is not None else len(text)
