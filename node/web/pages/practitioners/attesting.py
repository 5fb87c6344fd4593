"""Credentials in the browser: an operator states that somebody practises here, and takes it back; whom it is about
accepts it or lets it go."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Response, post

from federation.codec import decode
from federation.repository import Write
from node.errors import Malformed, Unknown
from node.services import naming
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.policy import Action, Viewer, require
from node.store.clock import as_text, now
from node.store.content import contributions
from node.store.repositories import records
from node.web.notices import redirect_with
from node.web.pages.authors import require_author
from node.web.pages.forms import Form
from node.web.pages.links import did_of, href_of_person
from node.web.pages.settling import settle
from schemas.authority import CREDENTIAL, PROFILE
from schemas.identifiers import tid_from_micros


@post("/people/{did:str}/credentials", sync_to_thread=True, include_in_schema=False)
def attest(services: Services, viewer: Viewer, did: str, data: Form) -> Response[Any]:
    """State as this node that somebody practises an occupation here; it counts once they accept it."""
    require(viewer, Action.OPERATE)
    did, occupation, until = did_of(did), data.get("occupation", "").strip(), data.get("until", "").strip()
    if occupation not in naming.known_occupations():
        raise Malformed("Choose one of the occupations.")
    if until and _day(until) <= date.today():  # noqa: DTZ011 - a calendar day, as the operator means it
        raise Malformed("The last day lies in the past.")
    with services.database.read() as session:
        if contributions.find_profile(session, did) is None:
            raise Unknown("This node knows nobody of that identity.")
    at = now()
    value = {
        "$type": CREDENTIAL, "subject": did, "occupation": occupation, "from": as_text(at), "createdAt": as_text(at),
        **({"until": f"{until}T23:59:59Z"} if until else {}),
    }  # fmt: skip
    write = Write("create", CREDENTIAL, str(tid_from_micros(at, 0)), value)
    services.host.write(services.identity.did, [write], validate=True)
    settle(services)
    services.audit.note(viewer, Deed.CREDENTIAL_ISSUED, did, occupation)
    return redirect_with(services, href_of_person(did), "Stated. It counts once they accept it.")


@post("/people/{did:str}/credentials/{rkey:str}/revoke", sync_to_thread=True, include_in_schema=False)
def revoke(services: Services, viewer: Viewer, did: str, rkey: str) -> Response[Any]:
    """It no longer holds: the record stays and says since when."""
    require(viewer, Action.OPERATE)
    did, own = did_of(did), services.identity.did
    with services.database.read() as session:
        known = records.find_record(session, own, CREDENTIAL, rkey)
    value: dict[str, Any] = decode(known.block) if known else {}
    if value.get("subject") != did:
        raise Unknown("This node has stated nothing of that kind about them.")
    services.host.write(own, [Write("update", CREDENTIAL, rkey, {**value, "revokedAt": as_text(now())})], validate=True)
    settle(services)
    services.audit.note(viewer, Deed.CREDENTIAL_REVOKED, did, str(value.get("occupation", "")))
    done = "Revoked. Their verdicts are no longer this organisation's voice."
    return redirect_with(services, href_of_person(did), done)


@post("/credentials/drop", sync_to_thread=True, include_in_schema=False)
def drop(services: Services, viewer: Viewer, uri: str) -> Response[Any]:
    """Accept a credential no longer: the organisation speaks through somebody else."""
    require_author(viewer)
    with services.database.read() as session:
        known = records.find_record(session, viewer.did, PROFILE, "self")
    value: dict[str, Any] = decode(known.block) if known else {}
    if uri not in value.get("credentials", []):
        raise Unknown("Your profile names no credential of that address.")
    value["credentials"] = [one for one in value["credentials"] if one != uri]
    services.host.write(viewer.did, [Write("update", PROFILE, "self", value)], validate=True)
    settle(services, found=True)
    done = "Let go. You can accept it again as long as it holds."
    return redirect_with(services, href_of_person(viewer.did), done)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Malformed("A day is written like 2027-12-31.") from error


HANDLERS = (attest, revoke, drop)
