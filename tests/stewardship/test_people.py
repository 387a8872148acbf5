"""Who may sign in, how, for how long, and what a token opens."""

from datetime import date, timedelta

import pytest

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.stewardship.absences import set_absence
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.auditing import audit_page, verify_audit
from dq.stewardship.house import House
from dq.stewardship.people import add_user, change_user, set_password, user_named, users
from dq.stewardship.signing_in import session_actor, sign_in, sign_in_by_provider, sign_out
from dq.stewardship.tokens import issue_token, revoke_token, token_actor, tokens
from dq.store import rows
from dq.store.schema import LOGINS, SESSIONS, TOKENS, USERS
from tests.stewardship.conftest import NOW

People = dict[str, Actor]
WORDS = "correct horse battery staple"


def _wrong(house: House, name: str, at: object = NOW, origin: str = "10.0.0.1") -> str:
    with pytest.raises(NotAllowedError) as refused:
        sign_in(house, name, "a wrong password", origin=origin, at=at)  # type: ignore[arg-type]
    return refused.value.message


def test_roles_departments_and_versions(house: House, people: People) -> None:
    with pytest.raises(NotAllowedError):
        add_user(house, people["lea"], "eve", "steward", frozenset({"sales"}), at=NOW)
    with pytest.raises(ConflictError):
        add_user(house, HOUSE, "ana", "steward", frozenset({"sales"}), at=NOW)
    changed = change_user(house, HOUSE, "ana", version=1, at=NOW, role="lead", departments=frozenset({"*"}))
    assert (changed.role, changed.departments, changed.version) == ("lead", frozenset({"*"}), 2)
    with pytest.raises(ConflictError):
        change_user(house, HOUSE, "ana", version=1, at=NOW, role="viewer")
    assert [user.name for user in users(house, people["bob"])] == ["ana", "bob", "cleo", "lea"]
    assert len(users(house, people["lea"])) == 5
    with pytest.raises(NotFoundError):
        user_named(house, "nobody")


@pytest.mark.parametrize(
    ("name", "role", "departments"),
    [("Ana", "steward", {"a"}), ("x y", "steward", {"a"}), ("eve", "boss", {"a"}), ("eve", "steward", set())],
)
def test_what_is_no_user_is_said(house: House, name: str, role: str, departments: set[str]) -> None:
    with pytest.raises(SettingsError):
        add_user(house, HOUSE, name, role, frozenset(departments), at=NOW)  # type: ignore[arg-type]


def test_the_last_admin_stays(house: House) -> None:
    add_user(house, HOUSE, "root", "admin", frozenset(), at=NOW)
    for change in ({"role": "lead", "departments": frozenset({"*"})}, {"state": "closed"}):
        with pytest.raises(NotAllowedError, match="admin"):
            change_user(house, HOUSE, "root", version=1, at=NOW, **change)  # type: ignore[arg-type]
    add_user(house, HOUSE, "second", "admin", frozenset(), at=NOW)
    assert change_user(house, HOUSE, "root", version=1, at=NOW, state="closed").state == "closed"


def test_a_session_opens_ends_and_expires(house: House, people: People) -> None:
    with pytest.raises(SettingsError, match="12 characters"):
        set_password(house, HOUSE, "ana", "short", at=NOW)
    with pytest.raises(NotAllowedError):
        set_password(house, people["lea"], "ana", WORDS, at=NOW)
    set_password(house, people["ana"], "ana", WORDS, at=NOW)
    user, secret = sign_in(house, "ana", WORDS, origin="10.0.0.1", at=NOW)
    assert session_actor(house, secret, at=NOW) == user.actor == people["ana"]
    assert session_actor(house, secret, at=NOW + timedelta(hours=12)) is None
    assert session_actor(house, secret + "x", at=NOW) is None
    sign_out(house, secret, at=NOW)
    assert session_actor(house, secret, at=NOW) is None
    _, again = sign_in(house, "ana", WORDS, origin="10.0.0.1", at=NOW)
    set_password(house, people["ana"], "ana", WORDS + "!", at=NOW)
    assert session_actor(house, again, at=NOW) is None, "a new password ends what the old one opened"
    with house.store.read() as connection:
        kept = str(rows.find_all(connection, SESSIONS)) + str(rows.find_all(connection, USERS))
    assert secret not in kept
    assert WORDS not in kept
    assert "10.0.0.1" not in kept


def test_guessing_is_slow_and_tells_nothing(house: House, people: People) -> None:
    set_password(house, people["ana"], "ana", WORDS, at=NOW)
    assert _wrong(house, "nobody") == _wrong(house, "ana")
    for _ in range(4):
        _wrong(house, "ana")
    with pytest.raises(NotAllowedError, match="too many"):
        sign_in(house, "ana", WORDS, origin="10.9.9.9", at=NOW + timedelta(minutes=14))
    user, _ = sign_in(house, "ana", WORDS, origin="10.9.9.9", at=NOW + timedelta(minutes=16))
    assert user.name == "ana"
    with house.store.write() as connection:  # thirty more, without the time that hashing takes
        last = rows.find_all(connection, LOGINS, order=("-id",), limit=2)[-1]
        place = {"origin": last["origin"], "at": "2026-11-23T08:20:00.000000Z", "result": "refused"}
        rows.add_all(connection, LOGINS, [{"user_name": f"guess{number}", **place} for number in range(30)])
    with pytest.raises(NotAllowedError, match="too many"):
        sign_in(house, "ana", WORDS, origin="10.9.9.9", at=NOW + timedelta(minutes=21))
    with house.store.read() as connection:
        assert rows.count(connection, LOGINS, result="throttled") == 2


def test_a_closed_account_opens_nothing(house: House, people: People) -> None:
    set_password(house, people["ana"], "ana", WORDS, at=NOW)
    _, secret = sign_in(house, "ana", WORDS, origin="", at=NOW)
    token = issue_token(house, people["ana"], "ana", "bi", ("read",), days=1, at=NOW)
    change_user(house, HOUSE, "ana", version=1, at=NOW, state="closed")
    assert session_actor(house, secret, at=NOW) is None
    assert token_actor(house, token, at=NOW) is None
    assert _wrong(house, "ana") == "login or password is wrong"


def test_groups_of_the_provider_decide_at_every_sign_in(house: House) -> None:
    said = {"issuer": "https://id.example.com", "subject": "42", "name": "Ana@example.com", "display_name": "Ana"}

    def enter(role: str, departments: set[str], **other: str) -> Actor:
        values = {**said, **other}
        user, secret = sign_in_by_provider(
            house,
            **values,
            role=role,
            departments=frozenset(departments),
            at=NOW,  # type: ignore[arg-type]
        )
        assert session_actor(house, secret, at=NOW) == user.actor
        return user.actor

    assert enter("steward", {"sales"}) == Actor("ana@example.com", "steward", frozenset({"sales"}))
    renamed = enter("lead", {"sales", "service"}, name="ana.lopez@example.com")
    assert renamed == Actor("ana@example.com", "lead", frozenset({"sales", "service"})), "the subject is who it is"
    with pytest.raises(NotAllowedError, match="no group"):
        enter("steward", set())
    user = user_named(house, "ana@example.com")
    assert user.signs_in_with == "provider"
    assert _wrong(house, "ana@example.com") == "login or password is wrong"
    change_user(house, HOUSE, user.name, version=user.version, at=NOW, state="closed")
    with pytest.raises(NotAllowedError, match="closed"):
        enter("lead", {"sales", "service"})


def test_a_token_has_its_scopes_and_its_end(house: House, people: People) -> None:
    token = issue_token(house, people["ana"], "ana", "bi", ("read",), days=30, at=NOW)
    opened = token_actor(house, token, at=NOW)
    assert opened == Actor("ana", "steward", frozenset({"sales"}), frozenset({"read"}))
    assert token_actor(house, token, at=NOW + timedelta(days=30)) is None
    assert token_actor(house, token[:-1], at=NOW) is None
    with pytest.raises(NotAllowedError):
        issue_token(house, people["ana"], "bob", "bi", ("read",), days=30, at=NOW)
    with pytest.raises(NotAllowedError, match="token"):
        issue_token(house, opened, "ana", "more", ("decide",), days=30, at=NOW)
    for scopes, days in ((("all",), 30), ((), 30), (("read",), 0), (("read",), 4000)):
        with pytest.raises(SettingsError):
            issue_token(house, people["ana"], "ana", "bi", scopes, days=days, at=NOW)
    with pytest.raises(NotFoundError):
        revoke_token(house, people["bob"], 1, at=NOW)
    revoke_token(house, people["ana"], 1, at=NOW)
    assert token_actor(house, token, at=NOW) is None
    assert [each.is_active for each in tokens(house, people["ana"], at=NOW)] == [False]
    with house.store.read() as connection:
        assert token not in str(rows.find_all(connection, TOKENS))


def test_nobody_stands_in_who_sees_less(house: House, people: People) -> None:
    with pytest.raises(SettingsError, match="service"):
        set_absence(house, people["cleo"], "cleo", date(2026, 12, 1), date(2026, 12, 2), "ana", at=NOW)
    with pytest.raises(SettingsError):
        set_absence(house, people["cleo"], "cleo", date(2026, 12, 3), date(2026, 12, 2), "lea", at=NOW)
    with pytest.raises(NotAllowedError):
        set_absence(house, people["ana"], "cleo", date(2026, 12, 1), date(2026, 12, 2), "lea", at=NOW)
    assert set_absence(house, people["lea"], "cleo", date(2026, 12, 1), date(2026, 12, 2), "lea", at=NOW) == 1


def test_every_action_leaves_one_row_and_no_secret(house: House, people: People) -> None:
    set_password(house, people["ana"], "ana", WORDS, at=NOW)
    _, secret = sign_in(house, "ana", WORDS, origin="10.0.0.1", at=NOW)
    token = issue_token(house, people["ana"], "ana", "bi", ("read",), days=30, at=NOW)
    sign_out(house, secret, at=NOW)
    found, count = audit_page(house, people["lea"], by="ana")
    assert [row["action"] for row in found] == ["sign_out", "issue_token", "sign_in", "set_password"]
    assert count == 4
    assert not any(word in str(found) for word in (WORDS, secret, token, "10.0.0.1"))
    assert verify_audit(house).faults == ()
    assert verify_audit(house, found[0]["hash"]).faults == ()
    assert [fault.kind for fault in verify_audit(house, "f" * 64).faults] == ["rewritten"]
