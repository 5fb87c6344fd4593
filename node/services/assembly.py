"""The services of one running node, side by side. `node.app.compose` is the only place that fills it."""

from __future__ import annotations

from dataclasses import dataclass

from node.services.audit import Audit
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.readings import Readings
from node.services.directory import Directory
from node.services.examining.doctor import Doctor
from node.services.finding.finder import Finder
from node.services.following.follower import Follower
from node.services.heavy import HeavyWork
from node.services.hosting.accounts import Accounts
from node.services.hosting.blobs.store import BlobStore
from node.services.hosting.documents import Documents
from node.services.hosting.forgetting import Forgetting
from node.services.hosting.identity import NodeIdentity
from node.services.hosting.keyring import Keyring
from node.services.hosting.lifecycle import Lifecycle
from node.services.hosting.repositories import RepositoryHost
from node.services.hosting.stream import EventStream
from node.services.internal.records import InternalRecords
from node.services.learning.learning import Learning
from node.services.leaving import Leaving
from node.services.moderating.moderation import Moderation
from node.services.outside import Outside
from node.services.people.invitations import Invitations
from node.services.people.mail import Mail
from node.services.people.passkeys import Passkeys
from node.services.people.registration import Registration
from node.services.people.registry import Registry
from node.services.people.sign_on import SignOn
from node.services.ranking.freshening import Freshening
from node.services.ranking.rankings import Rankings
from node.services.reference.reference import Reference
from node.services.releases.watcher import ReleaseWatcher
from node.services.sealing import Sealer
from node.services.withholding import Withholding
from node.services.writing.drafting import Drafting
from node.services.writing.ending import Ending
from node.services.writing.mirroring import Mirroring
from node.services.writing.promoting import Promoting
from node.services.writing.renewing import Renewing
from node.services.writing.suggesting import Suggesting
from node.settings.declared import Settings
from node.store.database import Database


@dataclass(slots=True)
class Services:
    """What handlers, jobs and commands may call."""

    settings: Settings
    heavy: HeavyWork
    sealer: Sealer
    keyring: Keyring
    database: Database
    audit: Audit
    registry: Registry
    registration: Registration
    invitations: Invitations
    sign_on: SignOn
    passkeys: Passkeys
    mail: Mail
    stream: EventStream
    blobs: BlobStore
    host: RepositoryHost
    directory: Directory
    accounts: Accounts
    identity: NodeIdentity
    outside: Outside
    lifecycle: Lifecycle
    internal: InternalRecords
    promoting: Promoting
    suggesting: Suggesting
    drafting: Drafting
    ending: Ending
    mirroring: Mirroring
    forgetting: Forgetting
    documents: Documents
    follower: Follower
    moderation: Moderation
    rankings: Rankings
    freshening: Freshening
    releases: ReleaseWatcher
    renewing: Renewing
    cataloguer: Cataloguer
    withholding: Withholding
    finder: Finder
    doctor: Doctor
    readings: Readings
    reference: Reference
    learning: Learning
    leaving: Leaving
