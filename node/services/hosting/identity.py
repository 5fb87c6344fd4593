"""The node's own identity: did:web, its repository, what it says of itself."""

from __future__ import annotations

from typing import Any

from federation.cids import cid_for
from federation.codec import decode, encode
from federation.keys import SigningKey
from federation.repository import Write
from node.services.hosting.accounts import Accounts
from node.services.hosting.former import AddressChanged, find_former
from node.services.hosting.keyring import Keyring
from node.services.hosting.names import node_did, node_handle
from node.services.hosting.own_document import own_document
from node.services.hosting.repositories import RepositoryHost
from node.services.hosting.stream import EventStream
from node.settings.checks import directory_url
from node.settings.declared import Settings
from node.store.clock import as_text, now
from node.store.database import Database
from node.store.repositories import accounts, peers, records
from node.store.sessions import Session
from node.store.tables.hosting import AccountRow, IdentityRow
from schemas.authority import AUTHORITY, NODE, VOUCH
from schemas.catalog import LEXICON_SCHEMA, lexicon_record, list_lexicons
from schemas.vouch_key import vouch_key


class NodeIdentity:
    """Who the node is. `ensure` makes it true on disk."""

    def __init__(
        self, settings: Settings, database: Database, accounts_: Accounts, host: RepositoryHost, stream: EventStream
    ) -> None:
        self._settings = settings
        self._database = database
        self._accounts = accounts_
        self._host = host
        self._stream = stream
        self.did = node_did(settings)

    def ensure(self, keyring: Keyring, *, moving: bool = False) -> None:
        """Create the node's account on the first start; publish what it says of itself when that changed.

        Raises AddressChanged where it lived elsewhere and is not `moving`.
        """
        self._database.writer.write(lambda session: self._create(session, moving=moving))
        self._database.writer.write(lambda session: self._remember(session, keyring))
        self.publish()
        self.publish_lexicons()

    def _create(self, session: Session, *, moving: bool) -> None:
        known, handle = accounts.find_account(session, self.did), node_handle(self._settings)
        if known is not None and known.status != "deleted":
            return
        former = find_former(session, self.did).nodes
        if former and not moving:
            address = " or ".join(former.values())
            raise AddressChanged(f"This node lives at {address}, and node.url says {self._settings.public_url}.")
        for did in former:
            if (row := accounts.get_account(session, did)).handle == handle:
                row.handle = did
        if known is not None:  # it lived here before
            session.delete(known)
        session.flush()
        row = AccountRow(did=self.did, handle=handle, kind="node")
        self._accounts.create(session, row, SigningKey.generate(), self._stream)

    def publish(self) -> None:
        """Publish organisation, address and peers in the record `org.skillnet.node/self`, if they changed."""
        with self._database.read() as session:
            row = records.find_record(session, self.did, NODE, "self")
            known = decode(row.block) if row else {}
            value = self._record(session, str(known.get("createdAt", "")))
        if value != known:
            write = Write("update" if known else "create", NODE, "self", value)
            self._host.write(self.did, [write])

    def publish_lexicons(self) -> None:
        """Publish every lexicon of ours as com.atproto.lexicon.schema records, in one commit, where they changed."""
        with self._database.read() as session:
            known = {row.rkey: row.cid for row in records.iterate_records(session, [LEXICON_SCHEMA], self.did)}
        wanted = {nsid: lexicon_record(nsid) for nsid in list_lexicons(f"{AUTHORITY}.")}
        writes = [
            Write("update" if nsid in known else "create", LEXICON_SCHEMA, nsid, value)
            for nsid, value in wanted.items()
            if known.get(nsid) != cid_for(encode(value))
        ]
        writes += [Write("delete", LEXICON_SCHEMA, nsid) for nsid in known if nsid not in wanted]
        if writes:
            self._host.write(self.did, writes)

    def greet(self, did: str, trusted: bool) -> None:
        """A peer has said who it is: name it among ours; vouch for it when the operator trusts it."""
        if trusted:
            self.vouch(did)
        self.publish()

    def part(self, did: str) -> None:
        """A peer is followed no more: it is not named among ours, and this node does not vouch for it any longer."""
        self.unvouch(did)
        self.publish()

    def vouch(self, did: str, note: str = "") -> None:
        """Vouch, as this node, for another node or a practitioner; once."""
        with self._database.read() as session:
            known = records.find_record(session, self.did, VOUCH, vouch_key(did))
        if known is None:
            value = {"$type": VOUCH, "subject": did, "createdAt": as_text(now()), **({"note": note} if note else {})}
            self._host.write(self.did, [Write("create", VOUCH, str(vouch_key(did)), value)])

    def unvouch(self, did: str) -> None:
        """Take a vouch back."""
        with self._database.read() as session:
            known = records.find_record(session, self.did, VOUCH, vouch_key(did))
        if known is not None:
            self._host.write(self.did, [Write("delete", VOUCH, str(vouch_key(did)))])

    def document(self) -> dict[str, Any]:
        """The DID document served at /.well-known/did.json."""
        with self._database.read() as session:
            identity = accounts.find_identity(session, self.did)
        return dict(identity.document) if identity else {}

    def _record(self, session: Session, created_at: str) -> dict[str, Any]:
        settings = self._settings
        followed = [{"did": p.did, "url": p.url} for p in peers.list_peers(session) if p.did.startswith("did:")]
        value: dict[str, Any] = {
            "$type": NODE,
            "name": settings.organisation or settings.public_url,
            "url": settings.public_url,
            "createdAt": created_at or as_text(now()),
        }
        if settings.description:
            value["description"] = settings.description
        if followed:
            value["peers"] = followed
        if not directory_url(settings):
            value["directory"] = f"{settings.public_url}/plc"
        return value

    def _remember(self, session: Session, keyring: Keyring) -> None:
        key = keyring.key_of(session, self.did).did_key
        url, handle = self._settings.public_url, node_handle(self._settings)
        row = IdentityRow(
            did=self.did,
            handle=handle,
            signing_key=key,
            host=url,
            document=own_document(self.did, handle, key, url),
            checked_at=now(),
        )
        accounts.save_identity(session, row)
