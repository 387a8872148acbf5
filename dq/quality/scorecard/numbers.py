"""Scores from counts: per rule, dimension and source, and the sentences that say what they mean.

Score of a rule = its pass rate; of a dimension = mean of its rules by weight; overall = mean of the dimensions by the
weights of `standards/dimensions.yml`. All 0–100. A rule that judged nothing takes no part.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dq.model import DIMENSIONS
from dq.quality.scorecard.matching import NO_MATCHING, MatchTable
from dq.standards.dimensions import Dimensions

WORST_RULES = 10
DUPLICATES_RULE = "customer_is_recorded_once"
"""The rule that the line about duplicates speaks of already."""


@dataclass(frozen=True)
class Example:
    """A failing value: what the source says and what standardising made of it; both masked unless asked otherwise."""

    record_id: str
    column: str
    raw: str
    clean: str
    reason: str


@dataclass(frozen=True)
class RuleLine:
    """One rule over all sources."""

    rule_id: str
    dimension: str
    severity: str
    why: str
    owner: str
    evaluated: int
    failed: int
    pass_rate: float
    passes: bool
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Duplicates:
    """What matching found.

    Attributes:
        records: Records compared.
        customers: Golden records they became.
        merged_records: Records that went into a golden record with others.
        groups: Golden records made of several records.
        largest: Records of the largest one.
        possible: Pairs a person should look at: possible matches that are not in one golden record anyway.
        within: Pairs merged inside one source, `source` → count.
        across: Pairs merged between sources, `source|source` → count.
    """

    records: int
    customers: int
    merged_records: int
    groups: int
    largest: int
    possible: int
    within: Mapping[str, int]
    across: Mapping[str, int]


@dataclass(frozen=True)
class AddressCount:
    """Addresses of one outcome."""

    outcome: str
    count: int


@dataclass(frozen=True)
class RunFacts:
    """What the result depends on; no clock times, so that equal runs give equal pages."""

    version: str
    as_of: str
    match_at: str
    standards: str
    sources: tuple[tuple[str, str], ...]
    tag: str = ""


@dataclass(frozen=True)
class ScorecardInput:
    """Everything a scorecard is made of.

    Attributes:
        results: One row per rule and source (`dq.quality.summarize`).
        rules: One row per rule (`summarize` by nothing).
        examples: rule_id → a few failing values.
        troubled: Source → records with at least one violation that is more than `info`.
        records: Source → records.
        ledger: Terms per source and in total (`manifest.json`).
        changes: Reason → values altered.
        addresses: Addresses per outcome.
        mapping: One row per source column: source, table, header, mapped_to, confidence, reason, fix.
        countries: Source → what its country was taken for and why.
        stopped: Rules of severity `stop` that failed.
        matching: What is said of matching.
        loads: Per target of the run, how many customers would load.
    """

    results: pd.DataFrame
    rules: pd.DataFrame
    examples: Mapping[str, tuple[Example, ...]]
    troubled: Mapping[str, int]
    records: Mapping[str, int]
    duplicates: Duplicates
    ledger: Mapping[str, object]
    changes: Mapping[str, int]
    addresses: tuple[AddressCount, ...]
    mapping: tuple[Mapping[str, object], ...]
    countries: Mapping[str, str]
    facts: RunFacts
    stopped: tuple[str, ...] = ()
    matching: MatchTable = NO_MATCHING
    loads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scorecard:
    """The numbers of the page; `scorecard.json` is exactly this.

    Attributes:
        score: Overall, 0–100.
        band: Its name in `standards/dimensions.yml`.
        dimensions: Dimension → score over all sources; only dimensions that judged something.
        by_source: Source → dimension → score.
        sources: Source → overall score.
        records: Records in all; `clean_records` of them break no rule that is more than `info`.
    """

    score: float
    band: str
    sentence: str
    dimensions: Mapping[str, float]
    by_source: Mapping[str, Mapping[str, float]]
    sources: Mapping[str, float]
    bands: tuple[tuple[str, float], ...]
    records: int
    clean_records: int
    clean_by_source: Mapping[str, float]
    worst: tuple[RuleLine, ...]
    rules: tuple[RuleLine, ...]
    duplicates: Duplicates
    matching: MatchTable
    not_verified: tuple[str, ...]
    addresses: tuple[AddressCount, ...]
    ledger: Mapping[str, object]
    changes: Mapping[str, int]
    mapping: tuple[Mapping[str, object], ...]
    countries: Mapping[str, str]
    facts: RunFacts
    stopped: tuple[str, ...]
    loads: tuple[str, ...] = ()


def make_scorecard(given: ScorecardInput, policy: Dimensions) -> Scorecard:
    """Compute every number of the page."""
    dimensions = _dimension_scores(given.rules)
    score = _overall(dimensions, policy)
    by_source = {
        source: _dimension_scores(rows) for source, rows in given.results.dropna(subset="source").groupby("source")
    }
    records = sum(given.records.values())
    clean = records - sum(given.troubled.values())
    band = _band(score, policy)
    lines = _rule_lines(given)
    return Scorecard(
        score=score,
        band=band,
        sentence=_sentence(score, band, clean, records, given.stopped),
        dimensions=dimensions,
        by_source={str(source): scores for source, scores in by_source.items()},
        sources={str(source): _overall(scores, policy) for source, scores in by_source.items()},
        bands=tuple((one.name, one.at_least) for one in policy.bands),
        records=records,
        clean_records=clean,
        clean_by_source={
            source: _share(count - given.troubled.get(source, 0), count) for source, count in given.records.items()
        },
        worst=tuple(line for line in lines if line.failed)[:WORST_RULES],
        rules=tuple(sorted(lines, key=lambda line: line.rule_id)),
        duplicates=given.duplicates,
        matching=given.matching,
        not_verified=_not_verified(given.addresses),
        addresses=given.addresses,
        ledger=given.ledger,
        changes=given.changes,
        mapping=given.mapping,
        countries=given.countries,
        facts=given.facts,
        stopped=given.stopped,
        loads=given.loads,
    )


def headline(card: Scorecard) -> tuple[str, ...]:
    """Return the three lines worth reading first: the score, the duplicates, the worst rule."""
    found = card.duplicates
    lines = [card.sentence]
    merged = found.records - found.customers
    lines.append(
        f"Duplicates: {found.records:,} records are {found.customers:,} customers; {merged:,} records merged away, "
        f"{found.possible:,} pairs wait for a decision."
    )
    others = [rule for rule in card.worst if rule.rule_id != DUPLICATES_RULE and rule.severity != "info"]
    if others:
        worst = others[0]
        lines.append(
            f"Worst problem: {worst.failed:,} of {worst.evaluated:,} fail “{said(worst.rule_id)}”. {worst.why}"
        )
    return tuple(lines)


def said(rule_id: str) -> str:
    """Return a rule's name as the sentence it is.

    >>> said("zip_is_valid")
    'zip is valid'
    """
    return rule_id.replace("_", " ")


def _dimension_scores(results: pd.DataFrame) -> dict[str, float]:
    judged = results.loc[(results["evaluated"] > 0) & (results["weight"] > 0)]
    scores: dict[str, float] = {}
    for dimension in DIMENSIONS:
        rows = judged.loc[judged["dimension"] == dimension]
        if len(rows):
            scores[dimension] = round(100 * float((rows["pass_rate"] * rows["weight"]).sum() / rows["weight"].sum()), 1)
    return scores


def _overall(scores: Mapping[str, float], policy: Dimensions) -> float:
    weights = {dimension: policy.weights.get(dimension, 1.0) for dimension in scores}
    total = sum(weights.values())
    return round(sum(scores[name] * weight for name, weight in weights.items()) / total, 1) if total else 0.0


def _band(score: float, policy: Dimensions) -> str:
    return next((band.name for band in policy.bands if score >= band.at_least), policy.bands[-1].name)


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _sentence(score: float, band: str, clean: int, records: int, stopped: tuple[str, ...]) -> str:
    # Rounded down: 94.6 shown as 95 would belie the band below 95.
    sentence = f"Score {int(score)} of 100 ({band}): {clean:,} of {records:,} records "
    sentence += f"({_share(clean, records):.0f} %) have no problem."
    if stopped:
        sentence += f" Golden records were not published: {', '.join(said(rule) for rule in stopped)} failed."
    return sentence


def _rule_lines(given: ScorecardInput) -> list[RuleLine]:
    """Return all rules, the worst first: by what a failure weighs and how many there are."""
    weight = {"stop": 100.0, "warn": 1.0, "info": 0.1}  # a stop keeps everybody from loading; an info blocks nothing
    rows = given.rules.assign(_burden=given.rules["failed"] * given.rules["severity"].map(weight))
    ordered = rows.sort_values(["_burden", "rule_id"], ascending=[False, True])
    return [
        RuleLine(
            rule_id=row["rule_id"],
            dimension=row["dimension"],
            severity=row["severity"],
            why=row["why"],
            owner=row["owner"],
            evaluated=int(row["evaluated"]),
            failed=int(row["failed"]),
            pass_rate=round(float(row["pass_rate"]), 6) if row["evaluated"] else 1.0,
            passes=bool(row["passes"]),
            examples=given.examples.get(row["rule_id"], ()),
        )
        for row in ordered.to_dict("records")
    ]


_CHECKED = ("confirmed", "unit_missing", "unit_unconfirmed", "building_default", "range_only")


def _not_verified(addresses: tuple[AddressCount, ...]) -> tuple[str, ...]:
    """Say plainly what nobody has checked, and what would change that."""
    counts = {count.outcome: count.count for count in addresses}
    total = sum(counts.values()) - counts.get("missing", 0)
    lines = []
    if total and not any(counts.get(outcome) for outcome in _CHECKED):
        lines.append(
            f"None of the {total:,} addresses has a confirmed ZIP+4 or street: that needs a licensed ZIP+4 file, the "
            "answer of a mail house or an address provider (dq reference, dq address). What was checked is whether "
            "ZIP, city and state agree."
        )
    elif counts.get("range_only"):
        lines.append(
            f"{counts['range_only']:,} of {total:,} addresses lie in a known range of house numbers: the number can "
            "exist, which does not prove that mail arrives."
        )
    if counts.get("unverified"):
        lines.append(f"{counts['unverified']:,} ZIPs are unknown to the open reference; they may well be right.")
    if counts.get("foreign"):
        lines.append(f"{counts['foreign']:,} addresses are outside the United States and were kept as they are.")
    lines.append("No business was held against a registry, no e-mail or phone was contacted.")
    lines.append(
        "How many merges are wrong is the model's own estimate; nobody has judged a blind sample of these pairs yet."
    )
    return tuple(lines)
