"""An account moves from our node to the official server and back, with every record and blob."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from federation.keys import VerifyingKey
from federation.repository import Write
from federation.verify import verify_repo_car
from node.app.moving import move_node
from node.store.repositories import accounts
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import PASSWORD, LiveNode, live, practitioner
from tests.integration.official.conftest import Official, make_picture, of_every_generation, run_script

pytestmark = [pytest.mark.real, pytest.mark.needs("node")]
NOTE = "com.example.note"
PICTURE = make_picture(2)


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body


def fill(node: LiveNode, did: str, count: int) -> str:
    """Records and a blob; the blob's CID."""
    from federation.cids import parse_cid
    from federation.codec import CID

    stored = asyncio.run(node.services.accounts.store_blob(did, pieces(PICTURE), "image/png"))
    blob = {"$type": "blob", "ref": CID(parse_cid(stored.cid)), "mimeType": stored.mime, "size": stored.size}
    writes = [Write("create", NOTE, f"n{number}", {"$type": NOTE, "text": f"note {number}"}) for number in range(count)]
    writes.append(Write("create", NOTE, "picture", {"$type": NOTE, "picture": blob}))
    for start in range(0, len(writes), 100):
        node.services.host.write(did, writes[start : start + 100])
    return stored.cid


def records_of(url: str, did: str, node: LiveNode, *, former: bool = False) -> dict[str, str]:
    """Path → CID of the repository that a host serves, verified under the current document.

    `former`: under the one before, for the official server keeps an imported head until the next write.
    """
    car = httpx.get(f"{url}/xrpc/com.atproto.sync.getRepo", params={"did": did}, timeout=60, trust_env=False)
    assert car.status_code == 200, car.text
    key = node.services.outside.document(did).verifying_key
    if former:
        signing = node.services.outside.history(did).standing[-2].operation.data.signing_key
        key = VerifyingKey.parse_did_key(signing)
    verified = verify_repo_car(car.content, did, key)
    return {path: cid for path, (cid, _) in verified.records.items()}


def confirm(node: LiveNode, did: str) -> str:
    """Where a script gets our operator's token from."""
    return f"{node.url}/api/accounts/{did}/confirmation"


def move(**plan: Any) -> dict[str, Any]:
    return dict(run_script("move.cjs", json.dumps(plan)))


@of_every_generation
def test_an_account_moves_to_the_official_server_and_back(ours: LiveNode, official: Official) -> None:
    did = practitioner(ours.services, "mover")
    cid = fill(ours, did, 250)
    before = records_of(ours.url, did, ours)
    assert len(before) == 251
    said = move(
        **{"from": ours.url}, to=official.pds, identifier=did, password=PASSWORD, handle="mover.test",
        newPassword="another long sentence", tokenUrl=confirm(ours, did), tokenMethod="POST",
    )  # fmt: skip
    assert said["blobs"] == 1
    assert said["after"]["activated"]
    assert records_of(official.pds, did, ours, former=True) == before
    blob = httpx.get(
        f"{official.pds}/xrpc/com.atproto.sync.getBlob", params={"did": did, "cid": cid}, timeout=60, trust_env=False
    )
    assert blob.content == PICTURE
    with ours.services.database.read() as session:
        assert accounts.get_account(session, did).status == "deactivated"
    gone = httpx.get(f"{ours.url}/xrpc/com.atproto.sync.getRepo", params={"did": did}, timeout=60, trust_env=False)
    assert gone.json()["error"] == "RepoDeactivated"

    said = move(
        **{"from": official.pds}, to=ours.url, identifier=did, password="another long sentence", back=True,
        newPassword=PASSWORD, tokenUrl=f"{official.door}/plc-token?did={did}",
    )  # fmt: skip
    assert said["after"]["activated"]
    assert said["after"]["validDid"]
    assert records_of(ours.url, did, ours) == before
    blob = httpx.get(
        f"{ours.url}/xrpc/com.atproto.sync.getBlob", params={"did": did, "cid": cid}, timeout=60, trust_env=False
    )
    assert blob.content == PICTURE


def test_an_account_of_the_official_server_moves_in(ours: LiveNode, official: Official) -> None:
    did, token = official.account("newcomer")
    blob = official.call("com.atproto.repo.uploadBlob", PICTURE, token)["blob"]
    for number in range(30):
        value = {"$type": NOTE, "text": f"note {number}", **({"picture": blob} if number == 7 else {})}
        official.call("com.atproto.repo.createRecord", {"repo": did, "collection": NOTE, "record": value}, token)
    before = records_of(official.pds, did, ours)
    services = ours.services
    code = services.invitations.make(())
    domain = httpx.get(f"{ours.url}/xrpc/com.atproto.server.describeServer", timeout=60, trust_env=False).json()
    said = move(
        **{"from": official.pds}, to=ours.url, identifier=did, password=PASSWORD, inviteCode=code,
        handle=f"newcomer{domain['availableUserDomains'][0]}", newPassword=PASSWORD,
        tokenUrl=f"{official.door}/plc-token?did={did}",
    )  # fmt: skip
    assert said["blobs"] == 1
    assert (said["before"]["expectedBlobs"], said["before"]["importedBlobs"]) == (1, 1)
    assert said["before"]["indexedRecords"] == 30
    assert records_of(ours.url, did, ours) == before
    # The official consumer accepts what the account does here from now on.
    services.host.write(did, [Write("create", NOTE, "after", {"$type": NOTE, "text": "here now"})])
    verified = run_script("verify.cjs", ours.url, did, official.plc)
    assert verified["records"] == 31


def test_an_identity_is_registered_with_the_official_directory(tmp_path: Path, official: Official) -> None:
    with live(tmp_path / "closed") as node:
        did = practitioner(node.services, "later")
        node.services.documents.rotate(did)
        url = f"{node.url}/api/accounts/{did}/register-did"
        for sent in (2, 0):  # what is there already is not sent again
            said = httpx.post(
                url, json={"directory": official.plc}, headers={"x-test-operator": "1"}, timeout=60, trust_env=False
            ).json()
            assert (said["sent"], said["total"]) == (sent, 2)
        there = httpx.get(f"{official.plc}/{did}/data", timeout=60, trust_env=False).json()
        data = node.services.directory.get_history(did).data
        assert there["verificationMethods"] == {"atproto": data.signing_key}
        assert tuple(there["rotationKeys"]) == data.rotation_keys


def test_a_node_that_was_tried_on_localhost_enters_the_official_directory_and_moves(
    tmp_path: Path, official: Official
) -> None:
    """Under its new settings it asks that directory, which has to know its people before it is told that they moved."""
    folder, port = tmp_path / "tried", free_port()
    settings = {"SKILLNET_IDENTITY_PLC_URL": official.plc, "SKILLNET_FEDERATION_ALLOW_LOCALHOST": "true"}
    with live(folder) as node:
        first = node.url
        did = practitioner(node.services, "early")
    _, settled = move_node(folder, f"http://localhost:{port}", settings)
    assert list(settled.not_told) == [did], "that directory does not know it"
    with live(folder, port, plc_url=official.plc, allow_localhost=True) as node:
        assert node.services.documents.register(did)[1] == 1
    _, settled = move_node(folder, "", settings)
    assert settled.not_told == {}
    there = httpx.get(f"{official.plc}/{did}/data", timeout=60, trust_env=False).json()
    assert there["services"]["atproto_pds"]["endpoint"] == f"http://localhost:{port}" != first
    assert there["alsoKnownAs"] == [f"at://early.node-{port}.test"]
