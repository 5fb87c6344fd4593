"""JSON Web Tokens for the protocol's own clients, which read the expiry from them."""

from __future__ import annotations

import secrets
from typing import Literal, NamedTuple

import jwt

from node.errors import NotSignedIn
from node.store.clock import SECOND, now

Scope = Literal["access", "refresh"]
LIFETIME: dict[Scope, int] = {"access": 2 * 3600, "refresh": 60 * 86_400}
_SCOPES: dict[Scope, str] = {"access": "com.atproto.access", "refresh": "com.atproto.refresh"}
_LIMITED = "com.atproto.appPass"  # the access scope of a session that an app password began


class ExpiredToken(NotSignedIn):
    """Token has expired"""

    code = "ExpiredToken"
    status = 400


class InvalidToken(NotSignedIn):
    """Token is not valid here"""

    code = "InvalidToken"


class Claims(NamedTuple):
    """Whose token, for which account, which one, of which epoch; `via` is the app password that it came from."""

    person: str
    did: str
    unique: str
    epoch: str
    via: str = ""


class JwtSigner:
    """Signs and reads tokens under one key (HS256), for this node as audience."""

    def __init__(self, key: bytes, audience: str) -> None:
        self._key = key
        self._audience = audience

    def sign(self, did: str, person: str, scope: Scope, epoch: str = "", via: str = "") -> str:
        """A token for one person's account, of the epoch that its password began; `via`: see Claims."""
        seconds = now() // SECOND
        claims = {
            "scope": _LIMITED if via and scope == "access" else _SCOPES[scope],
            "sub": did,
            "person": person,
            "epoch": epoch,
            "via": via,
            "aud": self._audience,
            "iat": seconds,
            "exp": seconds + LIFETIME[scope],
            "jti": secrets.token_urlsafe(16),
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read(self, token: str, scope: Scope) -> Claims:
        """What a token says. Raises ExpiredToken, InvalidToken."""
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"], audience=self._audience)
        except jwt.ExpiredSignatureError as error:
            raise ExpiredToken from error
        except jwt.InvalidTokenError as error:
            raise InvalidToken from error
        expected = _LIMITED if claims.get("via") and scope == "access" else _SCOPES[scope]
        if claims.get("scope") != expected:
            raise InvalidToken("This token is for another use.")
        return Claims(*(str(claims.get(name, "")) for name in ("person", "sub", "jti", "epoch", "via")))
