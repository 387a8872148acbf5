"""Addresses held against a range table: asked in their ZIP, then in the ZIPs around it, then settled to findings.

`answer` and `ask_elsewhere` are row-local, so that a run does them part by part; `verify_addresses` does all in memory.
"""

import pandas as pd

from dq.address.range_match.areas import ASKED_ZIP5, ask_elsewhere
from dq.address.range_match.candidates import RANGE_COLUMNS, RangeTable, make_table
from dq.address.range_match.choice import ANSWERED, RECORD, choose, named_few
from dq.address.range_match.neighbours import component_neighbours, misspelt_neighbours
from dq.address.range_match.questions import ask
from dq.address.range_match.readings import readings
from dq.address.range_match.settling import settle
from dq.address.range_match.spelling import spelling_key
from dq.address.range_match.streets import ALIAS, Streets, alias_streets, named_streets
from dq.address.words import Words, load_words
from dq.model import TEXT, Frames
from dq.standards import Standards


def answer(frames: Frames, standards: Standards) -> Frames:
    """Answer the addresses of some ZIPs from all ranges of these ZIPs.

    Args:
        frames: `addresses` (see `dq.address.range_match.questions.READ`, with ASKED_ZIP5 where a ZIP is tried for
            another); `ranges`: RANGE_COLUMNS of all rows that one source has of their ZIPs, others are passed over;
            optionally `aliases` and `cities` of the City State file.
        standards: For the words of streets and units.

    Returns:
        `answers`, one row per address: columns of the question and of `choice.ANSWERED` (null where no record covers
        it), `source, zip_vintage, is_zip_known`, and where the address is asked in its own ZIP `is_street_known`,
        `is_turned` (it would fit with another directional), `near_streets` (of the same name) and `is_open` (nothing
        answers it as written).
    """
    words = load_words(standards)
    questions = ask(frames["addresses"], words)
    questions["key"] = spelling_key(questions["line"], words)
    if ASKED_ZIP5 in frames["addresses"]:
        questions[ASKED_ZIP5] = frames["addresses"][ASKED_ZIP5].array
    ranges = frames["ranges"]
    local = ranges.loc[ranges["zip5"].isin(questions["zip5"].dropna().unique()), list(RANGE_COLUMNS)]
    table = make_table(local, words, _urbanizations(frames.get("cities")))
    if ASKED_ZIP5 in questions:
        named = named_streets(questions, table.streets)
        return {"answers": _answers(questions, choose(named, questions, table), table)}
    named = _named(questions, table.streets, frames.get("aliases"), words)
    return {"answers": _asked_in_turn(questions, table, named, words)}


def verify_addresses(
    addresses: pd.DataFrame,
    ranges: pd.DataFrame,
    standards: Standards,
    cities: pd.DataFrame | None = None,
    aliases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Hold addresses against a range table in memory.

    Args:
        addresses: Standardised addresses, one row per `address_key`.
        ranges: Rows of RANGES of one source.
        standards: For the words and the style of corrected lines.
        cities: City State details; without them last lines are not judged and areas come from the ranges.
        aliases: City State aliases of streets.

    Returns:
        Columns of FINDINGS, sorted by `address_key`; no row for an address of which the ranges say nothing.
    """
    given = {name: rows for name, rows in (("cities", cities), ("aliases", aliases)) if rows is not None}
    answers = answer({"addresses": addresses, "ranges": ranges, **given}, standards)["answers"]
    areas = ranges[["zip5", "finance_no"]] if cities is None else cities[cities["facility"].fillna("") != "U"]
    tried = ask_elsewhere({"answers": answers, "areas": areas.drop_duplicates()}, standards)
    elsewhere = answer({**tried, "ranges": ranges, **given}, standards)["answers"]
    settled = settle({"answers": answers, "elsewhere": elsewhere, **given}, standards)
    return settled["findings"]


def _named(questions: pd.DataFrame, streets: Streets, aliases: pd.DataFrame | None, words: Words) -> pd.DataFrame:
    """Return the streets that are named as written or by an alias."""
    named = named_streets(questions, streets)
    if aliases is None or aliases.empty:
        return named
    named = pd.concat([named, alias_streets(questions, streets, aliases, words)], ignore_index=True)
    return named.sort_values("level", kind="stable").drop_duplicates(["question", "street_no"])


def _asked_in_turn(questions: pd.DataFrame, table: RangeTable, named: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Ask for the streets named, then with one component other, then misspelt."""
    streets = table.streets
    chosen = choose(named, questions, table)
    missed = questions[~questions.index.isin(chosen.index) & (questions["kind"] == "street")]
    read = readings(missed, words)
    near = component_neighbours(read, streets)
    # A street that is there as written keeps what is written of it: 13 OAK ST is no slip for 13 OAK AVE.
    allowed = near[~near["is_turned"] & (near["is_added"] | ~near["question"].isin(named["question"]))]
    turned = choose(near[near["is_turned"]], questions, table)
    chosen = pd.concat([chosen, choose(allowed, questions, table)])
    misspelt = misspelt_neighbours(read[~read["question"].isin(chosen.index)], streets)
    chosen = pd.concat([chosen, choose(misspelt, questions, table)])
    answers = _answers(questions, chosen, table)
    answers["is_street_known"] = answers.index.isin(named["question"])
    answers["is_turned"] = answers.index.isin(turned.index) & answers["level"].isna()
    answers["is_open"] = ~(answers["level"] <= ALIAS)
    lines = streets.table["line"].take(near["street_no"].to_numpy(dtype="int64"))
    answers["near_streets"] = lines.groupby(near["question"].to_numpy()).agg(named_few).astype(TEXT)
    return answers


def _answers(questions: pd.DataFrame, chosen: pd.DataFrame, table: RangeTable) -> pd.DataFrame:
    """Return questions with the record chosen for each, null where none covers it."""
    place = chosen["place"].to_numpy(dtype="int64")
    record = table.ranges[list(RECORD)].take(place).add_prefix("record_").set_axis(chosen.index)
    record["record_line"] = table.streets.table["line"].take(table.streets.of_range[place]).to_numpy()
    answers = _typed(questions.join(chosen.drop(columns="place")).join(record))
    is_known = answers["zip5"].isin(table.ranges["zip5"].unique())
    dated = table.ranges[["zip5", "vintage"]].dropna().drop_duplicates().sort_values(["zip5", "vintage"])
    vintage_of = dict(zip(dated["zip5"], dated["vintage"], strict=True))
    source = table.ranges["source"].iloc[0] if len(table.ranges) else pd.NA
    return answers.assign(
        is_zip_known=is_known,
        zip_vintage=answers["zip5"].map(vintage_of).astype(TEXT),
        source=pd.Series(source, index=answers.index, dtype=TEXT),
    )


def _typed(answers: pd.DataFrame) -> pd.DataFrame:
    """Give every column of the answers its type, also where all cells are null."""
    flags = {"is_explicit": "boolean", "has_units": "boolean"}
    types = {"level": "float64", "record_kind": "float64", **flags}
    typed = answers.astype({column: types.get(column, TEXT) for column in ANSWERED})
    return typed.assign(**{flag: typed[flag].fillna(False).astype(bool) for flag in flags})


def _urbanizations(cities: pd.DataFrame | None) -> pd.Series | None:
    if cities is None:
        return None
    named = cities[cities["facility"] == "U"].drop_duplicates("city_state_key")
    return named.set_index("city_state_key")["city"].str.upper()
