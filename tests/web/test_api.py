"""The API against its own description: hostile input never breaks it."""

import schemathesis
from hypothesis import HealthCheck, given, settings

from dq.stewardship.tokens import issue_token
from tests.web.homes import NOW, App

EXAMPLES = 4
"""Requests per path and method: each is a real one against a real database."""
SHAPE = {"status", "code", "message", "hint", "request_id"}


def test_hostile_input_breaks_nothing(app: App) -> None:
    token = issue_token(app.house, app.actor("lee"), "lee", "tests", ("read", "decide", "admin"), days=1, at=NOW)
    headers = {"authorization": f"Bearer {token}", "host": "dq.test"}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app.open().app, headers={"host": "dq.test"})
    broken: list[str] = []
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 18
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(headers=headers)
            wrong_shape = answer.status_code >= 400 and set(answer.json()["error"]) != SHAPE
            if answer.status_code >= 500 or wrong_shape:
                broken.append(f"{case.method} {case.formatted_path} {case.query} {case.body}: {answer.status_code}")

        ask()
    assert broken == []
