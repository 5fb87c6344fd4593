"""How the world finds this node: its name, the certificate, the node behind it, and the names of its people."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from federation.did.dns import look_up_txt
from node.services.examining.certificate import PATIENCE, believing_anybody, examine_certificate
from node.services.examining.finding import Finding
from node.services.examining.units import PROXY, restart
from node.services.hosting.names import handle_domain, node_did
from node.settings.declared import Settings


def examine_address(settings: Settings, handle: str) -> Iterator[Finding]:
    """From the outside in; what is wrong first explains the rest. `handle` is somebody's who is hosted here, or ''."""
    url = urlsplit(settings.public_url)
    host, is_public = url.hostname or "", url.scheme == "https"
    name = _name(host)
    yield name
    if name.ok:
        certificate = examine_certificate(host, url.port or 443) if is_public else None
        if certificate is not None:
            yield certificate
        yield _node_behind(settings, trusting=certificate is not None and not certificate.ok)
    if is_public and handle and handle != host:
        yield _names_of_people(handle, host, settings)


def _name(host: str) -> Finding:
    try:
        found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, None)})
    except OSError:
        seen = f"nobody knows the name {host}"
        mend = (
            f"Where the domain is kept, add an A record (AAAA for IPv6) for {host} with this machine's public address; "
            f"`getent hosts {host}` shows when it has come through. Another name: node.url in skillnet.toml."
        )
        return Finding("DNS", ok=False, detail=seen, mend=mend)
    return Finding("DNS", ok=True, detail=f"{host} is {', '.join(found[:3])}")


def _node_behind(settings: Settings, *, trusting: bool) -> Finding:
    """A certificate that is wrong was found already: `trusting`, what is behind it is looked at all the same."""
    url = settings.public_url
    seen, mend = _what_is_behind(url, node_did(settings), settings.port, trusting=trusting)
    return Finding("address", ok=not mend, detail=seen or f"{url} leads to this node", mend=mend)


def _what_is_behind(url: str, did: str, port: int, *, trusting: bool) -> tuple[str, str]:
    """What is seen there and what mends it; both empty when it is this node."""
    context = believing_anybody() if trusting else ssl.create_default_context()
    forward = f"let the proxy pass {url} on to 127.0.0.1:{port} (server.port), as deploy/Caddyfile does"
    try:
        answer = httpx.get(f"{url}/.well-known/did.json", timeout=PATIENCE, verify=context)
    except httpx.TimeoutException:
        reach = "Does its name lead to this machine, and does the firewall let it through?"
        return f"{url} does not answer within {PATIENCE:.0f} seconds", f"{reach} Then {forward}."
    except httpx.HTTPError as error:
        return f"{url} cannot be reached: {error}", f"Start the proxy ({restart(PROXY)}), and {forward}."
    if not answer.is_success:
        return f"{url} answers {answer.status_code} {answer.reason_phrase}", f"Is the node running? If so, {forward}."
    try:
        found = answer.json().get("id")
    except (ValueError, AttributeError, RecursionError):
        found = "no node's"
    if found == did:
        return "", ""
    return f"{url} is somebody else's: {found}", f"{forward[0].upper()}{forward[1:]}. DNS may still lead elsewhere."


def _names_of_people(handle: str, host: str, settings: Settings) -> Finding:
    """One stands for all: they end in the same domain."""
    domain = handle_domain(settings)
    wildcard = f"Where the domain is kept, add a record for *.{domain} like that of {host}"
    try:
        socket.getaddrinfo(handle, None)
    except OSError:
        if asyncio.run(look_up_txt(f"_atproto.{handle}")):
            return Finding("names of people", ok=True, detail=f"DNS says whose {handle} is")
        mend = f"{wildcard}; `getent hosts {handle}` shows when it has come through."
        return Finding("names of people", ok=False, detail=f"nobody knows the name {handle}", mend=mend)
    found = examine_certificate(handle, 443)
    if found.ok:
        return Finding("names of people", ok=True, detail=f"{handle} is known, and has a certificate")
    return Finding("names of people", ok=False, detail=f"{handle}: {found.detail}", mend=found.mend)
