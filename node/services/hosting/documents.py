"""Documents of hosted accounts: which keys, names and host they say, and how that is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from federation.keys import SigningKey
from federation.plc import History, PlcData, parse_operation
from federation.plc.data import HOSTING, SIGNING, Service
from federation.plc.operation import MAX_KEYS, make_operation
from node.errors import Conflict, Malformed, NodeError
from node.services.directory import Directory
from node.services.hosting.accounts import Accounts
from node.services.hosting.keyring import Keyring
from node.services.hosting.lifecycle import Lifecycle
from node.services.hosting.names import handle_domain, handle_for
from node.services.hosting.own_document import own_document
from node.services.hosting.repositories import RepositoryHost
from node.services.hosting.writable import require_not_taken_down
from node.services.outside import Outside
from node.settings.checks import directory_url
from node.settings.declared import Settings
from node.store.administration import facts, people
from node.store.database import Database
from node.store.repositories import accounts
from node.store.sessions import Session
from node.store.tables.hosting import AccountRow
from node.store.tables.people import PersonRow


@dataclass(frozen=True, slots=True)
class Documents:
    """Signs and submits operations for accounts of this node."""

    settings: Settings
    database: Database
    accounts: Accounts
    host: RepositoryHost
    keyring: Keyring
    directory: Directory
    outside: Outside
    lifecycle: Lifecycle
    rotation_key: Callable[[], SigningKey]

    def recommended(self, did: str) -> dict[str, Any]:
        """What the document should say while the account lives here (getRecommendedDidCredentials)."""
        handle, key = self._facts(did)
        keys = (*self._owners_keys(did), self.rotation_key().did_key)
        return PlcData.for_account(keys, key, handle, self.settings.public_url).to_fields()

    def _owners_keys(self, did: str) -> tuple[str, ...]:
        """The rotation keys that the person holds: all but the last, which by custom is the host's."""
        if not did.startswith("did:plc:"):
            return ()
        try:
            keys = self.history(did).data.rotation_keys
        except NodeError:
            return ()  # nobody who knows them answers: the person may add them to what is recommended
        ours = self.rotation_key().did_key
        return tuple(key for key in keys[:-1] if key != ours)[: MAX_KEYS - 1]

    def sign(self, did: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """The next operation of the account, with `wanted` fields changed, signed by this node's rotation key."""
        history = self.history(did)
        fields = history.data.to_fields() | {name: value for name, value in wanted.items() if name in _FIELDS}
        operation = make_operation(_data_of(fields), history.head.cid, self.rotation_key())
        if parse_operation(operation).signer_among(history.data.rotation_keys) is None:
            raise Malformed("This node's rotation key is not in the account's document; its owner must sign.")
        return operation

    def submit(self, did: str, operation: dict[str, Any]) -> None:
        """Take an operation under which the account lives here. Raises Malformed for one that would break it."""
        data = parse_operation(operation).data
        handle, key = self._facts(did)
        if data is None or self.rotation_key().did_key not in data.rotation_keys:
            raise Malformed("Rotation keys do not include this node's.", code="InvalidOperation")
        if data.signing_key != key:
            raise Malformed("The signing key is not the account's own here.", code="InvalidOperation")
        service = data.services.get(HOSTING)
        if service is None or service.endpoint.rstrip("/") != self.settings.public_url:
            raise Malformed("The service is not this node.", code="InvalidOperation")
        if f"at://{handle}" not in data.also_known_as:
            raise Malformed("The names do not include the account's handle.", code="InvalidOperation")
        self._take(did, operation)

    def register(self, did: str, elsewhere: str = "") -> tuple[str, int, int]:
        """Send the history that this node's own directory keeps to another: which, operations sent, all of them.

        What is there already is not sent again. Raises Malformed, Unknown, Unreachable.
        """
        target = elsewhere.rstrip("/") or directory_url(self.settings)
        if not target:
            raise Malformed("There is no other directory to send it to.", hint="Set identity.plc_url, or name one.")
        operations = self.directory.get_history(did).operation_log()
        return target, self.outside.register(did, operations, target), len(operations)

    def history(self, did: str) -> History:
        """The operations that stand, from the directory in use. Raises Malformed for a did:web."""
        if not did.startswith("did:plc:"):
            raise Malformed("Only a did:plc has operations; change the document of a did:web at its own domain.")
        known = None if directory_url(self.settings) else self.directory.find_history(did)
        return known or self.outside.history(did)

    def change_handle(self, did: str, handle: str) -> None:
        """Give the account another handle: one of this node's, or one whose own domain names the DID.

        Raises NotAllowed for one that is taken down: under another name it would be told of anew.
        """
        with self.database.read() as session:
            require_not_taken_down(session, did)
        domain = handle_domain(self.settings)
        if handle.endswith(f".{domain}"):
            handle = handle_for(handle.removesuffix(f".{domain}"), self.settings)
        elif self.outside.find_handle(handle) != did:
            raise Malformed(f"{handle} does not lead to {did}.", code="InvalidHandle")
        with self.database.read() as session:
            holder: AccountRow | PersonRow | None = accounts.find_account(session, handle)
            if holder is None and handle.endswith(f".{domain}"):  # who has the name here may have no identity yet
                holder = people.find_person(session, handle.removesuffix(f".{domain}"))
        if holder is not None and holder.did != did:
            raise Conflict(f"The handle {handle} is taken.", code="HandleNotAvailable")
        names = [name for name in self.history(did).data.also_known_as[1:] if name != f"at://{handle}"]
        operation = self.sign(did, {"alsoKnownAs": [f"at://{handle}", *names]})

        def rename(session: Session) -> None:
            accounts.get_account(session, did).handle = handle

        self._take(did, operation, rename)

    def rotate(self, did: str) -> str:
        """A new signing key: document, then #identity, then an empty commit under it. The new did:key."""
        key = SigningKey.from_bytes(self.keyring.reserve(self.database, did))

        def swap(session: Session) -> None:
            row = accounts.get_account(session, did)
            row.sealed_key = self.keyring.seal(did, key)
            self.keyring.forget(did)
            facts.delete_fact(session, f"reserved-key|{did}")

        def commit(session: Session) -> None:
            self.host.recommit(session, did)

        if did.startswith("did:plc:"):
            methods = {**self.history(did).data.verification_methods, SIGNING: key.did_key}
            self._take(did, self.sign(did, {"verificationMethods": methods}), swap, commit)
        else:
            self._renew_web(did, key, swap, commit)
        return key.did_key

    def _renew_web(self, did: str, key: SigningKey, *steps: Callable[[Session], None]) -> None:
        def work(session: Session) -> None:
            swap, commit = steps
            swap(session)
            row = accounts.find_identity(session, did)
            if row is not None:
                row.signing_key = key.did_key
                row.document = own_document(did, row.handle, key.did_key, self.settings.public_url)
            self.lifecycle.announce_identity(session, did)
            commit(session)

        self.database.writer.write(work)

    def _take(
        self,
        did: str,
        operation: dict[str, Any],
        before: Callable[[Session], None] | None = None,
        after: Callable[[Session], None] | None = None,
    ) -> None:
        """Publish an operation; then, in one step, do `before`, remember and announce the document, do `after`."""
        data, former = parse_operation(operation).data, self.history(did).data.services.get(HOSTING)
        moved = former.endpoint if former and former.endpoint.rstrip("/") != self.settings.public_url else ""
        self.outside.publish(did, operation, former_host=moved.rstrip("/"))

        def work(session: Session) -> None:
            if before is not None:
                before(session)
            if not directory_url(self.settings):
                self.directory.submit(session, did, operation)
            row = accounts.get_account(session, did)
            if data is not None:
                self.accounts.remember(session, row, data.signing_key or "", data.to_document(did))
            self.lifecycle.announce_identity(session, did)
            if after is not None:
                after(session)

        self.database.writer.write(work)
        if directory_url(self.settings):
            self.outside.history(did)  # mirrored, so that the account outlives that directory too

    def _facts(self, did: str) -> tuple[str, str]:
        with self.database.read() as session:
            return accounts.get_account(session, did).handle, self.keyring.key_of(session, did).did_key


_FIELDS = ("rotationKeys", "alsoKnownAs", "verificationMethods", "services")


def _data_of(fields: dict[str, Any]) -> PlcData:
    services = {name: Service(**service) for name, service in fields["services"].items()}
    methods = fields["verificationMethods"]
    return PlcData(tuple(fields["rotationKeys"]), methods, tuple(fields["alsoKnownAs"]), services)
