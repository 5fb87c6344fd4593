"""DID documents as we write them. Source: https://www.w3.org/TR/did-core/, https://atproto.com/specs/did"""

from collections.abc import Iterable, Mapping
from typing import Any

_CONTEXT = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/suites/secp256k1-2019/v1",
]


def make_document(
    did: str,
    also_known_as: Iterable[str],
    keys: Mapping[str, str],
    services: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    """A DID document (JSON): `keys` maps a method's id to its did:key, `services` an id to type and URL."""
    return {
        "@context": list(_CONTEXT),
        "id": did,
        "alsoKnownAs": list(also_known_as),
        "verificationMethod": [
            {
                "id": f"{did}#{name}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": key.removeprefix("did:key:"),
            }
            for name, key in keys.items()
        ],
        "service": [
            {"id": f"#{name}", "type": kind, "serviceEndpoint": endpoint} for name, (kind, endpoint) in services.items()
        ],
    }
