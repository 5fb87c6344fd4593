"""After a restore the network is told where every repository stands, and at a new address that it lives there now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from federation.codec import decode
from federation.errors import FederationError
from federation.plc.data import HOSTING, HOSTING_TYPE
from federation.repository import Write
from node.errors import NodeError
from node.services.assembly import Services
from node.services.hosting.names import handle_domain
from node.store.administration import people
from node.store.clock import now
from node.store.repositories import accounts, records
from node.store.sessions import Session
from node.store.tables.hosting import AccountRow
from schemas.authority import CREDENTIAL, PROFILE, VOUCH


@dataclass(frozen=True, slots=True)
class Settled:
    """How many repositories were committed anew; of which it could not be done or told that they moved, and why."""

    announced: int
    not_told: dict[str, str]


def settle(services: Services) -> Settled:
    """Commit anew in every repository, so that followers see a head newer than any they know, and move what moved.

    Whoever was signed in signs in again: what was ended since the backup must not begin anew.
    """
    services.database.writer.write(lambda session: people.end_sessions(session, now()))
    services.stream.start()
    services.leaving.end_again()
    asyncio.run(services.moderation.decisions.decide_again())
    with services.database.read() as session:
        was_here = accounts.find_account(session, services.identity.did) is not None
    services.identity.ensure(services.keyring)
    if was_here:
        _commit_anew(services, services.identity.did)
    hosted, former = _hosted(services)
    for node in former:
        _take_over(services, node.did)
    announced, not_told = int(was_here), dict[str, str]()
    for row in hosted:
        try:
            for node in former:
                _accept_again(services, row.did, node.did)
            _commit_anew(services, row.did)
            announced += 1
            for node in former:
                _rehome(services, row, node.handle)
        except (NodeError, FederationError, ValueError) as error:  # one that is damaged is no reason to lose all others
            not_told[row.did] = str(error)
    return Settled(announced, not_told)


def _commit_anew(services: Services, did: str) -> None:
    services.database.writer.write(lambda session: services.host.recommit(session, did))


def _rehome(services: Services, row: AccountRow, former_domain: str) -> None:
    """The account's document names this host, and its handle this host's domain if it was under the former one's."""
    before, domain = row.handle, f".{former_domain}"
    handle = before.removesuffix(domain) + f".{handle_domain(services.settings)}" if before.endswith(domain) else before

    def rename(session: Session) -> None:
        accounts.get_account(session, row.did).handle = handle

    names = [name for name in services.documents.history(row.did).data.also_known_as if name != f"at://{before}"]
    services.database.writer.write(rename)
    service = {HOSTING: {"type": HOSTING_TYPE, "endpoint": services.settings.public_url}}
    fields = {"services": service, "alsoKnownAs": [f"at://{handle}", *names]}
    services.documents.submit(row.did, services.documents.sign(row.did, fields))


def _hosted(services: Services) -> tuple[list[AccountRow], list[AccountRow]]:
    """People's accounts, and those of the node under former addresses."""
    with services.database.read() as session:
        known = [row for row in accounts.list_accounts(session) if row.status == "active"]
    nodes = [row for row in known if row.kind == "node" and row.did != services.identity.did]
    return [row for row in known if row.kind != "node"], nodes


def _take_over(services: Services, former: str) -> None:
    """A node's DID is its address. What the former one vouched for and issued, the new one says again."""
    with services.database.read() as session:
        said = [
            (collection, row.rkey, decode(row.block))
            for collection in (VOUCH, CREDENTIAL)
            for row in records.iterate_records(session, [collection], former)
        ]
        present = {path for path, _ in records.list_paths(session, services.identity.did)}
    writes = [Write("create", nsid, rkey, value) for nsid, rkey, value in said if f"{nsid}/{rkey}" not in present]
    if writes:
        services.host.write(services.identity.did, writes)
    services.lifecycle.erase(former)


def _accept_again(services: Services, did: str, former: str) -> None:
    """A practitioner's profile accepts the credential at its new address."""
    with services.database.read() as session:
        row = records.find_record(session, did, PROFILE, "self")
        value: dict[str, Any] = decode(row.block) if row else {}
    accepted = [
        uri.replace(f"at://{former}/", f"at://{services.identity.did}/", 1) for uri in value.get("credentials", [])
    ]
    if accepted != value.get("credentials", []):
        services.host.write(did, [Write("update", PROFILE, "self", {**value, "credentials": accepted})])
