"""Keys and signatures: P-256 signs and verifies, K-256 verifies. Low-S, 64 bytes (r, s), over sha-256.

`cryptography` verifies K-256 9 to 14 times slower than libsecp256k1, hence `coincurve` wherever it is built.
Parsed keys are cached: loading one costs more than a signature. Source: https://atproto.com/specs/cryptography
"""

from functools import lru_cache
from hashlib import sha256
from typing import Final, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.errors import KeyInvalid, SignatureInvalid
from federation.multibase import base58_decode, base58_encode

_DID_KEY: Final = "did:key:z"
_P256_CODE: Final = b"\x80\x24"
_K256_CODE: Final = b"\xe7\x01"
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_K256_ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_HIGHEST_K256: Final = (_K256_ORDER // 2).to_bytes(32, "big")
_ECDSA: Final = ec.ECDSA(hashes.SHA256())
_HASHED: Final = ec.ECDSA(Prehashed(hashes.SHA256()))  # hashlib takes a third of the time


class _Curve(Protocol):
    def accepts(self, message: bytes, signature: bytes) -> bool: ...


class _Usual:
    """Either curve, by `cryptography`."""

    __slots__ = ("_highest", "_key")

    def __init__(self, curve: ec.EllipticCurve, order: int, point: bytes) -> None:
        self._key = ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
        self._highest = (order // 2).to_bytes(32, "big")

    def accepts(self, message: bytes, signature: bytes) -> bool:
        if signature[32:] > self._highest:
            return False
        try:
            self._key.verify(_der(signature), sha256(message).digest(), _HASHED)
        except InvalidSignature:
            return False
        return True


class _Quick:
    """K-256 by libsecp256k1. Raises ImportError where that was not built: it has no wheel for the newest Python."""

    __slots__ = ("_key",)

    def __init__(self, point: bytes) -> None:
        from coincurve import PublicKey

        self._key = PublicKey(point)

    def accepts(self, message: bytes, signature: bytes) -> bool:
        if signature[32:] > _HIGHEST_K256:
            return False
        return bool(self._key.verify(_der(signature), message))


def _der(signature: bytes) -> bytes:
    """The form that both libraries read, of 64 bytes r, s; they refuse a zero."""
    first, second = signature[0], signature[32]
    if first and 0 < second < 0x80:  # as good as always: no number begins with a zero
        if first < 0x80:
            return b"\x30\x44\x02\x20" + signature[:32] + b"\x02\x20" + signature[32:]
        return b"\x30\x45\x02\x21\x00" + signature[:32] + b"\x02\x20" + signature[32:]
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


def _p256(point: bytes) -> _Curve:
    return _Usual(ec.SECP256R1(), _P256_ORDER, point)


def _k256(point: bytes) -> _Curve:
    try:
        return _Quick(point)
    except ImportError:
        return _Usual(ec.SECP256K1(), _K256_ORDER, point)


class VerifyingKey:
    """A public key of another account or host. Immutable; equal when its did:key is equal."""

    __slots__ = ("_curve", "did_key")

    def __init__(self, code: bytes, point: bytes) -> None:
        curves = {_P256_CODE: _p256, _K256_CODE: _k256}
        if code not in curves:
            raise KeyInvalid("only P-256 and K-256 keys are known")
        if len(point) != 33:
            raise KeyInvalid("a public key is a compressed point of 33 bytes")
        try:
            self._curve = curves[code](point)
        except ValueError as error:
            raise KeyInvalid("the point is not on its curve") from error
        self.did_key = _DID_KEY + base58_encode(code + point)

    @classmethod
    def parse_did_key(cls, text: str) -> "VerifyingKey":
        """The key of `did:key:z…`. Raises KeyInvalid. Cached."""
        return _parse_did_key(text)

    @classmethod
    def parse_multibase(cls, text: str, kind: str = "Multikey") -> "VerifyingKey":
        """The key of a DID document's `publicKeyMultibase`; `kind` is the verification method's type.

        The two types of 2019 hold the bare point, compressed or not, instead of a multicodec.
        """
        if kind == "Multikey":
            return _parse_did_key("did:key:" + text)
        if not text.startswith("z") or kind not in _LEGACY_KINDS:
            raise KeyInvalid(f"key type {kind[:60]!r}")
        code, point = _LEGACY_KINDS[kind], base58_decode(text[1:])
        return cls(code, _compress(point) if len(point) == 65 else point)

    def verify(self, message: bytes, signature: bytes) -> None:
        """Raises SignatureInvalid unless `signature` (64 bytes, low-S) signs `message` under this key."""
        if len(signature) != 64 or not self._curve.accepts(message, signature):
            raise SignatureInvalid(self.did_key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VerifyingKey) and other.did_key == self.did_key

    def __hash__(self) -> int:
        return hash(self.did_key)

    def __repr__(self) -> str:
        return f"VerifyingKey({self.did_key})"


_LEGACY_KINDS: Final = {
    "EcdsaSecp256r1VerificationKey2019": _P256_CODE,
    "EcdsaSecp256k1VerificationKey2019": _K256_CODE,
}


def _compress(point: bytes) -> bytes:
    if point[0] != 4:
        raise KeyInvalid("an uncompressed point begins with 4")
    return bytes([2 + point[64] % 2]) + point[1:33]


@lru_cache(maxsize=16_384)
def _parse_did_key(text: str) -> VerifyingKey:
    if not text.startswith(_DID_KEY):
        raise KeyInvalid(f"{text[:80]!r} is not a did:key in base58")
    data = base58_decode(text[len(_DID_KEY) :])
    key = VerifyingKey(data[:2], data[2:])
    if key.did_key != text:
        raise KeyInvalid("not the canonical spelling")
    return key


class SigningKey:
    """A private P-256 key. Keeping it sealed at rest is its owner's duty; its repr shows the public half only."""

    __slots__ = ("_key", "did_key")

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.did_key = _DID_KEY + base58_encode(_P256_CODE + point)

    @classmethod
    def generate(cls) -> Self:
        """A new key from the operating system's randomness."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_bytes(cls, secret: bytes) -> Self:
        """The key whose 32-byte big-endian scalar is `secret`. Raises KeyInvalid."""
        scalar = int.from_bytes(secret, "big")
        if len(secret) != 32 or not 0 < scalar < _P256_ORDER:
            raise KeyInvalid("a private key has 32 bytes and lies within the curve's order")
        return cls(ec.derive_private_key(scalar, ec.SECP256R1()))

    def to_bytes(self) -> bytes:
        """The 32 secret bytes. Seal them before they are stored."""
        return self._key.private_numbers().private_value.to_bytes(32, "big")

    def sign(self, message: bytes) -> bytes:
        """64 bytes r, s with the low s."""
        r, s = decode_dss_signature(self._key.sign(message, _ECDSA))
        return r.to_bytes(32, "big") + min(s, _P256_ORDER - s).to_bytes(32, "big")

    @property
    def verifying_key(self) -> VerifyingKey:
        """The public half."""
        return VerifyingKey.parse_did_key(self.did_key)

    def __repr__(self) -> str:
        return f"SigningKey({self.did_key})"
