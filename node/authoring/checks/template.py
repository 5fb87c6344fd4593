"""Words of the template that an author left standing."""

from collections.abc import Iterator

from node.authoring.beginnings import PLACEHOLDERS
from node.authoring.document import Document
from node.authoring.problems import Problem


def check_template(document: Document) -> Iterator[Problem]:
    """Errors, one for each sentence that says what should stand there: published, it would help nobody."""
    text = document.source
    for sentence in PLACEHOLDERS:
        at = text.find(sentence)
        if at >= 0:
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            message = "this is what the template says; write your own words or take it out"
            yield Problem(document.path, line, column, "template-text", "error", message, sentence)
