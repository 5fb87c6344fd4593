"""One composed node with part of the starter catalogue; its pages are reached over ASGI as a browser reaches them."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from federation.keys import SigningKey
from federation.repository import Write
from node import starter
from node.app.compose import compose
from node.authoring.parse import parse_module, parse_task
from node.authoring.value import to_value
from node.services.assembly import Services
from node.services.hosting.accounts import load_rotation_key
from node.services.people.tokens import Proof
from node.services.policy import Role
from node.services.writing.publishing import publish
from node.settings.declared import Settings
from node.store.clock import as_text, now
from node.web.access.viewing import cookie_name
from schemas.authority import CREDENTIAL, PROFILE
from schemas.datamodel import from_json
from schemas.identifiers import tid_from_micros
from tests.integration.fixtures.nodes import app_of

STARTER = Path(starter.__file__).parent
PASSWORD = "correct horse battery"
BOOKKEEPER = "onet:43-3031.00"


@dataclass
class Browser:
    """Somebody at a browser: cookies are kept, forms carry the token that the node gave out."""

    client: TestClient[Any]
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Any:
        return self._kept(self.client.get(path, headers=self._headers(headers), follow_redirects=False))

    def post(self, path: str, *, csrf: bool = True, **data: Any) -> Any:
        fields = {**data, **({"_csrf_token": self._token()} if csrf else {})}
        return self._kept(self.client.post(path, data=fields, headers=self._headers({}), follow_redirects=False))

    def upload(self, path: str, name: str, text: str, **data: Any) -> Any:
        """POST a form with a file in the field `name`."""
        fields, files = {**data, "_csrf_token": self._token()}, {name: ("file.txt", text.encode())}
        answer = self.client.post(path, data=fields, files=files, headers=self._headers({}), follow_redirects=False)
        return self._kept(answer)

    def _token(self) -> str:
        return next((value for name, value in self.cookies.items() if name.endswith("_csrf")), "")

    def submit(self, path: str, **data: Any) -> Any:
        """POST and follow the redirect."""
        answer = self.post(path, **data)
        assert answer.status_code == 303, f"{answer.status_code}: {words(answer)[:2000]}"
        return self.get(answer.headers["location"])

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Accept": "text/html", **({"Cookie": cookies} if cookies else {}), **more}

    def _kept(self, answer: Any) -> Any:
        self.client.cookies.clear()
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        for line in answer.headers.get_list("set-cookie"):
            if "max-age=0" in line.lower():
                self.cookies.pop(line.partition("=")[0], None)
        return answer


def words(answer: Any) -> str:
    """What a person reads on a page."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@dataclass
class Stage:
    """The node under test. `people`: sign-in name → DID of the practitioners."""

    services: Services
    client: TestClient[Any]
    people: dict[str, str] = field(default_factory=dict)

    def browser(self, name: str = "", proof: Proof | None = None) -> Browser:
        """A browser in which `name` has signed in; `proof`: when they showed who they are, if not just now."""
        browser = Browser(self.client)
        if name:
            token = self.services.registry.tokens.begin_session(name, "a browser", proof or Proof(now()))
            browser.cookies[cookie_name(self.services.settings)] = token
            browser.get("/sign-in")
        return browser

    def add(self, name: str, *roles: Role, password: str = "") -> None:
        self.services.registry.add(name, roles, display_name=name.capitalize(), password=password)

    def add_practitioner(self, name: str, *, attested: str = "") -> str:
        """A practitioner with a profile; `attested`: the occupation that the node attests and the person accepts."""
        services = self.services
        self.add(name, Role.PRACTITIONER)
        rotation = load_rotation_key(services.database, services.sealer)
        account = services.accounts.create_practitioner(name, SigningKey.generate().did_key, rotation, services.stream)
        services.registry.grant(name, did=account.did)
        at, profile = as_text(now()), {"$type": PROFILE, "displayName": name.capitalize()}
        if attested:
            rkey = str(tid_from_micros(now(), 0))
            stated = {"$type": CREDENTIAL, "subject": account.did, "occupation": attested, "from": at, "createdAt": at}
            services.host.write(services.identity.did, [Write("create", CREDENTIAL, rkey, stated)])
            profile["credentials"] = [f"at://{services.identity.did}/{CREDENTIAL}/{rkey}"]  # type: ignore[assignment]  # a list
        services.host.write(account.did, [Write("create", PROFILE, "self", {**profile, "createdAt": at})])
        self.people[name] = account.did
        return account.did

    def publish(self, name: str, source: str, *, task: bool = False, addresses: dict[str, str] | None = None) -> str:
        """Publish Markdown as `name`; the head's at-uri."""
        document = parse_task(source) if task else parse_module(source)
        value = from_json(to_value(document, addresses=addresses or {}))
        return publish(self.services.database, self.services.host, self.people[name], value).uri

    def settle(self) -> None:
        assert self.services.rankings.settle()
        assert self.services.finder.settle()


def read_starter(path: str) -> str:
    return (STARTER / path).read_text("utf-8")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    settings = Settings(
        data=tmp_path_factory.mktemp("node"), url="http://localhost:18200", organisation="Harbour Services"
    )
    services = compose(settings)
    with TestClient(app_of(services, alone=True), base_url="http://127.0.0.1:18200") as client:
        yield _furnished(Stage(services, client))


def _furnished(stage: Stage) -> Stage:
    stage.add("olga", Role.OPERATOR)
    stage.add("peter", Role.WORKER)
    stage.add_practitioner("wei", attested=BOOKKEEPER)
    stage.add_practitioner("ruth")
    stage.add_practitioner("ines")
    task = stage.publish("wei", read_starter("harbour-services/tasks/reconcile-the-bank-account.md"), task=True)
    addresses = {"./tasks/reconcile-the-bank-account.md": task}
    for name in ("check-an-extracted-invoice", "balanced-and-still-wrong"):
        stage.publish("wei", read_starter(f"harbour-services/modules/{name}.md"), addresses=addresses)
    stage.publish("ruth", read_starter("harbour-services/modules/check-a-drafted-reply.md"))
    original = f"at://{stage.people['ruth']}/org.skillnet.module/check-a-drafted-reply"
    spanish = read_starter("harbour-services/modules/check-a-drafted-reply-es.md")
    stage.publish("ruth", spanish, addresses={"./modules/check-a-drafted-reply.md": original})
    stage.publish("ines", read_starter("riverside-health/modules/notice-a-change-early-ar.md"))
    stage.settle()
    return stage


@pytest.fixture(scope="module")
def read() -> Any:
    """The words of an answer."""
    return words


@pytest.fixture
def name() -> str:
    """Of a work that no other test made."""
    return f"m-{secrets.token_hex(4)}"
