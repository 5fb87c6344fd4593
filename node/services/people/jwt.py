"""JSON Web Tokens for the protocol's own clients, which read the expiry from them."""

from __future__ import annotations

import secrets
from typing import Any, Literal, NamedTuple

import jwt

from node.errors import NotSignedIn
from node.store.clock import SECOND, now

Scope = Literal["access", "refresh"]
LIFETIME: dict[Scope, int] = {"access": 2 * 3600, "refresh": 60 * 86_400}
TOKENS_KEPT = 4_096  # whose signature need not be checked again
_SCOPES: dict[Scope, str] = {"access": "com.atproto.access", "refresh": "com.atproto.refresh"}
_TEXTS = ("person", "sub", "jti", "epoch", "via")
_LIMITED = "com.atproto.appPass"  # the access scope of a session that an app password began


class ExpiredToken(NotSignedIn):
    """Token has expired"""

    code = "ExpiredToken"
    status = 400


class InvalidToken(NotSignedIn):
    """Token is not valid here"""

    code = "InvalidToken"


class Claims(NamedTuple):
    """Whose token, for which account, which one, of which epoch; `via` is the app password that it came from.

    `proven_at`: seconds, when its person last showed who they are; 0 where an app password began the session.
    """

    person: str
    did: str
    unique: str
    epoch: str
    via: str = ""
    proven_at: int = 0


class JwtSigner:
    """Signs and reads tokens under one key (HS256), for this node as audience."""

    def __init__(self, key: bytes, audience: str) -> None:
        self._key = key
        self._audience = audience
        self._read: dict[str, tuple[int, Claims]] = {}  # access tokens whose signature was checked → expiry (s), claims

    def sign(self, did: str, person: str, scope: Scope, epoch: str = "", via: str = "", *, proven_at: int = 0) -> str:
        """A token for one person's account, of the epoch that its password began; `via`, `proven_at`: see Claims."""
        seconds = now() // SECOND
        claims = {
            "scope": _LIMITED if via and scope == "access" else _SCOPES[scope],
            "sub": did,
            "person": person,
            "epoch": epoch,
            "via": via,
            "auth_time": proven_at,
            "aud": self._audience,
            "iat": seconds,
            "exp": seconds + LIFETIME[scope],
            "jti": secrets.token_urlsafe(16),
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read(self, token: str, scope: Scope) -> Claims:
        """What a token says. Raises ExpiredToken, InvalidToken."""
        expires, known = self._read.get(token, (0, None)) if scope == "access" else (0, None)
        if known is not None and expires > now() // SECOND:
            return known
        fields = self._decode(token, scope)
        person, did, unique, epoch, via = (str(fields.get(name, "")) for name in _TEXTS)
        claims = Claims(person, did, unique, epoch, via, int(fields.get("auth_time", 0)))
        if scope == "access":
            if len(self._read) >= TOKENS_KEPT:
                self._read.clear()
            self._read[token] = int(fields["exp"]), claims
        return claims

    def _decode(self, token: str, scope: Scope) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(token, self._key, algorithms=["HS256"], audience=self._audience)
        except jwt.ExpiredSignatureError as error:
            raise ExpiredToken from error
        except jwt.InvalidTokenError as error:
            raise InvalidToken from error
        expected = _LIMITED if claims.get("via") and scope == "access" else _SCOPES[scope]
        if claims.get("scope") != expected:
            raise InvalidToken("This token is for another use.")
        return claims
