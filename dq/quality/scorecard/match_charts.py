"""Pictures of matching as SVG files: weights, m and u, the histogram, unlinkable records, how frequent terms are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from dq.quality.scorecard.charts import renumber

LEAST_SHARED: Final = 10
"""A name that fewer records bear may be somebody's own: it is in no picture."""
_FOR, _AGAINST, _QUIET = "#2f7fc1", "#c8702a", "#7d8896"
"""Blue speaks for a match, orange against it; both have a contrast of at least 3 to 1 on white and on near-black, and
never say alone what they say."""
_OUTCOMES: Final = {"match": _FOR, "possible match": "#b08b1e", "no match": _QUIET}
_ROW: Final = 19
_STYLE: Final = (
    "<style>svg{color:#1c2430;background:#fff}"
    "@media (prefers-color-scheme:dark){svg{color:#e7ecf2;background:#12171d}}</style>"
)


@dataclass(frozen=True)
class LevelShares:
    """One level of a comparison: its shares of matches (m) and of random pairs (u), and its weight in bits."""

    comparison: str
    level: str
    m: float
    u: float
    weight: float


@dataclass(frozen=True)
class MatchPictures:
    """The numbers behind the pictures.

    Attributes:
        levels: Party type → levels in the order of the ladders.
        histogram: (whole match weight, outcome) → pairs.
        thresholds: Name → match weight.
        unlinkable: Source → (records too empty to match even themselves, records looked at).
        terms: Kind of term → (term, records), the most frequent first; all shared by at least LEAST_SHARED.
    """

    levels: Mapping[str, Sequence[LevelShares]]
    histogram: Mapping[tuple[int, str], int]
    thresholds: Mapping[str, float]
    unlinkable: Mapping[str, tuple[int, int]]
    terms: Mapping[str, Sequence[tuple[str, int]]]


def draw(pictures: MatchPictures) -> dict[str, str]:
    """Return file name → SVG; what has no numbers has no picture."""
    made: dict[str, str] = {}
    for party, levels in pictures.levels.items():
        if levels:
            made[f"match-weights-{party}.svg"] = _weights(party, levels)
            made[f"m-u-{party}.svg"] = _shares(party, levels)
    if pictures.histogram:
        made["match-weight-histogram.svg"] = _histogram(pictures.histogram, pictures.thresholds)
    if pictures.unlinkable:
        made["unlinkable.svg"] = _unlinkable(pictures.unlinkable)
    terms = {
        kind: [(term, count) for term, count in found if count >= LEAST_SHARED]
        for kind, found in pictures.terms.items()
    }
    if any(terms.values()):
        made["term-frequencies.svg"] = _terms({kind: found for kind, found in terms.items() if found})
    return made


def _weights(party: str, levels: Sequence[LevelShares]) -> str:
    import altair as alt

    rows = _rows(
        [
            {
                "level": f"{one.comparison}: {one.level}".replace("_", " "),
                "weight": one.weight,
                "shown": f"{one.weight:+.1f}",
                "side": "for" if one.weight > 0 else "against",
            }
            for one in levels
        ]
    )
    base = alt.Chart(rows).encode(y=alt.Y("level:N", sort=None, title=None, axis=_names()))
    marks = base.mark_bar(height=11).encode(
        x=alt.X("weight:Q", title="match weight in bits: each doubles the odds"),
        color=alt.Color("side:N", scale=alt.Scale(domain=["for", "against"], range=[_FOR, _AGAINST]), legend=None),
    )
    texts = [
        base.transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, dx=dx)
        .encode(x="weight:Q", text="shown:N")
        for side, align, dx in (("for", "left", 4), ("against", "right", -4))
    ]
    chart = alt.layer(marks, *texts).properties(width=420, height=_ROW * len(levels))
    most, least = max(levels, key=lambda one: one.weight), min(levels, key=lambda one: one.weight)
    told = (
        f"What each level of each comparison weighs for two records of one type ({party}). Strongest for a match: "
        f"{_named(most)} {most.weight:+.1f}; strongest against: {_named(least)} {least.weight:+.1f}."
    )
    return _file(chart, f"Match weights: {party}", told)


def _shares(party: str, levels: Sequence[LevelShares]) -> str:
    import altair as alt

    rows = _rows(
        [
            {
                "level": f"{one.comparison}: {one.level}".replace("_", " "),
                "share": max(value, 1e-8),
                "of": of,
                "m": max(one.m, 1e-8),
                "u": max(one.u, 1e-8),
            }
            for one in levels
            for of, value in (("m: true matches", one.m), ("u: random pairs", one.u))
        ]
    )
    axis = alt.X(
        "share:Q",
        scale=alt.Scale(type="log"),
        title="share of pairs that come out at the level, log scale",
        axis=alt.Axis(format="~g", tickCount=6),
    )
    base = alt.Chart(rows).encode(y=alt.Y("level:N", sort=None, title=None, axis=_names()))
    span = base.mark_rule(color=_QUIET).encode(x="m:Q", x2="u:Q")
    domain = ["m: true matches", "u: random pairs"]
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=axis,
        color=alt.Color("of:N", scale=alt.Scale(domain=domain, range=[_FOR, _AGAINST]), title=None),
        shape=alt.Shape("of:N", scale=alt.Scale(domain=domain, range=["circle", "diamond"]), title=None),
    )
    chart = alt.layer(span, points).properties(width=420, height=_ROW * len(levels))
    told = (
        f"For every level the share of true matches (m) and of random pairs of different customers (u) that come out "
        f"there, {party}. The further m lies to the right of u, the more the level speaks for a match."
    )
    return _file(chart, f"m and u: {party}", told)


def _histogram(histogram: Mapping[tuple[int, str], int], thresholds: Mapping[str, float]) -> str:
    import altair as alt

    rows = _rows(
        [
            {"from": weight, "to": weight + 1, "outcome": outcome, "pairs": count}
            for (weight, outcome), count in sorted(histogram.items())
        ]
    )
    cuts = _rows([{"at": at, "name": f"{name} {at:g}"} for name, at in thresholds.items()])
    names = list(_OUTCOMES)
    bars = (
        alt.Chart(rows)
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X(
                "from:Q",
                bin="binned",
                title="match weight in bits; 60 and more stand at 60",
                axis=alt.Axis(tickCount=10),
            ),
            x2="to:Q",
            y=alt.Y("pairs:Q", title="pairs", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "outcome:N", scale=alt.Scale(domain=names, range=[_OUTCOMES[n] for n in names]), title=None
            ),
            order=alt.Order("outcome:N"),
        )
    )
    lines = alt.Chart(cuts).mark_rule(strokeDash=[5, 4], strokeWidth=1.5).encode(x="at:Q")
    words = (
        alt.Chart(cuts)
        .mark_text(align="right", angle=270, dx=-4, dy=-6, baseline="bottom")
        .encode(x="at:Q", y=alt.value(0), text="name:N")
    )
    chart = alt.layer(bars, lines, words).properties(width=560, height=260)
    sums = {name: sum(count for (_, outcome), count in histogram.items() if outcome == name) for name in names}
    told = (
        "Pairs by match weight: "
        + ", ".join(f"{count:,} {name}" for name, count in sums.items() if count)
        + "; thresholds: "
        + ", ".join(f"{name} {at:g}" for name, at in thresholds.items())
        + ". Pairs that weigh too little to be kept are not shown."
    )
    return _file(chart, "Match weights of the pairs", told)


def _unlinkable(unlinkable: Mapping[str, tuple[int, int]]) -> str:
    import altair as alt

    rows = _rows(
        [
            {"source": source, "share": bad / max(seen, 1), "shown": f"{bad / max(seen, 1):.1%} ({bad:,} of {seen:,})"}
            for source, (bad, seen) in sorted(unlinkable.items())
        ]
    )
    base = alt.Chart(rows).encode(y=alt.Y("source:N", sort=None, title=None, axis=_names(110)))
    most = max(0.05, *(bad / max(seen, 1) for bad, seen in unlinkable.values()))
    axis = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, 1.45 * most]),
        axis=alt.Axis(format="%", tickCount=5),
        title="records that would not match even a copy of themselves",
    )
    marks = base.mark_bar(height=14, color=_AGAINST).encode(x=axis)
    texts = base.mark_text(align="left", dx=6).encode(x="share:Q", text="shown:N")
    chart = alt.layer(marks, texts).properties(width=480, height=max(40, 26 * len(unlinkable)))
    told = "; ".join(f"{source}: {bad:,} of {seen:,}" for source, (bad, seen) in sorted(unlinkable.items()))
    return _file(
        chart, "Unlinkable records by source", f"Records with too little to match even a copy of themselves. {told}."
    )


def _terms(terms: Mapping[str, Sequence[tuple[str, int]]]) -> str:
    import altair as alt

    panels = []
    for kind, found in terms.items():
        rows = _rows([{"term": term, "records": count, "shown": f"{count:,}"} for term, count in found])
        base = alt.Chart(rows).encode(y=alt.Y("term:N", sort=None, title=None, axis=_names(110)))
        most = max(count for _, count in found)
        axis = alt.X("records:Q", title="records", scale=alt.Scale(domain=[0, 1.25 * most]), axis=alt.Axis(tickCount=3))
        marks = base.mark_bar(height=11, color=_FOR).encode(x=axis)
        texts = base.mark_text(align="left", dx=4).encode(x="records:Q", text="shown:N")
        panels.append(alt.layer(marks, texts).properties(width=170, height=_ROW * len(found), title=kind))
    told = "; ".join(
        f"{kind}: {', '.join(f'{term} {count:,}' for term, count in found[:3])}" for kind, found in terms.items()
    )
    return _file(
        alt.hconcat(*panels),
        "Most frequent terms",
        f"Two records that share a frequent term are less likely one customer than two that share a rare one. {told}. "
        f"Only terms of at least {LEAST_SHARED} records are shown.",
    )


def _names(extent: int = 200) -> Any:
    """Return an axis of names; a browser's font may be wider than the one the picture was measured with."""
    import altair as alt

    return alt.Axis(minExtent=extent, labelPadding=6, ticks=False, domain=False)


def _rows(rows: list[dict[str, Any]]) -> Any:
    import pandas as pd

    return pd.DataFrame(rows)


def _named(one: LevelShares) -> str:
    return f"{one.comparison} {one.level}".replace("_", " ")


def _file(chart: Any, title: str, told: str) -> str:
    """Return a chart as a file of its own, legible by day and night, with title and description."""
    import vl_convert

    # `configure` replaces what was configured before: it comes first.
    chart = chart.configure(font="sans-serif", background="transparent", padding=14).configure_view(stroke=None)
    chart = chart.configure_axis(
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        labelLimit=0,
        domainColor=_QUIET,
        tickColor=_QUIET,
        gridColor=_QUIET,
        gridOpacity=0.25,
    )
    chart = chart.configure_text(fontSize=11).configure_legend(labelFontSize=12, orient="top", columnPadding=24)
    chart = chart.configure_title(anchor="start", offset=10)
    svg = renumber(vl_convert.vegalite_to_svg(chart.properties(title=title).to_dict()))
    return titled(svg, title, told)


def titled(svg: str, title: str, told: str) -> str:
    """Give an SVG file a title, a description and colors for light and dark; its black becomes the color of the text.

    >>> titled('<svg width="1"><text fill="#000">x</text></svg>', "T", "a < b")[:80]
    '<svg width="1" role="img" aria-labelledby="title desc"><title id="title">T</titl'
    """
    start, end = svg.index("<svg"), svg.index(">", svg.index("<svg"))
    head = svg[start:end] + ' role="img" aria-labelledby="title desc">'
    named = f'<title id="title">{escape(title)}</title><desc id="desc">{escape(told)}</desc>{_STYLE}'
    body = re.sub(r'"(?:#000|#000000|black)"', '"currentColor"', svg[end + 1 :])
    return head + named + body
