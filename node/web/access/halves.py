"""Half a sign-in: the sealed word that somebody has shown the password, while the code is still asked for."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from node.services.assembly import Services
from node.services.sealing import SealBroken
from node.store.clock import SECOND, now

LASTS = 600  # seconds
_CONTEXT = "half-signed-in"


def half_of(services: Services, name: str) -> str:
    """The password of `name` was right just now."""
    return seal_briefly(services, _CONTEXT, {"name": name})


def name_of_half(services: Services, half: str) -> str:
    """Whose password was right; empty when this says nothing, or said it too long ago."""
    return str((find_sealed(services, _CONTEXT, half) or {}).get("name", ""))


def seal_briefly(services: Services, context: str, said: dict[str, Any]) -> str:
    """What this node will believe for ten minutes when a browser brings it back."""
    body = json.dumps({**said, "until": now() // SECOND + LASTS}).encode()
    return base64.urlsafe_b64encode(services.sealer.seal(body, context)).decode()


def find_sealed(services: Services, context: str, sealed: str) -> dict[str, Any] | None:
    """What was sealed for this use, if this node did it and not too long ago."""
    try:
        said: dict[str, Any] = json.loads(services.sealer.open(base64.urlsafe_b64decode(sealed), context))
    except (SealBroken, binascii.Error, ValueError):
        return None
    return said if int(said.get("until", 0)) > now() // SECOND else None
