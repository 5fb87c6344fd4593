"""/me/feeds: the list in a feed reader, through an assistant, in the terminal: private addresses and keys."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from node.errors import Unknown
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.policy import Action, Scope, Viewer, require_proven, require_worker
from node.store.clock import moment_of
from node.store.tables.people import TokenRow
from node.web.contexts.worker.feed_addresses import AccessToken, FeedAddressesPage
from node.web.notices import carried_by, redirect_with, show_once
from node.web.private.pages.door import AnyRequest, Form, text_of, worker_site

HANDLE = 16  # characters of a key's digest that name it in a form
LONGEST_NAME = 80


@get("/me/feeds", sync_to_thread=True, include_in_schema=False)
def addresses_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """The addresses that there are; a key is shown once, right after it was made."""
    site = worker_site(request, services, viewer)
    made, url = services.learning.addresses.find(viewer), services.settings.public_url
    page = FeedAddressesPage(
        site=site,
        atom=f"{url}/feeds/{made.token}.atom" if made else None,
        json=f"{url}/feeds/{made.token}.json" if made else None,
        made_at=moment_of(made.made_at) if made else None,
        regenerate="/me/feeds",
        assistant=f"{url}/mcp",
        tokens=tuple(_token(row) for row in _keys(services, viewer)),
        new_token=carried_by(request, services).link or None,
        token_action="/me/feeds/keys",  # noqa: S106 - an address
    )
    return show_once(request, services, page)


@post("/me/feeds", sync_to_thread=True, include_in_schema=False)
def renew(services: Services, viewer: Viewer) -> Response[Any]:
    """New addresses; the old ones end."""
    require_proven(viewer, Action.LEARN)
    had = services.learning.addresses.find(viewer)
    services.learning.addresses.renew(viewer)
    text = "New addresses. The old ones have ended." if had else "Your private addresses are ready."
    return redirect_with(services, "/me/feeds", text)


@post("/me/feeds/keys", sync_to_thread=True, include_in_schema=False)
def make_key(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """A key for this person's assistant: it opens the assistant's door and nothing else."""
    require_proven(viewer, Action.LEARN)
    name = text_of(data, "name")[:LONGEST_NAME] or "an assistant"
    key = services.registry.tokens.issue(viewer.name, "api", name, Scope.ASSIST)
    services.audit.note(viewer, Deed.KEY_MADE, viewer.name, Scope.ASSIST)
    return redirect_with(services, "/me/feeds", f"A key for {name} is made. Copy it now.", link=key)


@post("/me/feeds/keys/{handle:str}/end", sync_to_thread=True, include_in_schema=False)
def end_key(services: Services, viewer: Viewer, handle: str) -> Response[Any]:
    """The program with this key acts no more."""
    require_worker(viewer)
    row = next((row for row in _keys(services, viewer) if row.digest[:HANDLE] == handle), None)
    if row is None or not services.registry.tokens.end(viewer.name, row.digest):
        raise Unknown("You have no such key.")
    services.audit.note(viewer, Deed.KEY_ENDED, viewer.name)
    return redirect_with(services, "/me/feeds", f"The key for {row.label} has ended.")


def _keys(services: Services, viewer: Viewer) -> list[TokenRow]:
    return services.registry.tokens.list(viewer.name, "api")


def _token(row: TokenRow) -> AccessToken:
    return AccessToken(
        name=row.label or "a program",
        created_at=moment_of(row.created_at),
        used_at=moment_of(row.used_at) if row.used_at else None,
        revoke=f"/me/feeds/keys/{row.digest[:HANDLE]}/end",
    )


HANDLERS = (addresses_page, renew, make_key, end_key)
