"""The burn-down of a conversion: a picture, a table that says the same, and a page of its own. Forecasts nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dq.quality.scorecard.charts import svg
from dq.quality.scorecard.page import fill

_WIDTH, _HEIGHT = 640, 220
_LINE, _BAND = "#4a6fa5", "#9db7d9"
"""Readable on white and near-black; line and band differ in form as well."""
_ROOM: Final = 2.0
"""Percent left free below the lowest point: a line on the edge of a picture looks cut off."""


def render_part(burns: Sequence[Mapping[str, Any]]) -> str:
    """Return the HTML of burn-downs, to stand on a page; `burns` as `BurnDown.document` gives them."""
    return fill("burn_down_part.html", burns=burns, pictures=[draw(burn) for burn in burns])


def render_burn_down(burns: Sequence[Mapping[str, Any]]) -> str:
    """Return a page that holds burn-downs only."""
    return fill("burn_down.html", burns=burns, part=render_part(burns))


def draw(burn: Mapping[str, Any]) -> str:
    """Draw the share of customers that load over the days, and the band it may end in."""
    import altair as alt
    import pandas as pd

    points, expected = burn["points"], burn["expected"]
    measured = pd.DataFrame([{"day": one["as_of"], "percent": one["percent"], "run": one["run"]} for one in points])
    lows = [measured["percent"].min(), *([expected["low"]] if expected else [])]
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%d %b", tickCount=6))
    scale = alt.Scale(domain=[max(0.0, min(lows) - _ROOM), 100], zero=False)
    y = alt.Y("percent:Q", title="% load", scale=scale)
    base = alt.Chart(measured).encode(x=x, y=y)
    layers = [base.mark_line(color=_LINE, strokeWidth=2), base.mark_point(color=_LINE, filled=True, size=50)]
    if expected:
        last = points[-1]
        ends = [
            {"day": last["as_of"], **dict.fromkeys(("percent", "low", "high"), last["percent"])},
            {"day": burn["cut_over"], "percent": expected["value"], "low": expected["low"], "high": expected["high"]},
        ]
        ahead = alt.Chart(pd.DataFrame(ends)).encode(x=x)
        layers.insert(
            0,
            ahead.mark_area(color=_BAND, opacity=0.45).encode(
                y=alt.Y("low:Q", title="% load", scale=scale), y2="high:Q"
            ),
        )
        layers.append(ahead.mark_line(color=_LINE, strokeDash=[5, 4]).encode(y=y))
    day = pd.DataFrame([{"day": burn["cut_over"]}])
    layers.append(alt.Chart(day).mark_rule(color="#c0392b", strokeDash=[2, 3]).encode(x=x))
    chart = alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT)
    chart = chart.configure(font="sans-serif", background="transparent").configure_view(stroke=None)
    return svg(chart.configure_axis(labelFontSize=12, titleFontSize=12, grid=False).to_dict(), _told(burn))


def _told(burn: Mapping[str, Any]) -> str:
    values = ", ".join(f"{one['as_of']} {one['percent']:.1f} %" for one in burn["points"])
    return (
        f"{burn['unit']} that load into {burn['target']} by day, up to {burn['cut_over']}: {values}; {burn['sentence']}"
    )
