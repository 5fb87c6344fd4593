"""Accounts with their repositories, hosted here or followed, and the catalogue that is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from node.app.parts.storage import Storage
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.majors import majors_between
from node.services.directory import Directory
from node.services.following.follower import Follower
from node.services.hosting.accounts import Accounts, load_rotation_key
from node.services.hosting.documents import Documents
from node.services.hosting.identity import NodeIdentity
from node.services.hosting.keyring import Keyring
from node.services.hosting.lifecycle import Lifecycle
from node.services.hosting.repositories import RepositoryHost
from node.services.hosting.stream import EventStream
from node.services.internal.records import InternalRecords
from node.services.outside import Outside
from node.services.withholding import Withholding
from node.settings.declared import Settings


@dataclass(frozen=True, slots=True)
class Hosting:
    """Wired: what is written goes to the catalogue, and what is withheld to neither."""

    cataloguer: Cataloguer
    withholding: Withholding
    stream: EventStream
    keyring: Keyring
    host: RepositoryHost
    directory: Directory
    outside: Outside
    accounts: Accounts
    internal: InternalRecords
    lifecycle: Lifecycle
    identity: NodeIdentity
    documents: Documents
    follower: Follower


def set_up_hosting(settings: Settings, storage: Storage) -> Hosting:
    """Nothing is followed or served yet."""
    database, blobs = storage.database, storage.blobs
    cataloguer = Cataloguer(partial(majors_between, storage.files.find))
    withholding = Withholding(database, settings)
    cataloguer.withhold(withholding.withholds)
    stream, keyring = EventStream(database), Keyring(storage.sealer)
    host = RepositoryHost(database, keyring, stream, cataloguer)
    host.refuse(withholding.refuse)
    directory = Directory(database)
    outside = Outside(settings, database, directory)
    accounts = Accounts(settings, database, host, keyring, blobs, outside)
    internal = InternalRecords(database, cataloguer, storage.inside)
    internal.refuse(withholding.refuse)
    lifecycle = Lifecycle(database, host, keyring, stream, cataloguer, blobs, internal)
    identity = NodeIdentity(settings, database, accounts, host, stream)
    rotation_key = partial(load_rotation_key, database, storage.sealer)
    documents = Documents(
        settings, database, accounts, host, keyring, directory, outside, lifecycle, rotation_key
    )  # fmt: skip
    follower = Follower(settings, database, cataloguer, blobs, directory, withholding)
    follower.on_described(identity.greet)
    follower.on_unfollowed(identity.part)
    return Hosting(
        cataloguer, withholding, stream, keyring, host, directory, outside, accounts, internal, lifecycle, identity,
        documents, follower,
    )  # fmt: skip
