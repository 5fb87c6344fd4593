"""What one host may bring in all: records, bytes, accounts; a new one a tenth, until the operator knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from node.errors import NodeError
from node.services.following.doorkeeper import Doorkeeper
from node.settings.declared import Settings
from node.store.clock import DAY, SECOND, now
from node.store.repositories import peers, records
from node.store.sessions import Session

COUNT_AGAIN = 300  # seconds
SHARE_OF_NEW = 10
SMALL = 10  # less than such a part of a quota is small
# A small quota is not made smaller for a new host.
FEW_RECORDS, FEW_BYTES, FEW_ACCOUNTS = 20_000, 20_000_000, 1_000


class QuotaReached(NodeError):
    """This host has brought as much as this node keeps of one host."""

    code = "QuotaReached"


@dataclass(frozen=True, slots=True)
class Quota:
    """The most of one host: records, bytes of records, accounts."""

    records: int
    size: int
    accounts: int

    def of_new_host(self) -> Quota:
        """What a host may bring while the operator does not know it."""
        return Quota(
            max(self.records // SHARE_OF_NEW, min(self.records, FEW_RECORDS)),
            max(self.size // SHARE_OF_NEW, min(self.size, FEW_BYTES)),
            max(self.accounts // SHARE_OF_NEW, min(self.accounts, FEW_ACCOUNTS)),
        )


@dataclass(slots=True)
class Usage:
    """What a host has brought, counted now and then and reckoned in between: counting reads all of its rows."""

    records: int
    size: int
    accounts: int
    quota: Quota
    counted_at: int
    is_full: bool = False  # something small did not fit: the little that is left is asked for again when it is counted

    def has_room(self) -> bool:
        """May it bring somebody new?"""
        whole = self.quota
        if self.is_full and self.counted_at >= now() - COUNT_AGAIN * SECOND:
            return False
        return self.records < whole.records and self.size < whole.size and self.accounts < whole.accounts


class Quotas:
    """Charges hosts for what they bring, inside the writer."""

    def __init__(self, settings: Settings, doorkeeper: Doorkeeper) -> None:
        self._quota = Quota(settings.peer_rows, settings.peer_bytes, settings.peer_accounts)
        self._new_for = settings.new_host_days * DAY
        self._doorkeeper = doorkeeper
        self._usage: dict[str, Usage] = {}

    @property
    def largest_repository(self) -> int:
        """Bytes of one repository: no more than is kept of a whole host."""
        return self._quota.size

    def forget(self) -> None:
        """Count anew: something was dropped, or a host became known."""
        self._usage.clear()

    def has_room(self, peer: str) -> bool:
        """May this host bring more? As reckoned last: who has used up its quota is not even asked for new accounts."""
        used = self._usage.get(peer)
        return used is None or used.has_room()

    def charge(self, session: Session, peer: str, blocks: Sequence[bytes], *, new_account: bool) -> None:
        """Count new records. Raises QuotaReached."""
        if not blocks:
            return
        more = sum(map(len, blocks))
        used = self._usage.get(peer)
        if used is None or used.counted_at < now() - COUNT_AGAIN * SECOND:
            used = self._usage[peer] = self._count(session, peer)
        if (
            used.records + len(blocks) > used.quota.records
            or used.size + more > used.quota.size
            or (new_account and used.accounts >= used.quota.accounts)
        ):
            used.is_full |= len(blocks) * SMALL <= used.quota.records and more * SMALL <= used.quota.size
            accounts = "1 account" if used.accounts == 1 else f"{used.accounts} accounts"
            raise QuotaReached(f"{peer} has brought {used.records} records and {used.size} bytes of {accounts}.")
        used.records, used.size = used.records + len(blocks), used.size + more
        used.accounts += new_account

    def _count(self, session: Session, peer: str) -> Usage:
        count, size = records.usage_of_peer(session, peer)
        accounts = peers.count_repositories_of(session, peer)
        return Usage(count, size, accounts, self.quota_of(session, peer), now())

    def quota_of(self, session: Session, peer: str) -> Quota:
        """What applies to this host today."""
        row = peers.find_peer(session, peer)
        is_new = row is not None and not row.trusted and row.added_at > now() - self._new_for
        return self._quota.of_new_host() if is_new and not self._doorkeeper.knows(peer) else self._quota
