"""A node whose address changes: it does not begin under another identity, and everybody is taken along."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest

from federation.codec import decode
from node.app.moving import move_node
from node.app.processes.place import take_place
from node.errors import ConfigurationError, DataFolderBusy, Unreachable
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.examining.former import examine_former
from node.services.hosting.documents import Documents
from node.services.hosting.former import AddressChanged, find_former
from node.services.hosting.identity import NodeIdentity
from node.services.policy import LOCAL_OPERATOR
from node.settings.loading import load_settings
from node.store.content import catalogue
from node.store.engine.writer import Writer
from node.store.repositories import accounts, records
from schemas.authority import PROFILE, VOUCH
from tests.integration.fixtures.databases import free_port, on_postgresql, store_url
from tests.integration.fixtures.dying import Step, comes_to_its_end
from tests.integration.fixtures.nodes import accredit, composed, practitioner, publish, skillnet

PARTNER = "did:web:partner.example"
PORTS = (free_port(), free_port(), free_port())
FIRST, SECOND, THIRD = (f"http://localhost:{port}" for port in PORTS)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """A stopped node at the first address, with a practitioner who speaks for it."""
    folder = tmp_path / "node"
    folder.mkdir(mode=0o700)
    (folder / "skillnet.toml").write_text(f'# mine\n[node]\nurl = "{FIRST}"\n\n[server]\nport = {PORTS[0]}\n')
    with composed(folder, port=PORTS[0]) as services:
        ana = practitioner(services, "ana")
        accredit(services, ana, "Ana")
        publish(services, ana, "first", "# First\n\nA text.\n")
        services.identity.vouch(PARTNER)
    return folder


def _ana(services: Services) -> Any:
    """What the network hears of her: the document, her handle, and the hosts of the credentials that she accepts."""
    with services.database.read() as session:
        row = next(one for one in accounts.list_accounts(session) if one.kind == "practitioner")
        profile = records.find_record(session, row.did, PROFILE, "self")
    assert profile is not None
    document = services.directory.get_history(row.did).data.to_document(row.did)
    hosts = {uri.split("/")[2] for uri in decode(profile.block)["credentials"]}
    return document["service"][0]["serviceEndpoint"], document["alsoKnownAs"], row.handle, hosts


def _did_of(services: Services) -> str:
    with services.database.read() as session:
        return next(one.did for one in accounts.list_accounts(session) if one.kind == "practitioner")


def _left(services: Services) -> Any:
    with services.database.read() as session:
        return find_former(session, services.identity.did)


def _at(port: int) -> tuple[str, list[str], str, set[str]]:
    handle = f"ana.node-{port}.test"
    return f"http://localhost:{port}", [f"at://{handle}"], handle, {f"did:web:localhost%3A{port}"}


@pytest.mark.skipif(not on_postgresql(), reason="one process alone has a file")
def test_beside_a_process_that_serves_its_database_nothing_moves(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    with (other / "skillnet.toml").open("a") as file:
        file.write(f'\n[store]\ndatabase_url = "{store_url(folder)}"\n')
    place = take_place(load_settings(folder, {})[0])
    try:
        with pytest.raises(DataFolderBusy, match="Another process serves"):
            move_node(other, SECOND, {})
    finally:
        place.database.close()
    assert FIRST in (other / "skillnet.toml").read_text()
    assert move_node(other, SECOND, {})[1].not_told == {}


def test_under_another_address_it_does_not_begin(folder: Path) -> None:
    with (
        pytest.raises(AddressChanged, match=f"lives at {FIRST}, and node.url says {SECOND}"),
        composed(folder, port=PORTS[1]),
    ):
        raise AssertionError
    with composed(folder, port=PORTS[0]) as services:
        assert _ana(services) == _at(PORTS[0])


def test_everybody_is_taken_along_and_back(folder: Path) -> None:
    for port in (PORTS[1], PORTS[2], PORTS[0]):
        settings, settled = move_node(folder, f"http://localhost:{port}", {})
        assert (settings.port, settled.not_told) == (port, {})
        assert (folder / "skillnet.toml").read_text().startswith("# mine\n")
        with composed(folder, port=port) as services:
            assert _ana(services) == _at(port)
            assert (_left(services).nodes, _left(services).people) == ({}, {})
            assert examine_former(_left(services)).ok
            with services.database.read() as session:
                vouches = list(records.iterate_records(session, [VOUCH], services.identity.did))
            assert [decode(row.block)["subject"] for row in vouches] == [PARTNER]
            assert (Deed.NODE_MOVED, services.identity.did) in [
                (row.action, row.subject) for row in services.audit.list(9)
            ]


def test_labels_and_accounts_that_are_not_served_are_taken_along(folder: Path) -> None:
    with composed(folder, port=PORTS[0]) as services:
        ana, bea = _did_of(services), practitioner(services, "bea")
        uri = f"at://{ana}/org.skillnet.module/first"
        services.moderation.labelling.give(LOCAL_OPERATOR, uri, "!hide", "It is wrong.")
        services.lifecycle.deactivate(bea, "takendown")
    assert move_node(folder, SECOND, {})[1].not_told == {}
    with composed(folder, port=PORTS[1]) as services:
        assert [(row.src, row.uri) for row in services.moderation.labelling.own()] == [(services.identity.did, uri)]
        services.moderation.labelling.take_back(LOCAL_OPERATOR, uri, "!hide")
        with services.database.read() as session:
            assert catalogue.find_item(session, uri, catalogue.PUBLIC) is not None
            assert accounts.get_account(session, bea).status == "takendown"
        document = services.directory.get_history(bea).data.to_document(bea)
        assert document["service"][0]["serviceEndpoint"] == SECOND


def test_handles_of_a_domain_of_their_own_stay(folder: Path) -> None:
    with (folder / "skillnet.toml").open("a") as file:
        file.write('\n[identity]\nhandle_domain = "people.test"\n')
    move_node(folder, SECOND, {})  # ana's handle is of the time before that domain
    with composed(folder, port=PORTS[1], handle_domain="people.test") as services:
        practitioner(services, "bea")
    _, settled = move_node(folder, THIRD, {})
    assert settled.not_told == {}
    with composed(folder, port=PORTS[2], handle_domain="people.test") as services, services.database.read() as session:
        handles = {row.handle for row in accounts.list_accounts(session) if row.status == "active"}
        assert handles >= {"people.test", "bea.people.test"}


def test_who_could_not_be_told_is_told_the_next_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise Unreachable("The directory does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(Documents, "submit", fail)
        _, settled = move_node(folder, SECOND, {})
    assert list(settled.not_told.values()) == ["The directory does not answer."]
    with composed(folder, port=PORTS[1]) as services:
        assert _ana(services)[:2] == _at(PORTS[0])[:2]
        found = examine_former(_left(services))
        assert (found.ok, FIRST in found.detail, "skillnet move" in found.mend) == (False, True, True)
    assert move_node(folder, "", {})[1].not_told == {}
    with composed(folder, port=PORTS[1]) as services:
        assert _ana(services) == _at(PORTS[1])
        assert examine_former(_left(services)).ok


def test_a_node_that_began_anew_in_an_earlier_release_is_put_right(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It then had two identities, and its people named the former address."""
    text = (folder / "skillnet.toml").read_text().replace(str(PORTS[0]), str(PORTS[1]))
    (folder / "skillnet.toml").write_text(text)
    ensure = NodeIdentity.ensure
    with monkeypatch.context() as former:
        former.setattr(NodeIdentity, "ensure", lambda self, keyring: ensure(self, keyring, moving=True))
        with composed(folder, port=PORTS[1]) as services:
            assert _ana(services) == _at(PORTS[0])
    with composed(folder, port=PORTS[1]) as services:  # nobody is shut out by the upgrade
        assert list(_left(services).nodes.values()) == [FIRST]
        assert not examine_former(_left(services)).ok
    move_node(folder, "", {})
    with composed(folder, port=PORTS[1]) as services:
        assert _ana(services) == _at(PORTS[1])


def test_an_address_that_cannot_be_is_not_left_in_the_settings(folder: Path) -> None:
    before = (folder / "skillnet.toml").read_text()
    for url in ("http://nope.example", "ftp://x", "https://x.example/path"):
        with pytest.raises(ConfigurationError):
            move_node(folder, url, {})
    with pytest.raises(ConfigurationError, match="SKILLNET_NODE_URL"):
        move_node(folder, SECOND, {"SKILLNET_NODE_URL": FIRST})
    assert (folder / "skillnet.toml").read_text() == before


@pytest.mark.real
def test_the_command_line_says_it_in_a_line_and_mends_it(folder: Path) -> None:
    refused = skillnet("serve", "--data", str(folder), "--port", str(PORTS[0]), SKILLNET_NODE_URL=SECOND)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 2), refused.stderr
    assert f"skillnet: This node lives at {FIRST}, and node.url says {SECOND}." in refused.stderr
    moved = skillnet("move", SECOND, "--data", str(folder))
    assert (moved.returncode, f"The node lives at {SECOND}." in moved.stdout) == (0, True), moved.stderr
    looked = skillnet("doctor", "--data", str(folder))
    assert looked.returncode == 0, looked.stdout


def _comes_to_its_end(step: int, folder: Path) -> bool:
    """Or dies before this piece of writing."""

    def work(before_step: Step) -> None:
        attempt = Writer._attempt

        def watch(writer: Writer, *arguments: Any) -> None:
            before_step()
            attempt(writer, *arguments)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Writer, "_attempt", watch)
            move_node(folder, SECOND, {})

    return comes_to_its_end(step, work)


@pytest.mark.real
@pytest.mark.sqlite("copies the folder")
def test_a_move_that_is_killed_anywhere_is_finished_by_the_next(folder: Path, tmp_path: Path) -> None:
    for step in itertools.count(1):
        copy = tmp_path / f"killed-{step}"
        shutil.copytree(folder, copy)
        ended = _comes_to_its_end(step, copy)
        _, settled = move_node(copy, "", {})
        assert settled.not_told == {}
        with composed(copy, port=PORTS[1]) as services:
            assert _ana(services) == _at(PORTS[1])
            assert examine_former(_left(services)).ok
            with services.database.read() as session:
                vouches = list(records.iterate_records(session, [VOUCH], services.identity.did))
            assert len(vouches) == 1
        if ended:
            break
    assert step > 8, "too little was killed"
