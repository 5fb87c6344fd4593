"""Recipients × private fields, both found by looking: a new field, route or connection cannot be forgotten.

The fields are whatever lies sealed in the worker's drawer once everything was used; the recipients are every address
that the node answers at, everybody it connects to, whoever hears its stream, a node that follows it, and every file and
row that it leaves.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import inspect
from websockets.sync.client import connect

from node.services.assembly import Services
from node.services.keeping.archive import ArchiveReader
from node.services.keeping.backing_up import back_up
from node.services.learning.owning import PURPOSES
from node.services.learning.sealed.profile import FIELDS, Profile
from node.services.policy import Role, Viewer
from node.store.content.catalogue import PUBLIC, find_item
from node.store.tables import worker as tables
from schemas.authority import MODULE
from tests.integration.fixtures.databases import CLUSTER, free_port
from tests.integration.fixtures.kept import PHRASE
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, publish, until
from tests.integration.worker.planted import PLANTED, tell_everything

BODY = "Count the totals twice.\n\n::: {#p1 .practice}\nCount the totals of your own statement, in turn.\n:::\n"
LATER = datetime.now(ZoneInfo(PLANTED["place"])) + timedelta(hours=12)  # never now: there would be no notice
PROFILE = {
    "role": PLANTED["role"], "occupations": [PLANTED["occupation"], "onet:43-3031.00"], "tasks": [PLANTED["task"]],
    "goals": [PLANTED["goal"]], "placements": {PLANTED["skill"]: "novice"}, "minutesPerDay": 37,
    "languages": ["en", PLANTED["language"]], "tools": [PLANTED["tool"]], "timeZone": PLANTED["place"],
    "quietHours": {"from": f"{LATER:%H:17}", "to": f"{LATER:%H:19}"}, "noticesPerDay": 2,
    "accessibility": ["more-help"], "rewriting": True,
}  # fmt: skip
# Columns that a thief of the file reads without any key: names, sizes and times. What a slot is made of is tried below.
IN_THE_CLEAR = {
    "worker": {"person", "created_at"},
    "worker_entry": {"id", "person", "kind", "slot", "at"},
    "feed_address": {"digest", "person", "created_at"},
}
# Names of entries in the table: digests under the worker's own key, which tell nothing to whoever lacks it.
OPAQUE = {"day.items[]", "feedback.item"}
SUBSCRIBE = "com.atproto.sync.subscribeRepos"
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


def use_everything(client: httpx.Client, own: dict[str, str], learning: Any, rosa: Viewer) -> None:
    assert client.put("/api/me/profile", json=PROFILE, headers=own).status_code == 200
    item = client.get("/api/me/feed", headers=own).json()["items"][0]["id"]
    client.post("/api/me/help", json={"task": f"{PLANTED['asked']} count the totals"}, headers=own)
    lesson = client.post("/api/me/lessons", json={"receipt": item}, headers=own).json()
    passage = learning.rewording(rosa).passages(rosa, item)[0].block
    learning.rewording(rosa).reword(rosa, item, passage, "plain", datetime.now(UTC))
    learning.adapt(rosa, item, overrides={lesson["changes"][0]["block"]: "show"} if lesson["changes"] else {})
    tell_everything(client, own, item, learning, rosa)
    client.get("/search?q=something else", headers=own)


def answers(node: LiveNode, headers: dict[str, str]) -> bytes:
    """Everything that the node answers somebody."""
    paths = sorted(
        re.sub(r"{[^}]*}", "x", route.path)
        for route in node.app.routes
        for handler in getattr(route, "route_handlers", ())
        if "GET" in handler.http_methods
    )
    with client_of(node) as client:
        return b"".join(client.get(path, headers=headers).content for path in paths)


def client_of(node: LiveNode) -> httpx.Client:
    return httpx.Client(base_url=node.url, follow_redirects=True, timeout=60, trust_env=False)


def rows_of(services: Services) -> bytes:
    """Every row of every table."""
    with services.database.read() as session:
        connection = session.connection()
        names = inspect(connection).get_table_names()
        rows = [row for name in names for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
    return b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for row in rows for v in row)


def frames_until(stream: Any, mark: str) -> bytes:
    """What the stream said, up to the commit that names `mark`."""
    frames = [stream.recv(60)]
    while mark.encode() not in frames[-1]:
        frames.append(stream.recv(60))
    return b"".join(frames)


@pytest.mark.real
def test_nothing_private_reaches_anybody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    others = {name: Listener() for name in ("model", "collector", "storage", "relay", "mail")}
    post = Controller(others["mail"], hostname="127.0.0.1", port=free_port())
    post.start()
    settings: dict[str, Any] = {
        "rewriting_url": f"{others['model'].url}/v1", "rewriting_model": "small", "traces": others["collector"].url,
        "blobs_endpoint": others["storage"].url, "blobs_bucket": "b", "blobs_key": "k", "blobs_secret": "s",
        "relays": (f"http://localhost:{others['relay'].port}",), "mail_server": f"127.0.0.1:{post.port}",
        "mail_security": "none", "mail_sender": "node@works.example",
    }  # fmt: skip
    rosa = Viewer("rosa", "rosa", frozenset({Role.WORKER}))
    with (
        connections() as ports,
        live(tmp_path / "peer") as peer,
        live(tmp_path / "node", **settings) as node,
        client_of(node) as client,
        connect(f"{node.url.replace('http', 'ws')}/xrpc/{SUBSCRIBE}?cursor=0", max_queue=None) as stream,
    ):
        services = node.services
        for name, roles in (("rosa", [Role.WORKER]), ("nils", [Role.WORKER]), ("omar", [Role.OPERATOR])):
            services.registry.add(name, roles)
        author = practitioner(services, "ana")
        more = {"occupations": ["onet:43-3031.00"], "skills": ["counting"], "blocks": {"p1": {"rewritable": True}}}
        for name in ("count-twice", "count-thrice"):  # one is dealt with, of the other there is a notice
            publish(services, author, name, BODY, **more)
        peer.run(peer.services.follower.follow(node.url, trust=True))
        assert services.rankings.settle()
        assert services.finder.settle()
        tokens = {name: services.registry.tokens.issue(name, "api") for name in ("rosa", "nils", "omar", "ana")}
        keys = {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}
        before = b"".join(answers(node, key) for key in ({}, keys["nils"], keys["omar"], keys["ana"]))
        use_everything(client, keys["rosa"], services.learning, rosa)
        services.registry.set_email("rosa", "rosa@works.example")
        assert services.mail.send_links("rosa")
        fields = private_fields(services, before)
        got = {who: answers(node, keys.get(who, {})) for who in ("", "nils", "omar", "ana")}
        dids = (author, services.identity.did)
        got["network"] = b"".join(client.get(f"/xrpc/com.atproto.sync.getRepo?did={did}").content for did in dids)
        last = publish(services, author, "the-last-of-all", BODY)
        got["stream"] = frames_until(stream, f"{MODULE}/the-last-of-all")
        until(lambda: is_shown(peer, last.uri), what="what the follower was told last")
        got["peer"] = rows_of(peer.services) + answers(peer, {})
        got["rows"] = rows_of(services)
        back_up(services.settings, tmp_path / "node.backup", PHRASE, lambda _: None)
        services.database.scrub()
        peer_port = peer.services.settings.port
        ours = {services.settings.port, peer_port, post.port, *(other.port for other in others.values())}
    post.stop()
    for name, other in others.items():
        other.server.shutdown()
        other.server.server_close()
        got[name] = b"".join(other.heard)
    with (tmp_path / "node.backup").open("rb") as file:
        got["backup"] = b"".join(body for _, body in ArchiveReader(file, PHRASE).members())
    got["files"] = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    got["log"] = "".join(capfd.readouterr()).encode()
    assert ports <= ours | store_port()  # nobody else was called
    assert {name for name, body in got.items() if not body} <= {"relay"}
    found = {who: {name for name, texts in fields.items() for t in texts if t in body} for who, body in got.items()}
    for disk in ("backup", "files", "rows"):
        found[disk] -= OPAQUE
    assert {who: sorted(names) for who, names in found.items() if names} == {}


def is_shown(node: LiveNode, uri: str) -> bool:
    with node.services.database.read() as session:
        return find_item(session, uri, PUBLIC) is not None


def store_port() -> set[int]:
    """The database server's, where the tables are there."""
    cluster = urlsplit(os.environ.get(CLUSTER, ""))
    return {cluster.port} if cluster.port else set()


def private_fields(services: Services, before: bytes) -> dict[str, set[bytes]]:
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
