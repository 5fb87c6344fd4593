"""Signatures as in the examples of the Amazon S3 API reference ("Authenticating Requests", single chunk)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from node.services.hosting.blobs.bucket import Place
from node.services.hosting.blobs.request_signing import NOTHING, Signer, encoded

HOST = "examplebucket.s3.amazonaws.com"
AT = datetime(2013, 5, 24, tzinfo=UTC)
SIGNER = Signer("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")


@pytest.mark.parametrize(
    ("query", "signature"),
    [
        ({"lifecycle": ""}, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ({"prefix": "J", "max-keys": "2"}, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)
def test_the_reference_signs_the_same(query: dict[str, str], signature: str) -> None:
    headers = SIGNER.headers("GET", (HOST, "/", encoded(query)), NOTHING, AT)
    assert headers["authorization"].endswith(f"Signature={signature}")
    assert "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request" in headers["authorization"]


def test_the_body_counts() -> None:
    said = {
        SIGNER.headers("PUT", (HOST, "/a", ""), hashlib.sha256(body).hexdigest(), AT)["authorization"]
        for body in (b"", b"x")
    }
    assert len(said) == 2


def test_buckets_are_named_in_the_path_or_in_the_host() -> None:
    assert Place("http://127.0.0.1:7070", "ours").url_of("a b/é") == "http://127.0.0.1:7070/ours/a%20b/%C3%A9"
    assert Place("https://s3.example", "ours", path_style=False).url_of("a") == "https://ours.s3.example/a"
    assert Place("https://s3.example", "ours").url_of("") == "https://s3.example/ours"
