"""What the node keeps and shows: reports, decisions, labels, and what a decision takes down."""

from __future__ import annotations

from node.app.parts.hosting import Hosting
from node.app.parts.people import People
from node.app.parts.storage import Storage
from node.services.audit import Audit, Deed
from node.services.moderating.decisions import Decisions
from node.services.moderating.labelers import Labelers
from node.services.moderating.labelling import Labelling
from node.services.moderating.log import Note
from node.services.moderating.moderation import Moderation
from node.services.moderating.reports import Reports
from node.services.moderating.takedown import Takedown
from node.services.moderating.telling import Telling
from node.services.policy import Viewer
from node.settings.declared import Settings


def set_up_moderation(settings: Settings, storage: Storage, hosting: Hosting, people: People) -> Moderation:
    """Everything that it decides is noted in the public log and in the operators'."""
    database, withholding, did = storage.database, hosting.withholding, hosting.identity.did
    note = _noted_in(people.audit)
    takedown = Takedown(
        database, hosting.host, hosting.lifecycle, people.leaving, hosting.follower, hosting.internal, settings
    )
    return Moderation(
        database,
        hosting.cataloguer,
        withholding,
        Decisions(database, withholding, takedown, storage.erasures, note),
        Reports(database, note),
        Labelling(database, hosting.cataloguer, hosting.keyring, withholding, did, note),
        Labelers(settings, database, hosting.cataloguer, hosting.outside, withholding, note),
        Telling(database, people.registry, people.mail),
    )


def _noted_in(audit: Audit) -> Note:
    """Decisions of moderation stand in the audit log too."""

    def note(who: Viewer, deed: str, subject: str, why: str) -> None:
        audit.note(who, Deed.MODERATED, subject, f"{deed}: {why}" if why else deed)

    return note
