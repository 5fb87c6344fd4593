"""Brings the catalogue up to date with what is withheld: the records stay, what is shown of them changes."""

from __future__ import annotations

from itertools import groupby

from federation.codec import decode
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.changes import RecordChange
from node.services.cataloguing.rows import HEAD_OF
from node.services.moderating.subjects import Subject
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.repositories import accounts, records
from node.store.sessions import Session
from node.store.tables.hosting import RecordRow


def recatalogue(session: Session, cataloguer: Cataloguer, subject: Subject) -> None:
    """Catalogue anew the records of an account, or a record with its versions. Inside the writer."""
    account = accounts.find_account(session, subject.did)
    if account is not None and account.status != "active":
        return
    rows = sorted(_rows(session, subject), key=lambda row: row.first_seen)
    for at, group in groupby(rows, key=lambda row: row.first_seen):
        for row in group:
            change = RecordChange(row.collection, row.rkey, row.cid, decode(row.block)).sound()
            cataloguer.apply(session, subject.did, row.rev, [change], at)


def _rows(session: Session, subject: Subject) -> list[RecordRow]:
    if subject.kind == "account":
        return list(records.iterate_records(session, did=subject.did))
    found = (records.find_record(session, subject.did, *path.split("/", 1)) for path in paths_of(session, subject))
    return [row for row in found if row is not None]


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
