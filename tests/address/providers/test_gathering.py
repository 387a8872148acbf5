"""A whole gathering over real HTTP: asked once, kept, resumed, within the budget, whatever the provider does."""

import json
import logging
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from dq.address.applying import EvidencePolicy, apply_findings
from dq.address.findings import FINDINGS, GRADES, address_key
from dq.address.providers import TERMS, Provider, gather, preview
from dq.model import ADDRESS_OUTCOMES, COMPONENT_COLUMNS, TEXT
from tests.address.policies import policy
from tests.address.providers.server import Reply
from tests.address.providers.services import ENVIRON, Census, Smarty, Usps
from tests.address.providers.worlds import Time, asking, points, written

SERVICES = {"usps": Usps, "smarty": Smarty, "census": Census}
OAKS = points(*(f"{number} OAK ST" for number in range(1, 8)))
MANY = points(*(f"{number} OAK ST" for number in range(1, 251)))


class Ears:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: list[tuple[str, int, int]] = []

    def say(self, line: str) -> None:
        self.lines.append(line)

    def advance(self, stage: str, done: int, total: int) -> None:
        self.steps.append((stage, done, total))


def lookups(service):
    """Return how many addresses arrived."""
    if isinstance(service, Census):
        return sum(len(rows) for rows in service.files)
    if isinstance(service, Smarty):
        return sum(len(json.loads(request.body)) for request in service.requests)
    return sum(1 for request in service.requests if request.method == "GET")


def gathered(service, library, frame=OAKS, name="smarty", time=None, **options):
    time = time or Time()
    with asking(name, service, time) as provider:
        return gather(frame, provider, library, clock=time.clock, **options)


@pytest.mark.parametrize("name", SERVICES)
def test_answers_become_findings_of_the_library(name, tmp_path):
    report = gathered(SERVICES[name](), tmp_path, name=name)
    source = TERMS[name].source
    found = pd.read_parquet(tmp_path / "findings" / f"{source}.parquet")
    assert list(found.columns) == list(FINDINGS)
    assert source in GRADES
    assert set(found["source"]) == {source}
    assert set(found["evidence_on"]) == {"2026-11-22"}
    assert set(found["outcome"]) <= set(ADDRESS_OUTCOMES)
    assert list(found["address_key"]) == sorted(address_key(OAKS))
    assert found[["name_key", "move_type", "new_zip5", "corrections"]].isna().all(axis=None)
    assert (report.asked, report.answered, report.is_complete, report.down) == (7, 7, True, "")
    assert report.findings == tmp_path / "findings" / f"{source}.parquet"
    about = json.loads((tmp_path / "findings" / f"{source}.json").read_text())
    assert (about["kind"], about["rows"], about["vintage"]) == (source, 7, "2026-11-22")
    assert about["counts"] == dict(report.outcomes)


@pytest.mark.parametrize("name", SERVICES)
def test_what_was_asked_this_month_is_not_asked_again_but_next_month_is(name, tmp_path):
    service = SERVICES[name]()
    if name == "census":
        service.book["3 OAK ST"] = ["No_Match"]
    gathered(service, tmp_path, name=name)
    later = gathered(service, tmp_path, name=name, time=Time(datetime(2026, 11, 30, 23, tzinfo=UTC)))
    assert (lookups(service), later.asked, later.from_cache) == (7, 0, 7)
    december = gathered(service, tmp_path, name=name, time=Time(datetime(2026, 12, 1, tzinfo=UTC)))
    assert (lookups(service), december.asked) == (14, 7)
    found = pd.read_parquet(december.findings)
    assert (len(found), set(found["evidence_on"])) == (7 - (name == "census"), {"2026-12-01"})


def test_silence_is_remembered_and_is_no_finding(tmp_path):
    service = Census()
    service.book = {f"{number} OAK ST": ["No_Match"] for number in range(1, 8)}
    report = gathered(service, tmp_path, name="census")
    assert (report.asked, report.answered, report.silent, report.findings) == (7, 0, 7, None)
    assert gathered(service, tmp_path, name="census").asked == 0


def test_failures_are_counted_and_asked_again(tmp_path):
    service = Smarty()
    service.faults.append(Reply(200, b"[{"))
    first = gathered(service, tmp_path, MANY)
    assert (first.asked, first.answered, dict(first.failed)) == (250, 150, {"unreadable_answer": 100})
    assert first.is_complete is False
    second = gathered(service, tmp_path, MANY)
    assert (second.asked, second.from_cache, second.is_complete) == (100, 150, True)


def test_a_budget_is_kept_and_the_rest_waits(tmp_path):
    service, ears = Smarty(), Ears()
    sizes = []
    for _ in range(4):
        report = gathered(service, tmp_path, MANY, budget=120, price=Decimal("0.01"), listener=ears)
        sizes.append((report.asked, report.is_budget_exhausted))
    assert sizes == [(120, True), (120, True), (10, False), (0, False)]
    assert lookups(service) == 250
    assert "the budget is used up: 130 addresses wait for the next time" in ears.lines
    assert "cost: 1.20" in ears.lines
    assert ears.steps[:2] == [("Smarty", 100, 120), ("Smarty", 120, 120)]


def test_a_provider_that_goes_down_keeps_what_it_said(tmp_path):
    service, ears = Usps(), Ears()
    answer = service.answer
    service.answer = lambda request: answer(request) if lookups(service) <= 2 else Reply(418)
    report = gathered(service, tmp_path, name="usps", listener=ears)
    assert (report.asked, report.answered, dict(report.failed), report.left) == (5, 2, {"http_418": 3}, 2)
    assert "3 calls in a row" in report.down
    assert len(pd.read_parquet(report.findings)) == 2
    assert ears.lines[-1] == "the same command goes on from here; what was answered is kept"
    service.answer = answer
    assert gathered(service, tmp_path, name="usps").asked == 5


@pytest.mark.parametrize("fault", [Reply(500), Reply(429, b"", {"Retry-After": "99999"}), Reply(is_hanging=True)])
def test_an_outage_from_the_start_is_a_report_and_no_error(fault, tmp_path):
    service = Smarty()
    service.faults.extend([fault] * 4)
    report = gathered(service, tmp_path)
    assert (report.asked, report.answered, report.failed.total(), report.findings) == (7, 0, 7, None)


class Interrupted(KeyboardInterrupt):
    """A person at the keyboard."""


def test_an_interrupted_gathering_goes_on_where_it_stopped(tmp_path):
    service = Smarty()

    class Impatient(Ears):
        def advance(self, stage: str, done: int, total: int) -> None:
            super().advance(stage, done, total)
            if done == 200:
                raise Interrupted

    with pytest.raises(Interrupted):
        gathered(service, tmp_path, MANY, listener=Impatient())
    assert len(pd.read_parquet(tmp_path / "findings" / "smarty.parquet")) == 200
    report = gathered(service, tmp_path, MANY)
    assert (report.asked, report.from_cache, lookups(service)) == (50, 200, 250)
    assert len(pd.read_parquet(report.findings)) == 250


def test_answers_of_a_month_that_ended_with_a_killed_process_are_put_to_use(tmp_path):
    killed = gathered(Smarty(), tmp_path, budget=3)
    killed.findings.unlink()
    report = gathered(Smarty(), tmp_path, points("9 ELM ST"), time=Time(datetime(2026, 12, 1, tzinfo=UTC)))
    assert sorted(pd.read_parquet(report.findings)["evidence_on"]) == ["2026-11-22"] * 3 + ["2026-12-01"]


def test_findings_give_their_addresses_outcome_plus4_and_corrections(tmp_path):
    service = Smarty()
    service.book["2 OAK ST"] = [{"delivery_line_1": "2 N Oak St"}]
    frame = points("1 OAK ST", "2 OAK ST").assign(address_confidence=0.9)
    for column in ("zip4", "delivery_point", "verified_on", "address_evidence", *COMPONENT_COLUMNS):
        frame[column] = pd.Series(pd.NA, frame.index, TEXT)
    findings = pd.read_parquet(gathered(service, tmp_path, frame).findings)
    evidence = EvidencePolicy(policy().standards, date(2026, 12, 24))
    applied, changes = apply_findings(frame.assign(address_key=address_key(frame)), findings, evidence)
    assert list(applied["address_line1"]) == ["1 OAK ST", "2 N OAK ST"]
    assert set(applied["address_outcome"]) == {"confirmed"}
    assert set(applied["zip4"]) == {"3737"}
    assert applied["address_evidence"].str.startswith("smarty:2026-11-22 age:1mo").all()
    assert set(changes["reason"]) == {"smarty:N", "zip4_added"}


def test_findings_appear_while_a_long_gathering_goes_on(tmp_path):
    seen = []

    class Curious(Ears):
        def advance(self, stage: str, done: int, total: int) -> None:
            super().advance(stage, done, total)
            path = tmp_path / "findings" / "usps_api.parquet"
            seen.append(len(pd.read_parquet(path)) if path.is_file() else 0)

    gathered(Usps(), tmp_path, MANY, name="usps", listener=Curious(), budget=120)
    assert set(seen) == {0, 100}


@pytest.mark.parametrize("name", SERVICES)
def test_a_preview_asks_nobody_and_leaves_no_trace(name, tmp_path):
    service, time = SERVICES[name](), Time()
    plan = preview(OAKS, TERMS[name], tmp_path, price=Decimal(2), clock=time.clock)
    assert (len(plan.to_ask), plan.cost, list(tmp_path.iterdir())) == (7, 14, [])
    gathered(service, tmp_path, name=name, budget=3, time=time)
    before = len(service.requests)
    again = preview(OAKS, TERMS[name], tmp_path, clock=time.clock)
    assert (len(again.to_ask), again.known, len(service.requests)) == (4, 3, before)


@pytest.mark.parametrize("name", SERVICES)
def test_neither_names_nor_secrets_leave_or_stay(name, tmp_path, caplog):
    frame = points("12 OAK ST", "MARY JONES", "14 OAK ST", address_line2="C/O MARY JONES")
    frame = frame.assign(record_id="crm:JONES", contact_point_id="crm:JONES|address|1", value="JONES@EXAMPLE.COM")
    service, ears = SERVICES[name](), Ears()
    service.faults.append(Reply(500, b"JONES"))
    with caplog.at_level(logging.DEBUG):
        report = gathered(service, tmp_path, frame, name=name, listener=ears)
    assert (report.answered, report.plan.not_askable) == (2, 1)
    for request in service.requests:
        assert "JONES" not in request.raw.upper()
    told = " ".join([written(tmp_path), caplog.text, repr(report.lines()), *ears.lines])
    for secret in [*ENVIRON.values(), "usps-token", "JONES"]:
        assert secret not in told
    assert "OAK" not in caplog.text + " ".join(ears.lines)


def test_findings_do_not_depend_on_the_order_of_rows_or_on_interruptions(tmp_path):
    gathered(Smarty(), tmp_path / "a", MANY)
    service = Smarty()
    for budget in (40, 130, None):
        gathered(service, tmp_path / "b", MANY.sample(frac=1, random_state=3), budget=budget)
    one, other = ((tmp_path / folder / "findings" / "smarty.parquet").read_bytes() for folder in "ab")
    assert one == other


def test_a_provider_of_ones_own_can_be_asked(tmp_path):
    with asking("smarty", Smarty()) as provider:
        as_protocol: Provider = provider
        assert as_protocol.terms.source == "smarty"
        assert gather(OAKS, as_protocol, tmp_path, clock=Time().clock).calls == 1
