"""Work history that a worker brings along. Private."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from node.web.contexts.cards import FieldProblem
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPiece:
    """One thing that a file says was done."""

    title: Annotated[str, "What was done"]
    said: Annotated[str, "When and how, in words"]
    skills: Annotated[tuple[str, ...], "What it was taken for; it counts only for these"]
    value: Annotated[str, "Goes into the field `piece` when it is chosen"] = ""
    remove: Annotated[str, "Address that takes a POST and removes it"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkHistoryPage(Page):
    """A text is shown first (`text`), then what was chosen of it (`piece`, may repeat) is kept."""

    template: ClassVar[str] = "work_history.html"
    show_action: Annotated[str, "Address that takes the POST of `text`"]
    keep_action: Annotated[str, "Address that takes the POST of the chosen pieces"]
    text: Annotated[str, "What was sent, to be mended"]
    shown: Annotated[tuple[HistoryPiece, ...], "What the text says; nothing of it counts yet"]
    kept: Annotated[tuple[HistoryPiece, ...], "What counts, newest first"]
    problems: Annotated[tuple[FieldProblem, ...], "Why the text could not be read"]
