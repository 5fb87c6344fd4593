"""Files on a server of the S3 kind: streamed there, held against their names, removed for good, backed up."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from federation.cids import blob_cid
from federation.repository import Write
from node.app.compose import compose
from node.app.restoring import restore_node
from node.errors import BlobsAway, ConfigurationError, StoreDamaged, TooLarge
from node.services.examining.storage import examine_storage
from node.services.hosting.blobs.files import blob_json, keep_file
from node.services.hosting.blobs.in_bucket import BlobBucket
from node.services.hosting.blobs.places import open_blobs
from node.services.keeping.backing_up import back_up
from node.services.keeping.restoring import Restoring
from node.settings.checks import check_settings
from node.settings.declared import Settings
from schemas.authority import MODULE_VERSION
from schemas.datamodel import from_json
from tests.integration.fixtures.contributions import version_write
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.kept import PHRASE
from tests.integration.fixtures.nodes import composed, practitioner
from tests.integration.fixtures.storage import is_here, is_strict, storage

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not is_here(), reason=".ci/install-counterparts installs the storage"),
]
strictly = pytest.mark.skipif(not is_strict(), reason="s3rver leaves this out; see fixtures/storage.py")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"pixels" * 1000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with storage(tmp_path_factory.mktemp("storage")) as settings:
        yield settings


@pytest.fixture
def bucket(place: dict[str, Any], tmp_path: Path) -> BlobBucket:
    own = {**place, "blobs_prefix": f"{place['blobs_prefix']}/{tmp_path.name}"}
    found = open_blobs(Settings(data=tmp_path, **own))["blobs"]
    assert isinstance(found, BlobBucket)
    return found


def test_what_is_put_is_found_listed_and_removed(bucket: BlobBucket) -> None:
    stored = [bucket.put(body) for body in (PICTURE, b"", secrets.token_bytes(2_000_000))]
    assert stored[0].mime == "image/png"
    bucket._recent.drop(stored[0].cid)
    assert bucket.find(stored[0].cid) == PICTURE
    assert set(bucket.list_all()) == set(bucket.list_older(-60)) == {one.cid for one in stored}
    assert bucket.list_older(3600) == []
    bucket.remove([one.cid for one in stored[:2]])
    assert (bucket.find(stored[0].cid), list(bucket.list_all())) == (None, [stored[2].cid])
    with pytest.raises(TooLarge):
        bucket.put(bytes(6_000_000))


@strictly
def test_listings_of_many_pages_are_read_to_their_end(bucket: BlobBucket) -> None:
    stored = {bucket.put(body).cid for body in (b"one", b"two", b"three")}
    found = bucket.bucket.list(f"{bucket.prefix}/", page=1)
    assert {one.key.rpartition("/")[2] for one in found} == stored


def test_other_bytes_under_a_name_are_not_given_out(bucket: BlobBucket, tmp_path: Path) -> None:
    cid = bucket.put(b"what was said").cid
    file = tmp_path / "other"
    file.write_bytes(b"what was not")
    bucket.bucket.put(bucket._key(cid), file, sha256(b"what was not").hexdigest())
    with pytest.raises(StoreDamaged, match=cid):
        bucket.find(cid)


def test_what_arrives_again_is_not_removed(bucket: BlobBucket) -> None:
    """The same bytes are let go by one person while another brings them."""
    draft = bucket.begin()
    draft.add(b"the same")
    cid = draft.finish().cid
    bucket.remove([cid])
    draft.place()
    draft.close()
    assert bucket.find(cid) == b"the same"
    bucket.remove([cid])
    assert bucket.find(cid) is None


def test_many_at_once(bucket: BlobBucket) -> None:
    bodies = [secrets.token_bytes(20_000) for _ in range(40)]
    threads = [threading.Thread(target=bucket.put, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cids = {blob_cid(sha256(body).digest()) for body in bodies}
    assert set(bucket.list_all()) == cids
    bucket.remove(cids)
    assert list(bucket.list_all()) == []


@strictly
def test_a_wrong_secret_is_named(place: dict[str, Any], tmp_path: Path) -> None:
    guessed = Settings(data=tmp_path, **{**place, "blobs_secret": "guessed"})
    with pytest.raises(BlobsAway, match="SignatureDoesNotMatch"):
        open_blobs(guessed)["blobs"].put(b"x")
    assert [finding.ok for finding in examine_storage(guessed)] == [False]


def test_a_silent_server_and_settings_that_lack_something_are_named(place: dict[str, Any], tmp_path: Path) -> None:
    away = {**place, "blobs_endpoint": f"http://127.0.0.1:{free_port()}"}
    with pytest.raises(BlobsAway, match="Connect"):
        open_blobs(Settings(data=tmp_path, **away))["blobs"].find(blob_cid(bytes(32)))
    with pytest.raises(ConfigurationError, match="secret_file"):
        open_blobs(Settings(data=tmp_path, **{**place, "blobs_secret": "", "blobs_secret_file": "/nowhere"}))
    with pytest.raises(ConfigurationError, match=r"blobs\.bucket"):
        check_settings(Settings(data=tmp_path, **{**place, "blobs_bucket": ""}))


def test_the_doctor_asks_the_storage(place: dict[str, Any], tmp_path: Path) -> None:
    assert [finding.ok for finding in examine_storage(Settings(data=tmp_path, **place))] == [True, True]
    assert list(examine_storage(Settings(data=tmp_path))) == []


def test_a_node_keeps_files_there_backs_them_up_and_forgets_them(place: dict[str, Any], tmp_path: Path) -> None:
    with composed(tmp_path / "old", **{**place, "blobs_prefix": f"{place['blobs_prefix']}/old"}) as services:
        did = practitioner(services, "ana")
        stored = keep_file(services.database, services.blobs, did, PICTURE, "")
        write = version_write("seen", "# Seen\n", pictures=[{"path": "a.png", "blob": from_json(blob_json(stored))}])
        services.host.write(did, [write])
        assert not (tmp_path / "old" / "blobs").exists()
        report = back_up(services.settings, tmp_path / "backup", PHRASE, lambda _: None)
        assert (report.files, report.missing) == (1, ())
        services.host.write(did, [Write("delete", MODULE_VERSION, write.rkey)])
        services.accounts.collect_blobs()
        assert list(services.blobs.list_all()) == []
        old_settings = services.settings
    wanted = Restoring(tmp_path / "backup", PHRASE, tmp_path / "new", None)
    moved = {"SKILLNET_BLOBS_PREFIX": f"{place['blobs_prefix']}/new", "SKILLNET_BLOBS_SECRET": place["blobs_secret"],
             "SKILLNET_BLOBS_ENDPOINT": place["blobs_endpoint"], "SKILLNET_BLOBS_BUCKET": place["blobs_bucket"],
             "SKILLNET_BLOBS_KEY": place["blobs_key"], "SKILLNET_NODE_URL": old_settings.url}  # fmt: skip
    restored, _ = restore_node(wanted, moved, lambda _: None)
    again = compose(restored.settings)
    try:
        assert (again.blobs.find(stored.cid), list(again.blobs.list_all())) == (PICTURE, [stored.cid])
    finally:
        again.database.close()
