"""Every permission is decided here. Callers ask `require(viewer, action, ...)`; nothing else compares roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from node.errors import NotAllowed, NotSignedIn
from node.store.content.catalogue import MEMBERS, PUBLIC, Audiences


class Role(StrEnum):
    """What a person is here. Roles add up; an operator is not thereby a worker.

    An author publishes and does not endorse; a curator keeps the catalogue fresh.
    """

    WORKER = "worker"
    PRACTITIONER = "practitioner"
    AUTHOR = "author"
    CURATOR = "curator"
    OPERATOR = "operator"


class Action(StrEnum):
    """What can be asked of a node, beyond reading what is public."""

    READ = "read the public catalogue"
    READ_INTERNAL = "read what the organisation keeps to itself"
    LEARN = "use a feed of your own"
    ASSIST = "help a worker as their assistant"
    OWN = "take your data out, bring it in or erase it"
    PRACTISE = "become a practitioner"
    PUBLISH = "publish under an identity of your own"
    ENDORSE = "endorse and vouch"
    KEEP_INSIDE = "keep work inside the organisation"
    CURATE = "keep the catalogue fresh"
    MANAGE = "manage your own account"
    SECURE = "change how you sign in"
    OPERATE = "work as an operator"
    MODERATE = "decide what is kept and shown here"
    REPORT = "report what is wrong"
    SEE_WORKER = "see a worker's private data"


class Scope(StrEnum):
    """What a key for a program may do of what its person may; empty: all of it."""

    EVERYTHING = ""
    READ = "read"
    LEARN = "learn"
    ASSIST = "assist"
    PUBLISH = "publish"


_WRITING = (Action.PUBLISH, Action.ENDORSE, Action.KEEP_INSIDE, Action.CURATE)
SCOPES: dict[Scope, frozenset[Action]] = {
    Scope.EVERYTHING: frozenset(Action),
    Scope.READ: frozenset({Action.READ, Action.READ_INTERNAL}),
    Scope.LEARN: frozenset({Action.READ, Action.READ_INTERNAL, Action.LEARN, Action.ASSIST, Action.SEE_WORKER}),
    Scope.ASSIST: frozenset({Action.READ, Action.ASSIST}),
    Scope.PUBLISH: frozenset({Action.READ, Action.READ_INTERNAL, *_WRITING}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. Anonymous when `name` is empty; `local` is the operator at the data folder's own socket.

    `limited`: signed in with an app password, which publishes and cannot manage the account. `proven`: the person of
    this browser or session showed a moment ago who they are; a key for a program never does. `program`: what a client
    of the protocol holds, into which its person typed the password.
    """

    name: str = ""
    display_name: str = ""
    roles: frozenset[Role] = frozenset()
    did: str = ""
    local: bool = False
    limited: bool = False
    scope: Scope = Scope.EVERYTHING
    proven: bool = False
    program: bool = False

    @property
    def signed_in(self) -> bool:
        """Is this somebody?"""
        return bool(self.name) or self.local


ANONYMOUS = Viewer()
LOCAL_OPERATOR = Viewer(name="", display_name="operator", roles=frozenset({Role.OPERATOR}), local=True)

SPEAKING = (Action.PUBLISH, Action.ENDORSE)  # all that an app password is for
_NEEDS: dict[Action, frozenset[Role]] = {
    Action.READ_INTERNAL: frozenset(Role),
    Action.LEARN: frozenset({Role.WORKER}),
    Action.ASSIST: frozenset({Role.WORKER}),
    Action.OWN: frozenset({Role.WORKER}),
    Action.PRACTISE: frozenset(Role),
    Action.PUBLISH: frozenset({Role.PRACTITIONER, Role.AUTHOR}),
    Action.ENDORSE: frozenset({Role.PRACTITIONER}),
    Action.KEEP_INSIDE: frozenset({Role.PRACTITIONER, Role.AUTHOR}),
    Action.CURATE: frozenset({Role.PRACTITIONER, Role.CURATOR, Role.OPERATOR}),
    Action.MANAGE: frozenset({Role.PRACTITIONER, Role.AUTHOR}),
    Action.SECURE: frozenset(Role),
    Action.OPERATE: frozenset({Role.OPERATOR}),
    Action.MODERATE: frozenset({Role.OPERATOR}),
    Action.REPORT: frozenset(Role),
    Action.SEE_WORKER: frozenset({Role.WORKER}),
}

_KEY_FOR_LESS = "You may, but this key is for less: make another on the page Signing in (/account)."


def may(viewer: Viewer, action: Action, *, owner: str = "", open_reading: bool = True) -> bool:
    """May `viewer` do `action`? `owner` is the sign-in name or DID that the object belongs to, where it has one."""
    if action is Action.READ:
        return open_reading or bool(viewer.roles)  # who had a place here and lost it is a stranger
    if not viewer.roles & _NEEDS[action]:
        return False
    if action not in SCOPES[viewer.scope] or (viewer.limited and action not in SPEAKING):
        return False
    if action in (*SPEAKING, Action.MANAGE, Action.LEARN, Action.ASSIST, Action.OWN, Action.SEE_WORKER) and owner:
        return owner in (viewer.name, viewer.did)
    return True


def require(viewer: Viewer, action: Action, *, owner: str = "", open_reading: bool = True) -> None:
    """Raise NotSignedIn or NotAllowed unless `may`."""
    if may(viewer, action, owner=owner, open_reading=open_reading):
        return
    if not viewer.signed_in:
        raise NotSignedIn(f"Sign in to {action.value}.")
    by_role = bool(viewer.roles & _NEEDS.get(action, frozenset()))
    hint = _KEY_FOR_LESS if by_role and action not in SCOPES[viewer.scope] else ""
    raise NotAllowed(f"You may not {action.value} here.", hint=hint)


class ProofNeeded(NotAllowed):
    """Show once more that it is you: sign in again."""

    code = "ProofNeeded"
    hint = "In a browser, at /sign-in/again; a key for a program changes nothing of this."


def require_proven(viewer: Viewer, action: Action) -> None:
    """As `require`, for what a stolen session would make a thief's for good: raise ProofNeeded for an older proof.

    A client of the protocol manages its account, and no more: what else it may, its person does in a browser.
    """
    require(viewer, action)
    if not viewer.proven or (viewer.program and action is not Action.MANAGE):
        raise ProofNeeded


def require_in_person(viewer: Viewer, action: Action) -> None:
    """As `require_proven`, and for the socket of the data folder: what no key does. Raises ProofNeeded."""
    if viewer.local:
        require(viewer, action)
    else:
        require_proven(viewer, action)


def require_place(viewer: Viewer, way: str = "Ask") -> None:
    """Raise NotAllowed for who has shown who they are and has no role: no door opens to them. `way`: to get one."""
    if not viewer.roles:
        raise NotAllowed("You have no role on this node.", hint=f"{way} whoever runs it.")


def is_worker(viewer: Viewer) -> bool:
    """Whether they have a feed of their own here."""
    return may(viewer, Action.LEARN, owner=viewer.name)


def require_worker(viewer: Viewer) -> None:
    """Raise NotSignedIn or NotAllowed unless the viewer has a feed of their own."""
    require(viewer, Action.LEARN, owner=viewer.name)


def require_owner(viewer: Viewer) -> None:
    """Raise NotSignedIn or NotAllowed unless the viewer may take or erase what is kept of them."""
    require(viewer, Action.OWN, owner=viewer.name)


def audiences_of(viewer: Viewer) -> Audiences:
    """What of the catalogue `viewer` may read."""
    return MEMBERS if may(viewer, Action.READ_INTERNAL) else PUBLIC
