"""Conflict markers of a merge that was not finished; what holds one may not be published."""

from collections.abc import Iterator

from node.authoring.document import Document
from node.authoring.problems import Problem

_OPENS, _CLOSES = "<<<<<<< ", ">>>>>>> "


def check_markers(document: Document) -> Iterator[Problem]:
    """An opening marker with a closing one below it, outside code, where lessons about git show them."""
    parts = document.parts
    shown = parts.head + parts.yaml + parts.tail + document.content.masked
    if f"\n{_OPENS}" not in shown or f"\n{_CLOSES}" not in shown:
        return
    for number, line in enumerate(shown.splitlines(), 1):
        if line.startswith(_OPENS):
            message = "a merge is not finished here: choose between the sides and remove the markers"
            yield Problem(document.path, number, 1, "conflict-marker", "error", message, line[:80])
