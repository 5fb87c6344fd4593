"""Operations of did:plc: build, sign, parse. An operation is plain JSON; it is signed and hashed as DAG-CBOR."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from federation.cids import cid_for, parse_cid
from federation.codec import encode
from federation.errors import CidInvalid, CodecError, KeyInvalid, PlcRefused, SignatureInvalid
from federation.keys import SigningKey, VerifyingKey
from federation.plc.data import HOSTING, HOSTING_TYPE, SIGNING, PlcData, Service

MAX_BYTES = 7500
MAX_KEYS = 5
MAX_ITEMS = 10
MAX_TEXT = 512
_FIELDS = {"type", "rotationKeys", "verificationMethods", "alsoKnownAs", "services", "prev", "sig"}
_LEGACY_FIELDS = {"type", "signingKey", "recoveryKey", "handle", "service", "prev", "sig"}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """A parsed operation: `data` is None for a tombstone; `value` is the JSON it came from."""

    kind: Literal["plc_operation", "plc_tombstone", "create"]
    data: PlcData | None
    prev: str | None
    value: Json
    cid: str

    def signer_among(self, rotation_keys: tuple[str, ...]) -> str | None:
        """The first of the keys under which this operation's signature verifies, or None."""
        unsigned = encode({name: value for name, value in self.value.items() if name != "sig"})
        signature = _decode_signature(self.value["sig"])
        for key in rotation_keys:
            try:
                VerifyingKey.parse_did_key(key).verify(unsigned, signature)
            except (SignatureInvalid, KeyInvalid):
                continue
            return key
        return None


def make_genesis(data: PlcData, key: SigningKey) -> tuple[str, dict[str, Any]]:
    """A new identity: its DID, and the operation that creates it, signed by a rotation key."""
    operation = make_operation(data, None, key)
    return did_of(operation), operation


def make_operation(data: PlcData, prev: str | None, key: SigningKey) -> dict[str, Any]:
    """An operation after the one whose CID is `prev`, signed by a rotation key."""
    return sign_operation({"type": "plc_operation", **data.to_fields(), "prev": prev}, key)


def sign_operation(unsigned: Json, key: SigningKey) -> dict[str, Any]:
    """The operation with its signature (base64url without padding)."""
    fields = {name: value for name, value in unsigned.items() if name != "sig"}
    signature = base64.urlsafe_b64encode(key.sign(encode(fields))).decode().rstrip("=")
    return {**fields, "sig": signature}


def did_of(genesis: Json) -> str:
    """The DID that a signed genesis operation creates."""
    digest = sha256(encode(dict(genesis))).digest()
    return "did:plc:" + base64.b32encode(digest).decode().lower()[:24]


def parse_operation(value: object) -> Operation:
    """A checked operation, its signature not yet verified. Raises PlcRefused."""
    if not isinstance(value, dict):
        raise PlcRefused("an operation is an object")
    try:
        block = encode(value)
        if len(block) > MAX_BYTES:
            raise PlcRefused(f"{len(block)} bytes, at most {MAX_BYTES}")
        kind, prev = value.get("type"), value.get("prev")
        if prev is not None:
            parse_cid(prev)
        _decode_signature(value.get("sig"))
        return Operation(kind, _parse_data(kind, prev, value), prev, value, cid_for(block))  # type: ignore[arg-type]  # _parse_data knows the kinds
    except (CodecError, CidInvalid, KeyInvalid) as error:
        raise PlcRefused(str(error)) from error


def _parse_data(kind: object, prev: str | None, value: Json) -> PlcData | None:
    if kind == "plc_operation" and value.keys() == _FIELDS:
        return _parse_current(value)
    if kind == "plc_tombstone" and value.keys() == {"type", "prev", "sig"} and prev is not None:
        return None
    if kind == "create" and value.keys() == _LEGACY_FIELDS and prev is None:
        return _parse_legacy(value)
    raise PlcRefused("unknown type or unexpected fields")


def _parse_current(value: Json) -> PlcData:
    rotation_keys = _texts(value["rotationKeys"], MAX_KEYS)
    if not rotation_keys or len(set(rotation_keys)) != len(rotation_keys):
        raise PlcRefused("there must be one to five different rotation keys")
    for key in rotation_keys:
        VerifyingKey.parse_did_key(key)
    methods = _map(value["verificationMethods"])
    for name, key in methods.items():
        if not _text(key).startswith("did:key:"):
            raise PlcRefused(f"verification method {name[:40]} is not a did:key")
    services = {name: _service(service) for name, service in _map(value["services"]).items()}
    return PlcData(rotation_keys, methods, _texts(value["alsoKnownAs"], MAX_ITEMS), services)


def _parse_legacy(value: Json) -> PlcData:
    """The form of the first operations (2022), still at the root of many histories."""
    signing, recovery = _text(value["signingKey"]), _text(value["recoveryKey"])
    for key in (signing, recovery):
        VerifyingKey.parse_did_key(key)
    handle, host = _text(value["handle"]), _text(value["service"])
    return PlcData(
        rotation_keys=(recovery, signing),
        verification_methods={SIGNING: signing},
        also_known_as=(_with_scheme(handle, "at://"),),
        services={HOSTING: Service(HOSTING_TYPE, _with_scheme(host, "https://"))},
    )


def _with_scheme(text: str, scheme: str) -> str:
    if scheme == "at://":
        return scheme + text.removeprefix("http://").removeprefix("https://").removeprefix("at://")
    return text if text.startswith(("http://", "https://")) else scheme + text


def _service(value: object) -> Service:
    if not isinstance(value, dict) or value.keys() != {"type", "endpoint"}:
        raise PlcRefused("a service has a type and an endpoint")
    return Service(_text(value["type"]), _text(value["endpoint"]))


def _map(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MAX_ITEMS:
        raise PlcRefused(f"expected at most {MAX_ITEMS} named items")
    for name in value:
        _text(name)
    return value


def _texts(value: object, most: int) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > most:
        raise PlcRefused(f"expected a list of at most {most}")
    return tuple(_text(item) for item in value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise PlcRefused(f"expected a text of at most {MAX_TEXT} characters")
    return value


def _decode_signature(value: object) -> bytes:
    try:
        text = _text(value)
        signature = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise PlcRefused("the signature is not base64url") from error
    if "=" in text or base64.urlsafe_b64encode(signature).decode().rstrip("=") != text:
        raise PlcRefused("the signature is not in canonical base64url")
    return signature
