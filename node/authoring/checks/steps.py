"""Steps of a task: each needs a title, someone who does it, and a way to tell that it is right."""

from collections.abc import Iterator

from node.authoring.document import TaskDocument
from node.authoring.problems import Problem
from node.authoring.vocabulary import BY, nearest


def check_steps(document: TaskDocument) -> Iterator[Problem]:
    """A task without steps is a statement; a step without a check cannot be judged."""
    if not document.steps and document.body.strip():
        message = "a task needs an ordered list of steps: “1. **What is done**”"
        yield Problem(document.path, 1, 1, "no-steps", "warning", message)
    for number, step in enumerate(document.steps, 1):
        if not step.title:
            message = f"step {number} has no title"
            yield Problem(document.path, step.line, 1, "step-without-title", "error", message)
        if step.by and step.by not in BY:
            message = f"step {number}: “by” must be one of {', '.join(BY)}"
            near = nearest(step.by, BY)
            yield Problem(document.path, step.line, 1, "not-allowed", "error", message, step.by, BY, near)
        if not step.by:
            message = f"step {number} does not say who does it: “- by: person”, assistant or both"
            yield Problem(document.path, step.line, 1, "step-without-by", "warning", message, "", BY)
        if not step.check:
            message = f"step {number} does not say how one knows that it is right: “- check: …”"
            yield Problem(document.path, step.line, 1, "step-without-check", "warning", message)
