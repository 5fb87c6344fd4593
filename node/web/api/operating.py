"""/api for operators: accounts, peers, people, credentials, trust."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import delete, get, post
from litestar.params import QueryParameter

from federation.repository import Write
from node.errors import Malformed, Unknown
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.following.discovery import suggest_peers
from node.services.hosting.accounts import load_rotation_key
from node.services.people.tokens import link_with
from node.services.policy import Action, Role, Viewer, require, require_in_person
from node.store.clock import as_text, now
from node.store.content import contributions
from node.store.repositories import accounts, peers, records
from node.store.tables.peers import PeerRow
from schemas.authority import CREDENTIAL
from schemas.identifiers import tid_from_micros

Body = dict[str, Any]
CHOOSE = "`skillnet account link NAME` makes the link for it."
LiftSecondStep = Annotated[bool, QueryParameter(name="liftSecondStep")]


@get("/api/accounts", sync_to_thread=True)
def list_accounts(services: Services, viewer: Viewer) -> list[Body]:
    """People and accounts of this node."""
    require(viewer, Action.OPERATE)
    with services.database.read() as session:
        hosted = {row.did: row for row in accounts.list_accounts(session) if row.status != "deleted"}
    people = [
        {
            "name": p.name,
            "roles": p.roles,
            "did": p.did,
            "handle": hosted[p.did].handle if p.did in hosted else "",
            "status": hosted[p.did].status if p.did in hosted else "",
        }
        for p in services.registry.list()
    ]
    named = {person["did"] for person in people}
    rest = [
        {"name": row.handle, "roles": [row.kind], "did": row.did, "handle": row.handle, "status": row.status}
        for row in hosted.values()
        if row.did not in named
    ]
    return [*rest, *people]


@post("/api/people", status_code=201, sync_to_thread=True)
def add_person(services: Services, viewer: Viewer, data: Body) -> Body:
    """Add a person with roles; answers with a one-time link unless a password is given."""
    require(viewer, Action.OPERATE)
    named = data.get("roles", [])
    if not isinstance(named, list):
        raise Malformed("roles is a list of texts.")
    roles = [_role(role) for role in named]
    if Role.OPERATOR in roles:
        require_in_person(viewer, Action.OPERATE)
    row = services.registry.add(
        str(data.get("name", "")),
        roles,
        display_name=str(data.get("displayName", "")),
        password=str(data.get("password", "")),
    )
    services.audit.note(viewer, Deed.ACCOUNT_MADE, row.name, " ".join(row.roles))
    link = "" if row.password else _link(services, row.name)
    return {"name": row.name, "roles": row.roles, "link": link}


@post("/api/people/{name:str}/link", status_code=201, sync_to_thread=True)
def make_link(services: Services, viewer: Viewer, name: str, lift: LiftSecondStep = False) -> Body:
    """A new one-time link that sets a person's password; where it is said, no code is asked of them any more."""
    require(viewer, Action.OPERATE)
    if lift or Role.OPERATOR in services.registry.get(name).roles:
        require_in_person(viewer, Action.OPERATE)
    if lift:
        lift_second_step(services, viewer, name)
    return {"link": renew_link(services, viewer, name)}


@delete("/api/people/{name:str}", status_code=200, sync_to_thread=True)
def remove_person(services: Services, viewer: Viewer, name: str) -> Body:
    """Forget somebody who left: sign-in, private data, drafts, and their account with its repository."""
    require_in_person(viewer, Action.OPERATE)
    forget_person(services, viewer, name)
    return {"name": name}


def forget_person(services: Services, viewer: Viewer, name: str) -> None:
    """What removes somebody, and says so first. Raises Malformed for oneself, Unknown."""
    if name == viewer.name:
        raise Malformed("Another operator must remove you.")
    services.registry.get(name)
    services.audit.note(viewer, Deed.PERSON_REMOVED, name)
    services.leaving.end_person(name)


def renew_link(services: Services, viewer: Viewer, name: str) -> str:
    """The address where somebody sets a new password, once. Raises Unknown."""
    services.registry.get(name)
    services.audit.note(viewer, Deed.LINK_MADE, name)
    return _link(services, name)


def lift_second_step(services: Services, viewer: Viewer, name: str) -> None:
    """For who lost phone and recovery codes: no code is asked until they set it up anew. Raises Unknown."""
    services.registry.get(name)
    if services.registry.second_factor.is_on(name):
        services.registry.second_factor.switch_off(name)
        services.audit.note(viewer, Deed.FACTOR_LIFTED, name)


def _link(services: Services, name: str) -> str:
    return link_with(services.settings.public_url, services.registry.tokens.new_link(name))


def _role(text: object) -> Role:
    try:
        return Role(str(text))
    except ValueError as error:
        raise Malformed(f"There is no role {text!r}.", hint=f"One of {', '.join(Role)}.") from error


@post("/api/accounts", status_code=201, sync_to_thread=True)
def create_account(services: Services, viewer: Viewer, data: Body) -> Body:
    """A practitioner: a person with an identity of their own. `recoveryKey` (did:key) was made on their side."""
    name, recovery = str(data.get("name", "")), str(data.get("recoveryKey", ""))
    if viewer.name and viewer.name == name:
        require(viewer, Action.PRACTISE)
        services.sign_on.require_writer(viewer)
    else:
        require(viewer, Action.OPERATE)
    if not recovery.startswith("did:key:"):
        raise Malformed("recoveryKey is the did:key of the practitioner's own recovery key.")
    known = services.registry.find(name)
    if known is not None and name != viewer.name:  # who holds the recovery key holds the identity
        require_in_person(viewer, Action.OPERATE)
    if known is not None and known.did:
        raise Malformed(f"{name} has an identity already: {known.did}.")
    if known is not None and data.get("password"):
        raise Malformed(f"{name} signs in here already: a password is theirs to choose.", hint=CHOOSE)
    if known is None:
        services.registry.add(
            name, (), display_name=str(data.get("displayName", "")), password=str(data.get("password", ""))
        )
    rotation = load_rotation_key(services.database, services.sealer)
    account = services.accounts.create_practitioner(name, recovery, rotation, services.stream)
    services.registry.grant(name, role=Role.PRACTITIONER, did=account.did)
    services.audit.note(viewer, Deed.ACCOUNT_MADE, name, account.did)
    link = "" if known or data.get("password") else _link(services, name)
    return {"name": name, "did": account.did, "handle": account.handle, "link": link, "known": known is not None}


def _peer(row: PeerRow) -> Body:
    return {
        "url": row.url, "did": row.did, "organisation": row.organisation, "state": row.state, "trusted": row.trusted,
        "kind": row.kind, "cursor": row.cursor, "failures": row.failures, "error": row.error,
        "fetched": row.fetched, "expected": row.expected,
        "seenAt": as_text(row.seen_at) if row.seen_at else None,
        "nextTry": as_text(row.next_try) if row.next_try else None,
    }  # fmt: skip


@get("/api/peers", sync_to_thread=True)
def list_peers(services: Services, viewer: Viewer) -> list[Body]:
    """Hosts that this node follows."""
    require(viewer, Action.OPERATE)
    with services.database.read() as session:
        counts = peers.count_repositories(session)
        return [{**_peer(row), "repositories": counts.get(row.url, 0)} for row in peers.list_peers(session)]


@get("/api/peers/suggestions", sync_to_thread=True)
def suggestions(services: Services, viewer: Viewer) -> list[Body]:
    """Hosts that those followed here follow, with who knows them."""
    require(viewer, Action.OPERATE)
    with services.database.read() as session:
        found = suggest_peers(session, services.settings, services.withholding)
    return [
        {"url": s.url, "did": s.did, "organisation": s.organisation, "knownBy": s.known_by, "trusted": s.trusted}
        for s in found
    ]


@post("/api/peers", status_code=201)
async def follow(services: Services, viewer: Viewer, data: Body) -> Body:
    """Follow a host; with `trust` this node also vouches for it."""
    require(viewer, Action.OPERATE)
    row = await services.follower.follow(str(data.get("url", "")), trust=bool(data.get("trust")))
    await asyncio.to_thread(services.audit.note, viewer, Deed.FOLLOWED, row.url, "trusted" if data.get("trust") else "")
    return _peer(row)


@delete("/api/peers", status_code=200)
async def unfollow(services: Services, viewer: Viewer, url: str) -> Body:
    """Follow no more, and forget what came from there."""
    require(viewer, Action.OPERATE)
    await services.follower.unfollow(url)
    await asyncio.to_thread(services.audit.note, viewer, Deed.UNFOLLOWED, url)
    return {"url": url}


@post("/api/peers/sync", status_code=200)
async def sync_now(services: Services, viewer: Viewer) -> Body:
    """Try every waiting host at once."""
    require(viewer, Action.OPERATE)
    services.follower.sync_now()
    await asyncio.to_thread(services.audit.note, viewer, Deed.SYNCED)
    return {}


@get("/api/search/comparison", sync_to_thread=True)
def compare_index(services: Services, viewer: Viewer) -> Body:
    """Compare the search index with the catalogue now; what differed is mended. `done` is false while that goes on."""
    require(viewer, Action.OPERATE)
    found = services.finder.compare()
    if found is None:
        return {"done": False, "progress": services.finder.progress.sentence()}
    return {"done": True, "stale": found.stale, "surplus": found.surplus}


@get("/api/rejections", sync_to_thread=True)
def list_rejections(services: Services, viewer: Viewer, peer: str = "", limit: int = 100) -> list[Body]:
    """What was refused from peers, and why."""
    require(viewer, Action.OPERATE)
    with services.database.read() as session:
        rows = peers.list_rejections(session, peer=peer, limit=max(1, min(limit, 1000)))
    return [
        {"peer": r.peer, "did": r.did, "seq": r.seq, "code": r.code, "detail": r.detail, "at": as_text(r.at)}
        for r in rows
    ]


@post("/api/vouches", status_code=201, sync_to_thread=True)
def vouch_as_node(services: Services, viewer: Viewer, data: Body) -> Body:
    """Vouch as this node, or take it back with `withdraw`."""
    require(viewer, Action.OPERATE)
    did = str(data.get("did", ""))
    if data.get("withdraw"):
        services.identity.unvouch(did)
    else:
        services.identity.vouch(did, str(data.get("note", "")))
    services.audit.note(viewer, Deed.VOUCHED, did, "withdrawn" if data.get("withdraw") else "")
    return {"did": did}


@post("/api/credentials", status_code=201, sync_to_thread=True)
def issue_credential(services: Services, viewer: Viewer, data: Body) -> Body:
    """State, as this node, that somebody practises an occupation here."""
    require(viewer, Action.OPERATE)
    rkey, at = str(tid_from_micros(now(), 0)), as_text(now())
    value = {
        "$type": CREDENTIAL,
        "subject": str(data.get("did", "")),
        "occupation": str(data.get("occupation", "")),
        "from": str(data.get("from") or at),
        "createdAt": at,
        **({"until": str(data["until"])} if data.get("until") else {}),
    }
    services.host.write(services.identity.did, [Write("create", CREDENTIAL, rkey, value)])
    services.audit.note(viewer, Deed.CREDENTIAL_ISSUED, value["subject"], value["occupation"])
    return {"uri": f"at://{services.identity.did}/{CREDENTIAL}/{rkey}"}


@post("/api/credentials/revoke", status_code=200, sync_to_thread=True)
def revoke_credential(services: Services, viewer: Viewer, data: Body) -> Body:
    """Revoke what this node stated; the record stays and says since when it no longer holds."""
    require(viewer, Action.OPERATE)
    from federation.codec import decode

    did, occupation = str(data.get("did", "")), str(data.get("occupation", ""))
    with services.database.read() as session:
        issued = contributions.list_credentials(session, subject=did, issuer=services.identity.did)
        rows = [records.find_record_by_uri(session, row.uri) for row in issued if row.occupation == occupation]
    held = [row for row in rows if row is not None]
    if not held:
        raise Unknown(f"This node has issued no credential for {occupation} to {did}.")
    writes = [Write("update", CREDENTIAL, row.rkey, {**decode(row.block), "revokedAt": as_text(now())}) for row in held]
    services.host.write(services.identity.did, writes)
    services.audit.note(viewer, Deed.CREDENTIAL_REVOKED, did, occupation)
    return {"revoked": [row.uri for row in held]}


HANDLERS = (
    list_accounts, add_person, remove_person, make_link, create_account, list_peers, suggestions, follow, unfollow,
    sync_now, compare_index, list_rejections, vouch_as_node, issue_credential, revoke_credential,
)  # fmt: skip
