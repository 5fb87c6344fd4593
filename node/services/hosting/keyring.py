"""Signing keys of hosted accounts: sealed in the table, open in memory while used."""

from __future__ import annotations

from collections import OrderedDict

from federation.keys import SigningKey
from node.services.sealing import Sealer
from node.store.administration.facts import find_fact, save_fact
from node.store.database import Database
from node.store.repositories.accounts import get_account
from node.store.sessions import Session

OPEN_KEYS = 2_000


class Keyring:
    """Opens the keys of accounts; keeps the most recently used ones."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._open: OrderedDict[str, SigningKey] = OrderedDict()

    def seal(self, did: str, key: SigningKey) -> bytes:
        """What to store of an account's key."""
        return self._sealer.seal(key.to_bytes(), f"signing-key|{did}")

    def key_of(self, session: Session, did: str) -> SigningKey:
        """The signing key of a hosted account. Raises Unknown."""
        key = self._open.get(did)
        if key is None:
            key = SigningKey.from_bytes(self._sealer.open(get_account(session, did).sealed_key, f"signing-key|{did}"))
            self._open[did] = key
            if len(self._open) > OPEN_KEYS:
                self._open.popitem(last=False)
        self._open.move_to_end(did)
        return key

    def reserve(self, database: Database, did: str) -> bytes:
        """The secret of a key kept for the account's next document, the same until it is used.

        Durable before anybody hears of it: a document must never name a key that was lost.
        """
        name = f"reserved-key|{did}"
        with database.read() as session:
            fact = find_fact(session, name)
        if fact is not None:
            return self._sealer.open(bytes.fromhex(str(fact["sealed"])), name)
        secret = SigningKey.generate().to_bytes()
        sealed = {"sealed": self._sealer.seal(secret, name).hex()}
        database.writer.write(lambda session: save_fact(session, name, sealed))
        return secret

    def forget(self, did: str) -> None:
        """The key was replaced or the account is gone."""
        self._open.pop(did, None)
