"""Single sign-on where the provider's answers and tokens are made here: what it is asked for, and whom it signs out."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.cookies import SimpleCookie
from itertools import count
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from litestar.testing import TestClient

from node.services.assembly import Services
from node.services.people import provider, provider_answers
from node.services.people.provider import Known
from node.services.people.sign_off import _EVENT
from node.services.policy import Role
from node.store.clock import SECOND, now
from node.web.access.viewing import cookie_name
from node.web.xrpc import limits
from tests.integration.fixtures.nodes import PASSWORD, app_of, composed

ISSUER, NODE = "https://id.example", "https://node.example"
NUMBERS, LONG = count(), 9e9


class MadeUp:
    """A provider: its key, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        self.nonsense: Any = None  # what it says in the place of its keys

    def answer(self, url: str, **_: Any) -> httpx.Response:
        """As `httpx.get` does."""
        self.asked += 1
        if self.is_away:
            raise httpx.ConnectError("away")
        itself = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/in", "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys", "end_session_endpoint": f"{ISSUER}/out",
            "id_token_signing_alg_values_supported": ["ES256"],
        }  # fmt: skip
        keys = self.nonsense or KeySet([self.key]).as_dict(private=False)
        said = keys if url.endswith("/keys") else itself
        return httpx.Response(200, json=said, request=httpx.Request("GET", url))

    def sign(self, **claims: Any) -> str:
        """A token for the node."""
        usual = {"iss": ISSUER, "aud": "node", "sub": "1", "iat": now() // SECOND, "exp": now() // SECOND + 600}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, usual | claims, self.key, algorithms=["ES256"])

    def sign_off(self, **claims: Any) -> str:
        """A logout token."""
        return self.sign(events={_EVENT: {}}, jti=f"unique-{next(NUMBERS)}", **claims)


Place = tuple[Services, TestClient[Any], MadeUp]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, TestClient[Any]]]:
    """Reached by TLS; olga and nora have passwords."""
    folder = tmp_path_factory.mktemp("node")
    with composed(folder, url=NODE, sign_on_issuer=ISSUER, sign_on_client="node") as services:
        for name in ("olga", "nora"):
            services.registry.add(name, (Role.WORKER,), password=PASSWORD)
        with TestClient(app_of(services), base_url=NODE, raise_server_exceptions=False) as client:
            yield services, client


@pytest.fixture
def place(node: tuple[Services, TestClient[Any]], monkeypatch: pytest.MonkeyPatch) -> Place:
    """The node as if just begun, with a provider that it asked nothing yet."""
    made_up, (services, client) = MadeUp(), node
    monkeypatch.setattr(httpx, "get", made_up.answer)
    monkeypatch.setattr(limits, "COUNTERS", limits.Counters())
    services.sign_on.provider.answers._said.clear()
    for name in ("olga", "nora"):
        for row in services.registry.tokens.list(name, "session"):
            services.registry.tokens.end(name, row.digest)
    client.cookies.clear()
    return services, client, made_up


def _come_in(place: Place, subject: str = "1") -> None:
    """As `come_back` does once the provider said who it is."""
    services, client, made_up = place
    proof = services.sign_on.sign_off.proof_of(
        Known("ab" * 32, "olga", "", frozenset(), token=made_up.sign(sub=subject))
    )
    client.cookies.set(cookie_name(services.settings), services.registry.tokens.begin_session("olga", "", proof))


def _send(client: TestClient[Any], path: str, **fields: str) -> httpx.Response:
    tokens = re.findall(r'name="_csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    return client.post(path, data={**fields, "_csrf_token": tokens[0]}, follow_redirects=False)


def _end(client: TestClient[Any], token: str) -> int:
    return client.post("/api/sign-on/ended", data={"logout_token": token}).status_code


def test_what_must_come_back_is_in_a_cookie_that_no_other_host_plants(place: Place) -> None:
    """Or a page of a host beside this one would lead its visitor into the account of whoever made it."""
    answer = place[1].get("/sign-in/with", follow_redirects=False)
    said = [one for line in answer.headers.get_list("set-cookie") for one in SimpleCookie(line).items()]
    ((name, cookie),) = [one for one in said if one[0].endswith("_sign_on")]
    assert answer.headers["location"].startswith(f"{ISSUER}/in?")
    assert name.startswith("__Host-")
    assert (cookie["path"], cookie["domain"], bool(cookie["secure"])) == ("/", "", True)


def test_who_is_signed_out_there_is_signed_out_here_also_after_proving_it_by_password(place: Place) -> None:
    services, client, made_up = place
    _come_in(place)
    assert _send(client, "/sign-in", name="olga", password=PASSWORD, again="yes").status_code == 303
    (row,) = services.registry.tokens.list("olga", "session")
    assert services.sign_on.sign_off.address(row.sign_on).startswith(f"{ISSUER}/out?"), "Sign out offers the provider's"
    assert _end(client, made_up.sign_off(sub="2")) == 200
    assert len(services.registry.tokens.list("olga", "session")) == 1
    assert _end(client, made_up.sign_off()) == 200
    assert services.registry.tokens.list("olga", "session") == []


def test_somebody_else_s_session_in_the_same_browser_leaves_nothing_to_the_next(place: Place) -> None:
    services, client, _ = place
    _come_in(place)
    assert _send(client, "/sign-in", name="nora", password=PASSWORD).status_code == 303
    assert [row.sign_on for row in services.registry.tokens.list("nora", "session")] == [""]
    assert services.registry.tokens.list("olga", "session") == []


def test_strangers_do_not_have_the_provider_asked_again_and_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client, made_up = place
    monkeypatch.setattr(provider, "RESTS", LONG)
    for token in ("", "x", "a.b.c", made_up.sign(), made_up.sign_off()[:-4] + "AAAA") * 3:
        assert _end(client, token) == 400
        assert client.get("/sign-in/with", follow_redirects=False).status_code == 303
    assert made_up.asked == 2, "for itself and for its keys"


def test_a_provider_that_does_not_answer_is_left_alone_for_a_moment(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client, made_up = place
    made_up.is_away = True
    monkeypatch.setattr(provider_answers, "RESTS", LONG)
    assert [_end(client, "x") for _ in range(3)] == [502] * 3
    assert made_up.asked == 1
    made_up.is_away = False
    monkeypatch.setattr(provider_answers, "RESTS", 0.0)
    assert _end(client, made_up.sign_off()) == 200


def test_while_the_provider_hangs_few_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the first who sign in on a Monday would take all the threads; what is known is told meanwhile."""
    made_up, hangs, asked = MadeUp(), threading.Event(), threading.Event()

    def answer(url: str, **_: Any) -> httpx.Response:
        asked.set()
        return made_up.answer(url) if hangs.wait(60) else httpx.Response(504)

    monkeypatch.setattr(provider_answers, "AT_ONCE", 1)
    monkeypatch.setattr(httpx, "get", made_up.answer)
    answers = provider_answers.Answers()
    known = answers.get(ISSUER)
    monkeypatch.setattr(httpx, "get", answer)
    with ThreadPoolExecutor(1) as others:
        keys = others.submit(answers.get, f"{ISSUER}/keys")
        assert asked.wait(60)
        with pytest.raises(httpx.PoolTimeout):
            answers.get(f"{ISSUER}/keys")
        assert answers.get(ISSUER) is known
        hangs.set()
    assert answers.get(f"{ISSUER}/keys") is keys.result()


@pytest.mark.parametrize("nonsense", [{"error": "later"}, {"keys": 5}, {"keys": [5]}, {"keys": [{"kty": "EC"}]}, [5]])
def test_nonsense_in_the_place_of_keys_signs_nobody_out(place: Place, nonsense: Any) -> None:
    _, client, made_up = place
    made_up.nonsense = nonsense
    assert _end(client, made_up.sign_off()) == (502 if isinstance(nonsense, list) else 400)


def test_new_keys_of_the_provider_are_fetched(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    _, client, made_up = place
    assert _end(client, made_up.sign_off()) == 200
    made_up.key = ECKey.generate_key("P-256", auto_kid=True)
    monkeypatch.setattr(provider, "RESTS", 0.0)
    assert _end(client, made_up.sign_off()) == 200


def test_a_provider_signs_everybody_out_and_strangers_try_so_often(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client, made_up = place
    monkeypatch.setattr("node.web.api.session.SESSIONS", replace(limits.SESSIONS, points=3))
    assert [_end(client, made_up.sign_off()) for _ in range(6)] == [200] * 6
    assert [_end(client, "x") for _ in range(4)] == [400, 400, 400, 429]
