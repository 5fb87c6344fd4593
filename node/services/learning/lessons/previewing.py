"""A draft as a worker of a level would see it, for its author: nobody's data is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from node.authoring.document import ModuleDocument
from node.authoring.render import render
from node.authoring.rendering.view import Rendered, View

if TYPE_CHECKING:
    from node.authoring.document import Document

# The chance of unaided success that stands for each reader; the lesson's own rules decide what follows from it.
READERS = {"novice": 0.3, "competent": 0.6, "expert": 0.9}


def seen_by(document: Document, reader: str, view: View) -> tuple[Rendered, list[str]]:
    """What a worker of this level sees, and what was changed for them. Tasks and paths are the same for everybody."""
    from node.personalizer.adaptation.adapting import adapt
    from node.personalizer.adaptation.blocks import Reader
    from node.services.learning.reading import adapted_view, outline_of

    if not isinstance(document, ModuleDocument):
        return render(document, view), []
    lesson = adapt(outline_of(document, "draft"), Reader(READERS[reader]))
    changes = [f"line {change.line}: {change.block} – {change.what}, {change.why}" for change in lesson.changes]
    return render(document, adapted_view(view, lesson)), changes
