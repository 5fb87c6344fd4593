"""What of a bucket's failures says that its server answers nobody, and what is one request's own."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from node.errors import BlobsAway
from node.services.hosting.blobs import bucket as asking
from node.services.hosting.blobs.bucket import Bucket, Place
from node.services.hosting.blobs.request_signing import NOTHING, Signer


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, failure: type[httpx.TransportError]) -> Bucket:
    """Uploads fail; all else is answered."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            raise failure("planted")
        return httpx.Response(200, content=b"there")

    made = Bucket(Place("http://storage", "ours"), Signer("key", "secret", "us-east-1"))
    made._client = httpx.Client(transport=httpx.MockTransport(answer))
    monkeypatch.setattr(asking, "WAITS", ())
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (made := tmp_path / "file").touch()
    return made


@pytest.mark.parametrize("failure", [httpx.PoolTimeout, httpx.WriteTimeout, httpx.WriteError])
def test_an_upload_that_does_not_get_through_keeps_nobody_from_reading(
    bucket: Bucket, file: Path, failure: type[httpx.TransportError]
) -> None:
    with pytest.raises(BlobsAway, match=f"at PUT: {failure.__name__} planted"):
        bucket.put("a", file, NOTHING)
    assert bucket.get("a") == b"there"


@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout])
def test_who_asks_after_a_server_that_did_not_answer_hears_of_it_at_once(
    bucket: Bucket, file: Path, failure: type[httpx.TransportError]
) -> None:
    for ask in (lambda: bucket.put("a", file, NOTHING), lambda: bucket.get("a")):
        with pytest.raises(BlobsAway, match="at PUT"):
            ask()
