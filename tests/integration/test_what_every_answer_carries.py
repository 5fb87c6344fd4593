"""Headers, cookies and the token in forms, on every route there is: a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from litestar.testing import TestClient

from node.app.compose import compose
from node.services.assembly import Services
from node.services.people.tokens import Proof
from node.services.policy import Role
from node.settings.declared import Settings
from node.store.clock import now
from node.web.access.viewing import PROGRAM_PATHS, cookie_name, device_name
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import PASSWORD, app_of

REQUIRED = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=()",
    "strict-transport-security": "max-age=31536000",
    "cache-control": "",
}
Served = tuple[Services, TestClient[Any]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A node that is reached by TLS, with somebody who is all that one can be."""
    folder, port = tmp_path_factory.mktemp("node"), free_port()
    services = compose(Settings(data=folder, url="https://node.example", port=port, plc_url=f"http://localhost:{port}"))
    with TestClient(app_of(services), base_url="https://node.example", raise_server_exceptions=False) as client:
        services.registry.add("olga", tuple(Role), password=PASSWORD)
        yield services, client


def _routes(client: TestClient[Any]) -> list[tuple[str, str]]:
    return sorted(
        (method, re.sub(r"{[^}]*}", "x", route.path))
        for route in client.app.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    )


def _cookie(services: Services, name: str = "olga") -> dict[str, str]:
    token = services.registry.tokens.begin_session(name, "a browser", Proof(now()))
    return {"cookie": f"{cookie_name(services.settings)}={token}"}


@pytest.mark.parametrize("known", [False, True])
def test_headers(served: Served, known: bool) -> None:
    services, client = served
    lacking = {}
    for method, path in [*_routes(client), ("GET", "/no/such/page"), ("PATCH", "/search")]:
        if method != "GET" and known:
            continue  # what may not be done without a form's token is looked at below
        client.cookies.clear()
        answer = client.request(method, path, headers=_cookie(services) if known else {}, follow_redirects=False)
        found = {name for name, value in REQUIRED.items() if value not in answer.headers.get(name, "absent")}
        found |= {"absent " + name for name in REQUIRED if name not in answer.headers}
        found |= {"two charsets"} if answer.headers.get("content-type", "").count("charset") > 1 else set()
        if found:
            lacking[f"{method} {path} {answer.status_code}"] = found
    assert lacking == {}


def _asked(client: TestClient[Any], method: str, path: str) -> Any:
    client.cookies.clear()
    return client.request(method, path)


def test_head_is_answered_as_get_is_without_what_follows(served: Served) -> None:
    _, client = served
    differing = {}
    for path in ("/health", "/metrics", "/search", "/sign-in", "/schema", "/feeds/none.atom", "/api/item", "/no/page"):
        before, head, after = (_asked(client, method, path) for method in ("GET", "HEAD", "GET"))
        while _lasting(before) != _lasting(after):  # the index was made meanwhile
            before, head, after = after, _asked(client, "HEAD", path), _asked(client, "GET", path)
        if (after.status_code, _lasting(after)) != (head.status_code, _lasting(head)) or head.content:
            differing[path] = head.status_code, set(_lasting(after)) ^ set(_lasting(head))
    assert differing == {}


def _lasting(answer: Any) -> list[tuple[str, str]]:
    """All headers, but for what differs from one answer to the next: of a cookie the name counts."""
    passing = {"date", "content-length"} if answer.url.path == "/metrics" else {"date"}  # its numbers grow
    pairs = [pair for pair in answer.headers.multi_items() if pair[0] not in passing]
    return sorted((name, value.partition("=")[0] if name == "set-cookie" else value) for name, value in pairs)


def test_who_asks_in_a_way_that_is_not_served_is_told_which_are(served: Served) -> None:
    _, client = served
    answer = client.put("/search")
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))
    assert "POST" in client.put("/xrpc/com.atproto.repo.createRecord").headers["allow"]
    assert client.get("/xrpc/com.atproto.sync.subscribeRepos").headers["allow"] == ""  # a WebSocket, and no method


@pytest.mark.parametrize(
    "host",
    ["a:abc", "a:99999", "a:1:2", "[::1", "[::1]x", "[x]", "a/b", "a?b", "b@a", "a b", "\xff", "\u20ac".encode()],
)
def test_who_names_no_host_is_told_so(served: Served, host: str | bytes) -> None:
    _, client = served
    named = host if isinstance(host, bytes) else host.encode("latin-1")
    for path in ("/", "/account", "/api/session", "/xrpc/com.atproto.server.describeServer", "/no/such/page"):
        answer = client.get(path, headers=[(b"host", named)])
        assert (answer.status_code, "nosniff") == (400, answer.headers["x-content-type-options"]), path
        assert client.get(path, headers=[(b"host", b"node.example"), (b"host", b"b.example")]).status_code == 400
    for good in (b"", b"node.example:443", b"a_b.node.example.", b"[::1]:8000", b"10.0.0.1"):
        assert client.get("/health", headers=[(b"host", good)]).status_code == 200


def test_nothing_is_done_for_a_form_of_another_site(served: Served) -> None:
    """The cookie alone, as another site can make a browser send it, opens none of the pages' actions."""
    services, client = served
    headers = {**_cookie(services), "content-type": "application/x-www-form-urlencoded"}
    done = {}
    for method, path in _routes(client):
        if method == "GET" or path.startswith(PROGRAM_PATHS):
            continue
        client.cookies.clear()
        answer = client.request(method, path, headers=headers, content="name=x", follow_redirects=False)
        if answer.status_code != 403:
            done[f"{method} {path}"] = answer.status_code
    assert done == {}


def test_cookies_are_for_this_site_and_not_for_scripts(served: Served) -> None:
    services, client = served
    client.cookies.clear()
    first = client.get("/sign-in")
    token = next(value for name, value in client.cookies.items() if name.endswith("_csrf"))
    form = {"name": "olga", "password": PASSWORD, "_csrf_token": token}
    second = client.post("/sign-in", data=form, follow_redirects=False)
    assert second.status_code == 303
    said = [line for answer in (first, second) for line in answer.headers.get_list("set-cookie")]
    for morsel in (morsel for line in said for morsel in SimpleCookie(line).values()):
        assert morsel["secure"], morsel.key
        assert morsel["samesite"].lower() in ("lax", "strict"), morsel.key
        assert morsel["domain"] == "", morsel.key
        assert morsel["httponly"] or morsel.key.endswith("_csrf"), morsel.key
        planted = (
            "__Secure-" if morsel.key == device_name(services.settings) else "__Host-"
        )  # what opens nothing may be
        assert morsel.key.startswith(planted), "no other host plants it"
    assert {services.settings.public_url} == {"https://node.example"}
    assert len(said) >= 3


def test_a_sibling_s_page_cannot_send_a_form_with_a_cookie_and_token_that_it_planted(served: Served) -> None:
    """Another port or subdomain of the host is of the same site, so the session's cookie comes along."""
    services, client = served
    client.cookies.clear()
    client.get("/sign-in")
    name, token = next((name, value) for name, value in client.cookies.items() if name.endswith("_csrf"))
    client.cookies.clear()
    cookies = {"cookie": f"{_cookie(services)['cookie']}; {name}={token}"}
    answers = {}
    for begun in ("same-site", "cross-site", "same-origin", "none"):
        form = {"name": "mine", "scope": "read", "_csrf_token": token}
        headers = {**cookies, "sec-fetch-site": begun}
        answers[begun] = client.post("/account/keys", data=form, headers=headers, follow_redirects=False).status_code
    assert answers == {"same-site": 403, "cross-site": 403, "same-origin": 303, "none": 303}
    assert len(services.registry.tokens.list("olga", "api")) == 2
    # Without TLS browsers say no more than the page's origin; another port is another host.
    for origin in ("http://evil.example", "null", "https://node.example:8443", "https://node.example", ""):
        headers = {**cookies, **({"origin": origin} if origin else {})}
        answers[origin] = client.post("/account/keys", data=form, headers=headers, follow_redirects=False).status_code
    assert list(answers.values())[4:] == [403, 403, 403, 303, 303]
    behind = {**cookies, "origin": "https://node.example", "host": "127.0.0.1:8100"}
    assert client.post("/account/keys", data=form, headers=behind, follow_redirects=False).status_code == 303
