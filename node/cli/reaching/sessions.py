"""Signs in to a node, or to any other host of the protocol, and keeps its tokens fresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from node.cli.reaching.client import Answered, NodeClient, connect
from node.cli.reaching.logins import Login, LoginBook
from node.errors import NotSignedIn

CODE_NEEDED = "AuthFactorTokenRequired"


def sign_in(url: str, name: str, password: str, ask_code: Callable[[], str] = lambda: "") -> Login:
    """A sign-in at `url`; `ask_code` gives the code of a second factor. Raises Answered with the node's own words."""
    client = connect(url)
    if not is_node(client):
        return _sign_in_to_host(client, url, name, password)
    body = {"name": name, "password": password}
    try:
        facts = client.post("/api/session", body)
    except Answered as error:
        code = ask_code() if error.code == CODE_NEEDED else ""
        if not code:
            raise
        facts = client.post("/api/session", {**body, "code": code})
    return Login(str(facts["name"]), url, str(facts["token"]), str(facts.get("did") or ""))


def with_key(url: str, key: str) -> Login:
    """A sign-in at a node with a key made on its page *Signing in*. Raises Answered for one that opens nothing."""
    facts = connect(url, key).get("/api/session")
    return Login(str(facts["name"]), url, key, str(facts.get("did") or ""))


def is_node(client: NodeClient) -> bool:
    """Is this a SkillNet node, or another host of the protocol? Raises Unreachable."""
    try:
        facts = client.get("/api/node")
    except Answered:
        return False
    return isinstance(facts, dict) and "did" in facts


def sign_out(login: Login) -> None:
    """End a sign-in at its node."""
    if login.refresh:
        connect(login.url, login.refresh).post("/xrpc/com.atproto.server.deleteSession")
    else:
        connect(login.url, login.token).delete("/api/session")


def describe(login: Login) -> dict[str, Any]:
    """Who the token belongs to, as the node says."""
    client = connect(login.url, login.token)
    if login.refresh:
        facts = client.get("/xrpc/com.atproto.server.getSession")
        return {"name": login.name, "did": facts["did"], "url": login.url, "roles": ["practitioner"]}
    found: dict[str, Any] = client.get("/api/session")
    return found


def renewed(login: Login) -> Login:
    """The sign-in with a token that still works. Raises NotSignedIn when it has ended."""
    if not login.refresh:
        return login
    try:
        connect(login.url, login.token).get("/xrpc/com.atproto.server.getSession")
    except Answered:
        return _refreshed(login)
    return login


def _refreshed(login: Login) -> Login:
    try:
        facts = connect(login.url, login.refresh).post("/xrpc/com.atproto.server.refreshSession")
    except Answered as error:
        raise NotSignedIn(
            f"The sign-in as {login.key} has ended.", hint=f"`skillnet login {login.url} --as {login.name}`"
        ) from error
    return LoginBook().renew(login, str(facts["accessJwt"]), str(facts["refreshJwt"]))


def _sign_in_to_host(client: NodeClient, url: str, name: str, password: str) -> Login:
    body = {"identifier": name, "password": password}
    facts = client.post("/xrpc/com.atproto.server.createSession", body)
    return Login(name, url, str(facts["accessJwt"]), str(facts["did"]), str(facts["refreshJwt"]))
