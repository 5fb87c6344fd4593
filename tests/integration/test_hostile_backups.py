"""Backups that open with the right passphrase and hold what no node wrote: each is refused, and nothing of it stays."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from federation.codec import blob_cid
from node.errors import NodeError
from node.services.erasures import Erasures
from node.services.keeping import archive
from node.services.keeping.archive import ArchiveReader, ArchiveWriter
from node.services.keeping.backing_up import file_member, keys_beside
from node.services.keeping.restoring import Restoring, restored
from node.services.keeping.sealed_stream import BackupUnreadable, SealedWriter
from node.services.sealing import KEY_FILE, Sealer
from node.store.keeping import schema
from node.store.keeping.dumping import Filling, RowsUnfit
from node.store.keeping.revision import newest_revision
from tests.integration.fixtures.kept import PHRASE

END = b"\0" * 1024
HEAD = {"format": 1, "revision": newest_revision(), "url": "http://localhost:1", "at": "2026-01-01T00:00:00+00:00"}
ATTEMPT = {"subject": "name:ana", "failures": 1, "until": 0}
Members = list[tuple[str, bytes]]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening costs nothing."""
    monkeypatch.setattr("node.services.keeping.sealed_stream.SCRYPT", (4, 8, 1))


def member(name: str, body: bytes = b"", kind: bytes = tarfile.REGTYPE, size: int = -1) -> bytes:
    """As it lies in a tar."""
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, len(body) if size < 0 else size, "/etc/passwd"
    return info.tobuf(tarfile.GNU_FORMAT) + body + b"\0" * (-len(body) % 512)


def begun(*more: bytes) -> bytes:
    return b"".join((member("head.json", json.dumps(HEAD).encode()), member("skillnet.toml"), *more))


def ended(*behind: bytes) -> bytes:
    members = {"head.json": json.dumps(HEAD).encode(), "skillnet.toml": b""}
    digests = {name: hashlib.sha256(body).hexdigest() for name, body in members.items()}
    manifest = json.dumps({"rows": {}, "files": 0, "members": digests}).encode()
    return begun(member("manifest.json", manifest), *behind, END)


def sealed(path: Path, packed: bytes) -> Path:
    with path.open("wb") as file:
        writer = SealedWriter(file, PHRASE)
        writer.write(packed)
        writer.finish()
    return path


def _damaged(packed: bytes) -> bytes:
    return packed[:100] + b"\xff" * 40 + packed[140:]


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(begun(member("blobs/x", kind=tarfile.SYMTYPE), END)),
        gzip.compress(begun(member("x", bytes(4096), tarfile.XHDTYPE, size=1 << 40))),
        gzip.compress(begun(member("././@LongLink", bytes(4096), tarfile.GNUTYPE_LONGNAME, size=1 << 40))),
        gzip.compress(begun(member("blobs/x", size=1 << 40))),
        gzip.compress(begun(member("blobs/x", b"a"), member("blobs/x", b"b"), END)),
        gzip.compress(begun(*(member(f"blobs/{number}", bytes(1 << 20)) for number in range(20)))),
        gzip.compress(ended(member("blobs/x", b"more"))),
        gzip.compress(member("head.json", b"{nope")),
        gzip.compress(member("head.json", b"[" * 100_000)),
        gzip.compress(member("head.json", b'{"format": 1}') + END),
        gzip.compress(member("head.json", json.dumps(HEAD).encode()) + member("skillnet.toml", b"\xff")),
        gzip.compress(b""),
        _damaged(gzip.compress(ended(), 0)),
        gzip.compress(ended())[:-4] + b"sums",
        gzip.compress(ended()) + b"more",
        b"no gzip",
        b"",
    ],
)
def test_what_no_writer_of_backups_wrote_is_not_read(
    tmp_path: Path, packed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SMALL", 10_000_000)
    with sealed(tmp_path / "node.backup", packed).open("rb") as file, pytest.raises(BackupUnreadable):
        list(ArchiveReader(file, PHRASE).members())


def test_a_whole_one_is_read(tmp_path: Path) -> None:
    with sealed(tmp_path / "node.backup", gzip.compress(ended())).open("rb") as file:
        assert list(ArchiveReader(file, PHRASE).members()) == []


def rows(table: str, *values: object) -> tuple[str, bytes]:
    return f"tables/{table}/000000.jsonl", b"\n".join(json.dumps(value).encode() for value in values)


def test_rows_that_do_not_fit_are_refused() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        schema.METADATA.create_all(connection)
        filling = Filling(connection)
        for name, *values in (
            ("alembic_version", {"version_num": "0001"}),
            ("sqlite_master", {}),
            ("attempt", [1]),
            ("attempt", None),
            ("attempt", {**ATTEMPT, "more": 1}),
            ("attempt", {"subject": "name:ana"}),
            ("attempt", {**ATTEMPT, "until": "never"}),
            ("attempt", {**ATTEMPT, "until": 2**70}),
            ("attempt", {**ATTEMPT, "subject": None}),
            ("attempt", {**ATTEMPT, "subject": "\ud800"}),
            ("attempt", ATTEMPT, ATTEMPT),
        ):
            with pytest.raises(RowsUnfit), connection.begin_nested():
                filling.fill(name, rows(name, *values)[1])
        with pytest.raises(RowsUnfit):
            filling.fill("attempt", b"[" * 100_000)
        assert filling.fill("attempt", rows("attempt", ATTEMPT)[1]) == 1
    engine.dispose()


def test_what_is_no_nodes_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make_few_tables(connection: Connection, _: str) -> None:
        for name in ("attempt", "fact", "event"):
            schema.METADATA.tables[name].create(connection, checkfirst=True)

    monkeypatch.setattr("node.store.keeping.migrating.make_tables", make_few_tables)
    for member, words in (
        (("../evil", b""), "does not belong"),
        (("", b""), "does not belong"),
        (("blobs/../../evil", b""), "does not belong"),
        ((file_member("blobs", blob_cid(bytes(32))), b"other bytes"), "what its name says"),
        ((KEY_FILE, b"a key in the wrong file"), "does not belong"),
        (rows("worker"), "does not belong"),
        (rows("attempt", ATTEMPT), "its list counts"),
    ):
        refused(tmp_path, [member], words)


def test_a_newer_one_and_one_whose_tables_lay_elsewhere_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, [], "newer release", revision="9999")
    elsewhere = f'[store]\ndatabase_url = "sqlite:///{tmp_path}/elsewhere.db"\n'
    refused(tmp_path, [], "outside its folder", settings=elsewhere)
    refused(tmp_path, [], "not valid TOML", settings="[node")
    refused(tmp_path, [], "not an address", url="http://[::1")


def refused(folder: Path, members: Members, words: str, settings: str = "", **head: str) -> None:
    """Restoring these members fails, and neither the folder nor what is beside it holds anything of them."""
    made, log, data = folder / "node.backup", folder / "erasures.log", folder / "new"
    write(made, members, settings, head)
    write(keys_beside(made), [(KEY_FILE, bytes(32))], "", head)
    Erasures(folder, Sealer(bytes(32))).add("jo", 5)
    data.mkdir(exist_ok=True)
    before = set(folder.iterdir())
    wanted = Restoring(made, PHRASE, data, log)
    with pytest.raises(NodeError, match=words), restored(wanted, {}, lambda _: None):
        raise AssertionError(members)
    assert (list(data.iterdir()), set(folder.iterdir())) == ([], before)


def write(path: Path, members: Iterable[tuple[str, bytes]], settings: str, head: dict[str, str]) -> None:
    with path.open("wb") as file, ArchiveWriter(file, PHRASE, {**HEAD, **head}, settings.encode()) as writer:
        for name, body in members:
            writer.add(name, body)
        writer.finish({"rows": {}, "files": 0})
