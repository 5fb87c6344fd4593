"""Builds the services of one node and wires them together. Nothing else in the project constructs them."""

from __future__ import annotations

from functools import partial
from typing import Any

from node.services import naming
from node.services.assembly import Services
from node.services.audit import Audit, Deed
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.readings import Readings
from node.services.directory import Directory
from node.services.drafting import Drafting
from node.services.ending import Ending
from node.services.erasures import Erasures
from node.services.finding.distant import DistantFinder
from node.services.finding.engines import source_of
from node.services.finding.finder import Finder
from node.services.finding.standing import Standing
from node.services.following.follower import Follower
from node.services.heavy import HeavyWork
from node.services.hosting.accounts import Accounts, load_rotation_key
from node.services.hosting.blobs.places import open_blobs
from node.services.hosting.blobs.store import Stores
from node.services.hosting.documents import Documents
from node.services.hosting.forgetting import Forgetting
from node.services.hosting.identity import NodeIdentity
from node.services.hosting.keyring import Keyring
from node.services.hosting.lifecycle import Lifecycle
from node.services.hosting.repositories import RepositoryHost
from node.services.hosting.stream import EventStream
from node.services.internal.records import InternalRecords
from node.services.learning.learning import Learning
from node.services.learning.lessons.language_model import LanguageModel
from node.services.learning.sealed.vault import Vault
from node.services.learning.shelf import Shelf
from node.services.leaving import Leaving
from node.services.mirroring import Mirroring
from node.services.moderating.decisions import Decisions
from node.services.moderating.labelers import Labelers
from node.services.moderating.labelling import Labelling
from node.services.moderating.log import Note
from node.services.moderating.moderation import Moderation
from node.services.moderating.reports import Reports
from node.services.moderating.takedown import Takedown
from node.services.outside import Outside
from node.services.people.jwt import JwtSigner
from node.services.people.mail import Mail
from node.services.people.passkeys import Passkeys
from node.services.people.registration import Registration
from node.services.people.registry import Registry
from node.services.people.second_factor import SecondFactor
from node.services.people.sign_on import SignOn
from node.services.people.tokens import Tokens
from node.services.policy import Viewer
from node.services.promoting import Promoting
from node.services.ranking.epochs import Epochs
from node.services.ranking.freshening import Freshening
from node.services.ranking.rankings import Rankings
from node.services.reference.looking.meaning import MeaningAside
from node.services.reference.reference import Reference
from node.services.releases.watcher import ReleaseWatcher
from node.services.renewing import Renewing
from node.services.sealing import Sealer, load_sealing_key
from node.services.suggesting import Suggesting
from node.services.withholding import Withholding
from node.settings.checks import check_settings
from node.settings.declared import Settings
from node.store.database import Database

MOSTLY, REWRITTEN = 0.5, 4  # so much of another text is another module: as after four major changes


def compose(settings: Settings, database: Database | None = None) -> Services:
    """The services of the node that `settings` describe, opened but not started. Raises NodeError.

    A `database` that is open already says whether this process writes, or another one of the node.
    """
    check_settings(settings)
    sealer = Sealer(load_sealing_key(settings.data))
    database = database or Database(settings.store_url).open()
    blobs, inside = open_blobs(settings).values()
    erasures = Erasures(settings.data, sealer)
    vault = Vault(database, sealer, erasures)
    if not database.is_distant:
        vault.open()
        for store in (blobs, inside):
            store.clear_drafts()
    cataloguer = Cataloguer(partial(_majors_between, Stores(blobs, inside)))
    withholding = Withholding(database, settings)
    cataloguer.withhold(withholding.withholds)
    stream = EventStream(database)
    keyring = Keyring(sealer)
    host = RepositoryHost(database, keyring, stream, cataloguer)
    host.refuse(withholding.refuse)
    directory = Directory(database)
    outside = Outside(settings, database, directory)
    accounts = Accounts(settings, database, host, keyring, blobs, outside)
    internal = InternalRecords(database, cataloguer, inside)
    lifecycle = Lifecycle(database, host, keyring, stream, cataloguer, blobs, internal)
    identity = NodeIdentity(settings, database, accounts, host, stream)
    heavy = HeavyWork()
    rankings = Rankings(database, identity.did, Epochs(database, settings.data / "ranking", heavy))
    freshening = Freshening(database, rankings)
    rankings.after_change(freshening.forget)
    kind = DistantFinder if database.is_distant else Finder
    finder = kind(database, source_of(settings), Standing(rankings, freshening))
    cataloguer.listen(rankings.hear)
    cataloguer.listen(finder.hear)
    readings = Readings()
    cataloguer.listen(readings.hear)
    shelf = Shelf(database, rankings, freshening, Stores(blobs, inside), readings)
    cataloguer.listen(shelf.hear)
    follower = Follower(settings, database, cataloguer, blobs, directory, withholding)
    follower.on_described(identity.greet)
    follower.on_unfollowed(identity.part)
    derived = settings.data / "search"
    meaning = MeaningAside(settings.search_model, settings.search_model_key, derived)
    reference = Reference(database, heavy, derived, finder.hear_reference, meaning.attach)
    naming.consult(reference.words)
    cataloguer.listen(reference.shelves.hear)
    audit = Audit(database, settings.data)
    tokens = Tokens(database, settings.session_days, JwtSigner(sealer.derive("jwt"), identity.did))
    registry = Registry(database, tokens, SecondFactor(database, sealer), audit)
    note = _noted_in(audit)
    learning = Learning(database, vault, shelf, finder, LanguageModel.of(settings))
    leaving = Leaving(database, erasures, lifecycle, learning)
    moderation = Moderation(
        database,
        cataloguer,
        withholding,
        Decisions(
            database,
            withholding,
            Takedown(database, host, lifecycle, leaving, follower, internal, identity.did),
            note,
        ),
        Reports(database, note),
        Labelling(database, cataloguer, keyring, withholding, identity.did, note),
        Labelers(settings, database, cataloguer, outside, withholding, note),
    )
    return Services(
        settings=settings,
        heavy=heavy,
        sealer=sealer,
        keyring=keyring,
        database=database,
        audit=audit,
        registry=registry,
        registration=Registration(settings, database, registry),
        sign_on=SignOn(settings, database, registry, audit),
        passkeys=Passkeys(settings, database, tokens),
        mail=Mail(settings, registry, audit),
        stream=stream,
        blobs=blobs,
        host=host,
        directory=directory,
        accounts=accounts,
        identity=identity,
        outside=outside,
        lifecycle=lifecycle,
        internal=internal,
        promoting=Promoting(database, host, internal, blobs),
        mirroring=Mirroring(settings, database, host),
        ending=Ending(database, host, internal),
        drafting=Drafting(database, internal),
        suggesting=Suggesting(database, host, internal, blobs),
        forgetting=Forgetting(database, stream, accounts),
        documents=Documents(
            settings,
            database,
            accounts,
            host,
            keyring,
            directory,
            outside,
            lifecycle,
            partial(load_rotation_key, database, sealer),
        ),
        follower=follower,
        moderation=moderation,
        rankings=rankings,
        freshening=freshening,
        renewing=Renewing(database, host, freshening),
        releases=ReleaseWatcher(settings, database, freshening.forget_tools),
        cataloguer=cataloguer,
        withholding=withholding,
        finder=finder,
        readings=readings,
        reference=reference,
        learning=learning,
        leaving=leaving,
    )


def _noted_in(audit: Audit) -> Note:
    """Decisions of moderation stand in the audit log too."""

    def note(who: Viewer, deed: str, subject: str, why: str) -> None:
        audit.note(who, Deed.MODERATED, subject, f"{deed}: {why}" if why else deed)

    return note


def _majors_between(blobs: Stores, old: dict[str, Any], new: dict[str, Any]) -> int:
    """How many major changes lie between two versions: a text of which more than half is another counts as several."""
    from node.authoring.majorness import majorness
    from node.authoring.paths import is_major
    from schemas.authority import PATH_VERSION

    if new.get("$type") == PATH_VERSION:
        return int(is_major(old, new))
    texts = [_long_text(blobs, value) for value in (old, new)]
    if None in texts:
        same = old.get("bodyBlob") == new.get("bodyBlob")
        return int(majorness(old, new).major) if same else REWRITTEN  # unseen, a long text may be any other
    found = majorness(old, new, *(text or None for text in texts))
    return REWRITTEN if found.changed > MOSTLY else int(found.major)


def _long_text(blobs: Stores, value: dict[str, Any]) -> str | None:
    """The text that lies beside the record: '' when the record carries it itself, None when it is not here."""
    blob = value.get("bodyBlob")
    if not isinstance(blob, dict):
        return ""
    found = blobs.find(str((blob.get("ref") or {}).get("$link", "")))
    return None if found is None else found.decode("utf-8", "replace")
