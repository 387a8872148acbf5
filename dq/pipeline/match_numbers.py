"""Counts what the scorecard and the pictures say of matching, from the pairs, the model and the features of a run."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from dq.engine import paths_of, rows_of
from dq.engine.parts import to_arrow, write_part
from dq.matching import PAIR_ROWS, MatchPolicy, compare_pairs
from dq.matching.address_features import place_of
from dq.pipeline.run import Run
from dq.quality.scorecard import (
    LEAST_SHARED,
    GenericValue,
    LevelShares,
    MatchCounts,
    MatchPictures,
    MatchTable,
    draw,
    match_table,
)
from dq.quality.scorecard.masking import mask, shorten
from dq.tables.writing import atomic

SAMPLE: Final = 50_000
"""Records compared with themselves: evenly taken, enough for a share to a tenth of a percent per source."""
CHARTS: Final = "charts"
"""Folder of the pictures in the folder of the run."""
_TERMS: Final = 12
"""Terms shown per kind: what is common stands at the top."""
_COUNTS: Final = """
    WITH known AS (
        SELECT p.*, l.golden_id = r.golden_id AS is_merged
        FROM pairs p JOIN crosswalk l ON l.record_id = p.record_id_l JOIN crosswalk r ON r.record_id = p.record_id_r
    ), machine AS (SELECT * FROM known WHERE outcome = 'match' AND match_weight >= {threshold})
    SELECT (SELECT count(*) FROM machine) AS matched_pairs,
           (SELECT coalesce(sum(round((1 - match_probability) * 1000000)::BIGINT), 0) FROM machine) AS wrong_millionths,
           coalesce(sum(round(match_probability * 1000000)::BIGINT)
                    FILTER (NOT is_merged AND (veto IS NULL OR veto = 'weak_bridge')), 0) AS missed_millionths,
           count(*) FILTER (veto IN ('weak_bridge', 'more_records')) AS bridges,
           count(*) FILTER (veto = 'kept_apart') AS kept_apart,
           count(*) FILTER (veto IS NOT NULL AND veto NOT IN ('weak_bridge', 'kept_apart', 'more_records')) AS vetoed
    FROM known
"""
_HOMES: Final = """
    SELECT count(*) - count(DISTINCT golden_id) AS merges, count(DISTINCT household_id) AS households,
           count(DISTINCT golden_id) FILTER (household_id IS NOT NULL) AS at_home FROM crosswalk
"""
_HISTOGRAM: Final = """
    SELECT least(greatest(floor(match_weight), -20), 60)::BIGINT AS weight,
           CASE outcome WHEN 'match' THEN 'match' WHEN 'possible_match' THEN 'possible match'
                ELSE 'no match' END AS said,
           count(*) AS pairs
    FROM pairs WHERE match_weight IS NOT NULL GROUP BY ALL
"""
_UNLINKABLE: Final = """
    SELECT x.source, count(*) AS seen, count(*) FILTER (p.match_weight < {threshold}) AS unlinkable
    FROM itself p JOIN crosswalk x ON x.record_id = p.record_id_l GROUP BY x.source
"""
_FEATURES: Final = {
    "phone": ("phones", " "),
    "email": ("emails", " "),
    "website": ("domains", " "),
    "address": ("addresses", ";"),
    "tax_id": ("tax_id", " "),
    "birth_date": ("birth_on", " "),
}
"""Comparison → feature that holds its values, and what parts them."""


def weigh_itself(run: Run, policy: MatchPolicy, records: int) -> None:
    """Compare records with themselves; keeps the parts `itself`."""
    every = max(1, -(-records // SAMPLE))
    places = pd.Series(range(0, records, every), dtype="int64")
    parts = []
    for number, start in enumerate(range(0, max(len(places), 1), PAIR_ROWS)):
        chosen = places.iloc[start : start + PAIR_ROWS]
        path = run.engine.work / "itself" / f"given-{number:05d}.parquet"
        write_part(path, to_arrow(pd.DataFrame({"index_l": chosen, "index_r": chosen, "rule": -1})))
        parts.append({"pairs": path})
    run.keep_parts("itself", run.engine.map(compare_pairs, parts, policy, stage="itself"))


def draw_charts(run: Run) -> tuple[str, ...]:
    """Write the pictures of matching into `charts/`; return and keep (`charts`) their file names."""
    model = _model(run)
    made = draw(
        MatchPictures(
            levels={party: _levels(weights) for party, weights in model["weights"].items() if model["records"][party]},
            histogram=_histogram(run),
            thresholds={
                "review from": model["thresholds"]["review_threshold"],
                "match from": model["thresholds"]["match_threshold"],
            },
            unlinkable=_unlinkable(run, model["thresholds"]["match_threshold"]),
            terms=_terms(run),
        )
    )
    folder = run.result / CHARTS
    folder.mkdir(exist_ok=True)
    for name, svg in made.items():
        with atomic(folder / name) as unfinished:
            unfinished.write_text(svg, encoding="utf-8")
    names = tuple(sorted(made))
    run.keep("charts", [f"{CHARTS}/{name}" for name in names])
    return names


def matching_of(run: Run, charts: tuple[str, ...]) -> MatchTable:
    """Return the matching section of the scorecard."""
    model = _model(run)
    files = {name: paths_of(run.parts(name), name) for name in ("pairs", "crosswalk")}
    query = _COUNTS.format(threshold=float(model["thresholds"]["match_threshold"]))
    counts = {**run.engine.frame(query, files).iloc[0], **run.engine.frame(_HOMES, files).iloc[0]}
    judgements = run.kept("judgements")
    assert isinstance(judgements, list)
    review = rows_of(run.parts("cases"), "cases")
    return match_table(
        MatchCounts(review=review, judged=len(judgements), **{name: int(count) for name, count in counts.items()}),
        model["thresholds"],
        run.plan.match_at,
        _generic(run, model),
        charts,
        tuple(f"{party}: {note}" for party, note in model["estimated_on"].items() if model["records"][party]),
    )


def _model(run: Run) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(str(run.kept("model")))
    return document


def _levels(weights: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[LevelShares]:
    return [
        LevelShares(comparison, level, float(found["m"]), float(found["u"]), float(found["weight"]))
        for comparison, levels in weights.items()
        for level, found in levels.items()
    ]


def _histogram(run: Run) -> dict[tuple[int, str], int]:
    rows = run.engine.frame(_HISTOGRAM, {"pairs": paths_of(run.parts("pairs"), "pairs")}, ("weight", "said"))
    found = zip(rows["weight"].tolist(), rows["said"].tolist(), rows["pairs"].tolist(), strict=True)
    return {(int(weight), str(said)): int(pairs) for weight, said, pairs in found}


def _unlinkable(run: Run, threshold: float) -> dict[str, tuple[int, int]]:
    files = {
        "itself": paths_of(run.parts("itself"), "pairs"),
        "crosswalk": paths_of(run.parts("crosswalk"), "crosswalk"),
    }
    rows = run.engine.frame(_UNLINKABLE.format(threshold=float(threshold)), files, ("source",))
    found = zip(rows["source"].tolist(), rows["unlinkable"].tolist(), rows["seen"].tolist(), strict=True)
    return {str(source): (int(bad), int(seen)) for source, bad, seen in found}


def _terms(run: Run) -> dict[str, list[tuple[str, int]]]:
    files = {
        "features": paths_of(run.parts("features"), "features"),
        "records": paths_of(run.parts("verified"), "records"),
    }
    asked = {"given names": ("first", "features"), "family names": ("last", "features"), "cities": ("city", "records")}
    terms = {}
    for kind, (column, table) in asked.items():
        query = (
            f'SELECT "{column}" AS term, count(*) AS records FROM {table} WHERE "{column}" IS NOT NULL '  # noqa: S608 (our names)
            f"GROUP BY 1 HAVING records >= {LEAST_SHARED} ORDER BY 2 DESC, 1 LIMIT {_TERMS}"
        )
        rows = run.engine.frame(query, files)
        listed = zip(rows["term"].tolist(), rows["records"].tolist(), strict=True)
        terms[kind] = sorted(((str(term), int(count)) for term, count in listed), key=lambda one: (-one[1], one[0]))
    return terms


def _generic(run: Run, model: dict[str, Any]) -> list[GenericValue]:
    """Return the generic values of the model with how many records carry them; whole names stand as they are told."""
    show = shorten if run.plan.unmasked else mask
    found = []
    for party, comparisons in model["generic_values"].items():
        wanted = {name: set(values) for name, values in comparisons.items() if values}
        if not wanted:
            continue
        counts = _carriers(run, party, wanted)
        for name, values in wanted.items():
            levels = model["weights"][party].get(name, {})
            lost = max((float(level["weight"]) for level in levels.values()), default=0.0)
            found += [
                GenericValue(
                    party, name, show(value.replace("|", " ").strip()), counts[name].get(value, 0), round(lost, 1)
                )
                for value in sorted(values)
            ]
    return found


def _carriers(run: Run, party: str, wanted: Mapping[str, set[str]]) -> dict[str, dict[str, int]]:
    """Return per comparison and generic value how many records carry it."""
    columns = ", ".join(
        sorted({f'"{_FEATURES[name][0]}"' for name in wanted if name in _FEATURES} | {'"first"', '"last"'})
    )
    is_party = (
        "party_type = 'organization'" if party == "organization" else "party_type IS DISTINCT FROM 'organization'"
    )
    files = {"features": paths_of(run.parts("features"), "features")}
    rows = run.engine.frame(f"SELECT {columns} FROM features WHERE {is_party}", files)  # noqa: S608 (our names)
    counts: dict[str, dict[str, int]] = {}
    for name, values in wanted.items():
        if name in _FEATURES:
            column, separator = _FEATURES[name]
            texts = rows[column].dropna()
            held = texts.str.split(separator).explode()
            held = held.map(place_of) if name == "address" else held
            each = pd.DataFrame({"record": held.index, "value": held.to_numpy()}).drop_duplicates()["value"]
        else:
            each = rows["first"].str.cat(rows["last"], sep=" ")
        shared = each[each.isin(values)].value_counts()
        counts[name] = {str(value): int(count) for value, count in shared.items()}
    return counts
