"""Who may do what: every route of the application against every role. A route that the table does not name fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from inspect import getsource, isfunction, unwrap
from typing import Any

import pytest
from litestar.routes import BaseRoute, HTTPRoute, WebSocketRoute
from litestar.testing import TestClient

from node.app.compose import compose
from node.services.assembly import Services
from node.services.people.tokens import PROVEN_FOR, Proof
from node.services.policy import Action, Role, Scope, Viewer, may, require
from node.settings.declared import Settings
from node.store.clock import SECOND, now
from node.store.repositories.accounts import get_account
from node.store.sessions import Session
from node.web.access.viewing import PROGRAM_PATHS, cookie_name
from tests.integration.fixtures.nodes import app_of, free_port, practitioner
from tests.integration.fixtures.policy_table import ALLOWED, EXPECTED, ROLES

PEOPLE = {"worker": "wim", "practitioner": "anna", "author": "otto", "curator": "cora", "operator": "olga"}
REFUSED = {401, 403}
# What handlers cannot do without, so that none refuses for its lack before it looks who asks. Nothing of it is there.
QUERY = {
    **dict.fromkeys(("about", "module", "uri", "collection", "rkey", "value", "did", "subject"), "x"),
    "url": "http://localhost:1", "aud": "did:web:x.example",
}  # fmt: skip
INPUT: dict[str, Any] = {
    **dict.fromkeys(("belief", "uri", "task", "receipt", "confirm", "outcome", "feedback"), "x"),
    "pieces": [], "operation": {}, "handle": "x.example", "useCount": 1, "codeCount": 1, "name": "No Name",
    "reasonType": "com.atproto.moderation.defs#reasonSpam",
    "subject": {"$type": "com.atproto.admin.defs#repoRef", "did": "did:web:x.example"},
}  # fmt: skip
PROVEN = {"proven", "proven worker", "proven operator", "proven writer"}
UPLOADS = ("/admin/moderation/list", "/me/data/bring", "/write/files")


class Asker:
    """Asks as one of the people, with what forms and programs send."""

    def __init__(self, services: Services, client: TestClient[Any], dids: dict[str, str]) -> None:
        self._services, self._client, self._dids = services, client, dids
        self._tokens: dict[str, str] = {}
        client.get("/sign-in")
        self._csrf = next((name, value) for name, value in client.cookies.items() if name.endswith("_csrf"))

    def ask(self, route: str, role: str) -> int:
        """The status of the answer: by a key, and by who showed a moment ago who they are where that is needed."""
        if role not in PEOPLE:
            return self.ask_with(route, {})
        if EXPECTED[route] in PROVEN:
            return self.ask_in_person(route, role, Proof(now()))
        headers = {"authorization": f"Bearer {self._token_of(PEOPLE[role])}"}
        return self.ask_with(route, headers, self._dids.get(role, ""))

    def ask_in_person(self, route: str, role: str, proof: Proof) -> int:
        """The status for who showed at that time who they are, in the protocol's own session or in a browser."""
        if not _asked(route)[1].startswith("/xrpc/"):
            return self.ask_in_browser(route, PEOPLE[role], proof)
        did, tokens = self._dids.get(role, ""), self._services.registry.tokens
        token = tokens.sign_jwt(did, PEOPLE[role], "access", proven_at=proof.at // SECOND)
        return self.ask_with(route, {"authorization": f"Bearer {token}"}, did)

    def ask_in_browser(self, route: str, person: str, proof: Proof) -> int:
        """The status for a page's own form in a session of this person."""
        token = self._services.registry.tokens.begin_session(person, "a browser", proof)
        name, csrf = self._csrf
        cookies = f"{cookie_name(self._services.settings)}={token}; {name}={csrf}"
        return self.ask_with(route, {"cookie": cookies})

    def ask_with(self, route: str, headers: dict[str, str], did: str = "") -> int:
        """The same with whatever says who asks; `did` is the repository that is written to."""
        method, path = _asked(route)
        name, token = self._csrf
        self._client.cookies.clear()
        self._client.cookies.set(name, token)
        headers = {"accept": "application/json", "x-csrftoken": token, **headers}
        given = (
            {"files": {"file": b"x"}} if path in UPLOADS else {"json": _input(path, did or self._dids["practitioner"])}
        )
        body = given if method in ("POST", "PUT") else {}
        filled = re.sub(r"{[^}]*}", "x", path)
        answer = self._client.request(method, filled, headers=headers, params=QUERY, follow_redirects=False, **body)
        if method != "GET":  # it may have ended the account or the tokens
            self._services.database.writer.write(self._activate)
            self._tokens.clear()
        return int(answer.status_code)

    def key_of_everybody(self, scope: Scope) -> str:
        """A key of somebody who has every role."""
        if self._services.registry.find("eve") is None:
            self._services.registry.add("eve", Role)
        return self._services.registry.tokens.issue("eve", "api", "", scope)

    def _token_of(self, person: str) -> str:
        if person not in self._tokens:
            self._tokens[person] = self._services.registry.tokens.issue(person, "api")
        return self._tokens[person]

    def ask_with_cookie(self, route: str, person: str) -> int:
        """The status for a signed-in browser that sends nothing but its cookie, as a foreign page can make it do."""
        method, path = _asked(route)
        token = self._services.registry.tokens.issue(person, "session")
        headers = {"cookie": f"{cookie_name(self._services.settings)}={token}", "content-type": "text/plain"}
        self._client.cookies.clear()
        body = {"content": "{}"} if method in ("POST", "PUT") else {}
        answer = self._client.request(method, re.sub(r"{[^}]*}", "x", path), headers=headers, **body)
        return int(answer.status_code)

    def _activate(self, session: Session) -> None:
        for did in self._dids.values():
            get_account(session, did).status = "active"


def _asked(route: str) -> list[str]:
    """Method and path; a mounted application is asked by POST."""
    return route.replace("ASGI", "POST").split()


def _input(path: str, did: str) -> dict[str, Any]:
    if not path.startswith("/xrpc/com.atproto.repo."):
        return INPUT
    note = {"$type": "com.example.note", "text": "x"}
    create = {"$type": "com.atproto.repo.applyWrites#create", "collection": "com.example.note", "value": note}
    return {
        "repo": did, "collection": "com.example.note", "rkey": "absent", "record": note, "writes": [create],
    }  # fmt: skip


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    port = free_port()
    services = compose(Settings(data=tmp_path_factory.mktemp("node"), url=f"http://localhost:{port}", port=port))
    with TestClient(app_of(services), raise_server_exceptions=False) as client:
        services.registry.add("wim", (Role.WORKER,))
        services.registry.add("olga", (Role.OPERATOR,))
        services.registry.add("cora", (Role.CURATOR,))
        dids = {"practitioner": practitioner(services, "anna"), "author": practitioner(services, "otto")}
        services.registry.set_roles("otto", (Role.AUTHOR,))
        yield Asker(services, client, dids)


def _routes(client: TestClient[Any]) -> set[str]:
    """Also streams and mounted applications, which have no methods."""
    return {
        f"{method} {route.path}"
        for route in client.app.routes
        for method in _methods(route) - {"OPTIONS", "HEAD"}
        if not route.path.startswith("/schema")
    }


def _methods(route: BaseRoute) -> set[str]:
    if isinstance(route, HTTPRoute):
        return {method for handler in route.route_handlers for method in handler.http_methods}
    return {"WEBSOCKET" if isinstance(route, WebSocketRoute) else "ASGI"}


def test_every_route_is_in_the_table_and_every_row_is_a_route(asker: Asker) -> None:
    routes = _routes(asker._client)
    assert routes - EXPECTED.keys() == set(), "new routes: say in the table of fixtures who may use them"
    assert EXPECTED.keys() - routes == set(), "rows without a route"


@pytest.mark.parametrize("route", sorted(route for route in EXPECTED if not route.startswith("WEBSOCKET")))
def test_who_may_use(asker: Asker, route: str) -> None:
    """Who may not is told so, before anything else that may be wrong with the question. Nobody breaks anything."""
    allowed = ALLOWED[EXPECTED[route]]
    statuses = {role: asker.ask(route, role) for role in ROLES}
    assert max(statuses.values()) < 500, statuses
    if EXPECTED[route] == "bearer":
        return
    for role in ROLES:
        assert (statuses[role] not in REFUSED) == (role in allowed), (role, statuses)
    if "anonymous" not in allowed:
        assert statuses["anonymous"] == 401


def test_what_an_operator_does_is_in_the_audit_log(asker: Asker) -> None:
    """A handler that changes something and notes nothing is found here, before anybody misses the line."""
    silent = {
        f"{method} {route.path}"
        for route in asker._client.app.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods - {"GET", "HEAD", "OPTIONS"}
        if EXPECTED.get(f"{method} {route.path}", "").endswith("operator") and not _notes(unwrap(handler.fn))
    }
    assert silent == {"POST /admin/doctor", "POST /api/doctor"}, "only the doctor does nothing but look"


def _notes(function: Any) -> bool:
    """Does it, or a function of the pages and interfaces that it calls by name?"""
    function = getattr(function, "func", function)
    called = (function.__globals__.get(name) for name in set(re.findall(r"\w+", getsource(function))))
    near = [one for one in called if isfunction(one) and one.__module__.startswith("node.web.")]
    return any(word in getsource(one) for one in (function, *near) for word in ("audit.note", "services.moderation"))


@pytest.mark.parametrize("person", sorted(PEOPLE.values()))
def test_programs_interfaces_take_no_cookie(asker: Asker, person: str) -> None:
    """Another port of the same host, or a subdomain, can make a browser send its cookie: it must say nothing."""
    own = [r for r, who in EXPECTED.items() if who != "anybody" and r.partition(" ")[2].startswith(PROGRAM_PATHS)]
    assert len(own) > 20
    taken = {route: status for route in own if (status := asker.ask_with_cookie(route, person)) < 400}
    assert taken == {}


def test_what_a_thief_would_keep_is_asked_of_nobody_who_came_in_long_ago(asker: Asker) -> None:
    """Every route for every role; no key for a program, however much it may do, takes the place of a person."""
    long_ago = Proof(now() - PROVEN_FOR - SECOND)
    routes = [route for route, who in EXPECTED.items() if who in PROVEN]
    done = {
        (route, role): status
        for route in routes
        for role in PEOPLE
        if (status := asker.ask_in_person(route, role, long_ago)) != 403
    }
    assert done == {}
    assert _opened(asker, Scope.EVERYTHING, routes) == set()


def test_no_key_makes_an_operator_or_a_link_into_an_operators_account(asker: Asker) -> None:
    """Whoever steals one would make themselves at home for good."""
    headers = {"authorization": f"Bearer {asker._token_of('olga')}"}
    new = {"name": "mallory", "roles": ["operator"], "password": "a long enough sentence"}
    answers = [asker._client.post("/api/people/olga/link", headers=headers)]
    answers.append(asker._client.post("/api/people", headers=headers, json=new))
    answers.append(asker._client.post("/api/people/wim/link?liftSecondStep=true", headers=headers))
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "ProofNeeded" in answers[0].text
    assert asker._services.registry.find("mallory") is None
    made = asker._client.post("/api/people/wim/link", headers=headers)
    assert made.status_code == 201
    registry, token = asker._services.registry, made.json()["link"].rpartition("/")[2]
    assert registry.tokens.find_viewer(token, "link")
    registry.set_roles("wim", (Role.WORKER, Role.OPERATOR))
    assert registry.tokens.find_viewer(token, "link") is None, "made before, for who they were"
    registry.set_roles("wim", (Role.WORKER,))


def test_an_older_proof_is_enough_for_all_else(asker: Asker) -> None:
    token = asker.ask_in_browser("GET /account", "wim", Proof(0))
    assert token == 200
    assert asker.ask_in_browser("POST /account/sessions/end", "wim", Proof(0)) == 303


def _opened(asker: Asker, scope: Scope, routes: Iterable[str]) -> set[str]:
    """Which of the routes that are not anybody's a key of this scope opens, of a person who has every role."""
    key = asker.key_of_everybody(scope)
    asked = (route for route in routes if EXPECTED[route] not in ("anybody", "bearer"))
    return {route for route in asked if asker.ask_with(route, {"authorization": f"Bearer {key}"}) not in REFUSED}


def test_a_key_that_reads_changes_nothing(asker: Asker) -> None:
    assert _opened(asker, Scope.READ, (route for route in EXPECTED if not route.startswith("GET"))) == set()


def test_an_assistants_key_opens_its_own_door_alone(asker: Asker) -> None:
    assert _opened(asker, Scope.ASSIST, EXPECTED) == {"ASGI /mcp", "GET /api/session"}  # who am I, says the second


@pytest.mark.parametrize(
    ("scope", "rows"),
    [(Scope.LEARN, {"worker"}), (Scope.PUBLISH, {"practitioner", "writer", "curator"})],
)
def test_a_key_for_one_kind_of_work_opens_no_other(asker: Asker, scope: Scope, rows: set[str]) -> None:
    opened = _opened(asker, scope, EXPECTED)
    assert {EXPECTED[route] for route in opened - {"GET /api/session"}} == rows


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_the_policy_decides_alone(action: Action, role: Role) -> None:
    from node.errors import NotAllowed, NotSignedIn

    viewer = Viewer("wim", "Wim", frozenset({role}), "did:plc:wim")
    needs = {
        Action.LEARN: Role.WORKER, Action.SEE_WORKER: Role.WORKER, Action.ENDORSE: Role.PRACTITIONER,
        Action.OWN: Role.WORKER,
        Action.OPERATE: Role.OPERATOR, Action.MODERATE: Role.OPERATOR, Action.ASSIST: Role.WORKER,
    }  # fmt: skip
    writers = {Role.PRACTITIONER, Role.AUTHOR}
    several = {
        Action.SECURE: set(Role), Action.REPORT: set(Role), Action.PRACTISE: set(Role),
        Action.CURATE: {Role.PRACTITIONER, Role.CURATOR, Role.OPERATOR},
        Action.KEEP_INSIDE: writers, Action.PUBLISH: writers, Action.MANAGE: writers,
    }  # fmt: skip
    assert may(viewer, action) == (role in several.get(action, {needs.get(action, role)}))
    assert not may(Viewer(), action) or action is Action.READ
    if needs.get(action) is role and action not in (Action.OPERATE, Action.MODERATE):
        assert may(viewer, action, owner="wim")
        assert may(viewer, action, owner="did:plc:wim")
        assert not may(viewer, action, owner="somebody-else")
        with pytest.raises(NotAllowed):
            require(viewer, action, owner="somebody-else")
    if action is not Action.READ:
        with pytest.raises(NotSignedIn):
            require(Viewer(), action)


def test_an_operator_is_not_thereby_a_worker_or_a_practitioner() -> None:
    operator = Viewer("olga", "Olga", frozenset({Role.OPERATOR}))
    assert not may(operator, Action.LEARN)
    assert not may(operator, Action.SEE_WORKER)
    assert not may(operator, Action.PUBLISH)


def test_a_closed_node_shows_strangers_nothing() -> None:
    assert not may(Viewer(), Action.READ, open_reading=False)
    assert may(Viewer("wim", roles=frozenset({Role.WORKER})), Action.READ, open_reading=False)
    assert not may(Viewer("wim"), Action.READ, open_reading=False)  # who had a place here and lost it
