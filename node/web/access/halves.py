"""Half a sign-in: the sealed word that somebody has shown the password, while the code is still asked for."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from typing import Any

from node.services.assembly import Services
from node.services.people.tokens import epoch_of
from node.services.sealing import SealBroken
from node.store.clock import SECOND, now
from node.store.tables.people import PersonRow

LASTS = 600  # seconds
_CONTEXT = "half-signed-in"


def half_of(services: Services, name: str) -> str:
    """The password of `name` was right just now."""
    row = services.registry.get(name)
    return seal_briefly(services, _CONTEXT, {"name": name, "epoch": epoch_of(row), "word": secrets.token_urlsafe(16)})


def person_of_half(services: Services, half: str) -> PersonRow | None:
    """Whose password was right, and is theirs still; None when this says nothing, or said it too long ago."""
    said = find_sealed(services, _CONTEXT, half) or {}
    row = services.registry.find(str(said.get("name", "")))
    return row if row is not None and said.get("epoch") == epoch_of(row) else None


def spend_half(services: Services, half: str) -> bool:
    """It has opened a session: it opens no other. Had it opened none before?"""
    said = find_sealed(services, _CONTEXT, half) or {}
    return services.registry.tokens.use_once(f"{_CONTEXT}|{said.get('word', '')}")


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
