"""A relay is followed: events are verified as ever, repositories come from their own hosts, its word ends nobody."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from federation.events import AccountEvent
from federation.frames import encode_account
from node.services.following.discovery import suggest_peers
from node.services.moderating.lists import Rule
from node.services.policy import LOCAL_OPERATOR
from node.store.clock import as_text, now
from node.store.repositories import accounts, events, peers, records
from tests.integration.fixtures.contributions import version_write
from tests.integration.fixtures.hostile_host import Answer, HostileHost, serving, wire
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, until

pytestmark = pytest.mark.real


@dataclass
class Relay(HostileHost):
    """Passes on one node's events; hosts nobody and says nothing of itself."""

    upstream: Any = None

    async def answer(self, path: str, query: dict[str, str]) -> Answer | None:
        name = path.rpartition("/")[2]
        with self.upstream.services.database.read() as session:
            if name == "com.atproto.sync.listReposByCollection":
                found = [
                    {"did": did} for did in records.list_dids_with(session, query["collection"], after="", limit=500)
                ]
                return "application/json", json.dumps({"repos": found}).encode()
        return ("application/json", b'{"repos":[]}') if name == "com.atproto.sync.listRepos" else None

    async def pass_on(self, writer: asyncio.StreamWriter) -> None:
        sent = 0
        while True:
            with self.upstream.services.database.read() as session:
                fresh = events.list_frames(session, sent, 100)
            for seq, data in fresh:
                sent = seq
                writer.write(wire(data))
            await writer.drain()
            await asyncio.sleep(0.05)


def kept(node: LiveNode, did: str) -> int:
    with node.services.database.read() as session:
        return len(records.list_paths(session, did))


def test_a_relay_is_followed_and_its_word_ends_nobody(tmp_path: Path) -> None:
    with live(tmp_path / "a") as a, live(tmp_path / "c", plc_url=f"{a.url}/plc") as c:
        anna = practitioner(a.services, "anna")
        a.write(anna, version_write("early", "before anybody followed"))
        relay = Relay(upstream=a)
        with serving(relay):
            row = c.run(c.services.follower.follow(relay.url, trust=False))
            assert (row.kind, row.did) == ("relay", "")
            until(lambda: kept(c, anna) == 1, what="the backfill, from the account's own host")
            a.write(anna, version_write("later", "passed on"))
            until(lambda: kept(c, anna) == 2, what="an event passed on")
            with c.services.database.read() as session:
                assert records.find_head(session, anna).peer == relay.url
                (suggested,) = suggest_peers(session, c.services.settings, c.services.withholding)
            assert (suggested.url, suggested.organisation) == (a.url, a.services.settings.organisation)
            assert suggested.known_by == [relay.url.partition("://")[2]]

            def handle() -> str:
                with c.services.database.read() as session:
                    return accounts.find_identity(session, anna).handle

            with a.services.database.read() as session:
                own = accounts.get_account(session, anna).handle
            until(lambda: handle() == own, what="the handle, once it leads back")

            stream, at = a.services.stream, as_text(now())
            a.services.database.writer.write(
                lambda session: stream.append(
                    session, anna, "account", lambda seq: encode_account(AccountEvent(seq, anna, False, "deleted", at))
                )
            )
            a.write(anna, version_write("still", "here"))
            until(lambda: kept(c, anna) == 3, what="she is still there: her own host says so")
            with c.services.database.read() as session:
                assert peers.list_rejections(session) == []
            a.services.lifecycle.deactivate(anna)
            until(lambda: kept(c, anna) == 0, what="what her own host says too")


def test_a_denied_host_is_denied_behind_a_relay_too(tmp_path: Path) -> None:
    with live(tmp_path / "a") as a, live(tmp_path / "c", plc_url=f"{a.url}/plc") as c:
        anna = practitioner(a.services, "anna")
        a.write(anna, version_write("early", "before anybody followed"))
        decisions = c.services.moderation.decisions
        with serving(relay := Relay(upstream=a)):
            c.run(c.services.follower.follow(relay.url, trust=False))
            until(lambda: kept(c, anna) == 1, what="what the relay tells of")
            c.run(decisions.decide(LOCAL_OPERATOR, Rule("deny", a.url, "It sends advertising.")))
            assert kept(c, anna) == 0
            with c.services.database.read() as session:
                assert [row.url for row in peers.list_peers(session)] == [relay.url], "the relay brings others' too"
            a.write(anna, version_write("later", "passed on"))
            until(lambda: refused(c, relay.url), what="a refusal")
            assert kept(c, anna) == 0
            c.run(decisions.lift(LOCAL_OPERATOR, a.url))
            until(lambda: kept(c, anna) == 2, what="all of it, once that is allowed")


def refused(node: LiveNode, url: str) -> bool:
    with node.services.database.read() as session:
        return any(row.code == "denied" for row in peers.list_rejections(session, peer=url))
