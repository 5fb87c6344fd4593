"""The operator's lists: hosts that alone may be followed, hosts and accounts of which nothing is taken.

Settings and rules add up: what either denies is denied; a host that a rule allows by name needs no place in
`federation.allow_hosts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from node.services.withholding import Withholding, host_name, host_names
from node.settings.declared import Settings


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """`hosts` (host or host:port) alone may bring anything, unless empty; `denied` are hosts and DIDs."""

    hosts: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    withholding: Withholding | None = None

    @classmethod
    def of(cls, settings: Settings, withholding: Withholding | None = None) -> Doorkeeper:
        """As the settings say, and the rules while they stand."""
        return cls(frozenset(map(_name, settings.allow_hosts)), frozenset(map(_name, settings.deny)), withholding)

    def admits_host(self, url: str) -> bool:
        """May this host be followed?"""
        names = set(host_names(url))
        if names & self.denied or self._rule_denies(*names):
            return False
        return not self.hosts or bool(names & self.hosts) or self.knows(url)

    def knows(self, url: str) -> bool:
        """Is this host allowed by name, so that it is not treated as a new one?"""
        names = host_names(url)
        return bool(self.hosts & set(names)) or (self.withholding is not None and self.withholding.allows(*names))

    def denied_by_name(self) -> list[str]:
        """Hosts and DIDs that settings or rules deny."""
        return [*self.denied, *(self.withholding.denied_by_name() if self.withholding else ())]

    def _rule_denies(self, *subjects: str) -> bool:
        return self.withholding is not None and self.withholding.denies(*subjects) is not None

    def admits_account(self, did: str, host: str = "") -> bool:
        """May anything of this account be kept? `host` serves it, where that is known."""
        if did in self.denied or self._rule_denies(did):
            return False
        return not host or self.admits_host(host)


def _name(text: str) -> str:
    """A DID as it is, an address without its scheme."""
    return text if text.startswith("did:") else host_name(text)
