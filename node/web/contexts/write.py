"""Writing: Markdown in, a signed module or task out."""

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
class Draft:
    """A text as the linter and the renderer see it."""

    problems: Annotated[tuple[LintProblem, ...], "In the order of the text"]
    checked: Annotated[bool, "False before the first check"]
    preview: Annotated[Markup, "Sanitised HTML, empty when it cannot be rendered"]
    language: Annotated[str, "BCP 47, of the text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork:
    """Something this author has published."""

    subject: Annotated[Link, "Its page"]
    edit: Annotated[str, "Address that opens it here"]
    at: Annotated[datetime, "Last published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePage(Page):
    """Sends `kind`, `text`, `change` and one of the buttons `check`, `publish`."""

    template: ClassVar[str] = "write.html"
    action: Annotated[str, "Address that takes the POST"]
    check: Annotated[str, "Address for a POST that answers with the draft alone"]
    kinds: Annotated[tuple[Choice, ...], "Module or task"]
    text: Annotated[str, "Markdown as typed, or a skeleton"]
    change: Annotated[str, "Change note for a new version"]
    draft: Annotated[Draft, "What was found in the text"]
    own: Annotated[tuple[OwnWork, ...], "Published before, newest first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDraft(Page):
    """The part of the write page that changes while typing (`HX-Request`)."""

    template: ClassVar[str] = "fragments/draft.html"
    draft: Annotated[Draft, "What was found in the text"]
