"""Who may sign: practitioners with an identity of their own."""

from __future__ import annotations

from node.errors import NotAllowed
from node.services.policy import Action, Viewer, require


class IdentityNeeded(NotAllowed):
    """You have no identity to sign with yet."""

    hint = "Make one at /practitioner."


def require_author(viewer: Viewer) -> None:
    """Raise NotSignedIn, NotAllowed or IdentityNeeded unless the viewer can publish under their own identity."""
    require(viewer, Action.PUBLISH)
    if not viewer.did:
        raise IdentityNeeded
