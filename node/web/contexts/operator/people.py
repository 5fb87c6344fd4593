"""The people of a node, for its operator: accounts, roles, invitations; nothing of what anybody learns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from node.web.contexts.cards import Choice
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A person's account."""

    name: Annotated[str, "Account name"]
    display_name: Annotated[str, "What others see, '' where it is the same"]
    roles: Annotated[tuple[str, ...], "What they may do, in words"]
    did: Annotated[str, "Identity of a practitioner, '' without"]
    created_at: Annotated[datetime, "Since when"]
    came: Annotated[bool, "Has something to sign in with"]
    reset: Annotated[str, "Address that takes a POST and makes a one-time link"]
    lift: Annotated[str | None, "Address that takes a POST and ends the second step, None where there is none"]
    change: Annotated[str, "Address for a POST of `role` (may repeat) that sets the roles"]
    choices: Annotated[tuple[Choice, ...], "Every role, those held chosen"]
    remove: Annotated[str | None, "Address for a POST of `confirm` (the name) that forgets them, None for oneself"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """An invitation that was sent out."""

    roles: Annotated[tuple[str, ...], "What the account will be able to do"]
    to: Annotated[str, "Mail address that it went to, '' where it was handed over"]
    made_at: Annotated[datetime, "When"]
    expires_at: Annotated[datetime, "Until when it may be used"]
    used_by: Annotated[str, "Account made with it, '' while unused"]
    revoke: Annotated[str | None, "Address that takes a POST and ends it, None once used"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRole:
    """A role that can be given."""

    value: Annotated[str, "Its name"]
    able: Annotated[str, "What it lets somebody do"]
    chosen: Annotated[bool, "Ticked beforehand"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage(Page):
    """Who has an account, and who is invited."""

    template: ClassVar[str] = "people.html"
    prove: Annotated[str | None, "Address where the operator shows once more who they are; None: they just did"]
    find: Annotated[str, "Part of a name or identity that was looked for, '' for everybody"]
    accounts: Annotated[tuple[AccountRow, ...], "By name"]
    count: Annotated[int, "People found; more than are shown, when there are many"]
    action: Annotated[str, "Address of this page, which takes `find`"]
    invitations: Annotated[tuple[InvitationRow, ...], "Newest first"]
    invite: Annotated[str, "Address for a POST of `role` and `to` (mail addresses) that makes invitations"]
    offered: Annotated[tuple[OfferedRole, ...], "Roles that an invitation can give"]
    mail: Annotated[bool, "The node sends mail"]
    one_time_link: Annotated[str | None, "Invitation or reset link, shown once right after it was made"]
