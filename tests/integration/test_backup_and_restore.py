"""A node is backed up while it writes, and made again: elsewhere, in another database, without those erased since."""

from __future__ import annotations

import asyncio
import errno
import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from federation.codec import decode
from node.app.compose import compose
from node.app.restoring import restore_node
from node.errors import ConfigurationError, Conflict, Malformed
from node.services.assembly import Services
from node.services.audit import SYSTEM, Deed
from node.services.erasures import ERASURE_LOG
from node.services.hosting.blobs.files import blob_json, keep_file
from node.services.hosting.blobs.in_folder import path_of
from node.services.keeping import backing_up
from node.services.keeping.backing_up import back_up, keys_beside, verify
from node.services.keeping.restoring import ErasureLogMissing, Restored, Restoring
from node.services.keeping.sealed_stream import MAGIC, BackupUnreadable
from node.services.keeping.settling import Settled
from node.services.moderating.lists import Rule
from node.services.policy import LOCAL_OPERATOR
from node.settings.writing import with_setting
from node.store.database import Database
from node.store.repositories import accounts, events, records
from schemas.authority import MODULE, PROFILE
from schemas.datamodel import from_json
from tests.integration.fixtures.contributions import version_write
from tests.integration.fixtures.databases import new_database, on_postgresql, postgresql_cluster
from tests.integration.fixtures.kept import PHRASE, WIM, ZOE, add_workers, private_role
from tests.integration.fixtures.nodes import PASSWORD, composed, practitioner, publish

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Kept:
    """A node, its practitioner, and a backup that was made while she published."""

    services: Services
    did: str
    backup: Path
    last_seq: int
    audited: str
    session: str
    key: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("keeping")
    with composed(folder / "old") as services:
        did = practitioner(services, "ana")
        publish(services, did, "first", "# First\n\nA text.\n")
        bad = publish(services, did, "bad", "# Bad\n\nTo be taken down.\n")
        add_workers(services, WIM, ZOE)
        services.audit.note(SYSTEM, Deed.VOUCHED, "somebody")
        audited = services.audit.check().head
        session, key = (services.registry.tokens.issue("ana", kind) for kind in ("session", "api"))
        done = threading.Event()
        others = threading.Thread(target=_publish_until, args=(services, did, done))
        others.start()
        back_up(services.settings, folder / "node.backup", PHRASE, lambda _: None)
        done.set()
        others.join()
        services.learning.forget(ZOE)
        asyncio.run(services.moderation.decisions.decide(LOCAL_OPERATOR, Rule("deny", bad.uri, "It is wrong.")))
        yield Kept(services, did, folder / "node.backup", services.stream.last_seq, audited, session, key)


def _publish_until(services: Services, did: str, done: threading.Event) -> None:
    for number in itertools.count():
        publish(services, did, f"more-{number}", "# More\n\nText.\n")
        if done.is_set():
            return


def restored(kept: Kept, folder: Path, **wanted: str) -> tuple[Restored, Settled]:
    log = kept.services.settings.data / ERASURE_LOG
    return restore_node(Restoring(kept.backup, PHRASE, folder, log, **wanted), {}, lambda _: None)


def test_the_node_is_there_again_but_for_whom_was_erased(kept: Kept, tmp_path: Path) -> None:
    found, settled = restored(kept, tmp_path / "new")
    assert settled == Settled(2, {})
    assert found.former_url == found.settings.public_url == kept.services.settings.public_url
    again = compose(found.settings)
    try:
        assert again.registry.tokens.find_viewer(kept.session, "session") is None, "it may have been ended since"
        assert again.registry.tokens.find_viewer(kept.key, "api")
        assert again.registry.sign_in("ana", PASSWORD, "127.0.0.1")
        assert again.learning.profile(WIM).role == private_role(WIM)
        assert again.learning.profile(ZOE).role == ""
        with again.database.read() as session:
            names = {row.rkey for row in records.iterate_records(session, [MODULE], kept.did)}
            # Numbers of events that were given after the backup are not given again.
            assert events.last_seq(session) > kept.last_seq
        assert "first" in names
        assert "bad" not in names
        assert [row.reason for row in again.moderation.decisions.rules()] == ["It is wrong."]
        for did in (kept.did, again.identity.did):
            assert _rev(again, did) > _rev(kept.services, did)
        assert again.audit.check(kept.audited).ok
        with pytest.raises(Exception, match="only grows"):
            again.database.writer.write(lambda session: session.execute(text("DELETE FROM audit")))
    finally:
        again.database.close()


def _rev(services: Services, did: str) -> str:
    with services.database.read() as session:
        return services.host.trees.load(session, did).rev


def test_a_backup_that_fails_leaves_both_files_of_the_former_one(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = {name: kept.backup.with_name(name).read_bytes() for name in ("node.backup", "node.backup.keys")}
    for name, body in former.items():
        (tmp_path / name).write_bytes(body)

    def fill_the_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, "planted")

    monkeypatch.setattr(backing_up, "_keys", fill_the_disk)
    with pytest.raises(OSError, match="planted"):
        back_up(kept.services.settings, tmp_path / "node.backup", PHRASE, lambda _: None)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == former


def test_without_a_folder_for_it_the_folder_is_named(kept: Kept, tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=f"There is no folder {tmp_path / 'nightly'}"):
        back_up(kept.services.settings, tmp_path / "nightly" / "node.backup", PHRASE, lambda _: None)


def test_the_keys_of_a_backup_that_was_killed_between_its_two_names_are_found(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, keys = tmp_path / "node.backup", keys_beside(kept.backup).read_bytes()
    backup.write_bytes(kept.backup.read_bytes())
    keys_beside(backup).write_bytes(MAGIC + b"of the former backup")
    draft = tmp_path / ".node.backup.keys.skillnet-draft"
    draft.write_bytes(keys)
    restore_node(Restoring(backup, PHRASE, tmp_path / "new", None), {}, lambda _: None)
    monkeypatch.setattr(backing_up, "_keys", None)
    lost = tmp_path / ".lost.skillnet-draft"
    lost.touch()
    with pytest.raises(TypeError):
        back_up(kept.services.settings, tmp_path / "another", PHRASE, lambda _: None)
    assert (draft.read_bytes(), lost.exists()) == (keys, False), "one of another name leaves them where they are"
    with pytest.raises(TypeError):
        back_up(kept.services.settings, backup, PHRASE, lambda _: None)
    assert (keys_beside(backup).read_bytes(), draft.exists()) == (keys, False), "the next that fails leaves them"


def test_a_new_address_is_in_every_document_and_credentials_move_along(kept: Kept, tmp_path: Path) -> None:
    found, settled = restored(kept, tmp_path / "moved", url="http://localhost:18777")
    assert settled.not_told == {}
    assert found.settings.port == 18777
    again = compose(found.settings)
    try:
        document = again.directory.get_history(kept.did).data.to_document(kept.did)
        assert document["service"][0]["serviceEndpoint"] == "http://localhost:18777"
        assert document["alsoKnownAs"][0] == "at://ana.node-18777.test"
        assert again.identity.did == "did:web:localhost%3A18777"
        with again.database.read() as session:
            former = accounts.find_account(session, kept.services.identity.did)
            profile = records.find_record(session, kept.did, PROFILE, "self")
        assert former is None or former.status == "deleted"
        accepted = decode(profile.block).get("credentials", []) if profile else []
        assert all(uri.startswith(f"at://{again.identity.did}/") for uri in accepted)
    finally:
        again.database.close()


@pytest.mark.parametrize("damage", ["flipped", "cut", "passphrase", "not a backup", "other keys"])
def test_what_cannot_be_read_leaves_nothing_behind(kept: Kept, tmp_path: Path, damage: str) -> None:
    copy, body, keys = tmp_path / "copy", kept.backup.read_bytes(), keys_beside(kept.backup).read_bytes()
    middle = len(body) // 2
    body = {
        "flipped": body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :],
        "cut": body[:-100],
        "not a backup": b"a picture, perhaps",
    }.get(damage, body)
    if damage == "other keys":
        back_up(kept.services.settings, tmp_path / "later", PHRASE, lambda _: None)
        keys = keys_beside(tmp_path / "later").read_bytes()
    copy.write_bytes(body)
    keys_beside(copy).write_bytes(keys)
    phrase = "another phrase altogether" if damage == "passphrase" else PHRASE
    wanted = Restoring(copy, phrase, tmp_path / "new", None)
    with pytest.raises(BackupUnreadable):
        restore_node(wanted, {}, lambda _: None)
    assert {path.name for path in (tmp_path / "new").iterdir()} <= {"node.lock"}


def test_a_folder_in_use_and_a_missing_log_are_refused(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Conflict, match=r"mine\.txt"):
        restored(kept, tmp_path)
    with pytest.raises(ErasureLogMissing):
        restore_node(Restoring(kept.backup, PHRASE, tmp_path / "new", tmp_path / "no.log"), {}, lambda _: None)


def test_files_that_are_lost_or_damaged_are_named(kept: Kept, tmp_path: Path) -> None:
    services, cids = kept.services, []
    for number, name in enumerate(("whole", "damaged", "lost")):
        stored = keep_file(services.database, services.blobs, kept.did, PNG + name.encode(), "")
        picture = {"path": f"{number}.png", "blob": from_json(blob_json(stored))}
        services.host.write(kept.did, [version_write(name, "# Text\n", pictures=[picture])])
        cids.append(stored.cid)
    path_of(services.settings.data / "blobs", cids[1]).write_bytes(b"something else")
    services.blobs.remove([cids[2]])
    report = back_up(services.settings, tmp_path / "later", PHRASE, lambda _: None)
    assert report.missing == tuple(sorted(cids[1:]))
    assert report.files >= 1


def test_a_backup_is_for_its_owner_and_counts_its_rows(kept: Kept) -> None:
    assert verify(kept.backup, PHRASE)["account"] == 2
    assert "worker" not in verify(kept.backup, PHRASE)
    assert verify(keys_beside(kept.backup), PHRASE) == {"worker": 2}
    assert not [path for path in (kept.backup, keys_beside(kept.backup)) if path.stat().st_mode & 0o077]


@pytest.mark.skipif(not on_postgresql(), reason="the other way is test_from_one_file_to_postgresql")
def test_from_postgresql_to_one_file(kept: Kept, tmp_path: Path) -> None:
    found, _ = restored(kept, tmp_path / "new", database_url=f"sqlite:///{tmp_path / 'one-file.db'}")
    again = compose(found.settings)
    try:
        assert again.database.is_sqlite
        assert again.learning.profile(WIM).role == private_role(WIM)
        assert again.audit.check(kept.audited).ok
        assert _rev(again, kept.did) > _rev(kept.services, kept.did)
    finally:
        again.database.close()


@pytest.mark.real
@pytest.mark.needs("PostgreSQL")
@pytest.mark.sqlite("PostgreSQL to PostgreSQL is what the other tests do there")
def test_from_one_file_to_postgresql(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_: object) -> None:
        raise KeyboardInterrupt

    with postgresql_cluster() as cluster:
        address = new_database(cluster, "restored")
        with monkeypatch.context() as patch:
            patch.setattr("node.app.restoring.settle", die)  # the tables are full by then
            with pytest.raises(KeyboardInterrupt):
                restored(kept, tmp_path / "new", database_url=address)
            assert is_without_tables(address), "who is told to stop tidies up"
            patch.setattr(
                "node.services.keeping.restoring._Restore.empty_database", lambda _: None
            )  # who is killed, not
            with pytest.raises(KeyboardInterrupt):
                restored(kept, tmp_path / "new", database_url=address)
            assert not is_without_tables(address)
        found, _ = restored(kept, tmp_path / "new", database_url=address)
        again = compose(found.settings)
        try:
            assert again.database.url.get_backend_name() == "postgresql"
            assert again.learning.profile(WIM).role == private_role(WIM)
            again.stream.start()
            publish(again, kept.did, "after", "# After\n\nText.\n")
            back_up(found.settings, tmp_path / "back", PHRASE, lambda _: None)
        finally:
            again.database.close()
        assert verify(tmp_path / "back", PHRASE)["record"] >= verify(kept.backup, PHRASE)["record"]
        with pytest.raises(Conflict, match="database"):
            restored(kept, tmp_path / "again", database_url=address)


def test_a_file_of_tables_elsewhere_is_emptied_again(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise OSError(errno.ENOSPC, "planted")

    address = f"sqlite:///{tmp_path}/one-file.db"
    monkeypatch.setattr("node.app.restoring.settle", fail)
    with pytest.raises(OSError, match="planted"):
        restored(kept, tmp_path / "new", database_url=address)
    assert is_without_tables(address)
    assert {path.name for path in (tmp_path / "new").iterdir()} <= {"node.lock"}
    with pytest.raises(ConfigurationError, match="SKILLNET_NODE_URL says something else than --url"):
        restore_node(
            Restoring(kept.backup, PHRASE, tmp_path / "new", None, "http://localhost:18777"),
            {"SKILLNET_NODE_URL": "http://localhost:18778"}, lambda _: None,
        )  # fmt: skip


def is_without_tables(address: str) -> bool:
    database = Database(address)
    try:
        with database.read() as session:
            return not inspect(session.connection()).get_table_names()
    finally:
        database.close()


def test_one_setting_is_changed_and_the_rest_left() -> None:
    text = "# ours\n[node]\nurl = 'http://a.example'  # old\norganisation = 'A'\n\n[log]\nlevel = 'info'\n"
    changed = with_setting(text, "node.url", 'http://b.example/"')
    assert changed == text.replace("url = 'http://a.example'  # old", 'url = "http://b.example/\\""')
    assert with_setting("", "node.url", "x") == '[node]\nurl = "x"\n'
