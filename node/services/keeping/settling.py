"""After a restore the network is told where every repository stands, and at a new address that it lives there now."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from federation.codec import decode
from federation.did.document import web_did
from federation.errors import FederationError
from federation.plc.data import HOSTING, HOSTING_TYPE
from federation.repository import Write
from node.errors import NodeError
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.hosting.former import Former, find_former
from node.services.hosting.names import handle_domain
from node.services.policy import LOCAL_OPERATOR
from node.store.administration import labels, people
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
    return _at_home(services)


def move(services: Services) -> Settled:
    """Take everybody along to the address that the settings name. What could not be told is told by the next call."""
    services.stream.start()
    services.audit.note(LOCAL_OPERATOR, Deed.NODE_MOVED, services.identity.did)
    return _at_home(services)


def _at_home(services: Services) -> Settled:
    with services.database.read() as session:
        was_here = accounts.find_account(session, services.identity.did) is not None
    services.identity.ensure(services.keyring, moving=True)
    here = services.identity.did
    with services.database.read() as session:
        known, former = accounts.list_accounts(session), find_former(session, here)
    if was_here:
        _commit_anew(services, here)
    for node in former.nodes:
        _say_again(services, node)
    announced, not_told = int(was_here), dict[str, str]()
    for row in (row for row in known if row.kind != "node" and row.status != "deleted"):
        try:
            if row.status == "active":
                _accept_again(services, row.did, former.dids)
                _commit_anew(services, row.did)
                announced += 1
            if row.did in former.people:
                _rehome(services, row, former)
        except (NodeError, FederationError, ValueError) as error:  # one that is damaged is no reason to lose all others
            not_told[row.did] = str(error)
    for node in former.nodes:
        services.lifecycle.erase(node)
    return Settled(announced, not_told)


def _commit_anew(services: Services, did: str) -> None:
    services.database.writer.write(lambda session: services.host.recommit(session, did))


def _rehome(services: Services, row: AccountRow, before: Former) -> None:
    """The account's document names this host; the handle is under its domain, if it was under that of the former."""
    address = before.people[row.did]
    document = services.documents.history(row.did).data
    lives = document.services.get(HOSTING)
    if lives is not None and web_did(lives.endpoint) not in before.dids:  # it has left, or has not come yet
        services.database.writer.write(lambda session: _set_host(session, row.did, lives.endpoint))
        return
    domain, former = handle_domain(services.settings), handle_domain(replace(services.settings, url=address))
    name = next((row.handle.removesuffix(end) for end in (f".{former}", f".{domain}") if row.handle.endswith(end)), "")
    handle = f"{name}.{domain}" if name else row.handle

    def rename(session: Session) -> None:
        accounts.get_account(session, row.did).handle = handle

    left = {f"at://{one}" for one in (row.handle, handle, f"{name}.{former}")}
    names = [one for one in document.also_known_as if one not in left]
    services.database.writer.write(rename)
    service = {HOSTING: {"type": HOSTING_TYPE, "endpoint": services.settings.public_url}}
    fields = {"services": service, "alsoKnownAs": [f"at://{handle}", *names]}
    services.documents.submit(row.did, services.documents.sign(row.did, fields))


def _set_host(session: Session, did: str, host: str) -> None:
    identity = accounts.find_identity(session, did)
    assert identity is not None
    identity.host = host.rstrip("/")
    session.add(identity)


def _say_again(services: Services, former: str) -> None:
    """A node's DID is its address. What the former one vouched for, issued and labelled, the new one says too."""
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
    services.database.writer.write(lambda session: labels.take_over(session, former, services.identity.did))
    services.withholding.forget()


def _accept_again(services: Services, did: str, former: Collection[str]) -> None:
    """A practitioner's profile accepts the node's credentials at their new address."""
    with services.database.read() as session:
        row = records.find_record(session, did, PROFILE, "self")
        value: dict[str, Any] = decode(row.block) if row else {}
    accepted = list(value.get("credentials", []))
    for node in former:
        accepted = [uri.replace(f"at://{node}/", f"at://{services.identity.did}/", 1) for uri in accepted]
    if accepted != value.get("credentials", []):
        services.host.write(did, [Write("update", PROFILE, "self", {**value, "credentials": accepted})])
