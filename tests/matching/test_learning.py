"""Learning: planted shares are found again, guard rails hold, order has no influence, a model can be reused."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.engine import LocalEngine
from dq.engine.parts import to_arrow, write_part
from dq.errors import SettingsError
from dq.matching import (
    PARTIES,
    MatchModel,
    compare_pairs,
    encoded,
    learn,
    learn_party,
    match_features,
    model_document,
    model_of,
    read_model,
    sample_query,
    sampled,
    take_every,
)
from dq.matching.coded import Coded
from dq.matching.encoding import MISSING
from dq.matching.estimation import Rungs, estimated_m, estimated_u, in_order
from dq.matching.evidence import Evidence
from dq.matching.generic import different_names, generic_values
from dq.matching.groups import Groups
from dq.matching.maximising import Compared, maximised
from dq.matching.model import BETWEEN, WITHIN, PartyModel
from dq.matching.nicknames import nicknames_of
from dq.matching.scoring import GENERIC
from dq.matching.thresholds import calibrated
from tests.matching.runs import match_policy, records_of, row_policy

MATCHING = row_policy().standards.matching
LEARNING = MATCHING.learning


def _planted(matches: int, others: int, true_m: dict[str, list[float]]) -> Compared:
    """Return pairs drawn from known shares; every comparison is a ladder of organisations without frequencies."""
    chance = np.random.default_rng(7)
    levels, weights, names, u = {}, {}, {}, {}
    for name, shares in true_m.items():
        ladder = [*getattr(MATCHING.organization, name).levels()]
        policy_u = np.array([level.u for _, level in ladder])
        drawn = [
            chance.choice(len(ladder), size, p=np.array(p) / sum(p))
            for size, p in ((matches, shares), (others, policy_u))
        ]
        levels[name] = np.concatenate(drawn).astype(np.int8)
        weights[name] = np.array([level.weight for _, level in ladder])[levels[name]]
        names[name] = (*(level for level, _ in ladder), GENERIC)
        u[name] = policy_u
    size = matches + others
    for name in type(MATCHING.organization).model_fields:
        if name not in levels:
            ladder = [*getattr(MATCHING.organization, name).levels()]
            levels[name] = np.full(size, MISSING, dtype=np.int8)
            weights[name] = np.zeros(size)
            names[name] = (*(level for level, _ in ladder), GENERIC)
            u[name] = np.array([level.u for _, level in ladder])
    prior = np.full(size, MATCHING.prior.weight(size))
    records = np.array([0.0, 2.0 * matches])
    groups = Groups((BETWEEN, "crm"), np.array([0.0, float(size)]), records)
    evidence = Evidence(prior, np.zeros(size), names, levels, weights)
    return Compared("organization", evidence, u, np.ones(size, dtype=np.int64), groups, 1, MATCHING)


def test_planted_shares_are_found_again() -> None:
    """Four independent comparisons; the m of each comes back within two points although learning starts elsewhere."""
    plain = [0.8, 0.1, 0.1]
    planted = {"duns": plain, "other_id": plain, "website": [0.8, 0.2], "legal_form": [0.7, 0.3]}
    model, _ = maximised(_planted(4_000, 20_000, planted))
    assert model.learned
    assert model.matches == pytest.approx(4_000, rel=0.03)
    for name, shares in planted.items():
        found = [level.m for level in model.levels[name].values()]
        assert found == pytest.approx(shares, abs=0.03)


def test_too_few_matches_teach_nothing() -> None:
    model, weights = maximised(_planted(5, 500, {"lei": [0.9, 0.05, 0.05], "legal_form": [0.85, 0.15]}))
    assert not model.learned
    assert "the values of the policy stay" in model.note
    assert model.levels == {}
    assert len(weights) == 505


def test_too_few_matches_show_how_rare_they_are() -> None:
    few = _planted(5, 500, {"lei": [0.9, 0.05, 0.05], "legal_form": [0.85, 0.15]})
    of_many = Groups((BETWEEN, "crm"), np.array([0.0, 5e7]), np.array([0.0, 10_000.0]))
    model, _ = maximised(replace(few, groups=of_many))
    assert not model.learned
    assert model.prior["crm"] < MATCHING.prior.weight(10_000) - 5


RUNGS = Rungs(("a", "b", "c"), np.array([0.7, 0.2, 0.1]), np.array([0.01, 0.1, 0.89]), np.array([False] * 3))


@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=3), st.lists(st.floats(0, 1e6), min_size=3, max_size=3))
def test_nothing_drifts_too_far_and_no_order_turns(random: list[float], matches: list[float]) -> None:
    u = estimated_u(RUNGS, np.array(random), LEARNING)
    m = estimated_m(RUNGS, u, np.array(matches), LEARNING)
    assert (np.abs(np.log2(u / RUNGS.u)) <= LEARNING.u_drift + 1e-9).all()
    assert ((m > 0) & (m < 1)).all()
    weights = np.log2(m / u)
    assert all(one >= other - 0.05 for one, other in pairwise(weights)) or (m >= 0.99).any()


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12))
def test_in_order_never_falls_and_keeps_what_is_in_order(values: list[float]) -> None:
    made = in_order(np.array(values), np.ones(len(values)))
    assert (np.diff(made) >= -1e-9).all()
    assert made.mean() == pytest.approx(np.mean(values), abs=1e-6)
    assert in_order(np.array(sorted(values)), np.ones(len(values))).tolist() == pytest.approx(sorted(values))


def test_thresholds_come_from_the_weights_and_stay_within_bounds() -> None:
    clean = calibrated(np.concatenate([np.full(900, 30.0), np.full(900, -20.0)]), MATCHING)
    doubtful = calibrated(np.concatenate([np.full(900, 30.0), np.full(900, 8.5)]), MATCHING)
    bounds = MATCHING.thresholds
    assert clean.safe.match_threshold == bounds.safe.lowest
    assert doubtful.safe.match_threshold > clean.safe.match_threshold
    assert bounds.balanced.lowest <= clean.balanced.match_threshold <= bounds.balanced.highest
    assert calibrated(np.empty(0), MATCHING).safe.match_threshold == bounds.safe.highest


# ---- from records -------------------------------------------------------------------------------------------------
FIRSTS = ("Mary", "Otto", "Lin", "Omar", "Petra", "Hugo", "Ines", "Karl", "Noor", "Vera")
STREETS = ("OAK", "ELM", "RIVER", "CHURCH", "MILL", "SUNSET", "HARBOR")
LASTS = ("Zywicki", "Quillfeather", "Baker", "Haddad", "Okafor", "Lund", "Marsh", "Ibanez", "Tran", "Weiss", "Pohl")


@pytest.fixture(scope="module")
def features() -> pd.DataFrame:
    rows = [
        {
            "record_id": f"{source}:{n:03d}",
            "first_name": FIRSTS[n % 10],
            "last_name": LASTS[n % 11],
            "phone": f"+1{200 + n}{300 + 7 * n % 600}{n * 7919 % 10_000:04d}",
            "address_line1": f"{n * 37 % 900 + 10} {STREETS[n % 7]} ST",
            "zip5": f"{10_000 + n * 811}",
        }
        for n in range(110)
        for source in ("crm", "web")
    ]
    made = match_features({"records": records_of(rows)}, row_policy())["features"]
    return made.sort_values("record_id", ignore_index=True)


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    """Each customer's two records, and each record with the next ones."""
    both = pd.DataFrame({"index_l": range(110), "index_r": range(110, 220)})
    more = pd.DataFrame({"index_l": range(200), "index_r": range(20, 220)})
    made = pd.concat([both, more]).drop_duplicates().sort_values(["index_l", "index_r"], ignore_index=True)
    return made.assign(rule=-1, every=1)


def _learned(features: pd.DataFrame, pairs: pd.DataFrame) -> MatchModel:
    document = learn({"pairs": pairs, "features": features}, match_policy())["model"]["document"].iloc[0]
    return MatchModel.model_validate_json(document)


def test_both_halves_learned_apart_are_the_model_learned_in_one_piece(
    features: pd.DataFrame, pairs: pd.DataFrame
) -> None:
    known = encoded(features.__getitem__, row_policy().standards)
    policy = replace(match_policy(), known=known)
    halves = []
    for party, own in zip(PARTIES, (pairs, pairs.iloc[:0]), strict=True):
        made = learn_party({"pairs": own, "party": pd.DataFrame({"party": [party], "every": [1]})}, policy)
        half = PartyModel.model_validate_json(made["learned"]["document"].iloc[0])
        halves.append((half, made["weights"]["weight"].to_numpy(dtype=np.float64)))
    assert model_of(halves[0], halves[1], known.generic, MATCHING) == _learned(features, pairs)


def test_sampled_pairs_are_those_that_the_query_takes(pairs: pd.DataFrame, tmp_path: Path) -> None:
    matching = MATCHING.model_copy(update={"learning": LEARNING.model_copy(update={"candidate_pairs": 50})})
    write_part(tmp_path / "pairs.parquet", to_arrow(pairs[["index_l", "index_r"]]))
    with LocalEngine(tmp_path / "work") as engine:
        given = {"pairs": [tmp_path / "pairs.parquet"]}
        asked = engine.frame(sample_query(matching), given, ("index_l", "index_r"))
    every = take_every(len(pairs), matching)
    left, right = (pairs[name].to_numpy() for name in ("index_l", "index_r"))
    taken = pairs[sampled(left, right, every)]
    assert set(asked["every"]) == {every}
    assert asked[["index_l", "index_r"]].to_numpy().tolist() == taken[["index_l", "index_r"]].to_numpy().tolist()


def test_sources_that_repeat_nobody_are_told_from_pairs_between_them(
    features: pd.DataFrame, pairs: pd.DataFrame
) -> None:
    person = _learned(features, pairs).person
    assert person.learned
    assert person.prior["crm and web"] > max(person.prior["crm"], person.prior["web"]) + 3
    assert person.in_groups("prior", ("crm", "a source of another run")) == (person.prior["crm"], person.prior[WITHIN])


def test_learning_does_not_depend_on_the_order_of_pairs(features: pd.DataFrame, pairs: pd.DataFrame) -> None:
    shuffled = pairs.sample(frac=1, random_state=3, ignore_index=True)
    one, other = _learned(features, pairs), _learned(features, shuffled)
    for party in ("person", "organization"):
        mine, theirs = getattr(one, party), getattr(other, party)
        assert mine.prior == pytest.approx(theirs.prior, abs=1e-5)
    assert one.thresholds == other.thresholds


def test_a_model_read_back_gives_the_same_pairs(features: pd.DataFrame, pairs: pd.DataFrame) -> None:
    policy = replace(match_policy(keep_all=True), model=_learned(features, pairs))
    text = json.dumps(model_document(policy, features))
    again = replace(match_policy(keep_all=True), model=read_model(text.encode(), "model.json"))
    frames = {"pairs": pairs, "features": features}
    pd.testing.assert_frame_equal(compare_pairs(frames, policy)["pairs"], compare_pairs(frames, again)["pairs"])
    assert json.loads(text)["hash"] == json.loads(json.dumps(model_document(again, features)))["hash"]


NO_MODELS = [b"", b"[]", b"{}", b'{"learned": null}', b'{"learned": {"person": 1}}', b"\x87\xff\x00", b"[" * 100_000]


@pytest.mark.parametrize("content", NO_MODELS)
def test_a_file_that_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(SettingsError, match=r"--model x\.json is no model"):
        read_model(content, "x.json")


# ---- values that are nobody's own ---------------------------------------------------------------------------------
def _generic(rows: list[dict[str, object]]) -> dict[str, tuple[str, ...]]:
    made = match_features({"records": records_of(rows)}, row_policy())["features"]
    return dict(
        generic_values(Coded(made.__getitem__), MATCHING, nicknames_of(row_policy().standards)).get("person", {})
    )


def test_a_mailbox_of_many_customers_is_nobodys() -> None:
    rows = [{"first_name": FIRSTS[n], "last_name": LASTS[n], "email": "info@acme.com"} for n in range(10)]
    assert _generic(rows)["email"] == ("info@acme.com",)


def test_a_mailbox_of_one_customer_in_many_spellings_is_hers() -> None:
    spellings = ("Zywicki", "Zywick", "Zywiki", "Zwyicki", "Zywicky", "Zyvicki", "Zywickii", "Zzywicki")
    rows = [{"first_name": "Mary", "last_name": name, "email": "mz1977@acme.com"} for name in spellings]
    assert "email" not in _generic(rows)
    assert different_names([f"{name} mary".lower() for name in spellings], 4) == 1


def test_a_whole_name_of_many_strangers_is_nobodys(tmp_path: Path) -> None:
    rows = [{"first_name": "Qwe", "last_name": "Rty", "phone": f"+1775555{n:04d}"} for n in range(12)]
    assert _generic(rows)["name"] == ("qwe rty",)
    same = [{"first_name": "Qwe", "last_name": "Rty", "phone": "+17755550001"} for _ in range(12)]
    assert "name" not in _generic(same)


def test_a_common_name_is_somebodys_where_its_parts_are_common_in_the_file() -> None:
    """`dave` is hardly on any birth certificate; in a file full of other Daves a Dave Allen is no placeholder."""
    names = [(given, family) for given in ("Dave", *FIRSTS[:5]) for family in ("Allen", *LASTS[:5])] * 9
    rows = [
        {"first_name": given, "last_name": family, "phone": f"+1775555{n:04d}"}
        for n, (given, family) in enumerate(names)
    ]
    assert "name" not in _generic(rows)


def test_a_birth_date_typed_into_every_other_record_is_nobodys() -> None:
    rows = [
        {
            "first_name": FIRSTS[n % 10],
            "last_name": LASTS[n % 11],
            "birth_on": "1900-01-01" if n % 2 else f"19{n}-03-07",
        }
        for n in range(30, 70)
    ]
    assert _generic(rows)["birth_date"] == ("1900-01-01",)
