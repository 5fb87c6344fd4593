"""A practitioner's verdict: signed in their own repository, withdrawn by deleting it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Response, post

from federation.codec import decode
from federation.repository import Write
from node.errors import Conflict, Malformed, NotAllowed, Unknown
from node.services.assembly import Services
from node.services.policy import Action, Viewer, audiences_of, require
from node.store.clock import as_text, now
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.inside import internal
from node.store.repositories import records
from node.store.tables.catalogue import ItemRow, VersionRow
from node.web.notices import redirect_with
from node.web.pages.authors import require_author
from node.web.pages.endorsements.verdicts import may_endorse
from node.web.pages.forms import Form, is_ticked
from node.web.pages.links import href_of_item
from node.web.pages.settling import settle
from schemas.authority import ENDORSEMENT
from schemas.endorsement_key import endorsement_key

VERDICTS = ("works", "works-with-changes", "fails")


@post("/endorse", sync_to_thread=True, include_in_schema=False)
def endorse(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Sign a verdict on the version that was read; what was said before about the same task is replaced."""
    require_author(viewer)
    require(viewer, Action.ENDORSE)
    item, version = _find_subject(services, viewer, data.get("version", ""))
    if not may_endorse(viewer, item):
        raise NotAllowed("You may not endorse this.", hint="Authors and readers without an identity cannot.")
    value = _verdict(item, version, data)
    rkey = str(endorsement_key(item.uri, value["task"]))
    inside = data.get("audience") == "organisation" or not {item.audience, version.audience} <= PUBLIC
    known = _say(services, viewer, Write("update", ENDORSEMENT, rkey, value), inside=inside)
    settle(services)
    said = "Your verdict is kept; members of this node see it." if inside else "Your verdict is signed and published."
    if value["verdict"] == "works-with-changes":
        said += " Below you can suggest your changes to the author."
    undo = None if known else _withdrawal(rkey)
    return redirect_with(services, f"{href_of_item(item.uri)}#endorsements", said, undo=undo)


def _say(services: Services, viewer: Viewer, write: Write, *, inside: bool) -> bool:
    """Write it where it belongs; was something said there before? Raises Conflict."""
    with services.database.read() as session:
        public = records.find_record(session, viewer.did, ENDORSEMENT, write.rkey)
        kept = internal.find_record(session, viewer.did, ENDORSEMENT, write.rkey)
    if inside:
        require(viewer, Action.KEEP_INSIDE)
        if public is not None:
            raise Conflict("You have said so in public already.", hint="Withdraw that first.")
        services.internal.write(viewer.did, [write])
        return kept is not None
    services.host.write(viewer.did, [write if public else replace(write, action="create")], validate=True)
    return public is not None


@post("/endorsements/{rkey:str}/withdraw", sync_to_thread=True, include_in_schema=False)
def withdraw_endorsement(services: Services, viewer: Viewer, rkey: str) -> Response[Any]:
    """Take back what was said."""
    require_author(viewer)
    with services.database.read() as session:
        public = records.find_record(session, viewer.did, ENDORSEMENT, rkey)
        kept = internal.find_record(session, viewer.did, ENDORSEMENT, rkey)
    block = public.block if public else kept.block if kept else None
    if block is None:
        raise Unknown("There is no verdict of yours here.", hint="It may have been withdrawn already.")
    write = Write("delete", ENDORSEMENT, rkey)
    if public:
        services.host.write(viewer.did, [write])
    else:
        services.internal.write(viewer.did, [write])
    settle(services)
    page = href_of_item(str(decode(block).get("module", ""))) or "/"
    forgotten = "Your verdict is withdrawn. Other nodes forget it as they hear of it."
    return redirect_with(services, page, forgotten if public else "Your verdict is withdrawn.")


def _find_subject(services: Services, viewer: Viewer, uri: str) -> tuple[ItemRow, VersionRow]:
    audiences = audiences_of(viewer)
    with services.database.read() as session:
        version = catalogue.find_version(session, uri, audiences)
        item = catalogue.find_item(session, version.item_uri, audiences) if version else None
    if version is None or item is None:
        raise Unknown("The version that you read is no longer here.", hint="Open the page again and read what is new.")
    return item, version


def _verdict(item: ItemRow, version: VersionRow, data: Form) -> dict[str, Any]:
    verdict, task, note = data.get("verdict", ""), data.get("task", "").strip(), data.get("note", "").strip()
    if verdict not in VERDICTS:
        raise Malformed("A verdict is works, works-with-changes or fails.")
    if item.kind == "task":
        task = item.uri
    if verdict == "works-with-changes" and not note:
        raise Malformed("Say which changes it needed.", hint="The note tells others, and its author, what to change.")
    if not task:
        raise Malformed("Say on which task you used it.", hint="A verdict counts for the work that it comes from.")
    return {
        "$type": ENDORSEMENT,
        "subject": {"uri": version.uri, "cid": version.cid},
        "module": item.uri,
        "task": task,
        "verdict": verdict,
        "createdAt": as_text(now()),
        **{flag: True for flag in ("outdated", "unsafe") if is_ticked(data, flag)},
        **({"note": note} if note else {}),
    }


def _withdrawal(rkey: str) -> str:
    return f"/endorsements/{rkey}/withdraw"


HANDLERS = (endorse, withdraw_endorsement)
