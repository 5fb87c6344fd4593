"""Brings the catalogue up to date with what is withheld: the records stay, what is shown of them changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from federation.codec import decode
from node.batches import batches
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.changes import RecordChange
from node.services.cataloguing.rows import HEAD_OF
from node.services.moderating.subjects import Subject
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.database import Database
from node.store.repositories import accounts, records
from node.store.sessions import Session
from node.store.tables.hosting import RecordRow

PIECE = 50  # records catalogued anew in one transaction: a tenth of a second for whoever else writes

Key = tuple[str, str]
"""Collection and key of a record."""


def recatalogue(database: Database, cataloguer: Cataloguer, subjects: Iterable[Subject]) -> None:
    """Catalogue anew the records of accounts, and records with their versions. Not inside the writer: a labeler may
    name any number of them, and nobody's writing waits for all."""
    named: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        named[subject.did].append(subject)
    with database.read() as session:
        here = records.list_kept(session, named)
    for did in here:
        with database.read() as session:
            keys = _keys_of(session, did, named[did])
        for piece in batches(keys, PIECE):
            database.writer.write(partial(_catalogue, cataloguer=cataloguer, did=did, keys=piece))


def _catalogue(session: Session, cataloguer: Cataloguer, did: str, keys: Sequence[Key]) -> None:
    account = accounts.find_account(session, did)
    if account is not None and account.status != "active":
        return
    for row in filter(None, (records.find_record(session, did, *key) for key in keys)):
        change = RecordChange(row.collection, row.rkey, row.cid, decode(row.block)).sound()
        cataloguer.apply(session, did, row.rev, [change], row.first_seen)


def _keys_of(session: Session, did: str, subjects: Sequence[Subject]) -> list[Key]:
    """Of the records that these subjects of one account are about, those first that came first."""
    paths = {subject.path for subject in subjects}  # '' is all of them
    heads = {path.partition("/")[0] for path in paths}
    kinds = [] if "" in paths else [*heads, *(version for version, head in HEAD_OF.items() if head in heads)]
    rows = (row for row in records.iterate_records(session, kinds, did) if not kinds or _is_about(row, paths))
    return [(kind, rkey) for _, kind, rkey in sorted((row.first_seen, row.collection, row.rkey) for row in rows)]


def _is_about(row: RecordRow, paths: Collection[str]) -> bool:
    """Is it at one of these paths, or a version of what is?"""
    if f"{row.collection}/{row.rkey}" in paths:
        return True
    head, value = HEAD_OF.get(row.collection), decode(row.block)
    return bool(head) and isinstance(value, dict) and f"{head}/{value.get('name')}" in paths


def paths_of(session: Session, subject: Subject) -> list[str]:
    """The paths of a record and, for a module, task or path, of its versions: versions first."""
    head = subject.path.partition("/")[0]
    kinds = [version for version, of in HEAD_OF.items() if of == head]
    versions = catalogue.list_versions(session, subject.text, MEMBERS)
    known = {row.uri.removeprefix(f"at://{subject.did}/") for row in versions}
    name = subject.path.partition("/")[2]
    for row in records.iterate_records(session, kinds, subject.did) if kinds else ():
        value = decode(row.block)
        if isinstance(value, dict) and value.get("name") == name:
            known.add(f"{row.collection}/{row.rkey}")
    return [*sorted(known), subject.path]
