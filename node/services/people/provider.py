"""The organisation's OpenID Connect provider: the code flow with PKCE, state and nonce.

Sources: OpenID Connect Core 1.0, RFC 7636. The provider is the operator's choice, so its address is believed.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from node.errors import NodeError, NotSignedIn, Unreachable
from node.logs import get_logger
from node.services.people.provider_answers import AT_ONCE, KEPT, RESTS, TIMEOUT, Answers, ask, object_in
from node.settings.declared import Settings
from node.store.clock import SECOND, now
from node.waiting import one_of_few

BACK = "/sign-in/back"  # where the provider sends people to
AGAIN = {"prompt": "login", "max_age": 0}  # OpenID Connect Core, section 3.1.2.1: the second has it say when that was
NEEDED = {"authorization_endpoint", "token_endpoint", "jwks_uri"}  # of what it says of itself
STRANGERS = {"invalid_client", "unauthorized_client"}  # RFC 6749, section 5.2
LASTS = 600  # seconds, so long may a sign-in there take
LEEWAY = 60  # seconds that its clock may be off
# Signatures only the provider can make; a shared secret could be a stolen one.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


class SignOnRefused(NotSignedIn):
    """The single sign-on did not say who you are."""

    code = "SignOnRefused"
    hint = "Try again; if it stays so, tell whoever runs this node."


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where the browser goes, and what it must bring back."""

    url: str
    state: str
    nonce: str
    verifier: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Who the provider says somebody is; `id` is the digest of provider and subject."""

    id: str
    name: str
    display_name: str
    groups: frozenset[str]
    proven_at: int = 0  # seconds: when they showed it who they are; 0 where it does not say
    token: str = ""  # the ID token


@dataclass(frozen=True, slots=True)
class Provider:
    """The one that the settings name."""

    settings: Settings
    answers: Answers = field(default_factory=Answers)
    _places: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))

    @property
    def name(self) -> str:
        """What people call it; empty without one."""
        return (self.settings.sign_on_name or "single sign-on") if self.settings.sign_on_issuer else ""

    def describe(self) -> dict[str, Any]:
        """What it said of itself some minutes ago at most. Raises Unreachable, NodeError."""
        return describe_provider(self.settings.sign_on_issuer, self.answers.get)

    def check_name_and_secret(self) -> None:
        """Does it take this node for whom the settings say? Asks for a token for nothing: who asks is looked at before
        what for (RFC 6749, section 5.2). Raises SignOnRefused when it does not; Unreachable, NodeError.
        """
        from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]  # it brings no types

        endpoint = self.describe()["token_endpoint"]
        nothing = {"code": "of-nobody", "code_verifier": secrets.token_urlsafe(48)}
        try:
            with _answering(), self._client() as client:
                client.fetch_token(endpoint, grant_type="authorization_code", **nothing)
        except AuthlibBaseError as error:
            if error.error in STRANGERS:
                raise SignOnRefused("It does not know this node by sign_on.client and sign_on.secret.") from error

    def begin(self, *, again: bool = False) -> Begun:
        """A new sign-in; `again`: the provider asks who they are, even if it knows. Raises Unreachable."""
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        provider = self.describe()
        with self._client() as client:
            url, state = client.create_authorization_url(
                provider["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **(AGAIN if again else {})
            )
        return Begun(url, state, nonce, verifier, again)

    def finish(self, url: str, begun: Begun) -> Known:
        """Who came back to `url`. Raises SignOnRefused, Unreachable."""
        from authlib.common.errors import AuthlibBaseError

        code, provider = self._code_in(url, begun), self.describe()
        try:
            many = httpx.PoolTimeout("Many wait for it.")
            with _answering(), one_of_few(self._places, many), self._client() as client:
                token = client.fetch_token(
                    provider["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=begun.verifier
                )
                shown = str(token.get("id_token", ""))
                said = self._claims(provider, shown, begun.nonce)
                more = object_in(client.get(provider["userinfo_endpoint"])) if "userinfo_endpoint" in provider else {}
        except AuthlibBaseError as error:
            # Its code alone: a description may name who came.
            get_logger("sign-on").warning("the provider refused this node", error=str(error.error)[:100])
            raise SignOnRefused(f"The single sign-on refused: {error.description or error.error}.") from error
        if more and more.get("sub") != said["sub"]:
            raise SignOnRefused
        return self._known({**more, **said}, _proven_at(said, provider, begun), shown)

    def _code_in(self, url: str, begun: Begun) -> str:
        """What the token is given for (RFC 6749, section 4.1.2, and the issuer of RFC 9207). Raises SignOnRefused."""
        said = dict(parse_qsl(urlsplit(url).query))
        issuer = self.settings.sign_on_issuer
        if said.get("state") != begun.state or said.get("iss", issuer) != issuer:
            raise SignOnRefused
        if "error" in said:
            given_up = said["error"] == "access_denied"
            why = "it was given up or refused there" if given_up else said.get("error_description", said["error"])[:200]
            raise SignOnRefused(f"{self.name} did not let you in: {why}.")
        if not said.get("code"):
            raise SignOnRefused
        return said["code"]

    def _known(self, claims: Mapping[str, Any], proven_at: int, token: str) -> Known:
        groups = claims.get(self.settings.sign_on_groups, [])
        return Known(
            id=sha256(f"sso|{self.settings.sign_on_issuer}|{claims['sub']}".encode()).hexdigest(),
            name=str(claims.get("preferred_username") or claims.get("email") or claims["sub"]),
            display_name=str(claims.get("name") or claims.get("preferred_username") or ""),
            groups=frozenset(map(str, groups if isinstance(groups, list) else [groups])),
            proven_at=proven_at,
            token=token,
        )

    def _claims(self, provider: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
        """What the ID token says, checked as OpenID Connect Core, section 3.1.3.7, asks."""
        claims = self.read(
            provider, token, sub={"essential": True}, exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )  # fmt: skip
        me = self.settings.sign_on_client
        if claims.get("azp", me) != me:
            raise SignOnRefused
        return claims

    def read(self, provider: Mapping[str, Any], token: str, **asked: Any) -> dict[str, Any]:
        """What a token for this node says, where it says what is `asked`. Raises SignOnRefused, httpx.HTTPError."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            try:
                claims = self._open(provider, token, KEPT)
            except (JoseError, ValueError):
                claims = self._open(provider, token, RESTS)  # it may have new keys
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": provider["issuer"]},
                aud={"essential": True, "value": self.settings.sign_on_client},
                **asked,
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise SignOnRefused(f"What the single sign-on said does not hold: {error}") from error
        return dict(claims)

    def _open(self, provider: Mapping[str, Any], token: str, age: float) -> dict[str, Any]:
        """What is signed by a key that it had so many seconds ago. Raises JoseError, ValueError, httpx.HTTPError."""
        from joserfc import jwt
        from joserfc.jwk import KeySet

        names = ALGORITHMS & set(provider.get("id_token_signing_alg_values_supported") or ["RS256"])
        held = self.answers.get(provider["jwks_uri"], age).get("keys")
        keys = KeySet.import_key_set({"keys": held if isinstance(held, list) else []})
        return jwt.decode(token, keys, algorithms=sorted(names)).claims

    def _client(self) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]  # it brings no types

        settings = self.settings
        return OAuth2Client(
            settings.sign_on_client, settings.sign_on_secret or None, scope=settings.sign_on_scope,
            token_endpoint_auth_method="client_secret_basic" if settings.sign_on_secret else "none",
            redirect_uri=settings.public_url + BACK, code_challenge_method="S256", timeout=TIMEOUT,
        )  # fmt: skip


@contextmanager
def _answering() -> Iterator[None]:
    """What comes of it in between is the provider's fault, not who comes in's. Raises Unreachable."""
    import httpx2  # what authlib's client speaks through has errors of its own

    try:
        yield
    except (httpx.HTTPError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, TypeError) as error:
        get_logger("sign-on").warning("the provider does not answer as it should", error=type(error).__name__)
        raise Unreachable("The single sign-on does not answer as it should.") from error


def _proven_at(said: Mapping[str, Any], provider: Mapping[str, Any], begun: Begun) -> int:
    """Seconds. Raises SignOnRefused where it was to ask again and did not, though it says when it does."""
    at = said.get("auth_time", 0)
    at = at if isinstance(at, int) else 0
    if not begun.again:
        return at
    if not at and "auth_time" not in (provider.get("claims_supported") or ()):
        return now() // SECOND  # it was told to ask, and cannot say when it did
    if at < now() // SECOND - LASTS - LEEWAY:
        why = "It did not ask you again, or does not say so (auth_time): tell whoever runs this node."
        raise SignOnRefused(hint=why)
    return at


def describe_provider(issuer: str, get: Callable[[str], dict[str, Any]] = ask) -> dict[str, Any]:
    """What a provider says of itself (OpenID Connect Discovery 1.0). Raises Unreachable, NodeError."""
    try:
        found = get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    except (httpx.HTTPError, ValueError) as error:
        raise Unreachable(
            "The single sign-on does not answer.", hint="Try again later, or come in another way."
        ) from error
    if not found.keys() >= NEEDED:
        raise Unreachable("The single sign-on does not say where it answers.")
    if found.get("issuer") != issuer:
        raise NodeError(f"The single sign-on calls itself {found.get('issuer')!r}, the settings {issuer!r}.")
    return found
