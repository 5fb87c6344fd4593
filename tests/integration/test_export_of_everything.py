"""An organisation leaves with all that is its own: repositories that verify anywhere, files, what is inside, people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from federation.keys import VerifyingKey
from federation.repository import Write
from federation.verify import verify_repo_car
from node.errors import Conflict
from node.services.assembly import Services
from node.services.hosting.blobs.files import blob_json, keep_file
from node.services.hosting.exporting import RepoUnavailable, export_repository
from node.services.hosting.trees import Trees
from node.services.keeping import everything, export_folder
from node.services.keeping.everything import ELSEWHERE, TABLES, export_everything
from node.store.keeping import dumping
from node.store.sessions import Session
from node.web.xrpc.sync import export
from schemas.authority import MODULE_VERSION
from schemas.datamodel import from_json
from tests.integration.fixtures.contributions import version_value, version_write
from tests.integration.fixtures.kept import WIM, add_workers, private_role
from tests.integration.fixtures.nodes import PASSWORD, composed, practitioner, publish

PNG = b"\x89PNG\r\n\x1a\n picture"
SECRETS = (private_role(WIM), PASSWORD, "a secret of the mail server")


@dataclass(frozen=True)
class Full:
    """A node with some of everything; `cid` is of a picture."""

    services: Services
    did: str
    cid: str


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Full]:
    mail = {"mail_server": "localhost:25", "mail_sender": "n@node.example", "mail_password": SECRETS[2]}
    with composed(tmp_path_factory.mktemp("full"), **mail) as services:
        did = practitioner(services, "ana")
        publish(services, did, "first", "# First\n\nA text.\n")
        stored = keep_file(services.database, services.blobs, did, PNG, "")
        pictures = [{"path": "a.png", "blob": from_json(blob_json(stored))}]
        services.host.write(did, [version_write("seen", "# Seen\n", pictures=pictures)])
        kept = version_value("inside", "Only for us.")
        services.internal.write(did, [Write("create", MODULE_VERSION, "3kaaaaaaaaa2a", kept)])
        add_workers(services, WIM)
        yield Full(services, did, stored.cid)


def quietly(_: str) -> None:
    pass


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_what_lies_there_verifies_and_says_no_secret(full: Full, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    found = export_everything(full.services.settings, folder, quietly)
    assert (found.repositories, found.missing) == (2, ())
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {*sums, "SHA256SUMS"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())
    keys = {str(row["did"]): str(row["signing_key"]) for row in lines(folder / "tables" / "identity.jsonl")}
    told = lines(folder / "records.jsonl")
    for did in (full.did, full.services.identity.did):
        car = (folder / "repositories" / f"{did.replace(':', '_')}.car").read_bytes()
        verified = verify_repo_car(car, did, VerifyingKey.parse_did_key(keys[did]))
        assert verified.records
        shown = {f"{row['collection']}/{row['rkey']}": row["cid"] for row in told if row["did"] == did}
        assert shown == {path: cid for path, (cid, _) in verified.records.items()}
        assert not verified.problems
        assert car == b"".join(export(full.services, did, ""))  # which other servers are known to import
    assert (folder / "files" / full.cid).read_bytes() == PNG
    assert [row["value"]["body"] for row in lines(folder / "internal" / "records.jsonl")] == ["Only for us."]
    people = {row["name"]: row for row in lines(folder / "tables" / "person.jsonl")}
    assert people["ana"]["did"] == full.did
    assert "password" not in people["wim"]
    everything_said = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not [secret for secret in SECRETS if secret.encode() in everything_said]
    assert json.loads((folder / "settings.json").read_text())["secretsLeftOut"] == ["mail.password"]
    assert not [path for path in folder.rglob("*") if path.stat().st_mode & 0o077]


def test_an_interrupted_export_is_taken_up(full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "all"

    def fail(*_: object) -> None:
        raise OSError("pulled out")

    with monkeypatch.context() as patch:
        patch.setattr(everything.dumping, "dump_table", fail)
        with pytest.raises(OSError, match="pulled out"):
            export_everything(full.services.settings, folder, quietly)
    (folder / "repositories" / "somebody-who-left.car").write_bytes(b"old")
    assert not (folder / export_folder.SUMS).exists()
    found = export_everything(full.services.settings, folder, quietly)
    assert found.resumed == 3  # two repositories and a file
    assert not (folder / "repositories" / "somebody-who-left.car").exists()
    assert not (folder / export_folder.JOURNAL).exists()
    with pytest.raises(Conflict, match="not empty"):
        export_everything(full.services.settings, folder, quietly)


def test_every_table_is_there_or_somewhere_else() -> None:
    named = [*TABLES, *(name for names in ELSEWHERE.values() for name in names)]
    assert sorted(named) == sorted(dumping.table_names())
    assert set(ELSEWHERE) - set(everything.LEFT_OUT) == {"repositories", "files", "internal"}


def test_a_repository_that_is_damaged_is_named_and_keeps_no_other(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def export_whole(session: Session, trees: Trees, did: str) -> Iterator[bytes]:
        if did == full.did:
            raise RepoUnavailable
        return export_repository(session, trees, did)

    monkeypatch.setattr(everything, "export_repository", export_whole)
    found = export_everything(full.services.settings, tmp_path / "all", quietly)
    assert (found.repositories, found.missing) == (1, (full.did,))
    assert json.loads((tmp_path / "all" / "about.json").read_text("utf-8"))["missing"] == [full.did]
