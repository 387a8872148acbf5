"""What stands between the network and the pages."""

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dq.errors import SettingsError
from dq.web import WebSettings
from dq.web.security.places import own_path
from dq.web.serving import listen
from dq.web.settings import DEFAULT_SECRET, load_web_settings
from tests.web.homes import PASSWORD, URL, App, app_over


def cookie_of(app: App, name: str = "maria") -> str:
    answer = app.open().post("/sign-in", data={"login": name, "password": PASSWORD}, follow_redirects=False)
    return str(answer.headers["set-cookie"])


# ---- headers ------------------------------------------------------------------------------------------------------
def test_every_answer_says_what_a_browser_may_do(nobody: TestClient) -> None:
    for path in ("/sign-in", "/today", "/nowhere", "/static/app.css", "/api/v1/me"):
        headers = nobody.get(path, follow_redirects=False).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert re.fullmatch(r"[0-9a-f]{12}", headers["x-request-id"])


def test_pages_are_kept_by_no_cache_and_assets_for_ever(maria: TestClient) -> None:
    page = maria.get("/today")
    assert page.headers["cache-control"] == "no-store"
    style = re.search(r'href="(/static/app\.[0-9a-f]{12}\.css)"', page.text)
    assert style
    assert "immutable" in maria.get(style[1]).headers["cache-control"]


def test_https_is_demanded_where_the_app_has_it(own_home: Path) -> None:
    app = app_over(own_home, WebSettings("s" * 40, "https://dq.test"))
    browser = TestClient(app.open().app, base_url="https://dq.test", headers={"origin": "https://dq.test"})
    answer = browser.post("/sign-in", data={"login": "maria", "password": PASSWORD}, follow_redirects=False)
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert answer.headers["set-cookie"].startswith("__Host-dq=")
    assert "; Secure" in answer.headers["set-cookie"]


PAGES = ["/today", "/matches", "/queue", "/scorecard", "/records", "/runs", "/people", "/audit", "/account", "/goals"]


def test_no_page_needs_what_the_policy_forbids(ann: TestClient) -> None:
    for path in PAGES:
        text = ann.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?![a-z_]+\.example\.com)', text), path


# ---- where a request comes from -----------------------------------------------------------------------------------
ORIGINS = (
    ({"origin": URL}, 303),
    ({"origin": "https://evil.example"}, 403),
    ({"origin": "null"}, 403),
    ({"origin": ""}, 403),
    ({"sec-fetch-site": "same-origin"}, 303),
    ({"sec-fetch-site": "cross-site", "origin": URL}, 403),
    ({"sec-fetch-site": "same-site", "origin": URL}, 403),
    ({"sec-fetch-site": "none"}, 403),
)


def test_other_sites_change_nothing(app: App) -> None:
    browser = TestClient(app.open().app, base_url=URL)
    for headers, status in ORIGINS:
        assert browser.post("/sign-out", headers=headers, follow_redirects=False).status_code == status, headers


def test_a_form_without_origin_is_refused(app: App) -> None:
    assert TestClient(app.open().app, base_url=URL).post("/sign-out").status_code == 403


def test_another_host_name_is_refused(nobody: TestClient) -> None:
    assert nobody.get("/sign-in", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example", "/\\evil", "evil", "", None, "/a\r\nb"])
def test_nobody_is_sent_to_another_site(asked: str | None) -> None:
    assert own_path(asked) == "/today"


# ---- sessions -----------------------------------------------------------------------------------------------------
def test_the_cookie_is_out_of_reach(app: App) -> None:
    cookie = cookie_of(app)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_the_cookie_names_nobody(app: App) -> None:
    from itsdangerous import URLSafeSerializer

    value = cookie_of(app).split(";")[0].split("=", 1)[1]
    _, held = URLSafeSerializer("s" * 40, salt="dq session").loads_unsafe(value)
    assert set(held) == {"key", "begun", "seen"}


def test_a_forged_cookie_opens_nothing(app: App) -> None:
    browser = app.open()
    value = cookie_of(app).split(";")[0].split("=", 1)[1]
    browser.cookies.set("dq", value[:-4] + "AAAA", domain="dq.test")
    assert browser.get("/today", follow_redirects=False).status_code == 303


def test_a_session_ends_when_nobody_uses_it(app: App, maria: TestClient) -> None:
    app.clock.forward(minutes=59)
    assert maria.get("/today", follow_redirects=False).status_code == 200
    app.clock.forward(minutes=59)
    assert maria.get("/today", follow_redirects=False).status_code == 200
    app.clock.forward(minutes=61)
    assert maria.get("/today", follow_redirects=False).status_code == 303


def test_a_session_ends_after_a_working_day(app: App, maria: TestClient) -> None:
    for _ in range(12):
        app.clock.forward(minutes=50)
        assert maria.get("/account", follow_redirects=False).status_code == 200
    app.clock.forward(minutes=1)
    assert maria.get("/account", follow_redirects=False).status_code == 303


def test_signing_out_ends_the_session_itself(app: App) -> None:
    browser = app.signed_in("maria")
    kept = browser.cookies.get("dq")
    browser.post("/sign-out")
    browser.cookies.set("dq", str(kept), domain="dq.test")
    assert browser.get("/today", follow_redirects=False).status_code == 303


def test_a_closed_account_is_out_at_once(app: App, maria: TestClient, ann: TestClient) -> None:
    form = {"version": "1", "role": "steward", "departments": "sales", "state": "closed"}
    assert ann.post("/people/maria", data=form).status_code == 200
    assert maria.get("/today", follow_redirects=False).status_code == 303


# ---- signing in ---------------------------------------------------------------------------------------------------
def test_guessing_is_slowed_down(app: App, nobody: TestClient) -> None:
    statuses = [nobody.post("/sign-in", data={"login": "maria", "password": "wrong"}).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert nobody.post("/sign-in", data={"login": "maria", "password": PASSWORD}).status_code == 429
    app.clock.now += timedelta(minutes=16)
    assert nobody.post("/sign-in", data={"login": "maria", "password": PASSWORD}).status_code == 200


def test_an_unknown_name_is_told_like_a_wrong_password(nobody: TestClient) -> None:
    texts = {
        nobody.post("/sign-in", data={"login": login, "password": "wrong"}).text.replace(login, "")
        for login in ("maria", "nobody-of-that-name")
    }
    assert len(texts) == 1


def test_after_signing_in_one_is_where_one_wanted_to_be(nobody: TestClient) -> None:
    nobody.get("/queue?kind=possible_match")
    answer = nobody.post("/sign-in", data={"login": "maria", "password": PASSWORD}, follow_redirects=False)
    assert answer.headers["location"] == "/queue?kind=possible_match"


# ---- sizes, failures, the log -------------------------------------------------------------------------------------
def test_a_large_body_is_refused(own_home: Path) -> None:
    app = app_over(own_home, WebSettings("s" * 40, URL, upload_megabytes=0.01))
    browser = app.open()
    assert browser.post("/sign-in", data={"login": "x" * 20_000}).status_code == 413

    def endless():  # type: ignore[no-untyped-def]
        for _ in range(100):
            yield b"x" * 1000

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/sign-in", content=endless(), headers=form).status_code == 413


def test_a_crash_shows_no_trace_and_logs_no_value(
    app: App, maria: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Maria Lopez of 12 Elm St")

    monkeypatch.setattr(type(app.house), "sees", broken)
    with caplog.at_level(logging.INFO, logger="dq.web"):
        answer = maria.get("/queue")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "Lopez of" not in answer.text + caplog.text
    assert answer.headers["x-request-id"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "content-security-policy" in answer.headers


def test_the_log_names_routes_and_no_records(maria: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="dq.web"):
        maria.get("/records/crm:secret-key?run=x")
        maria.get("/records?value=Lopez")
    assert "/records/{record_id" in caplog.text
    assert "secret-key" not in caplog.text
    assert "Lopez" not in caplog.text


def test_programs_get_one_shape_of_failure(nobody: TestClient) -> None:
    error = nobody.get("/nowhere", headers={"accept": "application/json"}).json()["error"]
    assert set(error) == {"status", "code", "message", "hint", "request_id"}
    assert (error["status"], error["code"]) == (404, "not_found")


# ---- settings -----------------------------------------------------------------------------------------------------
def test_a_taken_port_is_said_before_anything_is_opened() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(SettingsError, match="already in use") as refused:
        listen("127.0.0.1", taken.getsockname()[1])
    assert refused.value.hint == "name a free port with --port"


def test_a_public_address_needs_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DQ_WEB_URL", "https://dq.test")
    for secret in ("", "short", DEFAULT_SECRET):
        monkeypatch.setenv("DQ_WEB_SECRET", secret)
        with pytest.raises(SettingsError, match="no secret of its own"):
            load_web_settings(None, "0.0.0.0", 8400)
    monkeypatch.setenv("DQ_WEB_SECRET", "x" * 32)
    assert load_web_settings(None, "0.0.0.0", 8400).is_https


def test_a_private_address_gets_another_secret_per_start() -> None:
    one, other = (load_web_settings(None, "127.0.0.1", 8400) for _ in range(2))
    assert one.secret != other.secret
    assert one.url == "http://127.0.0.1:8400"
