"""The operator's lists: hosts that alone may be followed, hosts and accounts of which nothing is taken."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from node.settings.declared import Settings


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """`hosts` (host or host:port) alone may bring anything, unless empty; `denied` are hosts and DIDs."""

    hosts: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings) -> Doorkeeper:
        """As the settings say."""
        return cls(frozenset(map(_name, settings.allow_hosts)), frozenset(map(_name, settings.deny)))

    def admits_host(self, url: str) -> bool:
        """May this host be followed?"""
        parts = urlsplit(url)
        names = {parts.netloc.lower(), (parts.hostname or "").lower()}
        return not names & self.denied and (not self.hosts or bool(names & self.hosts))

    def admits_account(self, did: str, host: str = "") -> bool:
        """May anything of this account be kept? `host` serves it, where that is known."""
        return did not in self.denied and (not host or self.admits_host(host))


def _name(text: str) -> str:
    """A DID as it is, an address without its scheme."""
    return text if text.startswith("did:") else (urlsplit(text).netloc if "://" in text else text).lower().strip("/")
