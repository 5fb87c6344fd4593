"""Signing out by the single sign-on: here it is offered there, and from there it is heard.

Sources: OpenID Connect RP-Initiated Logout 1.0, OpenID Connect Back-Channel Logout 1.0.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from node.errors import Malformed, NodeError, Unreachable
from node.services.people.provider import Known, Provider, SignOnRefused
from node.services.people.tokens import Proof, Tokens
from node.services.sealing import SealBroken, Sealer
from node.store.administration import people
from node.store.clock import SECOND, now
from node.store.database import Database

_CONTEXT = "id-token"
_EVENT = "http://schemas.openid.net/event/backchannel-logout"
AFTERWARDS = "/sign-in"  # where the provider sends who has signed out there


@dataclass(frozen=True, slots=True)
class SignOff:
    """The end of what the single sign-on began."""

    provider: Provider
    database: Database
    sealer: Sealer
    tokens: Tokens

    def proof_of(self, known: Known) -> Proof:
        """What a session keeps of who came this way."""
        sealed = base64.urlsafe_b64encode(self.sealer.seal(known.token.encode(), _CONTEXT)).decode()
        return Proof(min(known.proven_at * SECOND, now()), sealed)

    def address(self, sealed: str) -> str:
        """Where a session that a sealed ID token began is ended there too; '' where there is no such place."""
        token, settings = self._open(sealed), self.provider.settings
        if not (token and self.provider.name):
            return ""
        try:
            end = str(self.provider.describe().get("end_session_endpoint", ""))
        except NodeError:
            return ""
        if not end.startswith(("https://", "http://")):
            return ""
        said = {"client_id": settings.sign_on_client, "id_token_hint": token}
        back = {"post_logout_redirect_uri": settings.public_url + AFTERWARDS}
        return f"{end}{'&' if '?' in end else '?'}{urlencode(said | back)}"

    def end(self, logout_token: str) -> int:
        """End the sessions that the provider names; how many. Raises Malformed, Unreachable."""
        said = self._read(logout_token)
        with self.database.read() as session:
            named = [
                (row.person, row.digest)
                for row in people.list_tokens_of(session, "session")
                if row.sign_on and _is_meant(said, _claims_in(self._open(row.sign_on)))
            ]
        for person, digest in named:
            self.tokens.end(person, digest)
        return len(named)

    def _read(self, token: str) -> dict[str, Any]:
        """Checked as Back-Channel Logout, section 2.6, asks."""
        try:
            said = self.provider.read(
                self.provider.describe(), token, iat={"essential": True}, exp={"essential": True},
                jti={"essential": True}, events={"essential": True},
            )  # fmt: skip
        except SignOnRefused as error:
            raise Malformed(error.message) from error
        except httpx.HTTPError as error:
            raise Unreachable("The single sign-on does not answer as it should.") from error
        is_logout = isinstance(said["events"], dict) and _EVENT in said["events"] and "nonce" not in said
        if not is_logout or not (said.get("sub") or said.get("sid")):
            raise Malformed("That is no logout token.")
        if not self.tokens.use_once(f"logout|{said['jti']}"):
            raise Malformed("That was said already.")
        return said

    def _open(self, sealed: str) -> str:
        try:
            return self.sealer.open(base64.urlsafe_b64decode(sealed), _CONTEXT).decode()
        except (SealBroken, ValueError):
            return ""


def _claims_in(token: str) -> dict[str, Any]:
    """Of an ID token that was checked before it was kept; {} of none."""
    body = token.split(".")[1] if token.count(".") == 2 else ""
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)) or "{}")
    return claims


def _is_meant(said: dict[str, Any], claims: dict[str, Any]) -> bool:
    """Is this session of the person, and of the session there, that are named?"""
    return bool(claims) and all(claims.get(name) == said[name] for name in ("sub", "sid") if name in said)
