"""Sign-in through the company's identity provider, against a provider that speaks the protocol."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from dq.errors import SettingsError
from dq.stewardship.people import user_named
from dq.web import WebSettings
from dq.web.settings import CompanySignIn, load_web_settings
from tests.web.homes import SECRET, URL, App, app_over
from tests.web.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider, identity_provider

ANN = {"sub": "00u1", "name": "Ann Example", "preferred_username": "Ann.Example@corp.test", "groups": ["dq-sales"]}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.claims, running.faults = dict(ANN), set()
    return running


@pytest.fixture
def company_app(provider: Provider, own_home: Path) -> App:
    company = CompanySignIn(
        provider.issuer,
        CLIENT_ID,
        CLIENT_SECRET,
        roles={"dq-sales": "steward", "dq-leads": "lead"},
        departments={"dq-sales": ("sales",), "dq-leads": ("*",)},
    )
    return app_over(own_home, WebSettings(SECRET, URL, company=company))


def come_in(browser: TestClient) -> httpx.Response:
    """Go to the provider as a browser does, and come back from it."""
    there = browser.get("/sign-in/company", follow_redirects=False)
    assert there.status_code == 302, there.text
    back = httpx.get(there.headers["location"], follow_redirects=False).headers["location"]
    assert back.startswith(f"{URL}/sign-in/company/back")
    return browser.get(back.removeprefix(URL), follow_redirects=False)


def test_groups_give_role_and_departments(company_app: App) -> None:
    browser = company_app.open()
    assert come_in(browser).status_code == 303
    assert "Good morning, Ann" in browser.get("/today").text
    user = user_named(company_app.house, "ann.example@corp.test")
    assert (user.role, user.departments, user.signs_in_with) == ("steward", frozenset({"sales"}), "provider")


def test_groups_are_looked_at_every_time(company_app: App, provider: Provider) -> None:
    assert come_in(company_app.open()).status_code == 303
    provider.claims = ANN | {"groups": ["dq-sales", "dq-leads"], "name": "Ann Married"}
    assert come_in(company_app.open()).status_code == 303
    user = user_named(company_app.house, "ann.example@corp.test")
    assert (user.role, user.departments) == ("lead", frozenset({"*", "sales"}))


def test_the_button_is_on_the_page(company_app: App) -> None:
    assert 'href="/sign-in/company"' in company_app.open().get("/sign-in").text


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"groups": ["others"]}, "no role here"),
        ({"groups": []}, "no role here"),
        ({"groups": None}, "no role here"),
        ({"groups": None, "_claim_names": {"groups": "src1"}}, "more groups than fit"),
    ],
)
def test_without_a_group_nobody_comes_in(company_app: App, provider: Provider, claims: dict, told: str) -> None:  # type: ignore[type-arg]
    provider.claims = {name: value for name, value in (ANN | claims).items() if value is not None}
    browser = company_app.open()
    answer = come_in(browser)
    assert answer.status_code == 403
    assert told in answer.text
    assert browser.get("/today", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "fault", ["wrong_nonce", "wrong_key", "wrong_audience", "wrong_issuer", "expired", "no_id_token", "refuses"]
)
def test_what_is_not_from_the_provider_opens_nothing(company_app: App, provider: Provider, fault: str) -> None:
    provider.faults = {fault}
    browser = company_app.open()
    answer = come_in(browser)
    assert answer.status_code == 403
    assert "Traceback" not in answer.text
    assert browser.get("/today", follow_redirects=False).status_code == 303


def test_the_answer_for_another_browser_opens_nothing(company_app: App) -> None:
    there = company_app.open().get("/sign-in/company", follow_redirects=False)
    back = httpx.get(there.headers["location"], follow_redirects=False).headers["location"]
    assert company_app.open().get(back.removeprefix(URL), follow_redirects=False).status_code == 403


def test_an_answer_works_once(company_app: App) -> None:
    browser = company_app.open()
    there = browser.get("/sign-in/company", follow_redirects=False)
    back = httpx.get(there.headers["location"], follow_redirects=False).headers["location"].removeprefix(URL)
    assert browser.get(back, follow_redirects=False).status_code == 303
    assert browser.get(back, follow_redirects=False).status_code == 403


def test_a_silent_provider_is_said_so(own_home: Path) -> None:
    company = CompanySignIn("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET)
    answer = app_over(own_home, WebSettings(SECRET, URL, company=company)).open().get("/sign-in/company")
    assert answer.status_code == 403
    assert "does not answer" in answer.text


def test_without_a_provider_there_is_no_such_way(nobody: TestClient) -> None:
    assert nobody.get("/sign-in/company").status_code == 404


def test_settings_come_from_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[web.company]\nissuer = "https://id.test/"\nclient_id = "dq"\n'
    text += 'roles = {a = "lead"}\ndepartments = {a = ["x"]}\n'
    (tmp_path / "dq.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="lacks client_secret"):
        load_web_settings(tmp_path, "127.0.0.1", 8400)
    monkeypatch.setenv("DQ_OIDC_SECRET", "from the environment")
    company = load_web_settings(tmp_path, "127.0.0.1", 8400).company
    assert company == CompanySignIn(
        "https://id.test", "dq", "from the environment", roles={"a": "lead"}, departments={"a": ("x",)}
    )
    (tmp_path / "dq.toml").write_text(text.replace("lead", "boss"), encoding="utf-8")
    with pytest.raises(SettingsError, match="boss"):
        load_web_settings(tmp_path, "127.0.0.1", 8400)
