"""What is said with a voice of one's own, a verdict or a vouch, takes more than what is merely written."""

from __future__ import annotations

from collections.abc import Iterable

from federation.repository import Write
from node.services.policy import Action, Viewer, require
from schemas.authority import ENDORSEMENT, VOUCH


def require_voice(viewer: Viewer, did: str, writes: Iterable[Write]) -> None:
    """Raise NotAllowed where `writes` to one's own repository speak and the person may only write."""
    if viewer.did == did and any(one.collection in (ENDORSEMENT, VOUCH) and one.action != "delete" for one in writes):
        require(viewer, Action.ENDORSE)
