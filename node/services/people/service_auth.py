"""Tokens with which an account speaks to another server, signed by its own key (ES256).

Source: https://atproto.com/specs/xrpc#inter-service-authentication-jwt
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from typing import Any

from federation.errors import FederationError
from federation.keys import SigningKey, VerifyingKey
from node.errors import Malformed, NotSignedIn
from node.store.clock import SECOND, now

DEFAULT_SECONDS, LONGEST_SECONDS, UNBOUND_SECONDS = 60, 3600, 60
_ALGORITHMS = ("ES256", "ES256K")


class InvalidServiceToken(NotSignedIn):
    """The service token is not valid here"""

    code = "BadJwt"


def make_service_token(did: str, audience: str, key: SigningKey, method: str = "", expires: int = 0) -> str:
    """A token for one method (or, for a minute, any). `expires` in seconds since 1970; 0 is in a minute."""
    seconds = now() // SECOND
    expires = expires or seconds + DEFAULT_SECONDS
    longest = LONGEST_SECONDS if method else UNBOUND_SECONDS
    if not seconds < expires <= seconds + longest:
        raise Malformed(f"A token lasts at most {longest} seconds.", code="BadExpiration")
    claims = {"iat": seconds, "iss": did, "aud": audience, "exp": expires, "jti": secrets.token_hex(16)}
    parts = [{"typ": "JWT", "alg": "ES256"}, claims | ({"lxm": method} if method else {})]
    signed = b".".join(_encode(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return (signed + b"." + _encode(key.sign(signed))).decode()


def read_service_token(token: str, audience: str, method: str, key_of: Callable[[str], VerifyingKey]) -> str:
    """The DID that speaks. Raises InvalidServiceToken, and what `key_of` (DID → key) does."""
    try:
        signed, _, signature = token.rpartition(".")
        header, claims = (json.loads(_decode(part)) for part in signed.split("."))
    except (ValueError, TypeError) as error:
        raise InvalidServiceToken from error
    did = _check_claims(header, claims, audience, method)
    try:
        key_of(did).verify(signed.encode(), _decode(signature))
    except (FederationError, ValueError) as error:
        raise InvalidServiceToken("The service token is not signed by the account's key.") from error
    return did


def _check_claims(header: Any, claims: Any, audience: str, method: str) -> str:
    """The DID that a token claims to be of, when all else about it is right."""
    if not isinstance(header, dict) or not isinstance(claims, dict) or header.get("alg") not in _ALGORITHMS:
        raise InvalidServiceToken
    expires, did = claims.get("exp"), claims.get("iss")
    if not isinstance(expires, int) or expires <= now() // SECOND:
        raise InvalidServiceToken("The service token has expired.", code="JwtExpired")
    if claims.get("aud") != audience:
        raise InvalidServiceToken("The service token is for another server.", code="BadJwtAudience")
    if claims.get("lxm") != method or not isinstance(did, str):
        raise InvalidServiceToken("The service token is for another method.", code="BadJwtLexiconMethod")
    return did.partition("#")[0]


def _encode(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
