"""Single sign-on against a provider that somebody else wrote and had certified (npm oidc-provider)."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from node.services.audit import Deed
from node.services.examining.sign_on import examine_sign_on
from node.services.policy import Role
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import LiveNode, live, until

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "skillnet-counterparts"
PROVIDER = CACHE / "sign-on" / "node_modules" / "oidc-provider" / "lib" / "index.js"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not PROVIDER.exists(), reason=".ci/install-counterparts installs the provider"),
]


@dataclass
class Place:
    """A node and its provider."""

    node: LiveNode
    provider: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    port, node_port = free_port(), free_port()
    program = ["node", str(Path(__file__).with_name("provider.mjs")), str(port), f"http://localhost:{node_port}"]
    environment = {**os.environ, "PROVIDER": PROVIDER.as_uri(), "NODE_ENV": "test"}
    issuer = f"http://localhost:{port}"
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        until(lambda: _answers(issuer), 60, "the provider's start")
        with live(
            tmp_path_factory.mktemp("node"), node_port,
            sign_on_issuer=issuer, sign_on_client="node", sign_on_secret="a-secret-of-the-node",
            sign_on_name="Works ID", sign_on_scope="openid profile groups",
            sign_on_roles=["staff=worker", "authors=practitioner", "it=operator"],
        ) as node:  # fmt: skip
            yield Place(node, issuer)
    finally:
        process.terminate()
        process.wait(60)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/.well-known/openid-configuration", timeout=60, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@dataclass
class Browser:
    """Follows redirects and fills the provider's forms; every host's cookies apart."""

    place: Place
    client: httpx.Client

    def come_in(self, name: str, start: str = "/sign-in/with?next=/account") -> httpx.Response:
        answer = self.client.get(self.place.node.url + start)
        for _ in range(4):
            form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            if str(answer.url).startswith(self.place.node.url) or form is None:
                return answer
            if 'name="login"' in answer.text:
                fields = {"prompt": "login", "login": name, "password": "any"}
            else:
                fields = {"prompt": "consent"}
            answer = self.client.post(str(answer.url.join(unescape(form.group(1)))), data=fields)
        return answer

    def form_at(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the node's page `path`."""
        form = self.client.get(self.place.node.url + "/sign-in").text
        token = re.search(r'name="_csrf_token" value="([^"]+)"', form).group(1)
        return self.client.post(self.place.node.url + path, data={**fields, "_csrf_token": token})

    def is_in(self) -> bool:
        answer = self.client.get(f"{self.place.node.url}/account", follow_redirects=False)
        return answer.status_code == 200

    def is_known_there(self) -> bool:
        """Does the provider know this browser's person, without asking?"""
        answer = self.client.get(f"{self.place.node.url}/sign-in/with")
        return str(answer.url).startswith(self.place.node.url)

    def sign_out_there(self, address: str) -> httpx.Response:
        """Agree to the provider's question."""
        answer = self.client.get(address)
        form = re.search(r'action="([^"]+)".*name="xsrf" value="([^"]+)"', answer.text, re.DOTALL)
        return self.client.post(unescape(form.group(1)), data={"xsrf": form.group(2), "logout": "yes"})


@pytest.fixture
def arrive(place: Place) -> Iterator[Callable[[], Browser]]:
    """Somebody at a browser of their own."""
    with ExitStack() as stack:
        yield lambda: Browser(
            place, stack.enter_context(httpx.Client(follow_redirects=True, timeout=30, trust_env=False))
        )


@pytest.fixture
def browser(arrive: Callable[[], Browser]) -> Browser:
    return arrive()


def _person(place: Place, name: str) -> Any:
    return place.node.services.registry.find(name)


def test_a_colleague_comes_in_with_the_roles_of_her_groups(
    place: Place, browser: Browser, arrive: Callable[[], Browser]
) -> None:
    page = browser.come_in("maria")
    assert page.status_code == 200, page.text
    assert "You sign in as maria-lopes." in page.text
    assert _person(place, "maria-lopes").roles == ["practitioner", "worker"]
    assert _person(place, "maria-lopes").display_name == "Maria Lopes"
    httpx.get(f"{place.provider}/test-groups", params={"groups": "staff"}, timeout=60, trust_env=False)
    assert arrive().come_in("maria").status_code == 200
    assert _person(place, "maria-lopes").roles == ["worker"]
    httpx.get(f"{place.provider}/test-groups", params={"groups": "nobody"}, timeout=60, trust_env=False)
    assert arrive().come_in("maria").status_code == 403
    assert _person(place, "maria-lopes-2") is None
    assert _person(place, "maria-lopes").roles == []  # nor do older sessions of hers open anything
    done = {row.action for row in place.node.services.audit.list(50)}
    assert {Deed.REGISTERED, Deed.ROLES_CHANGED} <= done


def test_who_has_no_place_here_gets_no_account(place: Place, browser: Browser) -> None:
    assert browser.come_in("bert").status_code == 403
    assert _person(place, "bert") is None


def test_a_name_that_is_taken_here_takes_nothing_over(place: Place, browser: Browser) -> None:
    registry = place.node.services.registry
    registry.add("olga", (Role.WORKER,), password="a long enough sentence")
    assert "You sign in as olga-2." in browser.come_in("olga").text
    assert _person(place, "olga").roles == ["worker"]
    assert _person(place, "olga-2").roles == ["operator", "worker"]


def test_what_was_not_begun_here_is_refused(place: Place, browser: Browser) -> None:
    url = place.node.url
    assert browser.client.get(f"{url}/sign-in/back?code=x&state=y").status_code == 401
    first = browser.client.get(f"{url}/sign-in/with", follow_redirects=False)
    assert "code_challenge_method=S256" in first.headers["location"]
    state = httpx.URL(first.headers["location"]).params["state"]
    assert browser.client.get(f"{url}/sign-in/back?code=x&state=other").status_code == 401
    assert browser.client.get(f"{url}/sign-in/back?code=made-up&state={state}").status_code == 401
    assert browser.client.get(f"{url}/sign-in/with?tie=made-up").status_code == 401


def test_an_account_is_tied_by_its_holder(place: Place, browser: Browser, arrive: Callable[[], Browser]) -> None:
    registry = place.node.services.registry
    registry.add("tina", (Role.WORKER,), password="a long enough sentence")
    page = browser.form_at("/sign-in", name="tina", password="a long enough sentence", next="/account")
    tie = unescape(re.search(r'href="(/sign-in/with\?tie=[^"]+)"', page.text).group(1))
    page = browser.come_in("tina-elsewhere", tie)
    assert "It leads to this account." in page.text
    assert "You sign in as tina." in arrive().come_in("tina-elsewhere").text


def test_who_signs_out_here_may_do_so_there(arrive: Callable[[], Browser]) -> None:
    browser = arrive()
    browser.come_in("hanna")
    assert browser.is_known_there()
    page = browser.form_at("/sign-out")
    assert "You are signed out here" in page.text
    assert not browser.is_in()
    assert browser.is_known_there()
    page = browser.form_at("/sign-out")
    end = unescape(re.search(r'href="(http[^"]+/session/end[^"]+)"', page.text).group(1))
    back = browser.sign_out_there(end)
    assert str(back.url) == f"{browser.place.node.url}/sign-in"
    assert not browser.is_known_there()


def test_who_signs_out_there_is_signed_out_here(place: Place, arrive: Callable[[], Browser]) -> None:
    browser, elsewhere, other = arrive(), arrive(), arrive()
    for one, name in ((browser, "hanna"), (elsewhere, "hanna"), (other, "nora")):
        one.come_in(name)
    browser.sign_out_there(f"{place.provider}/session/end")
    until(lambda: not browser.is_in(), what="the provider tells the node")
    assert elsewhere.is_in(), "another session there"
    assert other.is_in()


def test_what_the_provider_did_not_sign_ends_nothing(place: Place, arrive: Callable[[], Browser]) -> None:
    browser = arrive()
    browser.come_in("hanna")
    (row,) = place.node.services.registry.tokens.list("hanna", "session")[:1]
    shown = place.node.services.sign_on.sign_off._open(row.sign_on)
    for token in ("", "x", "a.b.c", shown, shown[:-4] + "AAAA"):
        answer = httpx.post(
            f"{place.node.url}/api/sign-on/ended", data={"logout_token": token}, timeout=60, trust_env=False
        )
        assert answer.status_code == 400, token
    assert browser.is_in()


def test_who_only_comes_this_way_shows_there_who_they_are(browser: Browser) -> None:
    """The provider asks again though it knows the browser; an address from which that was taken out proves nothing."""
    page = browser.come_in("hanna")
    assert 'action="/account/keys"' not in page.text
    asked = browser.client.get(f"{browser.place.node.url}/sign-in/again?next=/account").text
    way = unescape(re.search(r'href="(/sign-in/with[^"]+)"', asked).group(1))
    assert 'type="password"' not in asked
    away = browser.client.get(browser.place.node.url + way, follow_redirects=False).headers["location"]
    silent = httpx.URL(away).copy_remove_param("prompt").copy_remove_param("max_age")
    assert "It did not ask you again" in browser.client.get(silent).text
    assert 'action="/account/keys"' not in browser.client.get(f"{browser.place.node.url}/account").text
    assert 'name="login"' in browser.client.get(browser.place.node.url + way).text, "though it knows who this is"
    assert 'action="/account/keys"' in browser.come_in("hanna", way).text


@pytest.mark.parametrize(
    ("name", "secret", "knows"),
    [("node", "a-secret-of-the-node", True), ("node", "another", False), ("node", "", False), ("nod", "x", False)],
)
def test_the_doctor_finds_a_wrong_name_or_secret_when_it_is_asked(
    place: Place, name: str, secret: str, *, knows: bool
) -> None:
    settings = replace(place.node.services.settings, sign_on_client=name, sign_on_secret=secret)
    (unasked,) = examine_sign_on(settings)
    (found,) = examine_sign_on(settings, asked=True)
    assert (unasked.ok, found.ok) == (True, knows), found
    assert ("knows this node" in found.detail) == knows
    assert knows or "sign_on.client and sign_on.secret" in found.detail
