"""Writing: Markdown in, a signed module, task or path out; changes suggested to others' work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from markupsafe import Markup

from node.web.contexts.cards import Choice, Link, PersonLink
from node.web.contexts.site import Page

WorkKey = Literal["tasks", "occupations", "skills"]


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
class StopLine:
    """A module of the path that is being written."""

    title: Annotated[str, "The module's own, or what the text calls it"]
    href: Annotated[str | None, "Its page, None when this node does not have it"]
    retired: Annotated[bool, "Its author took it out of use"]
    note: Annotated[str, "Why it stands here, '' without"]
    optional: Annotated[bool, "May be skipped"]
    line: Annotated[int, "Of the text, from 1"]
    number: Annotated[int, "Its place, from 1; travels behind `up`, `down`, `optional` and `remove`"]
    last: Annotated[bool, "Nothing stands behind it"]
    key: Annotated[str, "Names it wherever it moves to"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModule:
    """A module that could be put on the path."""

    uri: Annotated[str, "Travels behind `add`"]
    title: Annotated[str, "The module's"]
    by: Annotated[PersonLink, "Its author"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopsDesk:
    """The list of a path.

    Its buttons send the page's form to `/write/stops` with `do`: `up 2`, `down 2`, `optional 2`, `remove 2` or
    `add URI`; the answer to `HX-Request` is `WriteStops`.
    """

    search: Annotated[str, "Address for a GET with `find`; answers with `WriteFound`"]
    find: Annotated[str, "What was looked for, '' for nothing"]
    found: Annotated[tuple[FoundModule, ...], "The best few"]
    stops: Annotated[tuple[StopLine, ...], "In order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWork:
    """A task, an occupation or a skill that a text may be for."""

    id: Annotated[str, "As the front matter names it"]
    title: Annotated[str, "In words"]
    key: Annotated[WorkKey, "Where in the front matter it belongs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePage(Page):
    """Sends `kind`, `text`, `change`, `audience`, `reader`, `find`, what stands in `hidden`, and a button `do`.

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
    stops: Annotated[StopsDesk | None, "The list of a path, None for everything else"]
    find_work: Annotated[str, "Address for a GET with `find`; answers with `WriteWork`"]
    files: Annotated[tuple[UploadedFile, ...], "Uploaded to this draft"]
    own: Annotated[tuple[OwnWork, ...], "Published before, newest first"]
    drafts: Annotated[tuple[OwnDraft, ...], "Being written, latest first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDraft(Page):
    """The part of the write page that changes while typing (`HX-Request`)."""

    template: ClassVar[str] = "fragments/draft.html"
    draft: Annotated[Draft, "What was found in the text"]
    stops: Annotated[tuple[StopLine, ...] | None, "The list of a path as the text has it now, None for everything else"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteStops(Page):
    """The list of a path after a button changed it, and the text that it was changed in (`HX-Request`)."""

    template: ClassVar[str] = "fragments/stops.html"
    stops: Annotated[tuple[StopLine, ...], "In order"]
    text: Annotated[str, "Markdown, to take the place of what was typed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFound(Page):
    """Modules for a path while somebody types (`HX-Request`)."""

    template: ClassVar[str] = "fragments/stops_found.html"
    find: Annotated[str, "What was looked for"]
    found: Annotated[tuple[FoundModule, ...], "The best few"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteWork(Page):
    """What a text may be for, while somebody types (`HX-Request`)."""

    template: ClassVar[str] = "fragments/work_found.html"
    find: Annotated[str, "What was looked for"]
    found: Annotated[tuple[FoundWork, ...], "The best few"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFiles(Page):
    """The files of a draft, after one was added (`HX-Request`)."""

    template: ClassVar[str] = "fragments/files.html"
    files: Annotated[tuple[UploadedFile, ...], "Uploaded to this draft, the newest last"]
