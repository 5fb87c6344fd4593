"""Drafts: what somebody writes in the browser is kept on this node as they type, for them alone."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Literal

from node.authoring.body.slug import slug
from node.authoring.limits import SOURCE_CHARACTERS
from node.authoring.pictures.picture import PICTURES, check_size
from node.errors import Malformed, TooLarge, Unknown
from node.services.internal.records import InternalRecords
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.inside import drafts
from node.store.sessions import Session
from node.store.tables.internal import DraftRow

Purpose = Literal["write", "suggest", "accept"]
Kind = Literal["module", "task", "path"]
MOST = 100  # drafts of one person
LATE = 10 * SECOND  # what the page sent just before its draft went may arrive after; it brings nothing back
REMEMBERED = 1_000  # drafts that went
MOST_FILES = 128  # in one draft: as many pictures and attachments as a version carries
_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}


@dataclass(frozen=True, slots=True)
class DraftFile:
    """Something uploaded to a draft. `size` in bytes."""

    path: str
    cid: str
    mime: str
    size: int

    @property
    def is_picture(self) -> bool:
        """Can it be shown in the text?"""
        return self.mime in PICTURES

    @property
    def blob(self) -> dict[str, Any]:
        """As a record names it, in JSON form."""
        return {"$type": "blob", "ref": {"$link": self.cid}, "mimeType": self.mime, "size": self.size}


@dataclass(frozen=True, slots=True)
class Draft:
    """A text on somebody's desk. `about`: the item it changes; `answers`: the suggestion it takes up."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    purpose: Purpose = "write"
    kind: Kind = "module"
    about: str = ""
    answers: str = ""
    body: str = ""
    note: str = ""
    inside: bool = False
    files: tuple[DraftFile, ...] = ()
    updated_at: int = 0


class Drafting:
    """Keeps drafts and their files."""

    def __init__(self, database: Database, kept: InternalRecords) -> None:
        self._database = database
        self._kept = kept
        self._gone: OrderedDict[str, int] = OrderedDict()

    def get(self, person: str, draft: str) -> Draft:
        """One's own draft. Raises Unknown."""
        found = self.find(person, draft)
        if found is None:
            raise Unknown("There is no such draft of yours.", hint="It may have been published or thrown away.")
        return found

    def find(self, person: str, draft: str) -> Draft | None:
        """One's own draft, if it was kept."""
        with self._database.read() as session:
            row = drafts.find_draft(session, person, draft)
        return _draft(row) if row else None

    def find_about(self, person: str, purpose: Purpose, about: str, answers: str = "") -> Draft | None:
        """One's own draft of this kind of change to an item."""
        with self._database.read() as session:
            row = drafts.find_draft_about(session, person, purpose, about, answers)
        return _draft(row) if row else None

    def list(self, person: str) -> list[Draft]:
        """One's own, latest first."""
        with self._database.read() as session:
            return [_draft(row) for row in drafts.list_drafts(session, person)]

    def keep(self, person: str, draft: Draft) -> Draft:
        """Keep it as it is now; files that came meanwhile stay. Raises Malformed, TooLarge."""
        if len(draft.body) > SOURCE_CHARACTERS:
            raise TooLarge(f"A draft has at most {SOURCE_CHARACTERS:,} characters.")
        if not 8 <= len(draft.id) <= 64:
            raise Malformed("That is no draft.")

        def work(session: Session) -> Draft:
            if now() - self._gone.get(draft.id, 0) < LATE:
                return draft
            known = drafts.find_draft(session, person, draft.id)
            if known is None:
                _admit(session, person, draft.id)
            files = _draft(known).files if known else ()
            kept = replace(draft, updated_at=now(), files=draft.files or files)
            drafts.save_draft(session, _row(person, kept))
            return kept

        return self._database.writer.write(work)

    def add_file(self, person: str, did: str, draft: Draft, name: str, body: bytes) -> DraftFile:
        """Keep a picture or attachment with a draft; until it is published only its owner is shown it.

        Raises Malformed, TooLarge.
        """
        if not body:
            raise Malformed("The file is empty.")
        check_size(body)
        stored = self._kept.put_blob(did, body)

        def work(session: Session) -> DraftFile:
            known = drafts.find_draft(session, person, draft.id)
            if known is None:
                _admit(session, person, draft.id)
            current = _draft(known) if known else draft
            file = DraftFile(_free_path(name, stored.mime, current.files), stored.cid, stored.mime, stored.size)
            if len(current.files) >= MOST_FILES:
                raise TooLarge(f"A draft has at most {MOST_FILES} files.")
            drafts.save_draft(session, _row(person, replace(current, files=(*current.files, file), updated_at=now())))
            return file

        return self._database.writer.write(work)

    def discard(self, person: str, draft: str) -> bool:
        """Throw it away; its files go with the next collection."""
        self._gone[draft] = now()
        while len(self._gone) > REMEMBERED:
            self._gone.popitem(last=False)
        return self._database.writer.write(lambda session: drafts.delete_draft(session, person, draft))


def _admit(session: Session, person: str, draft: str) -> None:
    """Room for one more of this person's, under an id that is nobody else's."""
    if drafts.is_taken(session, draft):
        raise Malformed("That is no draft of yours.")
    if len(drafts.list_drafts(session, person)) >= MOST:
        raise TooLarge(f"You have {MOST} drafts.", hint="Publish or throw away some of them.")


def _free_path(name: str, mime: str, files: Sequence[DraftFile]) -> str:
    """`pictures/cooling-curve.png`: a path in the module that no other file of the draft has."""
    given = PurePosixPath(name.replace("\\", "/")).name
    stem = slug(PurePosixPath(given).stem)[:60].strip("-") or "file"
    ending = _ENDINGS.get(mime) or f".{slug(PurePosixPath(given).suffix)}".rstrip(".")[:12]
    folder = "pictures" if mime in PICTURES else "files"
    taken = {file.path for file in files}
    candidates = [f"{folder}/{stem}{ending}", *(f"{folder}/{stem}-{n}{ending}" for n in range(2, MOST_FILES + 2))]
    return next(path for path in candidates if path not in taken)


def _draft(row: DraftRow) -> Draft:
    return Draft(
        id=row.id,
        purpose=row.purpose,  # type: ignore[arg-type]  # one of three words, as it was stored
        kind=row.kind,  # type: ignore[arg-type]  # one of three words, as it was stored
        about=row.about,
        answers=row.answers,
        body=row.body,
        note=row.note,
        inside=row.audience == "organisation",
        files=tuple(_file(entry) for entry in row.files),
        updated_at=row.updated_at,
    )


def _file(entry: dict[str, Any]) -> DraftFile:
    return DraftFile(str(entry["path"]), str(entry["cid"]), str(entry["mime"]), int(entry["size"]))


def _row(person: str, draft: Draft) -> DraftRow:
    return DraftRow(
        id=draft.id,
        person=person,
        purpose=draft.purpose,
        kind=draft.kind,
        about=draft.about,
        answers=draft.answers,
        body=draft.body,
        note=draft.note,
        audience="organisation" if draft.inside else "public",
        files=[{"path": f.path, "cid": f.cid, "mime": f.mime, "size": f.size} for f in draft.files],
        updated_at=draft.updated_at,
    )
