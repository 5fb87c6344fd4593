"""A node with people, and how to speak to it as each of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import httpx

from federation.codec import cid_for, encode
from federation.keys import SigningKey
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.victim import Victim
from node.store.clock import as_text, now
from schemas.authority import MODULE, MODULE_VERSION
from schemas.datamodel import from_json, to_json
from schemas.identifiers import tid_from_micros

PASSWORD = "a sentence for the chaos"  # noqa: S105 - of a node that lives for minutes
OPERATOR = ""

_later = itertools.count()


class Refused(Exception):
    """The node did not take it."""


class NotHere(Exception):
    """This fault cannot be made on this machine; says why."""


@dataclass
class Stage:
    """`people` maps names to DIDs (empty for workers); `ask` speaks as one of them, or as the operator."""

    victim: Victim
    folder: Path
    people: dict[str, str] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _clients: dict[str, httpx.Client] = field(default_factory=dict)
    _opening: Lock = field(default_factory=Lock)

    def prepare(self) -> None:
        """Two practitioners and a worker."""
        for name in ("anna", "ben"):
            self.people[name] = self.open_account(name, password=PASSWORD)
        self.hire("wim")
        for name in ("anna", "ben", "wim"):
            self.sign_in(name)

    def open_account(self, name: str, **more: str) -> str:
        """With an identity and a repository of its own: its DID."""
        body = {"name": name, "recoveryKey": SigningKey.generate().did_key, **more}
        return str(self.ask(OPERATOR, "POST", "/api/accounts", json=body)["did"])

    def hire(self, name: str) -> None:
        """A worker."""
        self.ask(OPERATOR, "POST", "/api/people", json={"name": name, "roles": ["worker"], "password": PASSWORD})
        self.people[name] = ""

    def sign_in(self, name: str) -> None:
        """From now on `ask` speaks with a token of theirs, which outlives the node's deaths."""
        self._tokens[name] = self.new_token(name)

    def new_token(self, name: str) -> str:
        """One more of theirs."""
        with self.victim.client() as client:
            answer = client.post("/api/session", json={"name": name, "password": PASSWORD, "label": "chaos"})
        return str(answer.raise_for_status().json()["token"])

    def signed_in(self, name: str) -> httpx.Client:
        """A client of somebody's own, for a moment."""
        return self.victim.client(self._tokens[name])

    def ask(self, name: str, method: str, path: str, **options: Any) -> Any:
        """The answer. Raises Refused, httpx.TransportError when the node is gone."""
        answer = self._client_of(name).request(method, path, **options)
        if not answer.is_success:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.json() if is_json else answer.content

    def write(self, name: str, collection: str, rkey: str, value: dict[str, Any], how: str = "createRecord") -> Any:
        """One record into somebody's repository. Raises as `ask`."""
        body = {"repo": self.people[name], "collection": collection, "rkey": rkey, "record": value}
        return self.ask(name, "POST", f"/xrpc/com.atproto.repo.{how}", json=body)

    def apply(self, name: str, writes: list[dict[str, Any]]) -> None:
        """Several in one commit. Raises as `ask`."""
        body = {"repo": self.people[name], "writes": writes}
        self.ask(name, "POST", "/xrpc/com.atproto.repo.applyWrites", json=body)

    def publish(self, name: str, value: dict[str, Any]) -> tuple[str, dict[str, str]]:
        """A module: its address, and the version that it shows. Raises as `ask`."""
        version, head = module_writes(self.people[name], value)
        self.apply(name, [version, head])
        return f"at://{self.people[name]}/{MODULE}/{head['rkey']}", head["value"]["current"]

    def keep_inside(self, name: str, value: dict[str, Any]) -> None:
        """A module for members. Raises as `ask`."""
        self.ask(name, "POST", "/api/internal/writes", json={"writes": module_writes(self.people[name], value)})

    def inside(self, name: str) -> set[str]:
        """Names of somebody's modules for members. Raises as `ask`."""
        found = self.ask(name, "GET", "/api/internal/records", params={"collection": MODULE})["records"]
        return {record["uri"].rpartition("/")[2] for record in found}

    def send_form(self, name: str, path: str, fields: dict[str, str]) -> Any:
        """As a page does that this person has opened. Raises as `ask`."""
        cookies = self._client_of(name).cookies
        if not any(cookie.name.endswith("_csrf") for cookie in cookies.jar):
            self.ask(name, "GET", path)
        token = next(str(cookie.value) for cookie in cookies.jar if cookie.name.endswith("_csrf"))
        return self.ask(name, "POST", path, data=fields, headers={"x-csrftoken": token})

    def _client_of(self, name: str) -> httpx.Client:
        with self._opening:  # several threads write as one person
            if name not in self._clients:
                known = self._tokens.get(name, "")
                self._clients[name] = self.victim.client(known) if name else self.victim.operator()
            return self._clients[name]

    def leave(self) -> None:
        """Let go of connections: the node is another process now."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()


@contextmanager
def standing(
    data: Path,
    nursery: Nursery,
    settings: str = "",
    environment: Mapping[str, str] | None = None,
    kind: type[Victim] = Victim,
) -> Iterator[Stage]:
    """A node in `data` with its people, for the length of the block; `settings` are lines of its settings file."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data / "skillnet.toml").write_text(f"[federation]\nallow_localhost = true\n{settings}", "utf-8")
    stage = Stage(kind(data, nursery, environment=dict(environment or {})), data.parent)
    try:
        stage.victim.start()
        stage.prepare()
        yield stage
    finally:
        stage.leave()
        stage.victim.stop()


def new_tid() -> str:
    """A record key that sorts after every one given before."""
    return str(tid_from_micros(now() + next(_later), 0))


def version_value(name: str, body: str, **more: Any) -> dict[str, Any]:
    """One version of a module."""
    return {
        "$type": MODULE_VERSION, "name": name, "title": f"How to {name}", "description": "Made to be there again.",
        "language": "en", "license": "CC-BY-4.0", "layer": "concept", "body": body, "createdAt": as_text(now()),
        "tasks": ["onet:43-3031.00/1"], **more,
    }  # fmt: skip


def module_writes(did: str, value: dict[str, Any]) -> list[dict[str, Any]]:
    """A version and the head that shows it, as applyWrites takes them."""
    rkey, name = new_tid(), value["name"]
    cid = cid_for(encode(from_json(value)))
    head = {
        "$type": MODULE, "name": name, "title": value["title"], "createdAt": value["createdAt"],
        "current": {"uri": f"at://{did}/{MODULE_VERSION}/{rkey}", "cid": cid},
        **({"visibility": value["visibility"]} if "visibility" in value else {}),
    }  # fmt: skip
    return [create(MODULE_VERSION, rkey, value), create(MODULE, name, head)]


def create(collection: str, rkey: str, value: dict[str, Any]) -> dict[str, Any]:
    """One operation of applyWrites."""
    kind = "com.atproto.repo.applyWrites#create"
    return {"$type": kind, "collection": collection, "rkey": rkey, "value": to_json(value)}
