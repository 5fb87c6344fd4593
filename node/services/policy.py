"""Every permission is decided here. Callers ask `require(viewer, action, ...)`; nothing else compares roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from node.errors import NotAllowed, NotSignedIn
from node.store.catalogue import MEMBERS, PUBLIC, Audiences


class Role(StrEnum):
    """What a person is here. Roles add up; an operator is not thereby a worker."""

    WORKER = "worker"
    PRACTITIONER = "practitioner"
    OPERATOR = "operator"


class Action(StrEnum):
    """What can be asked of a node, beyond reading what is public."""

    READ = "read the public catalogue"
    READ_INTERNAL = "read what the organisation keeps to itself"
    LEARN = "use a feed of one's own"
    PRACTISE = "become a practitioner"
    PUBLISH = "publish under one's own identity"
    KEEP_INSIDE = "keep work inside the organisation"
    CURATE = "keep the catalogue fresh"
    MANAGE = "manage one's own account"
    SECURE = "change how one signs in"
    OPERATE = "run this node"
    MODERATE = "decide what is kept and shown here"
    REPORT = "report what is wrong"
    SEE_WORKER = "see a worker's private data"


class Scope(StrEnum):
    """What a key for a program may do of what its person may; empty: all of it."""

    EVERYTHING = ""
    READ = "read"
    LEARN = "learn"
    PUBLISH = "publish"


SCOPES: dict[Scope, frozenset[Action]] = {
    Scope.EVERYTHING: frozenset(Action),
    Scope.READ: frozenset({Action.READ, Action.READ_INTERNAL}),
    Scope.LEARN: frozenset({Action.READ, Action.READ_INTERNAL, Action.LEARN, Action.SEE_WORKER}),
    Scope.PUBLISH: frozenset({Action.READ, Action.READ_INTERNAL, Action.PUBLISH, Action.KEEP_INSIDE, Action.CURATE}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. Anonymous when `name` is empty; `local` is the operator at the data folder's own socket.

    `limited`: signed in with an app password, which publishes and cannot manage the account.
    """

    name: str = ""
    display_name: str = ""
    roles: frozenset[Role] = frozenset()
    did: str = ""
    local: bool = False
    limited: bool = False
    scope: Scope = Scope.EVERYTHING

    @property
    def signed_in(self) -> bool:
        """Is this somebody?"""
        return bool(self.name) or self.local


ANONYMOUS = Viewer()
LOCAL_OPERATOR = Viewer(name="", display_name="operator", roles=frozenset({Role.OPERATOR}), local=True)

_NEEDS: dict[Action, frozenset[Role]] = {
    Action.READ_INTERNAL: frozenset(Role),
    Action.LEARN: frozenset({Role.WORKER}),
    Action.PRACTISE: frozenset({Role.WORKER, Role.PRACTITIONER, Role.OPERATOR}),
    Action.PUBLISH: frozenset({Role.PRACTITIONER}),
    Action.KEEP_INSIDE: frozenset({Role.PRACTITIONER}),
    Action.CURATE: frozenset({Role.PRACTITIONER, Role.OPERATOR}),
    Action.MANAGE: frozenset({Role.PRACTITIONER}),
    Action.SECURE: frozenset(Role),
    Action.OPERATE: frozenset({Role.OPERATOR}),
    Action.MODERATE: frozenset({Role.OPERATOR}),
    Action.REPORT: frozenset(Role),
    Action.SEE_WORKER: frozenset({Role.WORKER}),
}


def may(viewer: Viewer, action: Action, *, owner: str = "", open_reading: bool = True) -> bool:
    """May `viewer` do `action`? `owner` is the sign-in name or DID that the object belongs to, where it has one."""
    if action is Action.READ:
        return open_reading or viewer.signed_in
    if not viewer.roles & _NEEDS[action]:
        return False
    if action not in SCOPES[viewer.scope] or (viewer.limited and action is not Action.PUBLISH):
        return False
    if action in (Action.PUBLISH, Action.MANAGE, Action.LEARN, Action.SEE_WORKER) and owner:
        return owner in (viewer.name, viewer.did)
    return True


def require(viewer: Viewer, action: Action, *, owner: str = "", open_reading: bool = True) -> None:
    """Raise NotSignedIn or NotAllowed unless `may`."""
    if may(viewer, action, owner=owner, open_reading=open_reading):
        return
    if not viewer.signed_in:
        raise NotSignedIn(f"Sign in to {action.value}.")
    raise NotAllowed(f"You may not {action.value} here.")


def audiences_of(viewer: Viewer) -> Audiences:
    """What of the catalogue `viewer` may read."""
    return MEMBERS if may(viewer, Action.READ_INTERNAL) else PUBLIC
