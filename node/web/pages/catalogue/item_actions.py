"""What a reader may do with a module, task or path: suggest, or as its author edit, retire, make public."""

from __future__ import annotations

from node.services.policy import Action, Viewer, audiences_of, may
from node.services.writing.suggesting import states_of
from node.store.content import suggestions
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from node.web.contexts.writing.authoring import ItemActions
from node.web.pages.links import href_of_item, query_of


def actions_of(session: Session, viewer: Viewer, item: ItemRow) -> ItemActions:
    """By what the viewer is to it."""
    signs = bool(viewer.did) and may(viewer, Action.PUBLISH)
    own = signs and viewer.did == item.did
    promotable = own and item.audience == "organisation" and may(viewer, Action.KEEP_INSIDE)
    return ItemActions(
        history=f"{href_of_item(item.uri)}/history",
        suggest="/write?" + query_of(suggest=item.uri) if signs and not own and not item.retired else None,
        edit="/write?" + query_of(edit=item.uri) if own else None,
        retire="/write/retire?" + query_of(uri=item.uri) if own else None,
        promote="/write/public?" + query_of(uri=item.uri) if promotable else None,
        open_suggestions=_waiting(session, viewer, item) if own else 0,
        report=report_address(viewer, item.uri) if not own else None,
    )


def report_address(viewer: Viewer, about: str) -> str | None:
    """Where the viewer can report an account or a record."""
    return "/report?" + query_of(about=about) if may(viewer, Action.REPORT) else None


def _waiting(session: Session, viewer: Viewer, item: ItemRow) -> int:
    audiences = audiences_of(viewer)
    rows = suggestions.list_suggestions(session, audiences, item_uri=item.uri)
    return sum(one.state == "open" for one in states_of(session, rows, audiences))
