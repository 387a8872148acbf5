"""How good the matching is, asked of people: a blind sample of pairs by band, drawn once, answered by one or two."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dq.engine.querying import RunTables
from dq.errors import ConflictError, NotFoundError, SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.deciding import Judgement
from dq.stewardship.house import House, acting, run_of
from dq.store import dump, load, rows
from dq.store.schema import SAMPLE_ANSWERS, SAMPLE_PAIRS, SAMPLES, USERS

BANDS: Final[tuple[tuple[str, str], ...]] = (
    ("match, sure", "outcome = 'match' AND match_weight >= 20"),
    ("match, likely", "outcome = 'match' AND match_weight >= 10 AND match_weight < 20"),
    ("match, just", "outcome = 'match' AND match_weight < 10"),
    ("apart, just", "outcome <> 'match' AND match_weight >= 0"),
    ("apart, likely", "outcome <> 'match' AND match_weight < 0"),
)
"""Strata by outcome and weight. Wrong merges are found in the first three, missed duplicates in the last two; a few
answers near the threshold tell more than many far from it."""
_DRAWN: Final = """
    SELECT p.record_id_l, p.record_id_r, p.outcome, coalesce(l.department, '') AS department,
           coalesce(r.department, '') AS department_r
    FROM pairs p JOIN identities l ON l.record_id = p.record_id_l JOIN identities r ON r.record_id = p.record_id_r
    WHERE {band} ORDER BY md5(? || p.record_id_l || '|' || p.record_id_r), p.record_id_l, p.record_id_r LIMIT ?
"""


@dataclass(frozen=True)
class Sample:
    """A drawn sample.

    Attributes:
        number: Its number.
        name: What people call it.
        run_id: Whose pairs.
        strata: Band → pairs there are (`pairs`) and pairs drawn (`drawn`).
        at: When it was drawn.
        is_closed: No more answers are asked for.
    """

    number: int
    name: str
    run_id: str
    strata: Mapping[str, Mapping[str, int]]
    at: str
    is_closed: bool


@dataclass(frozen=True)
class Question:
    """A pair to answer, without what the machine thought of it.

    Attributes:
        sample: Number of the sample.
        number: Number of the pair in it.
        record_id_l: One record.
        record_id_r: The other.
        left: Pairs the person has still to answer, this one included.
    """

    sample: int
    number: int
    record_id_l: str
    record_id_r: str
    left: int


@dataclass(frozen=True)
class BandAnswers:
    """What was answered in one band; pairs on which two people differ count half to either side.

    Attributes:
        band: Its name.
        is_match: The machine took these pairs for one customer.
        pairs: Pairs there are in the run.
        answered: Pairs with an answer other than UNSURE.
        same: Of them answered SAME.
        unsure: Pairs answered UNSURE only.
        disagreed: Pairs on which two people differ.
    """

    band: str
    is_match: bool
    pairs: int
    answered: int
    same: float
    unsure: int
    disagreed: int


def draw_sample(
    house: House, actor: Actor, name: str, *, per_band: int, at: datetime, seed: int = 0, run_id: str = ""
) -> Sample:
    """Draw pairs of a run, `per_band` of each band (all where there are fewer); the same seed draws the same pairs.

    A share of them (`second_opinion_share`) is asked of two people, where there are two stewards.

    Raises:
        SettingsError: Nothing to draw, or no name.
    """
    actor.needs("lead", "draw samples")
    if not name.strip() or not 0 < per_band <= 10_000:
        raise SettingsError(
            "a sample has a name and 1 to 10,000 pairs of each band",
            "give both",
            field="per_band" if name.strip() else "name",
        )
    run = str(run_of(house, run_id)["run_id"])
    drawn, strata = _drawn(house.tables(run), per_band, seed)
    if not drawn:
        raise SettingsError(f"run {run} compared no pairs", "there is nothing to sample")
    with acting(house, actor, "draw_sample", at) as act:
        stewards = [row for row in rows.find_all(act.connection, USERS, state="active") if row["role"] != "viewer"]
        share = house.policy.second_opinion_share if len(stewards) > 1 else 0.0
        row = {
            "run_id": run,
            "name": name.strip(),
            "seed": seed,
            "strata": dump(strata),
            "by": actor.name,
            "at": act.at,
        }
        number = rows.add(act.connection, SAMPLES, row)
        pairs = [
            {"sample_id": number, "number": place, **pair, "opinions": 2 if _share_of(pair, seed) < share else 1}
            for place, pair in enumerate(drawn, start=1)
        ]
        rows.add_all(act.connection, SAMPLE_PAIRS, pairs)
        act.record("sample", str(number), run_id=run, pairs=len(pairs), seed=seed)
    return sample(house, number)


def sample(house: House, number: int) -> Sample:
    """Return a sample.

    Raises:
        NotFoundError: There is none.
    """
    with house.store.read() as connection:
        row = rows.find(connection, SAMPLES, id=number)
    if row is None:
        raise NotFoundError(f"there is no sample {number}", "the list of samples has them all")
    return _sample(row)


def samples(house: House) -> list[Sample]:
    """Return every sample, the newest first."""
    with house.store.read() as connection:
        return [_sample(row) for row in rows.find_all(connection, SAMPLES, order=("-id",))]


def next_question(house: House, actor: Actor, number: int) -> Question | None:
    """Return the next pair of a sample for a person, None where they have answered all they can.

    Both records have to be of the person's departments: a half that is masked cannot be judged.
    """
    actor.needs("steward", "answer samples")
    with house.store.read() as connection:
        pairs = rows.find_all(connection, SAMPLE_PAIRS, order=("number",), sample_id=number)
        given = rows.find_all(connection, SAMPLE_ANSWERS, sample_id=number)
    counts: dict[int, int] = {}
    for answer in given:
        counts[answer["number"]] = counts.get(answer["number"], 0) + 1
    mine = {answer["number"] for answer in given if answer["by"] == actor.name}
    left = [
        pair
        for pair in pairs
        if pair["number"] not in mine
        and counts.get(pair["number"], 0) < pair["opinions"]
        and actor.owns(pair["department"], house.policy)
        and actor.owns(pair["department_r"], house.policy)
    ]
    if not left:
        return None
    first = left[0]
    return Question(number, first["number"], first["record_id_l"], first["record_id_r"], len(left))


def answer_question(
    house: House,
    actor: Actor,
    number: int,
    pair: int,
    answer: Judgement,
    *,
    at: datetime,
    seconds: float | None = None,
) -> None:
    """Answer a pair of a sample. It is no decision: the records stay as they are.

    Raises:
        NotFoundError: No such pair for this actor.
        ConflictError: They answered it already.
    """
    actor.needs("steward", "answer samples")
    if answer not in ("SAME", "DIFFERENT", "UNSURE"):
        raise SettingsError(f"{answer!r} is no answer", "SAME, DIFFERENT or UNSURE")
    with acting(house, actor, "answer_question", at) as act:
        of: dict[str, Any] = {"sample_id": number, "number": pair}
        found = rows.find(act.connection, SAMPLE_PAIRS, **of)
        mine = found and all(actor.owns(found[side], house.policy) for side in ("department", "department_r"))
        if not mine:
            raise NotFoundError(f"sample {number} has no pair {pair}", "it may belong to another department")
        if rows.find(act.connection, SAMPLE_ANSWERS, **of, by=actor.name):
            raise ConflictError("you answered this pair already", "the next one waits")
        said = {"by": actor.name, "answer": answer, "at": act.at, "seconds": seconds}
        rows.add(act.connection, SAMPLE_ANSWERS, {**of, **said})
        act.record("sample", str(number), pair=pair, answer=answer)


def close_sample(house: House, actor: Actor, number: int, *, at: datetime) -> Sample:
    """Ask for no more answers."""
    actor.needs("lead", "close samples")
    with acting(house, actor, "close_sample", at) as act:
        if not rows.change(act.connection, SAMPLES, {"closed_at": act.at}, id=number):
            raise NotFoundError(f"there is no sample {number}", "the list of samples has them all")
        act.record("sample", str(number))
    return sample(house, number)


def answers(house: House, number: int) -> list[BandAnswers]:
    """Return what was answered per band, in the order of BANDS: what an estimate is made of."""
    drawn = sample(house, number)
    with house.store.read() as connection:
        pairs = {row["number"]: row for row in rows.find_all(connection, SAMPLE_PAIRS, sample_id=number)}
        given: dict[int, list[str]] = {}
        for row in rows.find_all(connection, SAMPLE_ANSWERS, sample_id=number):
            given.setdefault(row["number"], []).append(row["answer"])
    found = []
    for band, _ in BANDS:
        if band not in drawn.strata:
            continue
        said = [given[place] for place, pair in pairs.items() if pair["band"] == band and place in given]
        sure = [[word for word in words if word != "UNSURE"] for words in said]
        clear = [words for words in sure if words]
        found.append(
            BandAnswers(
                band=band,
                is_match=band.startswith("match"),
                pairs=drawn.strata[band]["pairs"],
                answered=len(clear),
                same=sum(words.count("SAME") / len(words) for words in clear),
                unsure=len(said) - len(clear),
                disagreed=sum(len(set(words)) > 1 for words in clear),
            )
        )
    return found


def opinions_of(house: House, number: int) -> tuple[int, int]:
    """Return how many pairs of a sample have two sure opinions, and on how many of them the two differ."""
    with house.store.read() as connection:
        given: dict[int, list[str]] = {}
        for row in rows.find_all(connection, SAMPLE_ANSWERS, sample_id=number):
            if row["answer"] != "UNSURE":
                given.setdefault(row["number"], []).append(row["answer"])
    twice = [words for words in given.values() if len(words) > 1]
    return len(twice), sum(len(set(words)) > 1 for words in twice)


def _drawn(tables: RunTables, per_band: int, seed: int) -> tuple[list[dict[str, Any]], dict[str, dict[str, int]]]:
    pairs: list[dict[str, Any]] = []
    strata: dict[str, dict[str, int]] = {}
    if not tables.columns("pairs"):
        return pairs, strata
    for band, condition in BANDS:
        there = int(tables.sql(f"SELECT count(*) AS n FROM pairs WHERE {condition}")[0]["n"] or 0)  # noqa: S608
        if not there:
            continue
        found = tables.sql(_DRAWN.format(band=condition), [str(seed), per_band])
        strata[band] = {"pairs": there, "drawn": len(found)}
        pairs += [{**row, "band": band} for row in found]
    # Bands mixed: whoever answers must not guess from the order what the machine thought.
    return sorted(pairs, key=lambda pair: _share_of(pair, seed + 1)), strata


def _share_of(pair: Mapping[str, Any], seed: int) -> float:
    """Return a number in 0–1 that only pair and seed decide."""
    text = f"{seed}|{pair['record_id_l']}|{pair['record_id_r']}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def _sample(row: Mapping[str, Any]) -> Sample:
    strata: dict[str, Any] = load(row["strata"])
    return Sample(row["id"], row["name"], row["run_id"], strata, row["at"], bool(row["closed_at"]))
