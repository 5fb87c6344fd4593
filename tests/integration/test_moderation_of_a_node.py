"""Moderation on nodes that run: what is denied is gone, what is labelled is hidden or marked, all of it is logged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from node.errors import Malformed
from node.services.hosting.blobs.files import blob_json
from node.services.moderating.lists import Rule
from node.services.policy import LOCAL_OPERATOR, Viewer
from node.services.withholding import TakenDown
from node.store.clock import SECOND, now
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.repositories import accounts, peers, records
from node.store.sessions import Session
from schemas.authority import MODULE
from schemas.datamodel import from_json
from tests.integration.fixtures.contributions import head_write, version_write
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, publish, until
from tests.integration.fixtures.pictures import png

SECRET = "Blow on the hot cutter until it glows."
REPORTER = Viewer(name="wim", display_name="Wim", roles=frozenset())


@pytest.fixture(name="node", scope="module")
def _node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNode]:
    with live(tmp_path_factory.mktemp("moderated") / "a") as node:
        yield node


def _deny(node: LiveNode, subject: str, **more: Any) -> None:
    rule = Rule("deny", subject, "It tells people to burn themselves.", more.pop("expires_at", 0))
    node.run(node.services.moderation.decisions.decide(LOCAL_OPERATOR, rule, **more))


def _item(node: LiveNode, uri: str) -> Any:
    with node.services.database.read() as session:
        return catalogue.find_item(session, uri, MEMBERS)


def test_a_record_that_is_taken_down_is_gone_everywhere_and_does_not_come_back(node: LiveNode) -> None:
    did = practitioner(node.services, "ann")
    made, kept = publish(node.services, did, "cut", SECRET), publish(node.services, did, "drill", "Drill slowly.")
    node.services.finder.settle()
    former = node.services.settings.data / "skillnet.db.before-upgrade"
    if node.services.database.is_sqlite:
        former.write_bytes(SECRET.encode())
    _deny(node, made.uri)
    assert not former.exists()
    assert _item(node, made.uri) is None
    assert _item(node, kept.uri) is not None
    with node.services.database.read() as session:
        paths = [path for path, _ in records.list_paths(session, did)]
    assert len(paths) == 2  # head and version of the other module
    rkey = made.version["uri"].rpartition("/")[2]
    asked = {"repo": did, "collection": "org.skillnet.moduleVersion", "rkey": rkey}
    assert (
        httpx.get(f"{node.url}/xrpc/com.atproto.repo.getRecord", params=asked, timeout=60, trust_env=False).status_code
        == 400
    )
    node.services.forgetting.run()
    with node.services.database.read() as session:
        frames = [bytes(frame) for (frame,) in session.execute(text("SELECT frame FROM event"))]
    assert not any(SECRET.encode() in frame for frame in frames)
    assert httpx.get(f"{node.url}/modules/{did}/cut", timeout=60, trust_env=False).status_code in (404, 410)
    with pytest.raises(TakenDown, match="burn themselves"):
        node.write(did, head_write("cut", made.version["uri"], made.version["cid"]))
    with pytest.raises(TakenDown):
        publish(node.services, did, "cut", "The same again.")


def test_an_account_that_is_denied_is_served_no_longer_and_again_once_that_is_lifted(node: LiveNode) -> None:
    did = practitioner(node.services, "bob")
    made = publish(node.services, did, "weld", "Weld.")
    _deny(node, did)
    assert _item(node, made.uri) is None
    answer = httpx.get(f"{node.url}/xrpc/com.atproto.sync.getRepo", params={"did": did}, timeout=60, trust_env=False)
    assert answer.json()["error"] == "RepoTakendown"
    noted = len(list(node.services.leaving.erasures.decisions()))
    with pytest.raises(Malformed):
        node.run(node.services.moderation.decisions.lift(LOCAL_OPERATOR, did, "x" * 2001))
    assert len(list(node.services.leaving.erasures.decisions())) == noted, "what is refused is not on record"
    node.run(node.services.moderation.decisions.lift(LOCAL_OPERATOR, did))
    assert _item(node, made.uri) is not None


def test_pictures_of_an_account_that_is_denied_are_shown_to_its_person_alone(node: LiveNode) -> None:
    did = practitioner(node.services, "pictor")
    token = {"Authorization": f"Bearer {node.services.registry.tokens.sign_jwt(did, 'pictor', 'access')}"}
    url = f"{node.url}/xrpc/com.atproto.repo.uploadBlob"
    blob = httpx.post(url, content=png(), headers=token, timeout=60, trust_env=False).json()["blob"]
    pictures = [{"path": "img/p.png", "blob": from_json(blob), "alt": "A saw"}]
    publish(node.services, did, "saw", "![A saw](img/p.png)", pictures=pictures)
    place = f"{did}/{blob['ref']['$link']}"
    ways = [f"/pictures/{place}", f"/files/{place}", f"/api/blob?did={place.replace('/', '&cid=')}"]

    def answers(**more: Any) -> set[int]:
        return {httpx.get(node.url + way, timeout=60, trust_env=False, **more).status_code for way in ways}

    assert answers() == {200}
    _deny(node, did)
    assert answers() == {404}
    assert answers(headers=token) == {200}
    more = httpx.post(url, content=png(), headers=token, timeout=60, trust_env=False)
    assert more.json() == {"error": "Forbidden", "message": f"The account {_handle(node, did)} is takendown."}


def test_the_name_of_an_account_is_no_host_that_could_be_denied(node: LiveNode) -> None:
    """Or a takedown would stand in the public log while everything goes on."""
    did = practitioner(node.services, "nadia")
    with pytest.raises(Malformed, match="name of an account here") as refused:
        _deny(node, _handle(node, did).upper())
    assert did in refused.value.hint
    assert not node.services.moderation.withholding.denies(_handle(node, did))


def test_a_handle_on_a_domain_of_their_own_shields_no_host(node: LiveNode) -> None:
    did = practitioner(node.services, "taker")

    def rename(session: Session) -> None:
        accounts.get_account(session, did).handle = "spam.example"

    node.services.database.writer.write(rename)
    _deny(node, "spam.example")
    assert node.services.moderation.withholding.denies("spam.example")


def _handle(node: LiveNode, did: str) -> str:
    with node.services.database.read() as session:
        return accounts.get_account(session, did).handle


@pytest.mark.parametrize("first", ["it is denied", "its person switches it off"])
def test_who_is_taken_down_does_not_come_back_by_switching_off_and_on(node: LiveNode, first: str) -> None:
    name = "".join(word[0] for word in first.split()) + "eva"
    did = practitioner(node.services, name)
    token = node.services.registry.tokens.sign_jwt(did, name, "access", proven_at=now() // SECOND)
    steps = [lambda: _deny(node, did), lambda: _switch(node, "deactivateAccount", token)]
    for step in steps if first == "it is denied" else reversed(steps):
        step()
    assert _switch(node, "activateAccount", token) == "AccountTakedown"
    node.run(node.services.moderation.decisions.lift(LOCAL_OPERATOR, did))
    _switch(node, "activateAccount", token)
    with node.services.database.read() as session:
        assert accounts.get_account(session, did).status == "active"


def _switch(node: LiveNode, method: str, token: str) -> str:
    """The protocol's own word for why not; empty where it was done."""
    headers, url = {"Authorization": f"Bearer {token}"}, f"{node.url}/xrpc/com.atproto.server.{method}"
    asked: dict[str, Any] = {"json": {}} if method == "deactivateAccount" else {}
    answer = httpx.post(url, headers=headers, timeout=60, trust_env=False, **asked)
    return str(answer.json().get("error", "")) if answer.status_code != 200 else ""


def test_an_account_can_be_erased_for_good(node: LiveNode) -> None:
    did = practitioner(node.services, "eve")
    publish(node.services, did, "spam", "Buy now.")
    _deny(node, did, erase=True)
    with node.services.database.read() as session:
        assert records.list_paths(session, did) == []


def test_what_is_kept_inside_is_named_to_members_alone(node: LiveNode) -> None:
    did, moderation = practitioner(node.services, "ivy"), node.services.moderation
    version = version_write("secret-plan", "Inside.")
    cid = node.services.internal.write(did, [version])[0]
    head = head_write("secret-plan", f"at://{did}/{version.collection}/{version.rkey}", cid)
    node.services.internal.write(did, [head])
    uri = f"at://{did}/{MODULE}/secret-plan"
    with pytest.raises(Malformed, match="Labels are public"):
        moderation.labelling.give(LOCAL_OPERATOR, uri, "outdated", "Old.")
    _deny(node, uri)
    with pytest.raises(TakenDown):
        node.services.internal.write(did, [head])
    node.run(moderation.decisions.lift(LOCAL_OPERATOR, uri))
    assert [line.subject for line in moderation.log(MEMBERS, 2)] == [uri, uri]
    assert "secret-plan" not in httpx.get(f"{node.url}/moderation", timeout=60, trust_env=False).text
    assert "secret-plan" not in httpx.get(f"{node.url}/api/moderation/log", timeout=60, trust_env=False).text


def test_files_of_what_is_kept_inside_go_with_it(node: LiveNode) -> None:
    did, kept = practitioner(node.services, "iris"), node.services.internal
    file, other = (kept.put_blob(did, png(orientation=turn)) for turn in (1, 6))
    pictures = [{"path": "img/p.png", "blob": from_json(blob_json(file)), "alt": "A saw"}]
    version = version_write("secret-saw", "![A saw](img/p.png)", pictures=pictures)
    kept.write(did, [version])
    _deny(node, f"at://{did}/{version.collection}/{version.rkey}")
    assert kept.find_blob(file.cid) is None
    assert kept.find_blob(other.cid) is not None, "a draft is not what was taken down"


def test_rules_run_out_by_themselves(node: LiveNode, monkeypatch: pytest.MonkeyPatch) -> None:
    did = practitioner(node.services, "late")
    made = publish(node.services, did, "once", "Once.")
    _deny(node, did, expires_at=now() + 3600 * SECOND)
    assert _item(node, made.uri) is None
    for place in ("withholding", "moderating.decisions"):
        monkeypatch.setattr(f"node.services.{place}.now", lambda: now() + 7200 * SECOND)
    assert node.services.moderation.withholding.denies(did) is None
    node.run(node.services.moderation.tidy())
    assert _item(node, made.uri) is not None
    assert [line.action for line in node.services.moderation.log(MEMBERS, 2)] == ["ran out", "taken down"]


@pytest.mark.real
def test_what_is_followed_can_be_taken_down_here_alone(tmp_path: Path, node: LiveNode) -> None:
    did = practitioner(node.services, "finn")
    bad, good = publish(node.services, did, "bad", "Bad."), publish(node.services, did, "good", "Good.")
    with live(tmp_path / "b") as other:
        other.run(other.services.follower.follow(node.url, trust=False))
        until(lambda: _item(other, bad.uri) and _item(other, good.uri), what="the modules at the other node")
        _deny(other, bad.uri)
        assert _item(other, bad.uri) is None
        assert _item(other, good.uri) is not None
        assert _item(node, bad.uri) is not None
        again = version_write("bad", "The same again.")
        node.write(did, again)
        publish(node.services, did, "after", "After.")
        until(lambda: _item(other, f"at://{did}/{MODULE}/after"), what="what came after")
        assert _item(other, bad.uri) is None
        with other.services.database.read() as session:
            paths = " ".join(path for path, _ in records.list_paths(session, did))
        assert "module/bad" not in paths
        assert "module/good" in paths
        other.run(other.services.moderation.decisions.lift(LOCAL_OPERATOR, bad.uri))
        until(lambda: _item(other, bad.uri), what="the module once the rule was lifted")
        _deny(other, node.url)
        with other.services.database.read() as session:
            assert peers.list_peers(session) == []
        assert _item(other, good.uri) is None
        with pytest.raises(Malformed, match="allows nothing"):
            other.run(other.services.follower.follow(node.url, trust=False))


def test_reports_wait_in_a_queue_and_are_answered_together(node: LiveNode) -> None:
    did = practitioner(node.services, "greta")
    reports = node.services.moderation.reports
    spam = "com.atproto.moderation.defs#reasonSpam"
    first = reports.make(REPORTER, did, spam, "Buy now!")
    assert reports.make(REPORTER, did, spam, "Buy now, again!").id == first.id
    second = reports.make(Viewer(name="xu"), did, spam)
    assert [row.id for row in reports.waiting()] == [first.id, second.id]
    assert reports.answer(LOCAL_OPERATOR, second.id, "Labelled as spam.") == 2
    assert reports.waiting() == []
    with pytest.raises(Malformed):
        reports.make(REPORTER, "node.example", spam)


def test_every_decision_stands_in_the_audit_log(node: LiveNode) -> None:
    _deny(node, "noisy.example")
    (entry,) = node.services.audit.list(1)
    assert (entry.action, entry.subject) == ("moderation", "noisy.example")
    assert entry.detail.startswith("denied: ")
