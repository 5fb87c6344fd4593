"""/account: how one signs in, and where one is signed in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from node.errors import Conflict, Malformed
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people import app_passwords
from node.services.people.tokens import LIFETIME_DAYS, PROVEN_FOR, digest_of
from node.services.policy import Action, Scope, Viewer, is_worker, require, require_proven
from node.store.clock import DAY, moment_of
from node.store.tables.people import FactorRow, TokenRow
from node.web.access.viewing import cookie_name
from node.web.contexts.accounts.account import AccountPage, Entrance, SecondFactorPart
from node.web.contexts.cards import Choice
from node.web.notices import carried_by, redirect_with, show_once
from node.web.pages.accounts.coming_in import AnyRequest
from node.web.pages.accounts.proving import way_to_prove
from node.web.pages.accounts.sign_on import tie_address
from node.web.pages.forms import Form
from node.web.presenting import site_of

HOME = "/account"
LONGEST_NAME = 80
KEYS = {"api": "", app_passwords.KIND: app_passwords.WORDS}  # kinds of keys → what the audit log says of each
SCOPE_WORDS = {
    Scope.READ: "read what I may read",
    Scope.LEARN: "use my lessons and feed",
    Scope.ASSIST: "be my assistant",
    Scope.PUBLISH: "write and publish as me",
    Scope.EVERYTHING: "everything that I may do",
}
KEYS_HOLD = {7: "a week", 30: "30 days", 90: "90 days", LIFETIME_DAYS["api"]: "a year"}  # by days
USUAL = 90  # days


@get("/account", sync_to_thread=True, include_in_schema=False)
def account_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """Everything about coming in, on one page."""
    require(viewer, Action.SECURE)
    factor, tokens = services.registry.second_factor, services.registry.tokens
    person = services.registry.find(viewer.name)
    page = AccountPage(
        site=site_of(request, services, viewer),
        name=viewer.name,
        prove=None if viewer.proven else way_to_prove(HOME),
        factor=SecondFactorPart(
            on=factor.is_on(viewer.name),
            codes_left=factor.codes_left(viewer.name),
            begin="/account/second-factor",
            renew="/account/recovery-codes",
            end="/account/second-factor/end",
        ),
        change_password="/account/password" if person and person.password else None,
        passkeys=tuple(map(_passkey, services.passkeys.list(viewer.name))),
        add_passkey="/account/passkeys",
        sign_on=services.sign_on.name,
        sign_on_tied=services.sign_on.is_tied(viewer.name),
        tie=tie_address(services, viewer),
        mail=services.mail.on,
        email=person.email if person else "",
        save_email="/account/email",
        sessions=_entrances(request, services, tokens.list(viewer.name, "session")),
        end_others="/account/sessions/end",
        keys=_entrances(request, services, _keys(services, viewer)),
        scopes=tuple(
            Choice(value=_word(scope), label=words, chosen=scope is Scope.READ) for scope, words in SCOPE_WORDS.items()
        ),
        lifetimes=tuple(
            Choice(value=str(days), label=words, chosen=days == USUAL) for days, words in KEYS_HOLD.items()
        ),
        make_key="/account/keys",
        new_key=carried_by(request, services).link or None,
        feeds=services.learning.addresses.count(viewer.name) if is_worker(viewer) else 0,
        new_feeds="/me/feeds",
        end_feeds="/account/feeds/end",
    )
    return show_once(request, services, page)


@post("/account/password", sync_to_thread=True, include_in_schema=False)
def change_password(services: Services, viewer: Viewer) -> Response[Any]:
    """To the page where a new one is chosen, on a link of their own that holds for a quarter of an hour."""
    require_proven(viewer, Action.SECURE)
    if not services.registry.get(viewer.name).password:
        raise Conflict("You come in without a password here.", hint="An operator can make you a one-time link.")
    services.audit.note(viewer, Deed.LINK_MADE, viewer.name)
    token = services.registry.tokens.new_link(viewer.name, days=PROVEN_FOR / DAY)
    return Redirect(f"/link/{token}", status_code=303)


@post("/account/sessions/end", sync_to_thread=True, include_in_schema=False)
def end_other_sessions(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """Sign out everywhere but here. Who was signed in there has seen the private addresses of feeds: they end too."""
    require(viewer, Action.SECURE)
    services.registry.tokens.end_others(viewer.name, _here(request, services))
    services.learning.addresses.end_all(viewer.name)
    return redirect_with(services, f"{HOME}#sessions", "You are signed out everywhere but here.")


@post("/account/tokens/{digest:str}/end", sync_to_thread=True, include_in_schema=False)
def end_token(services: Services, viewer: Viewer, digest: str) -> Response[Any]:
    """End one session, key or app password."""
    require(viewer, Action.SECURE)
    kind = services.registry.tokens.end(viewer.name, digest)
    if kind in KEYS:
        services.audit.note(viewer, Deed.KEY_ENDED, viewer.name, KEYS[kind])
    return redirect_with(services, f"{HOME}#sessions", "It has ended.")


@post("/account/feeds/end", sync_to_thread=True, include_in_schema=False)
def end_feeds(services: Services, viewer: Viewer) -> Response[Any]:
    """End all private addresses of feeds, whoever has read one."""
    require(viewer, Action.SECURE)
    services.learning.addresses.end_all(viewer.name)
    return redirect_with(services, f"{HOME}#feeds", "They open nothing any more. Searches that you keep have new ones.")


@post("/account/keys", sync_to_thread=True, include_in_schema=False)
def make_key(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """A key with which a program does some of what this person may."""
    require_proven(viewer, Action.SECURE)
    name = data.get("name", "").strip()[:LONGEST_NAME] or "a program"
    scope = {_word(scope): scope for scope in Scope}.get(data.get("scope", ""))
    if scope is None:
        raise Malformed("Say what the key may do.")
    days = {str(days): days for days in KEYS_HOLD}.get(data.get("days", str(USUAL)))
    if days is None:
        raise Malformed("Say how long the key holds.")
    key = services.registry.tokens.issue(viewer.name, "api", name, scope, days=days)
    services.audit.note(viewer, Deed.KEY_MADE, viewer.name, _word(scope))
    return redirect_with(services, f"{HOME}#keys", f"A key for {name} is made. Copy it now.", link=key)


def _word(scope: Scope) -> str:
    return scope.value or "everything"


def _here(request: AnyRequest, services: Services) -> str:
    return digest_of(request.cookies.get(cookie_name(services.settings), ""))


def _keys(services: Services, viewer: Viewer) -> list[TokenRow]:
    """App passwords too, which clients of the protocol make for one another."""
    protocol = app_passwords.AppPasswords(services.database)
    rows = [*services.registry.tokens.list(viewer.name, "api"), *protocol.list(viewer.name)]
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def _entrances(request: AnyRequest, services: Services, rows: Iterable[TokenRow]) -> tuple[Entrance, ...]:
    here = _here(request, services)
    return tuple(_entrance(row, here) for row in rows)


def _entrance(row: TokenRow, here: str) -> Entrance:
    return Entrance(
        name=row.label or "a program",
        scope=_scope(row),
        made_at=moment_of(row.created_at),
        expires_at=moment_of(row.expires_at) if row.kind != app_passwords.KIND else None,
        here=row.digest == here,
        end=f"/account/tokens/{row.digest}/end",
    )


def _scope(row: TokenRow) -> str:
    if row.kind == app_passwords.KIND:
        return app_passwords.WORDS
    return SCOPE_WORDS[Scope(row.scope)] if row.kind == "api" else ""


def _passkey(row: FactorRow) -> Entrance:
    return Entrance(
        name=row.label,
        scope="",
        made_at=moment_of(row.created_at),
        expires_at=None,
        here=False,
        end=f"/account/passkeys/{row.id}/end",
    )


HANDLERS = (account_page, change_password, end_other_sessions, end_token, end_feeds, make_key)
