"""Time-based one-time passwords (RFC 6238: SHA-1, six digits, 30 seconds, as every authenticator app makes them)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

STEP = 30  # seconds
_DRIFT = 1  # steps that a phone's clock may be off, either way


def new_secret() -> bytes:
    """160 random bits, as RFC 4226 recommends."""
    return secrets.token_bytes(20)


def code_at(secret: bytes, step: int) -> str:
    """The six digits of one time step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def find_step(secret: bytes, code: str, seconds: int, last: int = 0) -> int | None:
    """The time step that `code` is of, if it is near the time given and later than `last`, the one used before."""
    now = seconds // STEP
    steps = range(max(last + 1, now - _DRIFT), now + _DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), code.encode())), None)


def spelled(secret: bytes) -> str:
    """The secret as people type it."""
    return base64.b32encode(secret).decode()


def address_of(secret: bytes, name: str, issuer: str) -> str:
    """The otpauth address that an authenticator app reads."""
    return f"otpauth://totp/{quote(f'{issuer}:{name}')}?secret={spelled(secret)}&issuer={quote(issuer)}"


def drawn(address: str) -> str:
    """The address as a QR code: a data: URI of an SVG image."""
    import segno

    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
