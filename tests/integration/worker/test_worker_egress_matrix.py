"""Recipients × private fields, both found by looking: a new field, route or connection cannot be forgotten.

The fields are whatever lies sealed in the worker's drawer once everything was used; the recipients are every address
that the node answers at, everybody it connects to, and every file that it leaves.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from litestar.testing import TestClient

from node.app.compose import compose
from node.services.keeping.archive import ArchiveReader
from node.services.keeping.backing_up import back_up
from node.services.learning.owning import PURPOSES
from node.services.learning.sealed.profile import FIELDS, Profile
from node.services.policy import Role, Viewer
from node.settings.declared import Settings
from node.store.tables import worker as tables
from tests.integration.fixtures.nodes import app_of, free_port, practitioner, publish
from tests.integration.worker.planted import PHRASE, PLANTED, tell_everything

BODY = "Count the totals twice.\n\n::: {#p1 .practice}\nCount the totals of your own statement, in turn.\n:::\n"
PROFILE = {
    "role": PLANTED["role"], "occupations": [PLANTED["occupation"], "onet:43-3031.00"], "tasks": [PLANTED["task"]],
    "goals": [PLANTED["goal"]], "placements": {PLANTED["skill"]: "novice"}, "minutesPerDay": 37,
    "languages": ["en", PLANTED["language"]], "tools": [PLANTED["tool"]], "timeZone": PLANTED["place"],
    "quietHours": {"from": "03:17", "to": "03:19"}, "noticesPerDay": 2, "accessibility": ["more-help"],
    "rewriting": True,
}  # fmt: skip
# Columns that a thief of the file reads without any key: names, sizes and times. What a slot is made of is tried below.
IN_THE_CLEAR = {
    "worker": {"person", "created_at"},
    "worker_entry": {"id", "person", "kind", "slot", "at"},
    "feed_address": {"digest", "person", "created_at"},
}
# Names of entries in the table: digests under the worker's own key, which tell nothing to whoever lacks it.
OPAQUE = {"day.items[]", "feedback.item"}
SEALED = {"worker": {"wrapped_key"}, "worker_entry": {"sealed"}}


class Listener:
    """Whoever the node connects to: keeps every byte, and answers as each kind of server would."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.kept: dict[str, bytes] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self.take
                raise AttributeError(name)

            def take(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                outer.heard.append(f"{self.requestline}\n{self.headers}\n".encode() + body)
                status, answer = outer.answer(self.command, self.path, body)
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

            def log_message(self, *_arguments: object) -> None:
                """Quietly."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if method == "PUT":
            self.kept[path] = body
            return 200, b""
        if "chat/completions" in path:
            text = json.loads(body)["messages"][-1]["content"].replace("in turn", "by and by")
            return 200, json.dumps({"choices": [{"message": {"content": text}}]}).encode()
        if method == "POST":
            return 200, b"{}"
        if "?" in path:
            return 200, b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
        return (200, self.kept[path]) if path in self.kept else (404, b"")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.heard.append(f"{envelope.rcpt_tos}\n".encode() + envelope.content)
        return "250 OK"


@contextmanager
def connections() -> Iterator[set[int]]:
    """The ports that this process connects to while the block lasts."""
    ports: set[int] = set()
    on = [True]

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and on and isinstance(arguments[1], tuple):
            ports.add(arguments[1][1])

    sys.addaudithook(audit)
    try:
        yield ports
    finally:
        on.clear()


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of everything in a sealed value that could be recognised elsewhere; keys of maps too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if re.fullmatch(r"[a-zA-Z_]+", key):
                yield from leaves(inner, f"{path}.{key}")
            else:
                yield f"{path}.*", key
                yield from leaves(inner, f"{path}.*")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    elif isinstance(value, str):
        yield path, value
    elif isinstance(value, float):
        yield path, repr(value)


def use_everything(client: TestClient[Any], own: dict[str, str], learning: Any, rosa: Viewer) -> None:
    assert client.put("/api/me/profile", json=PROFILE, headers=own).status_code == 200
    item = client.get("/api/me/feed", headers=own).json()["items"][0]["id"]
    client.post("/api/me/help", json={"task": f"{PLANTED['asked']} count the totals"}, headers=own)
    lesson = client.post("/api/me/lessons", json={"receipt": item}, headers=own).json()
    passage = learning.rewording(rosa).passages(rosa, item)[0].block
    learning.rewording(rosa).reword(rosa, item, passage, "plain", datetime.now(UTC))
    learning.adapt(rosa, item, overrides={lesson["changes"][0]["block"]: "show"} if lesson["changes"] else {})
    tell_everything(client, own, item, learning, rosa)
    client.get("/search?q=something else", headers=own)


def routes_of(client: TestClient[Any]) -> list[str]:
    return sorted(
        re.sub(r"{[^}]*}", "x", route.path)
        for route in client.app.routes
        for handler in getattr(route, "route_handlers", ())
        if "GET" in handler.http_methods
    )


def answers(client: TestClient[Any], headers: dict[str, str]) -> bytes:
    """Everything that the node answers somebody."""
    return b"".join(client.get(path, headers=headers).content for path in routes_of(client))


@pytest.mark.real
@pytest.mark.sqlite("reads the files")
def test_nothing_private_reaches_anybody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    others = {name: Listener() for name in ("model", "collector", "storage", "relay", "mail")}
    post = Controller(others["mail"], hostname="127.0.0.1", port=free_port())
    post.start()
    port = free_port()
    settings = Settings(
        data=tmp_path / "node", url=f"http://localhost:{port}", port=port, allow_localhost=True,
        rewriting_url=f"{others['model'].url}/v1", rewriting_model="small", traces=others["collector"].url,
        blobs_endpoint=others["storage"].url, blobs_bucket="b", blobs_key="k", blobs_secret="s",
        relays=(f"http://localhost:{others['relay'].port}",), mail_server=f"127.0.0.1:{post.port}",
        mail_security="none", mail_sender="node@works.example",
    )  # fmt: skip
    settings.data.mkdir()
    services = compose(settings)
    rosa = Viewer("rosa", "rosa", frozenset({Role.WORKER}))
    with connections() as ports, TestClient(app_of(services), raise_server_exceptions=False) as client:
        for name, roles in (("rosa", [Role.WORKER]), ("nils", [Role.WORKER]), ("omar", [Role.OPERATOR])):
            services.registry.add(name, roles)
        author = practitioner(services, "ana")
        more = {"occupations": ["onet:43-3031.00"], "skills": ["counting"], "blocks": {"p1": {"rewritable": True}}}
        publish(services, author, "count-twice", BODY, **more)
        assert services.rankings.settle()
        assert services.finder.settle()
        tokens = {name: services.registry.tokens.issue(name, "api") for name in ("rosa", "nils", "omar", "ana")}
        keys = {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}
        before = b"".join(answers(client, key) for key in ({}, keys["nils"], keys["omar"], keys["ana"]))
        use_everything(client, keys["rosa"], services.learning, rosa)
        services.registry.set_email("rosa", "rosa@works.example")
        assert services.mail.send_link("rosa")
        fields = private_fields(services, before)
        got = {who: answers(client, keys.get(who, {})) for who in ("", "nils", "omar", "ana")}
        got["network"] = b"".join(
            client.get(f"/xrpc/com.atproto.sync.getRepo?did={did}").content for did in (author, services.identity.did)
        )
        back_up(settings, tmp_path / "node.backup", PHRASE, lambda _: None)
        services.database.scrub()
    post.stop()
    for name, other in others.items():
        other.server.shutdown()
        other.server.server_close()
        got[name] = b"".join(other.heard)
    with (tmp_path / "node.backup").open("rb") as file:
        got["backup"] = b"".join(body for _, body in ArchiveReader(file, PHRASE).members())
    got["files"] = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    got["log"] = "".join(capfd.readouterr()).encode()
    assert ports <= {post.port, port, *(other.port for other in others.values())}  # nobody else was called
    assert {name for name, body in got.items() if not body} <= {"relay"}
    found = {who: {name for name, texts in fields.items() for t in texts if t in body} for who, body in got.items()}
    for disk in ("backup", "files"):
        found[disk] -= OPAQUE
    assert {who: sorted(names) for who, names in found.items() if names} == {}


def private_fields(services: Any, before: bytes) -> dict[str, set[bytes]]:
    """Field → its texts, as they lie in the drawer, but for what others were told before there was a worker."""
    fields: dict[str, set[bytes]] = {}
    with services.learning._vault.read("rosa") as drawer:
        entries = list(drawer.all())
    assert {entry.kind for entry in entries} == PURPOSES.keys(), "a kind of entry that this test does not make"
    for entry in entries:
        for path, text in leaves(entry.value):
            if len(text) >= 8 and text.encode() not in before and not text.startswith(("at://", "bafy", "did:")):
                fields.setdefault(f"{entry.kind}{path}", set()).add(text.encode())
    planted = {text.encode() for name, text in PLANTED.items() if name not in ("asked", "typed")}
    assert planted <= set().union(*fields.values()), "a planted text that is not kept"
    fields["asked"], fields["typed"] = {PLANTED["asked"].encode()}, {PLANTED["typed"].encode()}
    return fields


def test_every_field_of_a_profile_is_filled_in() -> None:
    assert set(PROFILE) == set(FIELDS)
    blank = Profile().to_dict()
    assert [name for name in FIELDS if PROFILE[name] == blank[name]] == []


def test_what_is_not_sealed_is_known() -> None:
    rows = [row for row in vars(tables).values() if getattr(row, "__table__", None) is not None]
    assert {row.__tablename__: set(row.__table__.columns.keys()) for row in rows} == {
        name: columns | SEALED.get(name, set()) for name, columns in IN_THE_CLEAR.items()
    }
