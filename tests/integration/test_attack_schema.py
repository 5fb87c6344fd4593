"""Made-up input to every route of the OpenAPI document: nothing makes the node fail inside."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from node.app.compose import compose
from node.services.policy import Role
from node.settings.declared import Settings
from tests.integration.fixtures.nodes import app_of, free_port, practitioner

EXAMPLES = 250
PEOPLE = ("", "wim", "anna", "olga")
# Their work outlives the request, or ends the account that asks.
LEFT_OUT = ("/xrpc/com.atproto.sync.subscribeRepos", "/api/me/forget", "/api/peers/sync")

pytestmark = pytest.mark.real


def test_no_made_up_input_breaks_the_node(tmp_path: Path) -> None:
    import schemathesis

    port = free_port()
    services = compose(Settings(data=tmp_path, url=f"http://localhost:{port}", port=port))
    failures: dict[str, str] = {}
    answers: Counter[int] = Counter()
    with TestClient(app_of(services), raise_server_exceptions=False) as client:
        services.registry.add("wim", (Role.WORKER,))
        services.registry.add("olga", (Role.OPERATOR,))
        practitioner(services, "anna")
        schema = schemathesis.openapi.from_dict(client.get("/schema/openapi.json").json())
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.path in LEFT_OUT:
                continue

            @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
                      suppress_health_check=list(HealthCheck), derandomize=False)  # fmt: skip
            @given(case=operation.as_strategy(), person=st.sampled_from(PEOPLE))
            def ask(case: Any, person: str) -> None:
                token = f"Bearer {services.registry.tokens.issue(person, 'api')}" if person else ""
                answer = _send(client, case, token)
                answers[0 if answer is None else answer.status_code // 100] += 1
                if answer is not None and answer.status_code >= 500 and answer.status_code not in (501, 502, 503):
                    failures[f"{case.method} {case.path}"] = f"{person}: {answer.status_code} {answer.text[:200]}"

            ask()
    assert failures == {}
    assert answers[2] > 100, answers  # some of it was what the node understands
    assert answers[0] < answers.total() / 10, answers


def _send(client: TestClient[Any], case: Any, token: str) -> Any:
    kwargs = case.as_transport_kwargs(base_url="http://testserver")
    kwargs.pop("cookies", None)
    kwargs["headers"] = {**dict(kwargs.get("headers") or {}), **({"authorization": token} if token else {})}
    try:
        return client.request(**kwargs, follow_redirects=False)
    except (ValueError, UnicodeError, TypeError):
        return None  # such a request cannot even be written down
