"""The public log of moderation: what was done to what, why and until when; never who reported it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from node.services.policy import Viewer
from node.services.withholding import Withholding
from node.store.administration import moderation
from node.store.clock import now
from node.store.engine.writer import on_commit
from node.store.inside import internal
from node.store.sessions import Session
from node.store.tables.moderation import ModerationRow

# (who, what, about what, why): kept for the operators' eyes, beside the public log.
Note = Callable[[Viewer, str, str, str], None]


class Deed(StrEnum):
    """What moderation does, in the words of the log."""

    DENIED = "denied"
    ALLOWED = "allowed"
    TAKEN_DOWN = "taken down"
    LIFTED = "lifted"
    RAN_OUT = "ran out"
    LABELLED = "labelled"
    UNLABELLED = "label withdrawn"
    SUBSCRIBED = "labels of a labeler count"
    UNSUBSCRIBED = "labels of a labeler no longer count"
    ANSWERED = "report answered"


def write_line(
    session: Session, withholding: Withholding, deed: Deed, subject: str, reason: str, until: int = 0
) -> None:
    """Add a line inside the writer; what is withheld is read anew once it is durable."""
    row = ModerationRow(id=0, at=now(), action=deed.value, subject=subject, reason=reason, expires_at=until)
    row.audience = _audience(session, subject)
    moderation.add_line(session, row)
    on_commit(session, withholding.forget)


def _audience(session: Session, subject: str) -> str:
    """Whose eyes a line is for: the name of what is kept inside, or was when it was taken down, is told to members."""
    if not subject.startswith("at://"):
        return "public"
    if internal.find_record_by_uri(session, subject) is not None:
        return "organisation"
    before = moderation.find_line_about(session, subject)
    return before.audience if before else "public"
