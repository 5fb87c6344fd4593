"""What a did:plc identity says at a moment: keys, names, services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from federation.did_json import make_document

SIGNING = "atproto"
HOSTING = "atproto_pds"
HOSTING_TYPE = "AtprotoPersonalDataServer"


@dataclass(frozen=True, slots=True)
class Service:
    """A service of an identity."""

    type: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class PlcData:
    """Rotation keys (did:key, the most powerful first), verification methods, names (at://…), services by id."""

    rotation_keys: tuple[str, ...]
    verification_methods: Mapping[str, str] = field(default_factory=dict)
    also_known_as: tuple[str, ...] = ()
    services: Mapping[str, Service] = field(default_factory=dict)

    @classmethod
    def for_account(cls, rotation_keys: tuple[str, ...], signing_key: str, handle: str, host: str) -> Self:
        """The data of an AT Protocol account: `host` is the URL of the server of its repository."""
        return cls(rotation_keys, {SIGNING: signing_key}, (f"at://{handle}",), {HOSTING: Service(HOSTING_TYPE, host)})

    @property
    def signing_key(self) -> str | None:
        """The key (did:key) that signs the repository."""
        return self.verification_methods.get(SIGNING)

    def to_fields(self) -> dict[str, Any]:
        """The fields of an operation."""
        return {
            "rotationKeys": list(self.rotation_keys),
            "verificationMethods": dict(self.verification_methods),
            "alsoKnownAs": list(self.also_known_as),
            "services": {
                name: {"type": service.type, "endpoint": service.endpoint} for name, service in self.services.items()
            },
        }

    def to_document(self, did: str) -> dict[str, Any]:
        """The DID document (JSON)."""
        return make_document(
            did,
            self.also_known_as,
            self.verification_methods,
            {name: (service.type, service.endpoint) for name, service in self.services.items()},
        )
