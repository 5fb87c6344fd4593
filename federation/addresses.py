"""Which addresses of strangers we connect to: public ones, unless the operator allowed more.

The name is looked up once and the checked address is the one connected to, so a name whose answer changes in
between (DNS rebinding) gains nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from federation.errors import AddressRefused, HostUnreachable
from federation.lookups import look_up

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to IP addresses as text."""

# An IPv4 address may hide in these: whoever translates them reaches it.
_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """`allow_private` is True for every address (a closed network), or the `host:port` pairs that may be private.

    What may be private may also be reached without TLS; everything else needs https or wss.
    """

    allow_private: frozenset[str] | bool = frozenset()
    lookup: Lookup = look_up

    def allows_private(self, host: str, port: int) -> bool:
        """Whether this host, on this port, may have an address that is not public."""
        if isinstance(self.allow_private, bool):
            return self.allow_private
        return f"{host}:{port}" in self.allow_private

    def check_scheme(self, scheme: str, host: str, port: int) -> None:
        """Raises AddressRefused for a plain-text connection to a host that was not allowed."""
        secure = scheme in ("https", "wss")
        if not secure and not (scheme in ("http", "ws") and self.allows_private(host, port)):
            raise AddressRefused(f"{scheme}://{host}:{port}", hint="use https, or allow the host in the settings")

    async def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of the host that we may connect to, best first. Raises AddressRefused, HostUnreachable."""
        addresses = await self.lookup(host, port)
        if not self.allows_private(host, port):
            addresses = [address for address in addresses if is_public(address)]
            if not addresses:
                raise AddressRefused(f"{host}:{port}", hint="the host has no public address")
        if not addresses:
            raise HostUnreachable(f"{host} has no address")
        return list(addresses)


def is_public(text: str) -> bool:
    """Whether an address (text, a zone allowed) is one that anybody on the internet could have."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inside = _hidden(address)
    # An IPv4 address in IPv6 clothes is judged as what it is; the clothes themselves are never "global".
    worn = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    return all(_is_global(candidate) for candidate in (inside if worn else [address, *inside]))


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _hidden(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _NAT64):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [inner for inner in found if inner is not None]
