"""Builds the services of one node and wires them together. Nothing else in the project constructs them."""

from __future__ import annotations

from node.app.parts.curation import set_up_curation
from node.app.parts.hosting import set_up_hosting
from node.app.parts.moderation import set_up_moderation
from node.app.parts.people import set_up_people
from node.app.parts.storage import open_storage
from node.services.assembly import Services
from node.services.examining.doctor import Doctor
from node.services.hosting.forgetting import Forgetting
from node.services.releases.watcher import ReleaseWatcher
from node.services.writing.drafting import Drafting
from node.services.writing.ending import Ending
from node.services.writing.mirroring import Mirroring
from node.services.writing.promoting import Promoting
from node.services.writing.renewing import Renewing
from node.services.writing.suggesting import Suggesting
from node.settings.checks import check_settings
from node.settings.declared import Settings
from node.store.database import Database


def compose(settings: Settings, database: Database | None = None) -> Services:
    """The services of the node that `settings` describe, opened but not started. Raises NodeError.

    A `database` that is open already says whether this process writes, or another one of the node.
    """
    check_settings(settings)
    storage = open_storage(settings, database)
    hosting = set_up_hosting(settings, storage)
    curation = set_up_curation(settings, storage, hosting)
    people = set_up_people(settings, storage, hosting, curation)
    tables, blobs, host, internal = storage.database, storage.blobs, hosting.host, hosting.internal
    return Services(
        settings=settings, database=tables, sealer=storage.sealer, blobs=blobs,
        host=host, internal=internal, stream=hosting.stream, keyring=hosting.keyring, identity=hosting.identity,
        accounts=hosting.accounts, lifecycle=hosting.lifecycle, directory=hosting.directory, outside=hosting.outside,
        documents=hosting.documents, follower=hosting.follower, cataloguer=hosting.cataloguer,
        withholding=hosting.withholding, forgetting=Forgetting(tables, hosting.stream, hosting.accounts),
        heavy=curation.heavy, rankings=curation.rankings, freshening=curation.freshening, finder=curation.finder,
        readings=curation.readings, reference=curation.reference,
        releases=ReleaseWatcher(settings, tables, curation.freshening.forget_tools),
        promoting=Promoting(tables, host, internal, blobs),
        mirroring=Mirroring(settings, tables, host),
        ending=Ending(tables, host, internal),
        drafting=Drafting(tables, internal),
        suggesting=Suggesting(tables, host, internal, blobs),
        renewing=Renewing(tables, host, curation.freshening),
        registry=people.registry, registration=people.registration, sign_on=people.sign_on, passkeys=people.passkeys,
        invitations=people.invitations, mail=people.mail, learning=people.learning, leaving=people.leaving,
        audit=people.audit,
        moderation=set_up_moderation(settings, storage, hosting, people),
        doctor=Doctor(settings, tables, curation.finder, curation.rankings, hosting.outside),
    )  # fmt: skip
