"""A certificate as others see it: whose it is, who made it, how long it lasts, said in plain words."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

from node.services.examining.finding import DAY, Finding, in_words
from node.services.examining.units import PROXY, log, restart

FEW_DAYS = 14  # whoever renews one of 90 days by itself does so at thirty
OF_DAYS = 90  # one that is made for less is renewed the later: Caddy's own authority makes them for twelve hours
PATIENCE = 5.0  # seconds
_EXPIRED, _NOT_YET, _SELF_SIGNED, _OTHER_NAME = 10, 9, 18, 62  # OpenSSL, x509_vfy.h

_WHY_NOT = f"{log(PROXY)} says why it was not, {restart(PROXY)} tries at once"
_RENEW = f"The proxy should have renewed it: {_WHY_NOT}. With certbot: `certbot renew && systemctl reload nginx`."
_PUBLIC = "Let the proxy fetch one from a public authority (deploy/Caddyfile does so by itself)"
_OWN = (
    "If it is your organisation's own authority, make it known to this machine: put its certificate into "
    "/usr/local/share/ca-certificates/NAME.crt and run `update-ca-certificates`; whoever follows you must do the same"
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a server shows, believed or not."""

    names: tuple[str, ...]
    issuer: str
    since: datetime
    until: datetime

    @property
    def late(self) -> float:
        """With how many seconds left it should have been renewed."""
        return min(1.0, (self.until - self.since).total_seconds() / (OF_DAYS * DAY)) * FEW_DAYS * DAY


def examine_certificate(host: str, port: int, context: ssl.SSLContext | None = None) -> Finding:
    """As whoever follows this node will check it."""
    seen, mend = _look(host, port, context or ssl.create_default_context())
    return Finding("certificate", ok=not mend, detail=seen, mend=mend)


def _look(host: str, port: int, context: ssl.SSLContext) -> tuple[str, str]:
    """What is seen, and what mends it; '' when it is well."""
    try:
        return _what_is_shown(host, port, context)
    except TimeoutError:
        return f"{host}:{port} does not answer", f"Is port {port} let through to the proxy? {_start(port)}"
    except ssl.SSLError as error:
        fault = (error.reason or str(error)).replace("_", " ").lower()
        mend = f"The proxy has no certificate for {host}, or speaks plain HTTP there: name {host} in its configuration."
        return f"{host}:{port} does not speak TLS with us: {fault}", mend
    except OSError as error:
        return f"nothing answers at {host}:{port}: {error.strerror or error}", _start(port)


def _what_is_shown(host: str, port: int, context: ssl.SSLContext) -> tuple[str, str]:
    """Of a server that shows a certificate. Raises OSError, also when it is gone as it is asked once more."""
    try:
        shown = _read(_shake_hands(host, port, context))
    except ssl.SSLCertVerificationError as error:
        return _refused(error, host, _read(_shake_hands(host, port, believing_anybody())))
    left = shown.until.timestamp() - time.time()
    return f"good for {in_words(left)} more", "" if left >= shown.late else _RENEW


def _start(port: int) -> str:
    return f"Start the proxy: {restart(PROXY)}; `ss -ltn 'sport = :{port}'` shows whether anything listens."


def _refused(error: ssl.SSLCertVerificationError, host: str, shown: _Shown) -> tuple[str, str]:
    day = f"{shown.until:%Y-%m-%d}"
    if error.verify_code == _EXPIRED:
        return f"expired on {day}: browsers and other nodes turn away", _RENEW
    if error.verify_code == _NOT_YET:
        return "not valid yet, by this machine's clock", "Is the clock right? `timedatectl` shows it."
    if error.verify_code == _OTHER_NAME:
        names = ", ".join(shown.names[:5]) or "no name"
        mend = f"Name {host} in the proxy's configuration, so that it fetches a certificate for it: deploy/Caddyfile."
        return f"made for {names}, not for {host}", mend
    if error.verify_code == _SELF_SIGNED:
        return "signed by itself: browsers and other nodes turn away", f"{_PUBLIC}. {_OWN}."
    seen = f"made by {shown.issuer}, whom this machine does not know ({error.verify_message})"
    whole = "If it is a public one, let the proxy send the whole chain (fullchain.pem in place of cert.pem)"
    return seen, f"{whole}. {_OWN}."


def believing_anybody() -> ssl.SSLContext:
    """For looking at what is wrong already, and behind it: what is read there is shown, and nothing rests on it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _shake_hands(host: str, port: int, context: ssl.SSLContext) -> bytes:
    """The certificate shown, in DER form. Raises OSError."""
    with (
        socket.create_connection((host, port), PATIENCE) as raw,
        context.wrap_socket(raw, server_hostname=host) as secure,
    ):
        return secure.getpeercert(binary_form=True) or b""


def _read(der: bytes) -> _Shown:
    found = x509.load_der_x509_certificate(der)
    try:
        said = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(said.get_values_for_type(x509.DNSName))
    except x509.ExtensionNotFound:
        names = ()
    since, until = found.not_valid_before_utc.replace(tzinfo=UTC), found.not_valid_after_utc.replace(tzinfo=UTC)
    return _Shown(names, found.issuer.rfc4514_string() or "nobody", since, until)
