"""Writing: Markdown in, a signed module or task out; changes suggested to others' work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from markupsafe import Markup

from node.web.contexts.cards import Choice, Link
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LintProblem:
    """Something the linter found."""

    severity: Annotated[Literal["error", "warning"], "An error stops publishing"]
    line: Annotated[int, "From 1"]
    column: Annotated[int, "From 1"]
    code: Annotated[str, "Stable name of the rule"]
    message: Annotated[str, "What is wrong"]
    found: Annotated[str, "What stands there, '' where it says nothing"]
    allowed: Annotated[tuple[str, ...], "What may stand there"]
    nearest: Annotated[str, "The nearest right spelling, '' without"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The text as one kind of reader sees it."""

    title: Annotated[str, "Who that is"]
    body: Annotated[Markup, "Sanitised HTML"]
    changes: Annotated[tuple[str, ...], "What is changed for this reader, with the line it stands in"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text as the linter and the renderer see it."""

    problems: Annotated[tuple[LintProblem, ...], "In the order of the text"]
    checked: Annotated[bool, "False before the first check"]
    preview: Annotated[Markup, "Sanitised HTML, empty when it cannot be rendered"]
    language: Annotated[str, "BCP 47, of the text"]
    adapted: Annotated[Seen | None, "As a worker of the chosen level sees it, beside the plain text"] = None
    kept: Annotated[datetime | None, "When the draft was last kept on this node, None while it was not"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork:
    """Something this author has published."""

    subject: Annotated[Link, "Its page"]
    edit: Annotated[str, "Address that opens it here"]
    at: Annotated[datetime, "Last published"]
    internal: Annotated[bool, "Kept inside this organisation"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDraft:
    """Something this person is writing."""

    title: Annotated[str, "Title of the text, or what it is"]
    open: Annotated[str, "Address that opens it here"]
    discard: Annotated[str, "Address that takes a POST and throws it away"]
    purpose: Annotated[Literal["write", "suggest", "accept"], "What becomes of it"]
    at: Annotated[datetime, "Last kept"]
    here: Annotated[bool, "It is the one on the desk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A picture or attachment of the draft."""

    path: Annotated[str, "Path under which the text names it"]
    size: Annotated[int, "Bytes"]
    insert: Annotated[str, "Markdown that shows it, '' for what is listed under attachments"]
    picture: Annotated[str, "Address of the picture, '' for other files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """A block that a button puts into the text."""

    label: Annotated[str, "What the button says"]
    text: Annotated[str, "Markdown; the selected text takes the place of `…`"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePage(Page):
    """Sends `kind`, `text`, `change`, `audience`, `reader`, what stands in `hidden`, and a button `do`.

    `do` is `check` or `publish`; a suggestion is sent by `publish` too.
    """

    template: ClassVar[str] = "write.html"
    action: Annotated[str, "Address that takes the POST"]
    check: Annotated[str, "Address for a POST that keeps the draft and answers with what was found in it"]
    upload: Annotated[str, "Address for a POST (multipart: `file`, and the draft's hidden fields) that adds a file"]
    purpose: Annotated[Literal["write", "suggest", "accept"], "To publish, to suggest a change, to take one up"]
    about: Annotated[Link | None, "The work that is changed, None for a new one"]
    hidden: Annotated[tuple[Choice, ...], "Fields that travel with every form of the page: name and value"]
    kinds: Annotated[tuple[Choice, ...], "Module or task; empty where it is settled"]
    audiences: Annotated[tuple[Choice, ...], "Who may read it; empty where it is settled"]
    readers: Annotated[tuple[Choice, ...], "Through whose eyes the preview is seen"]
    inserts: Annotated[tuple[Insert, ...], "Blocks that a button puts into the text"]
    text: Annotated[str, "Markdown as typed, or a skeleton"]
    change: Annotated[str, "Change note for a new version; what should change and why, for a suggestion"]
    draft: Annotated[Draft, "What was found in the text"]
    files: Annotated[tuple[UploadedFile, ...], "Uploaded to this draft"]
    own: Annotated[tuple[OwnWork, ...], "Published before, newest first"]
    drafts: Annotated[tuple[OwnDraft, ...], "Being written, latest first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDraft(Page):
    """The part of the write page that changes while typing (`HX-Request`)."""

    template: ClassVar[str] = "fragments/draft.html"
    draft: Annotated[Draft, "What was found in the text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFiles(Page):
    """The files of a draft, after one was added (`HX-Request`)."""

    template: ClassVar[str] = "fragments/files.html"
    files: Annotated[tuple[UploadedFile, ...], "Uploaded to this draft, the newest last"]
