"""Pictures of the scorecard as SVG, drawn by Altair and vl-convert without a network. Numbers come in, no decisions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

BAND_COLORS = ("#1a7f5a", "#b7791f", "#c0392b")
"""From the best band to the worst; each is readable on white and on near-black, and never the only signal."""
_WIDTH = 420
_BAR = 26
_LABELS = 150
"""Pixels kept for the names: a browser's font may be wider than the one the picture was measured with."""


def bars(values: Mapping[str, float], colors: Sequence[str], most: float, label: str) -> str:
    """Draw horizontal bars in the order given.

    Args:
        values: Label → length.
        colors: One per bar.
        most: Length of the axis.
        label: What the picture shows, for screen readers.

    Returns:
        One `<svg>` element; text takes the color of the page.
    """
    import altair as alt
    import pandas as pd

    rows = pd.DataFrame(
        {
            "name": list(values),
            "value": list(values.values()),
            "color": list(colors),
            "shown": [f"{v:,g}" for v in values.values()],
        }
    )
    names = list(values)
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "name:N",
            sort=names,
            title=None,
            axis=alt.Axis(labelLimit=0, minExtent=_LABELS, ticks=False, domain=False, labelPadding=8),
        ),
        x=alt.X("value:Q", title=None, scale=alt.Scale(domain=[0, most]), axis=None),
    )
    marks = base.mark_bar(cornerRadiusEnd=3, height=14).encode(color=alt.Color("color:N", scale=None))
    texts = base.mark_text(align="left", dx=6).encode(text="shown:N")
    chart = alt.layer(marks, texts).properties(width=_WIDTH, height=max(1, len(names)) * _BAR)
    # `configure` replaces what was configured before: it comes first.
    chart = chart.configure(font="sans-serif", background="transparent").configure_view(stroke=None)
    return svg(chart.configure_axis(labelFontSize=13).configure_text(fontSize=13).to_dict(), label)


def svg(spec: dict[str, Any], label: str) -> str:
    """Draw a Vega-Lite chart as one `<svg>` element that names itself to screen readers."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(spec)
    return accessible(renumber(drawn), label)


def renumber(svg: str) -> str:
    """Number generated ids from 0 in order of appearance: vl-convert counts them per process.

    >>> renumber('<clipPath id="clip17"/><g clip-path="url(#clip17)"/>')
    '<clipPath id="id0"/><g clip-path="url(#id0)"/>'
    """
    found: dict[str, str] = {}
    for name in re.findall(r'\bid="([^"]+)"', svg):
        found.setdefault(name, f"id{len(found)}")
    for name, plain in found.items():
        svg = svg.replace(f'id="{name}"', f'id="{plain}"').replace(f"url(#{name})", f"url(#{plain})")
    return svg


def accessible(svg: str, label: str) -> str:
    """Name the picture for screen readers and let its text take the color of the page."""
    from html import escape

    start, end = svg.index("<svg"), svg.index(">", svg.index("<svg"))
    opening = svg[start:end] + f' role="img" aria-label="{escape(label, quote=True)}"'
    return (
        (opening + svg[end:])
        .replace('fill="#000"', 'fill="currentColor"')
        .replace('fill="black"', 'fill="currentColor"')
    )
