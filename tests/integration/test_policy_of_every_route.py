"""Who may do what: every route of the application against every role. A route that the table does not name fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from inspect import getsource, unwrap
from typing import Any

import pytest
from litestar.routes import BaseRoute, HTTPRoute, WebSocketRoute
from litestar.testing import TestClient

from node.app.compose import compose
from node.services.assembly import Services
from node.services.policy import Action, Role, Scope, Viewer, may, require
from node.settings.declared import Settings
from node.store.accounts import get_account
from node.store.sessions import Session
from node.web.access.viewing import PROGRAM_PATHS, cookie_name
from tests.integration.fixtures.nodes import app_of, free_port, practitioner

ROLES = ("anonymous", "worker", "practitioner", "author", "curator", "operator")
ALLOWED = {
    "anybody": set(ROLES),
    "bearer": set(ROLES),
    "signed in": set(ROLES) - {"anonymous"},
    "worker": {"worker"},
    "practitioner": {"practitioner"},
    "writer": {"practitioner", "author"},
    "curator": {"practitioner", "curator", "operator"},
    "operator": {"operator"},
}
TABLE = {
    # What is public, or says nothing of anybody.
    "anybody": """
        GET /
        GET /.well-known/agent-skills/index.json
        GET /.well-known/agent-skills/{did:str}/{version:str}/SKILL.md
        GET /.well-known/atproto-did
        GET /.well-known/did.json
        GET /api/blob
        GET /api/explanation
        GET /api/history
        GET /api/item
        GET /api/moderation/log
        GET /api/node
        GET /api/people
        GET /api/ranking
        GET /api/records
        GET /api/reference/circles
        GET /api/reference/coverage
        GET /api/reference/find
        GET /api/reference/modules
        GET /api/reference/releases
        GET /api/reference/proposal
        GET /api/reference/skills
        GET /api/search
        GET /api/suggest
        GET /api/suggestions
        GET /api/tools/feeds
        GET /api/trust
        GET /files/{did:str}/{cid:str}
        GET /health
        GET /health/name
        GET /metrics
        GET /moderation
        GET /modules/{did:str}/{name:str}
        GET /modules/{did:str}/{name:str}/history
        GET /organisations/{did:str}
        GET /organisations/{did:str}/view
        GET /paths/{did:str}/{name:str}
        GET /people/{did:str}
        GET /pictures/{did:str}/{cid:str}
        GET /plc/{did:str}
        GET /plc/{did:str}/data
        GET /plc/{did:str}/log
        GET /plc/{did:str}/log/audit
        GET /ready
        GET /search
        GET /sign-in
        GET /static/{digest:str}/{path:path}
        GET /occupations
        GET /occupations/{code:str}
        GET /occupations/{code:str}/coverage.csv
        GET /skills/{code:str}
        GET /tasks/{did:str}/{name:str}
        GET /paths/{did:str}/{name:str}/history
        GET /tasks/{did:str}/{name:str}/history
        GET /trust
        GET /xrpc/com.atproto.identity.resolveDid
        GET /xrpc/com.atproto.identity.resolveHandle
        GET /xrpc/com.atproto.identity.resolveIdentity
        GET /xrpc/com.atproto.label.queryLabels
        GET /xrpc/com.atproto.repo.describeRepo
        GET /xrpc/com.atproto.repo.getRecord
        GET /xrpc/com.atproto.repo.listRecords
        GET /xrpc/com.atproto.server.describeServer
        GET /xrpc/com.atproto.sync.getBlob
        GET /xrpc/com.atproto.sync.getBlocks
        GET /xrpc/com.atproto.sync.getHostStatus
        GET /xrpc/com.atproto.sync.getLatestCommit
        GET /xrpc/com.atproto.sync.getRecord
        GET /xrpc/com.atproto.sync.getRepo
        GET /xrpc/com.atproto.sync.getRepoStatus
        GET /xrpc/com.atproto.sync.listBlobs
        GET /xrpc/com.atproto.sync.listRepos
        GET /xrpc/com.atproto.sync.listReposByCollection
        POST /xrpc/com.atproto.sync.requestCrawl
        GET /xrpc/org.skillnet.catalogue.getModule
        GET /xrpc/org.skillnet.catalogue.getTask
        GET /xrpc/org.skillnet.catalogue.listModules
        GET /xrpc/org.skillnet.catalogue.search
        GET /xrpc/org.skillnet.catalogue.suggest
        GET /xrpc/org.skillnet.curation.explain
        GET /xrpc/org.skillnet.curation.getInputs
        GET /xrpc/org.skillnet.curation.getRanking
        GET /xrpc/org.skillnet.task.findTasks
        GET /xrpc/org.skillnet.task.getCoverage
        GET /xrpc/org.skillnet.task.getTask
        GET /xrpc/org.skillnet.task.listModules
        GET /xrpc/org.skillnet.task.listTasks
        WEBSOCKET /xrpc/com.atproto.label.subscribeLabels
        WEBSOCKET /xrpc/com.atproto.sync.subscribeRepos
    """,
    # What the request itself carries decides: a password, link, refresh token, private address, signed operation.
    "bearer": """
        DELETE,POST /api/session
        GET /feeds/{file:str}
        GET,POST /link/{token:str}
        POST /plc/{did:str}
        GET,POST /register
        POST /sign-in
        GET /sign-in/back
        POST /sign-in/code
        GET,POST /sign-in/forgotten
        GET,POST /sign-in/passkey
        GET /sign-in/with
        POST /sign-out
        POST /xrpc/com.atproto.identity.refreshIdentity
        POST /xrpc/com.atproto.server.createAccount
        POST /xrpc/com.atproto.server.createSession
        POST /xrpc/com.atproto.server.deleteAccount
        POST /xrpc/com.atproto.server.deleteSession
        POST /xrpc/com.atproto.server.refreshSession
        POST /xrpc/com.atproto.server.reserveSigningKey
    """,
    # Anybody with a name here.
    "signed in": """
        GET,POST /report
        POST /xrpc/com.atproto.moderation.createReport
        GET /account
        POST /account/email
        POST /account/keys
        GET,POST /account/passkeys
        POST /account/passkeys/{passkey:str}/end
        POST /account/recovery-codes
        GET,POST /account/second-factor
        POST /account/second-factor/end
        POST /account/sessions/end
        POST /account/tokens/{digest:str}/end
        GET /api/session
        GET,POST /practitioner
    """,
    # A worker, about their own.
    "worker": """
        ASGI /mcp
        POST /me/data/bring
        POST /me/data/pack
        GET,POST /me/history
        POST /me/history/show
        POST /me/history/{piece:str}/remove
        POST /me/lessons/{receipt:str}/held-up
        POST /me/lessons/{receipt:str}/passages/{block:str}
        GET,POST /api/me/check
        GET,POST /api/me/history
        POST /api/me/history/preview
        DELETE /api/me/history/{piece:str}
        GET /api/me/lessons/{receipt:str}/passages
        DELETE,POST /api/me/lessons/{receipt:str}/passages/{block:str}
        POST /api/me/notice
        POST /api/me/pack
        POST /api/me/unpack
        GET /api/me/beliefs
        POST /api/me/beliefs/{skill:path}
        DELETE /api/me/corrections/{correction:str}
        GET /api/me/export
        GET /api/me/feed
        GET,POST /api/me/feed-address
        GET,POST /api/me/feedback
        DELETE /api/me/feedback/{feedback:str}
        POST /api/me/forget
        POST /api/me/help
        GET /api/me/holdings
        POST /api/me/lessons
        GET,POST /api/me/lessons/{receipt:str}
        GET,POST /api/me/outcomes
        DELETE /api/me/outcomes/{receipt:str}
        POST /api/me/outcomes/{receipt:str}/confirm
        PUT /api/me/outcomes/{receipt:str}/evidence
        GET,PUT /api/me/profile
        GET /me
        GET /me/beliefs
        POST /me/beliefs/{name:str}
        POST /me/corrections/{correction:str}/undo
        GET /me/data
        POST /me/data/erase
        GET /me/data/export
        POST /me/feed/{item:str}
        GET,POST /me/feeds
        POST /me/feeds/keys
        POST /me/feeds/keys/{handle:str}/end
        GET,POST /me/searches
        POST /me/searches/recent/clear
        POST /me/searches/{saved:str}/end
        POST /me/searches/{saved:str}/show
        GET,POST /me/help
        POST /me/lessons
        GET /me/lessons/{receipt:str}
        POST /me/lessons/{receipt:str}/blocks/{block:str}/{how:str}
        POST /me/lessons/{receipt:str}/outcome
        POST /me/lessons/{receipt:str}/outcome/confirm
        POST /me/lessons/{receipt:str}/outcome/evidence
        POST /me/lessons/{receipt:str}/outcome/undo
        POST /me/lessons/{receipt:str}/slots
        POST /me/paths
        GET,POST /me/profile
        POST /me/said/{said:str}/undo
    """,
    # Who keeps the catalogue fresh.
    "curator": """
        DELETE,POST /api/tools/feeds
        GET /freshness
        POST /freshness/feeds
        POST /freshness/feeds/forget
    """,
    # Who speaks with a voice that counts, under their own identity.
    "practitioner": """
        POST /endorse
        POST /people/{did:str}/vouch
    """,
    # Who publishes, under their own identity.
    "writer": """
        POST /api/paths
        GET /api/renewals
        POST /api/renewals/{rkey:str}
        POST /endorsements/{rkey:str}/renew
        POST /credentials/accept
        POST /credentials/drop
        POST /api/internal/blobs
        GET,POST /api/internal/promotion
        GET /api/internal/record
        GET /api/internal/records
        POST /api/internal/writes
        POST /endorsements/{rkey:str}/withdraw
        GET,POST /write
        POST /write/check
        POST /write/drafts/{draft:str}/discard
        POST /write/files
        GET /write/modules
        POST /write/stops
        GET,POST /write/public
        GET,POST /write/retire
        GET,POST /suggestions
        GET /xrpc/com.atproto.identity.getRecommendedDidCredentials
        POST /xrpc/com.atproto.identity.requestPlcOperationSignature
        POST /xrpc/com.atproto.identity.signPlcOperation
        POST /xrpc/com.atproto.identity.submitPlcOperation
        POST /xrpc/com.atproto.identity.updateHandle
        POST /xrpc/com.atproto.repo.applyWrites
        POST /xrpc/com.atproto.repo.createRecord
        POST /xrpc/com.atproto.repo.deleteRecord
        POST /xrpc/com.atproto.repo.importRepo
        GET /xrpc/com.atproto.repo.listMissingBlobs
        POST /xrpc/com.atproto.repo.putRecord
        POST /xrpc/com.atproto.repo.uploadBlob
        POST /xrpc/com.atproto.server.activateAccount
        GET /xrpc/com.atproto.server.checkAccountStatus
        POST /xrpc/com.atproto.server.createAppPassword
        POST /xrpc/com.atproto.server.deactivateAccount
        GET /xrpc/com.atproto.server.getServiceAuth
        GET /xrpc/com.atproto.server.getSession
        GET /xrpc/com.atproto.server.getAccountInviteCodes
        GET /xrpc/com.atproto.server.listAppPasswords
        POST /xrpc/com.atproto.server.requestAccountDelete
        POST /xrpc/com.atproto.server.revokeAppPassword
    """,
    # Who runs the node.
    "operator": """
        GET /admin/moderation
        POST /admin/moderation/labelers
        POST /admin/moderation/labelers/drop
        POST /admin/moderation/labels
        POST /admin/moderation/labels/withdraw
        POST /admin/moderation/reports/{number:str}
        POST /admin/moderation/rules
        POST /admin/moderation/rules/lift
        GET,POST /api/moderation/labels
        DELETE,GET,POST /api/moderation/labelers
        GET,POST /api/moderation/list
        GET /api/moderation/reports
        POST /api/moderation/reports/{number:str}/answer
        DELETE,GET,POST /api/moderation/rules
        GET /api/groups
        GET /admin
        POST /admin/invitations
        POST /admin/invitations/{invitation:str}/revoke
        POST /admin/peers
        POST /admin/peers/unfollow
        GET /admin/audit
        POST /admin/people/{name:str}/link
        POST /admin/people/{name:str}/roles
        POST /admin/people/{name:str}/second-factor/end
        GET /api/audit
        GET,POST /api/accounts
        POST /api/accounts/{did:str}/confirmation
        POST /api/accounts/{did:str}/register-did
        POST /api/accounts/{did:str}/rotate
        POST /api/accounts/{did:str}/status
        GET /api/confirmations
        POST /api/credentials
        POST /api/credentials/revoke
        DELETE,GET,POST /api/peers
        GET /api/peers/suggestions
        POST /api/peers/sync
        GET /api/search/comparison
        POST /api/people
        DELETE /api/people/{name:str}
        POST /api/people/{name:str}/link
        GET,POST /api/reference/imports
        GET /api/rejections
        POST /api/tools/read
        POST /api/vouches
        POST /organisations/{did:str}/vouch
        POST /people/{did:str}/credentials
        POST /people/{did:str}/credentials/{rkey:str}/revoke
        POST /xrpc/com.atproto.server.createInviteCode
        POST /xrpc/com.atproto.server.createInviteCodes
    """,
}
EXPECTED = {
    f"{method} {path}": name
    for name, lines in TABLE.items()
    for methods, path in (line.split() for line in lines.strip().splitlines())
    for method in methods.split(",")
}
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
UPLOADS = ("/me/data/bring", "/write/files")


class Asker:
    """Asks as one of the people, with what forms and programs send."""

    def __init__(self, services: Services, client: TestClient[Any], dids: dict[str, str]) -> None:
        self._services, self._client, self._dids = services, client, dids
        self._tokens: dict[str, str] = {}
        client.get("/sign-in")
        self._csrf = next((name, value) for name, value in client.cookies.items() if name.endswith("_csrf"))

    def ask(self, route: str, role: str) -> int:
        """The status of the answer."""
        headers = {"authorization": f"Bearer {self._token_of(PEOPLE[role])}"} if role in PEOPLE else {}
        return self.ask_with(route, headers, self._dids.get(role, ""))

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
    assert routes - EXPECTED.keys() == set(), "new routes: say in the table above who may use them"
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
        if EXPECTED.get(f"{method} {route.path}") == "operator" and not _notes(unwrap(handler.fn))
    }
    assert silent == set()


def _notes(function: Any) -> bool:
    source = getsource(getattr(function, "func", function))
    return any(word in source for word in ("audit.note", "services.moderation", "_make("))


@pytest.mark.parametrize("person", sorted(PEOPLE.values()))
def test_programs_interfaces_take_no_cookie(asker: Asker, person: str) -> None:
    """Another port of the same host, or a subdomain, can make a browser send its cookie: it must say nothing."""
    own = [r for r, who in EXPECTED.items() if who != "anybody" and r.partition(" ")[2].startswith(PROGRAM_PATHS)]
    assert len(own) > 20
    taken = {route: status for route in own if (status := asker.ask_with_cookie(route, person)) < 400}
    assert taken == {}


def _opened(asker: Asker, scope: Scope, routes: Iterable[str]) -> set[str]:
    """Which of the routes that are not anybody's a key of this scope opens, of a person who has every role."""
    key = asker.key_of_everybody(scope)
    asked = (route for route in routes if EXPECTED[route] not in ("anybody", "bearer"))
    return {route for route in asked if asker.ask_with(route, {"authorization": f"Bearer {key}"}) not in REFUSED}


def test_a_key_that_reads_changes_nothing(asker: Asker) -> None:
    assert _opened(asker, Scope.READ, (route for route in EXPECTED if not route.startswith("GET"))) == set()


def test_an_assistants_key_opens_its_own_door_alone(asker: Asker) -> None:
    assert _opened(asker, Scope.ASSIST, EXPECTED) == {"ASGI /mcp", "GET /api/session"}  # who am I, says the second


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
