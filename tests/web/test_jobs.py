"""Work in the background: who starts it, what is refused before it starts, limits, progress, a clean end."""

import gzip
import io
import json
import pickle
import re
import signal
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dq.errors import SourceError, TransitionError
from dq.operations import job_files
from dq.operations.elsewhere import QUIET, leaving_word, working_elsewhere
from dq.operations.jobs import MOST_WAITING, Jobs, _start
from dq.operations.working import ProgressFile
from dq.pipeline import RunPlan
from dq.pipeline.listening import Silence
from dq.stewardship.deciding import decide_pair
from dq.stewardship.queue import queue
from dq.stewardship.waiting import waiting_decisions
from dq.store import instant
from dq.store.cases import CaseFilter
from dq.tables.reading.source import Source
from tests.web.homes import NOW, URL, App, settings_of

NAMELESS = b"colour,size\nred,1\nblue,2\n"
"""A table that says of nobody who they are: a run ends with a sentence before any work."""


@pytest.fixture
def jobs(app: App) -> Jobs:
    """Return the work of an app over a home of its own."""
    return Jobs(app.house, settings_of(app.house.folder))


@pytest.fixture
def asleep(app: App, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """Return work that never gets its turn: what waits can be counted."""
    made = Jobs(app.house, settings_of(app.house.folder))
    monkeypatch.setattr(made._pool, "submit", lambda *_: None)
    return made


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("customers.exe", b"MZ", "kind of file"),
        ("customers", b"a,b\n1,2\n", "kind of file"),
        ("customers.csv", b"", "empty"),
        ("customers.csv", b"%PDF-1.7 ...", "a PDF document"),
        ("customers.csv", b"\x7fELF....", "a program"),
        ("customers.zip", zipped({"inner.zip": zipped({"a.csv": b"a,b\n"})}), "archive"),
        ("customers.zip", zipped({"a.csv": b"0" * 300_000_000}), "expands|grows|bomb|times"),
    ],
)
def test_what_is_no_table_is_refused_before_anything_starts(
    asleep: Jobs, app: App, name: str, content: bytes, told: str
) -> None:
    with pytest.raises(SourceError, match=told):
        asleep.check(app.actor("lee"), name, io.BytesIO(content), at=NOW)
    assert list((app.house.folder / "var" / "jobs").iterdir()) == []


def test_a_name_is_never_a_place(asleep: Jobs, app: App) -> None:
    names = ("../../../etc/passwd.csv", "C:\\Users\\ann\\list.csv", "a\x00b.csv", "…/.csv", "=cmd().csv")
    for name in names:
        job = asleep.check(app.actor("lee"), name, io.BytesIO(b"name\nAnn\n"), at=NOW)
        folder = app.house.folder / "var" / "jobs" / job.job_id
        (kept,) = (folder / job_files.UPLOAD).iterdir()
        assert kept.resolve().parent == (folder / job_files.UPLOAD).resolve()
        assert kept.stat().st_mode & 0o077 == folder.stat().st_mode & 0o077 == 0
    assert sum(job.name == "passwd.csv" for job in asleep.jobs(app.actor("lee"))) == 1


def test_jobs_wait_for_each_other_and_no_more_than_some(asleep: Jobs, app: App) -> None:
    lee = app.actor("lee")
    started = [asleep.check(lee, "a.csv", io.BytesIO(NAMELESS), at=NOW) for _ in range(MOST_WAITING + 1)]
    with pytest.raises(TransitionError, match="Too many jobs wait"):
        asleep.check(lee, "a.csv", io.BytesIO(NAMELESS), at=NOW)
    assert asleep.cancel(lee, started[0].job_id, at=NOW).state == "cancelled"
    asleep.check(lee, "a.csv", io.BytesIO(NAMELESS), at=NOW)
    asleep.close()
    assert {job.state for job in asleep.jobs(lee)} == {"cancelled"}
    assert not list((app.house.folder / "var" / "jobs").rglob("a.csv"))


def test_an_app_that_ended_without_a_word_finds_its_jobs_cancelled(asleep: Jobs, app: App) -> None:
    lee = app.actor("lee")
    job = asleep.check(lee, "a.csv", io.BytesIO(NAMELESS), at=NOW)
    later = Jobs(app.house, settings_of(app.house.folder))
    assert later.job(lee, job.job_id).message == "The app was stopped while this was working."
    assert Jobs(app.house, settings_of(app.house.folder), check_days=0).jobs(lee) == []


@pytest.mark.parametrize("own_home", ["sqlite"], indirect=True)  # it starts a process, which asks no database
def test_what_fails_is_told_in_plain_words_and_leaves_nothing(app: App) -> None:
    lee = app.signed_in("lee")
    refused = lee.post("/jobs/check", files={"file": ("list.exe", b"MZ")}, headers={"referer": f"{URL}/jobs"})
    assert 'id="wrong-file">This kind of file is not checked. Files that are: .csv' in refused.text
    answer = lee.post("/jobs/check", files={"file": ("list.csv.gz", gzip.compress(NAMELESS))}, follow_redirects=False)
    place = answer.headers["location"]
    until = time.monotonic() + 240
    while time.monotonic() < until:
        told = lee.get(f"/api/v1{place}").json()
        if not told["is_active"]:
            break
        time.sleep(0.5)
    assert told["state"] == "failed"
    assert "nothing says who a record is" in told["message"]
    assert told["message"] in lee.get(place).text.replace("&#39;", "'")
    assert "--" not in told["hint"]
    assert "plain headings" in told["hint"]
    folder = app.house.folder / "var" / "jobs" / told["job_id"]
    assert [path.name for path in folder.iterdir()] == [job_files.JOB]
    audit = [row for row in app.signed_in("ann").get("/api/v1/audit").json()["rows"] if row["action"] == "start_job"]
    assert audit[0]["subject_id"] == told["job_id"]
    assert "list" not in json.dumps(audit)


def test_a_check_is_nobody_elses(asleep: Jobs, app: App) -> None:
    job = asleep.check(app.actor("ann"), "a.csv", io.BytesIO(NAMELESS), at=NOW)
    app.signed_in("lee")
    assert asleep.jobs(app.actor("lee")) == []
    assert [one.job_id for one in asleep.jobs(app.actor("ann"))] == [job.job_id]


def test_a_run_that_was_started_elsewhere_is_seen_while_it_works(app: App, tmp_path: Path) -> None:
    home = app.house.folder
    plan = RunPlan((Source("crm", tmp_path),), tmp_path / "out", settings_of(home), NOW.date())
    lee = app.signed_in("lee")
    with leaving_word(plan, Silence()) as listener:
        listener.begin("match")
        listener.advance("pairs", 1, 2)
        shown = lee.get("/jobs").text
        assert "Run over crm" in shown
        assert "looking for duplicates" in shown
        assert re.search("(started on the machine|begun) by ", shown)
        (told,) = lee.get("/api/v1/working").json()
        assert (told["step"], told["share"]) == ("match", pytest.approx(0.35 + 0.9 * 0.26 / 2))
        (word,) = (home / "var" / "running").iterdir()
        assert str(tmp_path) not in word.read_text(encoding="utf-8")  # where files lie is nobody's to read here
        elsewhere = json.loads(word.read_text(encoding="utf-8")) | {"host": "another"}
        for moment, count in ((NOW, 1), (NOW + 2 * QUIET, 0)):  # another machine's process cannot be asked for
            word.write_text(json.dumps(elsewhere | {"heard_at": instant(NOW)}), encoding="utf-8")
            assert len(working_elsewhere(home, moment)) == count
    assert lee.get("/api/v1/working").json() == []
    assert not list((home / "var" / "running").iterdir())


def test_decisions_that_wait_are_counted(app: App) -> None:
    assert waiting_decisions(app.house).count == 0
    lee = app.actor("lee")
    case = queue(app.house, lee, CaseFilter(kind=("possible_match",)), limit=1).cases[0]
    decide_pair(app.house, lee, case.case_id, "DIFFERENT", version=case.version, at=NOW)
    assert app.signed_in("lee").get("/api/v1/waiting").json()["pairs"] == 1
    assert "decision waits" in app.signed_in("lee").get("/jobs").text


def test_progress_only_grows(tmp_path: Path) -> None:
    progress = ProgressFile(tmp_path, "apply")
    shares = []
    for step in ("take-over", "cluster", "survive", "validate", "report"):
        progress.begin(step)
        for stage in ("one", "two"):
            for done in range(1, 4):
                progress.advance(stage, done, 3)
                shares.append((job_files.read(tmp_path / job_files.PROGRESS) or {})["share"])
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] < 1


def test_a_document_that_several_threads_write_is_always_whole(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    job_files.write(path, {"share": 0})
    with ThreadPoolExecutor(4) as threads:
        written = [threads.submit(job_files.write, path, {"share": share}) for share in range(200)]
        read = [job_files.read(path) for _ in range(200)]
    assert [one.result() for one in written] == [None] * 200
    assert {frozenset(one or ()) for one in read} == {frozenset({"share"})}
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_that_fails_ends_by_itself_while_the_app_lives(app: App, asleep: Jobs) -> None:
    job = asleep.check(app.actor("lee"), "list.csv", io.BytesIO(NAMELESS), at=NOW)
    folder = app.house.folder / "var" / "jobs" / job.job_id
    (folder / job_files.JOB).unlink()  # a mistake: the process is started without a job
    with _start(folder) as process:
        assert process.stdin is not None
        process.stdin.write(pickle.dumps(settings_of(app.house.folder)))
        process.stdin.flush()
        assert process.wait(60) == 1
    assert "Fatal" not in (folder / job_files.LOG).read_text()


def test_a_job_ends_with_its_app(app: App, asleep: Jobs) -> None:
    job = asleep.check(app.actor("lee"), "a.csv", io.BytesIO(b"name\nAnn Lee\n"), at=NOW)
    process = _start(app.house.folder / "var" / "jobs" / job.job_id)
    assert process.stdin is not None
    process.stdin.write(pickle.dumps(settings_of(app.house.folder)))
    process.stdin.close()
    assert process.wait(60) == -signal.SIGTERM
