"""What authors do with published work: its history, suggestions, its end, and making public what was kept inside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from node.web.contexts.cards import Choice, Link, PersonLink
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a difference."""

    kind: Annotated[Literal["added", "removed", "same", "place"], "`place` says where in the text the next lines are"]
    text: Annotated[str, "The line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemActions:
    """What this reader may do with a module or task; None where they may not."""

    history: Annotated[str, "Address of its history"]
    suggest: Annotated[str | None, "Address that opens its text to suggest a change"]
    edit: Annotated[str | None, "Address that opens it for its author"]
    retire: Annotated[str | None, "Address of the page that takes it out of use, or back into it"]
    promote: Annotated[str | None, "Address of the page that shows what would become public"]
    open_suggestions: Annotated[int, "Suggestions that wait for its author; 0 for others"] = 0
    report: Annotated[str | None, "Address of the page that reports it to the operator"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One published state, with what changed since the one before."""

    href: Annotated[str, "Address of that version's page"]
    at: Annotated[datetime, "When this node first saw it"]
    change: Annotated[str, "The author's change note, '' without"]
    current: Annotated[bool, "The one that readers get"]
    internal: Annotated[bool, "Kept inside this organisation"]
    is_major: Annotated[bool, "Readers count earlier verdicts less from here on"]
    reasons: Annotated[tuple[str, ...], "Why it is a major change, in words"]
    changed: Annotated[float, "Share of the words that changed, 0..1"]
    thanks: Annotated[tuple[PersonLink, ...], "Whose suggestions it took up"]
    difference: Annotated[tuple[DiffLine, ...], "To the version before; empty for the first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage(Page):
    """Every version, newest first."""

    template: ClassVar[str] = "history.html"
    about: Annotated[Link, "Its page"]
    versions: Annotated[tuple[HistoryLine, ...], "Newest first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionLine:
    """A change that somebody proposes."""

    uri: Annotated[str, "Its address; travels with the form"]
    about: Annotated[Link, "The work it would change"]
    by: Annotated[PersonLink, "Who signed it"]
    at: Annotated[datetime, "When this node first saw it"]
    note: Annotated[str, "What should change and why"]
    state: Annotated[Literal["open", "accepted", "declined"], "What became of it"]
    reason: Annotated[str, "The author's, when it was declined"]
    difference: Annotated[tuple[DiffLine, ...], "To the version that it was made for; empty when that is gone"]
    edit: Annotated[str, "Address that opens the merged text on the author's desk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsPage(Page):
    """Sends `uri` and a button `do`: `accept`, `decline` (with `reason`) or `withdraw`."""

    template: ClassVar[str] = "suggestions.html"
    action: Annotated[str, "Address that takes the POST"]
    to_me: Annotated[tuple[SuggestionLine, ...], "For my work: open ones first, then newest first"]
    by_me: Annotated[tuple[SuggestionLine, ...], "For others' work, newest first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirePage(Page):
    """Sends `uri`, `reason`, `instead` (an address, or '') and a button `do`: `retire` or `restore`."""

    template: ClassVar[str] = "retire.html"
    action: Annotated[str, "Address that takes the POST"]
    uri: Annotated[str, "at-uri of the item; travels with the form"]
    about: Annotated[Link, "Its page"]
    is_retired: Annotated[bool, "It is out of use now"]
    instead: Annotated[tuple[Choice, ...], "What could be used instead: own work in use; the first is none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """A file that becomes public with the record."""

    path: Annotated[str, "Path inside the module"]
    size: Annotated[int, "Bytes"]
    cid: Annotated[str, "Hash of the content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotePage(Page):
    """Shows exactly what would become public. Sends `uri` and `digest`."""

    template: ClassVar[str] = "promote.html"
    action: Annotated[str, "Address that takes the POST"]
    uri: Annotated[str, "at-uri of the item; travels with the form"]
    digest: Annotated[str, "Names exactly the content shown; travels with the form"]
    about: Annotated[Link, "Its page"]
    record: Annotated[str, "The record as it would be published, as JSON"]
    text: Annotated[str, "The same as Markdown, as an author keeps it"]
    files: Annotated[tuple[PublicFile, ...], "Files that become public with it"]
    obstacles: Annotated[tuple[Link, ...], "Internal things that it names, which keep it from becoming public"]
    stays: Annotated[tuple[str, ...], "What stays inside, in words"]
