"""Hostile hosts of fifty kinds against a real follower: each is refused for its own reason, nothing wrong is stored,
memory stays bounded, the honest host beside them is followed as if they were not there."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from federation.cids import cid_for
from federation.events import AccountEvent
from federation.frames import encode_account, encode_error
from node.services.following import budget
from node.store.clock import as_text, now
from node.store.repositories import accounts as accounts_table
from node.store.repositories import blobs, peers, records
from tests.integration.fixtures.contributions import version_write
from tests.integration.fixtures.hostile_events import EVENTS, later
from tests.integration.fixtures.hostile_host import (
    Answer,
    HostileHost,
    frame,
    key_of,
    serving,
)
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, until

pytestmark = pytest.mark.real


@pytest.fixture
def careful(tmp_path: Path) -> Any:
    with live(tmp_path / "careful", peer_bytes=20_000_000) as node:
        yield node


def refused(node: LiveNode, url: str) -> set[tuple[str, str]]:
    with node.services.database.read() as session:
        return {(row.did, row.code) for row in peers.list_rejections(session, peer=url, limit=1000)}


def peer(node: LiveNode, url: str) -> Any:
    with node.services.database.read() as session:
        return peers.get_peer(session, url)


def follow(node: LiveNode, url: str) -> Any:
    return node.run(node.services.follower.follow(url, trust=False))


def kept(node: LiveNode, did: str) -> set[str]:
    with node.services.database.read() as session:
        return {row.rkey for row in records.iterate_records(session, did=did)}


def handle_of(node: LiveNode, did: str) -> str:
    with node.services.database.read() as session:
        row = accounts_table.find_identity(session, did)
    return row.handle if row is not None else ""


def claims(did: str) -> Any:
    async def answer(_: dict[str, str], __: asyncio.StreamWriter) -> Answer:
        return "application/json", json.dumps({"did": did}).encode()

    return answer


def file_of(node: LiveNode) -> bytes:
    data = node.services.settings.data
    return b"".join(path.read_bytes() for path in data.glob("skillnet.db*"))


def test_events_of_every_kind_are_refused_for_their_own_reason(
    careful: LiveNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MOST_REFUSALS", 1e9)  # or the host would be in quarantine halfway
    with live(tmp_path / "honest") as honest:
        anna = practitioner(honest.services, "anna")
        honest.write(anna, version_write("honest", "words that stay"))
        follow(careful, honest.url)
        host = HostileHost()
        accounts = {kind: host.account(f"a{number} for {anna}") for number, kind in enumerate(EVENTS)}
        for seq, (kind, account) in enumerate(accounts.items(), 1):
            changed = EVENTS[kind][1](account, {**account.body(), "seq": seq})
            host.frames.append(changed if isinstance(changed, bytes) else frame(changed))
        last = host.account("the honest one")
        with honest.services.database.read() as session:
            handle = accounts_table.get_account(session, anna).handle
        until(lambda: handle_of(careful, anna) == handle, 60, "her handle, once it leads back")
        impostor = host.account(handle.removesuffix(".test"))
        host.paths["com.atproto.identity.resolveHandle"] = claims(impostor.did)
        seq = len(host.frames) + 1
        host.frames += [
            frame({**account.body(), "seq": seq, "repo": anna, "rev": later()}),  # an event for another host's account
            encode_account(AccountEvent(seq + 1, anna, False, "deleted", as_text(now()))),  # … and its end
            frame({**last.body(), "seq": seq + 2}),
            frame({**last.body(), "seq": seq + 3}),  # a replay
        ]
        with serving(host):
            follow(careful, host.url)
            until(lambda: key_of(7) in kept(careful, last.did), 60, "the honest event after all the others")
            said = refused(careful, host.url)
            for kind, account in accounts.items():
                wanted, own = EVENTS[kind][0], {code for did, code in said if did == account.did}
                if kind == "another's name":
                    assert (anna, "host-mismatch") in said
                elif wanted == "frame-malformed":
                    assert ("", wanted) in said, kind
                else:
                    assert own == ({wanted} if wanted else set()), kind
                assert key_of(7) not in kept(careful, account.did), kind
                assert kept(careful, account.did) - {key_of(n) for n in range(7)} == set(), kind
            assert handle_of(careful, impostor.did) == "", "a handle that is somebody else's"
            assert kept(careful, anna), "what another host says of her is nothing"
            assert peer(careful, host.url).state == "live"
            live_one = honest.write(anna, version_write("honest-2", "more"))
            until(lambda: len(kept(careful, anna)) == 2, 60, live_one.rev)


async def forever(_: dict[str, str], writer: asyncio.StreamWriter) -> None:
    """A byte now and then, and no end."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.2)


async def flood(_: dict[str, str], writer: asyncio.StreamWriter) -> None:
    """As fast as it is taken, and no end."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.car\r\n\r\n")
    while True:
        writer.write(bytes(1_000_000))
        await writer.drain()


def says(raw: bytes) -> Any:
    async def answer(_: dict[str, str], writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return answer


def head(status: str, body: bytes, *fields: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class EndlessPages:
    """Page after page, each with another cursor: the same accounts, or ten million that nobody knows."""

    def __init__(self, *same: str) -> None:
        self.same, self.pages = same, 0

    async def __call__(self, _: dict[str, str], __: asyncio.StreamWriter) -> Answer:
        self.pages += 1
        dids = self.same or [unknown(number) for number in range(self.pages * 500, self.pages * 500 + 500)]
        rows = [{"did": did, "head": cid_for(b"x"), "rev": key_of(1), "active": True} for did in dids]
        return "application/json", json.dumps({"repos": rows, "cursor": f"c{self.pages}"}).encode()


def unknown(number: int) -> str:
    """A did:plc that no directory has."""
    return "did:plc:" + f"{number:024d}".translate(str.maketrans("0189", "abcd"))


DESCRIBE, LISTED, REPO = (
    "com.atproto.server.describeServer",
    "com.atproto.sync.listReposByCollection",
    "com.atproto.sync.getRepo",
)
MISSING = says(head("501 Not Implemented", b'{"error":"MethodNotImplemented"}'))


def hostile_hosts() -> dict[str, tuple[HostileHost, str]]:
    """Hosts by what they do, with what is to be said about them: a refusal's code or words of the peer's trouble."""
    hosts: dict[str, tuple[HostileHost, str]] = {}

    def add(kind: str, expected: str, **paths: Any) -> HostileHost:
        host = HostileHost()
        host.account("anybody")
        host.paths = {name.replace("_", "."): answer for name, answer in paths.items()}
        hosts[kind] = host, expected
        return host

    add("drips its description", "").paths[DESCRIBE] = forever
    add("drips its repositories", "").paths[REPO] = forever
    add("floods a repository", "unreachable").paths[REPO] = flood
    add("answers with a bomb", "answers compressed").paths[DESCRIBE] = says(
        head("200 OK", gzip.compress(bytes(10_000_000)), "Content-Encoding: gzip")
    )
    add("leads to a private address", "not a public one").paths[DESCRIBE] = says(
        head("302 Found", b"", "Location: http://169.254.169.254/latest/meta-data")
    )
    add("leads in a circle", "redirects too often").paths[DESCRIBE] = says(
        head("302 Found", b"", f"Location: /xrpc/{DESCRIBE}")
    )
    add("nests its JSON", "not JSON").paths[DESCRIBE] = says(head("200 OK", b"[" * 100_000))
    add("says half a character", "400").paths[DESCRIBE] = says(head("400 Bad Request", b'{"message": "\\ud800"}'))
    same = add("lists the same for ever", "listing-endless")
    same.paths[LISTED] = EndlessPages(same.accounts[0].did)
    ten_million = add("lists ten million", "refusals in a short time")
    ten_million.paths |= {LISTED: MISSING, "com.atproto.sync.listRepos": EndlessPages()}
    add("cuts its repositories", "car-malformed").paths[REPO] = says(head("200 OK", b"\x3a\xa2"))
    add("begins to count anew", "sequence-restarted").frames = [encode_error("FutureCursor")]
    add("counts backwards", "sequence-backwards").frames = [
        encode_account(AccountEvent(seq, f"did:web:x{seq}.example", True, None, as_text(now()))) for seq in (9, 3)
    ]
    add("sends a frame of six million bytes", "frame-too-large").frames = [bytes(6_000_000)]
    liar = add("sends other bytes for a blob", "")
    liar.paths["com.atproto.sync.getBlob"] = says(head("200 OK", b"<script>planted</script>"))
    return hosts


def resident() -> float:
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text()).group(1)) / 1000


def reaching(honest: LiveNode, careful: LiveNode, did: str, numbers: range) -> float:
    """Seconds until an event of the honest host is stored at the careful one: the median of several."""
    waits = []
    for number in numbers:
        began = time.monotonic()
        honest.write(did, version_write(f"honest-{number}", "more"))
        until(lambda n=number: len(kept(careful, did)) == n + 1, 60, "an event of the honest host")
        waits.append(time.monotonic() - began)
    return sorted(waits)[len(waits) // 2]


def test_hosts_that_stall_flood_and_lead_astray_hold_nobody_else_up(careful: LiveNode, tmp_path: Path) -> None:
    hosts = hostile_hosts()
    with live(tmp_path / "honest") as honest, serving(*(host for host, _ in hosts.values())):
        anna = practitioner(honest.services, "anna")
        follow(careful, honest.url)
        alone = reaching(honest, careful, anna, range(10))
        before = resident()
        follower = careful.services.follower
        for host, _ in hosts.values():
            careful.run(begin(follower, host.url))
        beside = [reaching(honest, careful, anna, range(start, start + 5)) for start in (10, 15, 20)]
        for kind, (host, expected) in hosts.items():
            until(lambda h=host, e=expected: says_why(careful, h.url, e), 120, f"{kind}: {expected}")
        # The best of three while they do their worst: it is they that must not be felt, not the machine's other work.
        assert min(beside) < max(1.0, 3 * alone), (alone, beside)
        assert resident() - before < 150, "memory is bounded"
        assert b"planted" not in file_of(careful)
        with careful.services.database.read() as session:
            blob_rows = blobs.list_awaited_of(session, hosts["sends other bytes for a blob"][0].url)
        assert len(blob_rows) <= 1
        assert all(not task._task.done() for task in follower._tasks.values())


async def begin(follower: Any, url: str) -> None:
    """Follow without waiting for how it goes."""
    task = asyncio.ensure_future(follower.follow(url, trust=False))
    await asyncio.sleep(0)
    follower_tasks.add(task)
    task.add_done_callback(follower_tasks.discard)


follower_tasks: set[Any] = set()


def says_why(node: LiveNode, url: str, expected: str) -> bool:
    row = peer(node, url)
    return expected in f"{row.error} {' '.join(code for _, code in refused(node, url))}"


def test_a_host_that_is_refused_too_often_is_left_alone_until_the_operator_says(careful: LiveNode) -> None:
    host = HostileHost()
    host.frames = [b"nonsense"] * 30
    with serving(host):
        follow(careful, host.url)
        until(lambda: peer(careful, host.url).state == "quarantined", 60, "the quarantine")
        row = peer(careful, host.url)
        assert re.match(r"2\d refusals", row.error)
        assert "frame-malformed" in row.error
        assert row.strikes == 1
        assert row.next_try > now() + 3000 * 1_000_000
        asked = len(host.asked)
        time.sleep(0.5)
        assert len(host.asked) == asked, "nothing is asked of it"
        host.frames.clear()
        careful.run(nudge(careful))
        until(lambda: peer(careful, host.url).state == "live", 60, "its second chance")


async def nudge(node: LiveNode) -> None:
    node.services.follower.sync_now()
