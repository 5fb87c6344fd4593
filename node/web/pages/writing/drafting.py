"""A text on an author's desk: read, checked against what is published already, shown as a reader would see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from markupsafe import Markup

from node.authoring.document import ModuleDocument, PathDocument, Stop, TaskDocument
from node.authoring.lint import lint
from node.authoring.parse import parse_module, parse_path, parse_task
from node.authoring.paths import path_value
from node.authoring.problems import Problem, errors_of
from node.authoring.render import render
from node.authoring.rendering.view import View, web_link
from node.authoring.value import to_value
from node.authoring.vocabulary import Vocabulary
from node.services.writing.drafting import Draft as Kept
from node.services.writing.drafting import Kind
from node.services.writing.publishing import find_current
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.sessions import Session
from node.store.tables.catalogue import VersionRow
from node.web.contexts.writing.write import Draft, LintProblem
from node.web.pages.links import href_of_picture
from node.web.pages.rendering import cid_of, pictures_of
from schemas.authority import MODULE, PATH, TASK
from schemas.datamodel import from_json

Document = ModuleDocument | TaskDocument | PathDocument
EMPTY = Draft(problems=(), checked=False, preview=Markup(""), language="en")


@dataclass(frozen=True, slots=True)
class Desk:
    """A draft with what its author has published: the version it follows, and other works by their file names."""

    kept: Kept
    document: Document
    problems: tuple[Problem, ...]
    current: VersionRow | None
    addresses: Mapping[str, str]
    did: str

    @classmethod
    def read(cls, session: Session, did: str, kept: Kept, shown: VersionRow | None = None) -> Self:
        """Parse and check a draft as the work of `did`; `shown` is another's version that a suggestion changes."""
        parse, collection = _KINDS[kept.kind]
        document = parse(kept.body, f"{kept.kind}.md")
        current = shown or find_current(session, did, collection, document.name, MEMBERS)
        there = frozenset([*_files(current), *(file.path for file in kept.files)])
        known = Vocabulary(files=there, today=datetime.now(UTC).date().isoformat())
        addresses = _own_addresses(session, did)
        return cls(kept, document, tuple(lint(document, known)), current, addresses, did)

    @property
    def is_publishable(self) -> bool:
        """Has it no errors?"""
        return not errors_of(self.problems)

    @property
    def is_inside(self) -> bool:
        """Whatever says so, the form or the text, keeps it inside."""
        return self.kept.inside or self.document.front.text("visibility") == "organisation"

    @property
    def stops(self) -> Sequence[Stop] | None:
        """The modules of a path in their order; None where it is none."""
        return self.document.stops if isinstance(self.document, PathDocument) else None

    @property
    def view(self) -> View:
        """With the pictures that were published and those that were uploaded since."""
        pictures = pictures_of(self.current) if self.current else {}
        pictures |= {file.path: href_of_picture(self.did, file.cid) for file in self.kept.files if file.is_picture}
        return View(picture=lambda path: pictures.get(path) or pictures.get(path.removeprefix("./")), link=web_link)

    def draft(self, *more: LintProblem) -> Draft:
        """For the page."""
        return Draft(
            problems=(*more, *map(_context, self.problems)),
            checked=True,
            preview=Markup(render(self.document, self.view).html),  # noqa: S704 - sanitised by the renderer
            language=self.document.language or "en",
        )

    def value(
        self, body_blob: Mapping[str, Any] | None = None, skill_ids: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The version record; pictures and attachments that the text still names stay. Raises BodyTooLong."""
        stated: dict[str, Any] = dict(self.current.value) if self.current else {}
        entries = [*(stated.get("pictures") or ()), *(stated.get("attachments") or ())]
        known = {str(entry["path"]): entry["blob"] for entry in entries}
        known |= {file.path: file.blob for file in self.kept.files}
        addresses = {**self.addresses, **(skill_ids or {})}
        if isinstance(self.document, PathDocument):
            return path_value(self.document, self.did, addresses)
        listed = self.document.front.data.get("attachments")
        carried = {path: blob for path, blob in known.items() if isinstance(listed, list) and path in listed}
        made = to_value(
            self.document,
            pictures=known,
            attachments=carried,
            addresses=addresses,
            body_blob=body_blob,
        )
        value = from_json(made)
        assert isinstance(value, dict)
        return value


_KINDS: Mapping[Kind, tuple[Callable[[str, str], Document], str]] = {
    "module": (parse_module, MODULE),
    "task": (parse_task, TASK),
    "path": (parse_path, PATH),
}


def form_problem(message: str, code: str = "refused") -> LintProblem:
    """What publishing met beyond the text."""
    return LintProblem(
        severity="error", line=1, column=1, code=code, message=message, found="", allowed=(), nearest="",
    )  # fmt: skip


def _context(problem: Problem) -> LintProblem:
    return LintProblem(
        severity=problem.severity,
        line=problem.line,
        column=problem.column,
        code=problem.code,
        message=problem.message[:1].upper() + problem.message[1:],
        found=problem.found,
        allowed=problem.allowed,
        nearest=problem.meant,
    )


def _files(current: VersionRow | None) -> list[str]:
    """Paths that a text may name because an earlier version carried them."""
    stated: Mapping[str, Any] = current.value if current else {}
    entries = [*(stated.get("pictures") or ()), *(stated.get("attachments") or ())]
    return [str(entry.get("path", "")).removeprefix("./") for entry in entries if cid_of(entry.get("blob"))]


def _own_addresses(session: Session, did: str) -> dict[str, str]:
    """`./tasks/close-the-books.md`, as authors with a folder write it → where it was published."""
    return {f"./{row.kind}s/{row.name}.md": row.uri for row in catalogue.list_items(session, MEMBERS, did=did)}
