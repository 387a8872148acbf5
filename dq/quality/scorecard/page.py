"""The scorecard as one self-contained page: no network, no script, readable from a mail and on paper."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import files

from dq.quality.scorecard.charts import BAND_COLORS, bars
from dq.quality.scorecard.numbers import Scorecard, headline, said


def render_page(card: Scorecard) -> str:
    """Return the HTML of the scorecard."""
    return fill(
        "scorecard.html",
        card=card,
        lines=headline(card),
        dimension_chart=_dimension_chart(card),
        address_chart=_address_chart(card),
        band_of=lambda score: _place(card, score),
        band_name=lambda score: card.bands[_place(card, score)][0],
    )


def fill(name: str, **values: object) -> str:
    """Return a page of this folder, filled; the style is the same for all."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["said"] = said
    environment.filters["count"] = lambda number: f"{number:,}"
    templates = files("dq.quality.scorecard") / "templates"
    template = environment.from_string((templates / name).read_text(encoding="utf-8"))
    return template.render(style=(templates / "style.css").read_text(encoding="utf-8"), **values)


def as_json(card: Scorecard) -> str:
    """Return the same numbers for machines."""
    return json.dumps(asdict(card), ensure_ascii=False, indent=1, sort_keys=True, default=dict)


def _place(card: Scorecard, score: float) -> int:
    """Return the place of a score's band: 0 is the best."""
    places = [place for place, (_, at_least) in enumerate(card.bands) if score >= at_least]
    return places[0] if places else len(card.bands) - 1


def _color(card: Scorecard, score: float) -> str:
    return BAND_COLORS[min(_place(card, score), len(BAND_COLORS) - 1)]


def _dimension_chart(card: Scorecard) -> str:
    colors = [_color(card, score) for score in card.dimensions.values()]
    told = ", ".join(f"{name} {score:g}" for name, score in card.dimensions.items())
    return bars(dict(card.dimensions), colors, 112, f"Score per dimension, 0 to 100: {told}")


def _address_chart(card: Scorecard) -> str:
    shown: Mapping[str, float] = {said(count.outcome): count.count for count in card.addresses if count.count}
    if not shown:
        return ""
    told = ", ".join(f"{name} {count:,}" for name, count in shown.items())
    return bars(shown, ["#4a6fa5"] * len(shown), 1.3 * max(shown.values()), f"Addresses per outcome: {told}")
