"""Nobody reaches somebody else's object, whatever the route: it answers as if there were no such thing.

Generated from the table of routes: each one that belongs to a person is asked by another person of the same role with
the identifiers of the owner, in its address and in its body, then with some that nobody has. A parameter without an
object fails. What curators and operators look after is the node's and nobody's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import pytest
from litestar.testing import TestClient

from node.app.compose import compose
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people import app_passwords, passkeys
from node.services.people.tokens import Proof, digest_of
from node.services.policy import Role, Viewer
from node.services.writing.drafting import Draft
from node.settings.declared import Settings
from node.store.administration import factors
from node.store.clock import SECOND, now
from node.store.repositories.accounts import get_account
from node.store.repositories.records import find_head
from node.store.tables.people import FactorRow
from node.web.access.viewing import cookie_name
from tests.integration.fixtures.contributions import endorsement_write
from tests.integration.fixtures.nodes import app_of, free_port, practitioner, publish
from tests.integration.fixtures.policy_table import EXPECTED

pytestmark = pytest.mark.real  # every route, several times

SECRET = "dread of the seventeenth invoice"
WIM = Viewer("wim", "Wim", frozenset({Role.WORKER}))
NOBODYS = "3zzzzzzzzzzz2"
OWNED = {
    "worker": ("wim", "wanda"), "practitioner": ("anna", "andrea"), "writer": ("anna", "andrea"),
    "signed in": ("wim", "wanda"), "proven": ("wim", "wanda"), "proven worker": ("wim", "wanda"),
    "proven writer": ("anna", "andrea"),
}  # fmt: skip
# Parameters that name something public, or one's own words for something: not an object of somebody.
NOT_OBJECTS = {"block", "how", "name", "skill", "did"}
# Objects that come from a feed, a device or an estimate; their owner has none here, so any identifier is nobody's.
WITHOUT_ONE = {"item", "said", "correction", "feedback", "handle"}
# What is done to whoever asks, whatever it names: it answers them as ever.
ABOUT_ONESELF = {
    f"POST /xrpc/com.atproto.{name}" for name in (
        "identity.requestPlcOperationSignature", "server.activateAccount", "server.createAppPassword",
        "server.deactivateAccount", "server.requestAccountDelete", "server.revokeAppPassword",
    )
}  # fmt: skip


@dataclass
class Stage:
    """A node with two workers and two practitioners; `objects` are the first ones', by the name of the parameter."""

    services: Services
    client: TestClient[Any]
    objects: dict[str, str]

    def ask(self, route: str, person: str, objects: dict[str, str]) -> Any:
        """The answer to a request that carries the identifiers in its address and in its body."""
        method, path = route.split()
        filled = re.sub(r"{(\w+):[^}]*}", lambda found: objects.get(found[1], "p1"), path)
        self.client.cookies.clear()
        self.client.get("/sign-in")
        csrf = next(value for name, value in self.client.cookies.items() if name.endswith("_csrf"))
        headers = {**self._who(route, person), "x-csrftoken": csrf, "accept": "application/json"}
        note = {"$type": "com.example.note", "text": "x"}
        create = {"$type": "com.atproto.repo.applyWrites#create", "collection": "com.example.note", "value": note}
        words = {"outcome": "alone", "confirm": person, "said": "like"}
        record = {"collection": "com.example.note", "record": note, "writes": [create]} if "/xrpc/" in path else {}
        given = {**words, **record, **objects}
        if route.endswith("createAppPassword"):  # whoever asks makes one of their own
            given["name"] = token_hex(4)
        form = {"json": given} if path.startswith(("/api/", "/xrpc/")) else {"data": given}
        body = form if method in ("POST", "PUT") else {}
        return self.client.request(method, filled, headers=headers, follow_redirects=False, **body)

    def _who(self, route: str, person: str) -> dict[str, str]:
        """A key; where somebody must have shown who they are, a session in which they just did."""
        tokens = self.services.registry.tokens
        if not EXPECTED[route].startswith("proven"):
            return {"authorization": f"Bearer {tokens.issue(person, 'api')}"}
        if "/xrpc/" in route:
            did = self.services.registry.get(person).did
            token = tokens.sign_jwt(did, person, "access", proven_at=now() // SECOND)
            return {"authorization": f"Bearer {token}"}
        self.client.cookies.set(cookie_name(self.services.settings), tokens.begin_session(person, "", Proof(now())))
        return {}

    def reopen(self, did: str) -> None:
        """Somebody may have closed their own account."""
        self.services.database.writer.write(lambda session: setattr(get_account(session, did), "status", "active"))

    def rev(self) -> str:
        """Where Anna's repository stands."""
        with self.services.database.read() as session:
            head = find_head(session, self.objects["repo"])
        assert head is not None
        return head.rev


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    port = free_port()
    services = compose(Settings(data=tmp_path_factory.mktemp("node"), url=f"http://localhost:{port}", port=port))
    with TestClient(app_of(services), raise_server_exceptions=False) as client:
        for name in ("wim", "wanda"):
            services.registry.add(name, (Role.WORKER,))
        anna = practitioner(services, "anna")
        practitioner(services, "andrea")
        module = publish(services, anna, "invoices", "One sentence.")
        made = Stage(services, client, {"repo": anna, "did": anna})
        made.objects |= _objects_of(made, anna, module)
        yield made


def _objects_of(stage: Stage, anna: str, module: Any) -> dict[str, str]:
    services = stage.services
    stage.ask("PUT /api/me/profile", "wim", {"role": SECRET, "goals": SECRET})
    pieces = services.learning.pieces(WIM)
    _, shown = pieces.show(WIM, f"2024-05-01 {SECRET}")
    verdict = endorsement_write(module.uri, module.version)
    services.host.write(anna, [verdict])
    app_passwords.AppPasswords(services.database).create("anna", "the phone")
    services.learning.addresses.renew(WIM)
    passkey = FactorRow(id="c0ffee", person="wim", kind=passkeys.KIND, secret=b"key", created_at=now())
    services.database.writer.write(lambda session: factors.save_factor(session, passkey))
    return {
        "passkey": passkey.id,
        "name": "the phone",
        "did": anna,
        "receipt": services.learning.take_up(WIM, module.uri),
        "saved": services.learning.kept_searches.save(WIM, "q=invoices", SECRET).id,
        "piece": pieces.keep(WIM, [one.piece.to_dict() for one in shown], datetime.now(UTC))[0].id,
        "digest": digest_of(services.registry.tokens.issue("wim", "api")),
        "draft": services.drafting.keep("anna", Draft(body=SECRET)).id,
        "rkey": verdict.rkey,
    }


def _kept(stage: Stage) -> list[str]:
    """What the owners have: Wim's entries, key and passkey, Anna's draft, repository and app password."""
    services = stage.services
    drafts = [str(draft) for draft in services.drafting.list("anna")]
    words = app_passwords.AppPasswords(services.database).list("anna")
    digests = sorted(row.digest for row in (*services.registry.tokens.list("wim", "api"), *words))
    with services.database.read() as session:
        status = get_account(session, stage.objects["repo"]).status
    return [
        *services.learning.export(WIM), str(services.learning.addresses.find(WIM)), *drafts, stage.rev(), status,
        *digests, *(row.id for row in services.passkeys.list("wim")),
    ]  # fmt: skip


ROUTES = sorted(route for route, who in EXPECTED.items() if who in OWNED)


def test_every_parameter_names_an_object_or_says_why_not(stage: Stage) -> None:
    named = {name for route in ROUTES for name in re.findall(r"{(\w+):", route)}
    assert named - NOT_OBJECTS - WITHOUT_ONE - stage.objects.keys() == set(), "new: make such an object above"


def test_the_owner_reaches_them(stage: Stage) -> None:
    """Or the rest would prove nothing."""
    seen = stage.ask("GET /api/me/lessons/{receipt:str}", "wim", stage.objects)
    assert seen.status_code == 200, seen.text
    assert stage.ask("POST /me/searches/{saved:str}/show", "wim", stage.objects).status_code == 303
    assert SECRET in "".join(_kept(stage))


@pytest.mark.parametrize("route", ROUTES)
def test_somebody_else_s_is_as_if_it_were_not(stage: Stage, route: str) -> None:
    _, other = OWNED[EXPECTED[route]]
    before = _kept(stage)
    answer = stage.ask(route, other, stage.objects)
    assert SECRET not in answer.text
    assert _kept(stage) == before
    if "/xrpc/" in route and route not in ABOUT_ONESELF:
        assert answer.status_code >= 400 or route.startswith("GET") or "uploadBlob" in route, answer.text
    else:
        nobodys = stage.ask(route, other, dict.fromkeys(stage.objects, NOBODYS) | {"did": stage.objects["did"]})
        assert answer.status_code == nobodys.status_code
    stage.reopen(stage.services.registry.get("andrea").did)


def test_what_ended_nothing_is_not_in_the_audit_log(stage: Stage) -> None:
    """Or an operator would look for a passkey that never was."""
    for route in (
        "POST /account/passkeys/{passkey:str}/end", "POST /account/tokens/{digest:str}/end",
        "POST /xrpc/com.atproto.server.revokeAppPassword",
    ):  # fmt: skip
        stage.ask(route, OWNED[EXPECTED[route]][1], stage.objects)
    ended = {Deed.PASSKEY_REMOVED, Deed.KEY_ENDED}
    assert [row.actor for row in stage.services.audit.list(200) if row.action in ended] == []
