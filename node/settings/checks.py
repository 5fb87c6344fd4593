"""What settings must satisfy together, beyond the type of each."""

from __future__ import annotations

from difflib import get_close_matches
from urllib.parse import SplitResult, urlsplit

from node.errors import ConfigurationError
from node.settings.declared import Settings

ROLES = ("worker", "practitioner", "author", "curator", "operator")
REGISTERED_AS = ("worker", "author", "practitioner")  # who decides over others is chosen, not registered
PUBLIC_DIRECTORY = "https://plc.directory"
_WEB = ("http", "https")


def check_settings(settings: Settings) -> None:
    """Raise ConfigurationError, naming the key, if the values cannot be served."""
    parts = _parts("node.url", settings.public_url)
    if parts.scheme not in _WEB or not parts.hostname or parts.path or parts.query:
        raise ConfigurationError(
            "node.url", f"not an address of a node: {settings.url!r}", hint="Like https://node.example"
        )
    if parts.scheme == "http" and parts.hostname != "localhost":
        raise ConfigurationError(
            "node.url", "http is for localhost only", hint="Use https://, or http://localhost:PORT."
        )
    if not 0 < settings.port < 65536:
        raise ConfigurationError("server.port", f"no such port: {settings.port}")
    if settings.most_at_once < 1:
        raise ConfigurationError("server.most_at_once", f"at least one, not {settings.most_at_once}")
    if settings.traces not in ("", "console") and _parts("telemetry.traces", settings.traces).scheme not in _WEB:
        raise ConfigurationError(
            "telemetry.traces",
            f"neither `console` nor an address: {settings.traces!r}",
            hint="Like http://localhost:4318",
        )
    if set(settings.registration_roles) - set(REGISTERED_AS):
        raise ConfigurationError("people.registration_roles", f"each is one of {', '.join(REGISTERED_AS)}")
    _check_mail(settings)
    _check_blobs(settings)
    _check_sign_on(settings)
    if settings.log_level not in ("debug", "info", "warning", "error"):
        raise ConfigurationError("log.level", f"unknown level {settings.log_level!r}")


def _check_sign_on(settings: Settings) -> None:
    issuer = _parts("sign_on.issuer", settings.sign_on_issuer)
    if settings.sign_on_issuer and issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1"):
        raise ConfigurationError("sign_on.issuer", f"not a safe address: {settings.sign_on_issuer!r}")
    if settings.sign_on_issuer and not settings.sign_on_client:
        raise ConfigurationError("sign_on.client", "the provider must know this node by a name")
    for entry in settings.sign_on_roles:
        _check_group(entry)


def _check_group(entry: str) -> None:
    group, _, role = entry.rpartition("=")
    if not group.strip():
        raise ConfigurationError("sign_on.roles", f"not group=role: {entry!r}", hint="Like staff=worker")
    if role.strip() not in ROLES:
        near = get_close_matches(role.strip(), ROLES, 1)
        hint = f"Did you mean {near[0]}?" if near else f"One of {', '.join(ROLES)}."
        raise ConfigurationError("sign_on.roles", f"{role.strip()!r} is no role", hint=hint)


def _parts(key: str, address: str) -> SplitResult:
    """Raises ConfigurationError for what is no address at all."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise ConfigurationError(key, f"not an address: {address!r}", hint="Like https://node.example") from error
    return parts


def _check_mail(settings: Settings) -> None:
    if settings.mail_security not in ("starttls", "tls", "none"):
        raise ConfigurationError("mail.security", f"none of starttls, tls, none: {settings.mail_security!r}")
    local = settings.mail_server.partition(":")[0] in ("", "localhost", "127.0.0.1")
    if settings.mail_security == "none" and not local:
        raise ConfigurationError("mail.security", "mail to another machine goes by TLS")
    if settings.mail_server and "@" not in settings.mail_sender:
        raise ConfigurationError("mail.sender", "mail comes from an address", hint="Like skillnet@node.example")


def _check_blobs(settings: Settings) -> None:
    if not settings.blobs_endpoint:
        return
    parts = _parts("blobs.endpoint", settings.blobs_endpoint)
    if parts.scheme not in _WEB or not parts.hostname or parts.query:
        raise ConfigurationError(
            "blobs.endpoint", f"not an address: {settings.blobs_endpoint!r}", hint="Like https://s3.example"
        )
    if not settings.blobs_bucket:
        raise ConfigurationError("blobs.bucket", "the server needs the name of a bucket")
    if not settings.blobs_key or not (settings.blobs_secret or settings.blobs_secret_file):
        raise ConfigurationError("blobs.key", "the server needs a key and its secret")


def directory_url(settings: Settings) -> str:
    """The did:plc directory to use; empty means the node's own."""
    if settings.plc_url:
        return settings.plc_url.rstrip("/")
    return "" if urlsplit(settings.public_url).hostname == "localhost" else PUBLIC_DIRECTORY
