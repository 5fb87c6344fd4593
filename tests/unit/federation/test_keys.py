"""Keys and signatures: interop vectors, low-S, spellings."""

import base64
import json
import os
import sys
from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import federation.keys
from federation.errors import KeyInvalid, SignatureInvalid
from federation.keys import SigningKey, VerifyingKey
from federation.multibase import base58_decode, base58_encode
from node.cli.bench.federation.engine import K256Key

_DATA = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
CRYPTO = _DATA / "atproto-interop" / "crypto"
needs_interop = pytest.mark.skipif(not CRYPTO.is_dir(), reason="interop fixtures are not on this machine")


def b64(text: str) -> bytes:
    return base64.b64decode(text + "==")


def k256_point(secret: ec.EllipticCurvePrivateKey, form: PublicFormat = PublicFormat.CompressedPoint) -> bytes:
    return secret.public_key().public_bytes(Encoding.X962, form)


@pytest.fixture(params=["libsecp256k1", "cryptography"])
def k256(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-256 by either library; keys made before are forgotten."""
    if request.param == "libsecp256k1":
        pytest.importorskip("coincurve", reason="coincurve has no wheel for this Python")
    else:
        monkeypatch.setitem(sys.modules, "coincurve", None)
    federation.keys._parse_did_key.cache_clear()
    yield
    federation.keys._parse_did_key.cache_clear()


@needs_interop
@pytest.mark.usefixtures("k256")
def test_interop_signatures():
    for case in json.loads((CRYPTO / "signature-fixtures.json").read_text()):
        message, signature = b64(case["messageBase64"]), b64(case["signatureBase64"])
        for key in (
            VerifyingKey.parse_did_key(case["publicKeyDid"]),
            VerifyingKey.parse_multibase(case["publicKeyMultibase"], case["didDocSuite"]),
        ):
            if case["validSignature"]:
                key.verify(message, signature)
            else:
                with pytest.raises(SignatureInvalid):
                    key.verify(message, signature)


@needs_interop
def test_interop_did_keys():
    for case in json.loads((CRYPTO / "w3c_didkey_P256.json").read_text()):
        key = SigningKey.from_bytes(base58_decode(case["privateKeyBytesBase58"]))
        assert key.did_key == case["publicDidKey"]
    for case in json.loads((CRYPTO / "w3c_didkey_K256.json").read_text()):
        secret = ec.derive_private_key(int(case["privateKeyBytesHex"], 16), ec.SECP256K1())
        assert VerifyingKey(b"\xe7\x01", k256_point(secret)) == VerifyingKey.parse_did_key(case["publicDidKey"])


def test_sign_verify_and_store():
    key = SigningKey.generate()
    again = SigningKey.from_bytes(key.to_bytes())
    assert again.did_key == key.did_key
    for number in range(20):
        message = b"m%d" % number
        again.verifying_key.verify(message, key.sign(message))
    signature = key.sign(b"x")
    for bad in (b"", signature[:-1], signature + b"\0", bytes(64), b"\xff" * 64, signature[32:] + signature[:32]):
        with pytest.raises(SignatureInvalid):
            key.verifying_key.verify(b"x", bad)
    assert key.to_bytes().hex() not in repr(key)


def test_an_uncompressed_point_of_a_document_of_2019_is_read():
    secret = ec.generate_private_key(ec.SECP256K1())
    text = "z" + base58_encode(k256_point(secret, PublicFormat.UncompressedPoint))
    key = VerifyingKey.parse_multibase(text, "EcdsaSecp256k1VerificationKey2019")
    assert key.did_key == VerifyingKey(b"\xe7\x01", k256_point(secret)).did_key
    assert VerifyingKey.parse_multibase(key.did_key.removeprefix("did:key:")) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "did:key:",
        "did:key:z",
        "did:key:zz",
        "did:key:z0OIl",
        "did:plc:abc",
        "did:key:z" + "1" * 500,
        "did:key:z" + base58_encode(b"\x80\x24" + b"\x02" + b"\xff" * 32),
        "did:key:z" + base58_encode(b"\xe7\x01" + b"\x02" + b"\xff" * 32),
        "did:key:z" + base58_encode(b"\xed\x01" + bytes(32)),
        "did:key:z" + base58_encode(b"\x80\x24\x04" + bytes(64)),
    ],
)
def test_what_is_no_key_is_refused(text: str):
    with pytest.raises(KeyInvalid):
        VerifyingKey.parse_did_key(text)


def test_secret_scalars_out_of_range_are_refused():
    for secret in (bytes(32), b"\xff" * 32, b"short"):
        with pytest.raises(KeyInvalid):
            SigningKey.from_bytes(secret)
    for text, kind in (
        ("m00", "Multikey"),
        ("z", "JsonWebKey2020"),
        ("z" + base58_encode(b"\x05" + bytes(64)), "EcdsaSecp256k1VerificationKey2019"),
    ):
        with pytest.raises(KeyInvalid):
            VerifyingKey.parse_multibase(text, kind)


@pytest.mark.parametrize("key", [SigningKey.generate(), K256Key()], ids=["P-256", "K-256"])
def test_numbers_that_begin_with_zeros_are_read_and_zero_signs_nothing(key: SigningKey):
    verifying = key.verifying_key
    for start in (0, 32):
        messages = (b"%d" % number for number in count())
        message, signature = next((text, made) for text in messages if not (made := key.sign(text))[start])
        verifying.verify(message, signature)
        nothing = bytearray(signature)
        nothing[start : start + 32] = bytes(32)
        with pytest.raises(SignatureInvalid):
            verifying.verify(message, bytes(nothing))


def test_base58_keeps_leading_zeros():
    for data in (b"", b"\0", b"\0\0\1", b"hello", bytes(range(40))):
        assert base58_decode(base58_encode(data)) == data
