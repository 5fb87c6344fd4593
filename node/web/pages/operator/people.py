"""The operator's page of people: who has an account, with which roles, and who is invited."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from node.services.assembly import Services
from node.services.people import passkeys, sign_on
from node.services.people.invitations import Invitation
from node.services.policy import Action, Role, Viewer, require
from node.store.administration import factors
from node.store.clock import moment_of
from node.store.sessions import Session
from node.store.tables.people import PersonRow
from node.web.contexts.cards import Choice
from node.web.contexts.operator.people import AccountRow, InvitationRow, OfferedRole, PeoplePage
from node.web.notices import carried_by, show_once
from node.web.pages.accounts.proving import way_to_prove
from node.web.pages.accounts.signing_in import ABLE
from node.web.pages.reading import AnyRequest
from node.web.presenting import site_of

HOME = "/admin/people"
SHOWN = 50


@get("/admin/people", sync_to_thread=True, include_in_schema=False)
def people_page(request: AnyRequest, services: Services, viewer: Viewer, find: str = "") -> Response[Any]:
    """Who is here, a page of them; the rest is found by name."""
    require(viewer, Action.OPERATE)
    found = [row for row in services.registry.list() if _is_meant(row, find.strip().lower())]
    with services.database.read() as session:
        accounts = tuple(_account(services, session, viewer, row) for row in found[:SHOWN])
    page = PeoplePage(
        site=site_of(request, services, viewer),
        prove=None if viewer.proven else way_to_prove(HOME),
        find=find,
        accounts=accounts,
        count=len(found),
        action=HOME,
        invitations=tuple(map(_invitation, services.invitations.list())),
        invite="/admin/invitations",
        offered=tuple(OfferedRole(value=role, able=ABLE[role], chosen=role is Role.WORKER) for role in Role),
        mail=services.mail.on,
        one_time_link=carried_by(request, services).link or None,
    )
    return show_once(request, services, page)


def _is_meant(row: PersonRow, words: str) -> bool:
    return any(words in said.lower() for said in (row.name, row.display_name, row.did, row.email))


def _account(services: Services, session: Session, viewer: Viewer, row: PersonRow) -> AccountRow:
    place = f"{HOME}/{row.name}"
    return AccountRow(
        name=row.name,
        display_name=row.display_name if row.display_name != row.name else "",
        roles=tuple(row.roles) or ("no role",),
        did=row.did,
        created_at=moment_of(row.created_at),
        came=bool(row.password or factors.list_factors(session, row.name, sign_on.KIND, passkeys.KIND)),
        reset=f"{place}/link",
        lift=f"{place}/second-factor/end" if services.registry.second_factor.is_on(row.name) else None,
        change=f"{place}/roles",
        choices=tuple(Choice(value=role, label=role.value, chosen=role in row.roles) for role in Role),
        remove=f"{place}/remove" if row.name != viewer.name else None,
    )


def _invitation(made: Invitation) -> InvitationRow:
    return InvitationRow(
        roles=tuple(made.roles),
        to=made.to,
        made_at=moment_of(made.made_at),
        expires_at=moment_of(made.expires_at),
        used_by=made.used_by,
        revoke=None if made.used_by else f"/admin/invitations/{made.id}/revoke",
    )


HANDLERS = (people_page,)
