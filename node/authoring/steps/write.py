"""Write the steps of a task as Markdown that `read_steps` reads back."""

import re
from collections.abc import Iterable, Iterator

from node.authoring.document import Step

_LIST_LINE = re.compile(r"^[ ]{0,3}(?:[-+*]|\d{1,9}[.)])(?: |$)", re.MULTILINE)


def write_steps(steps: Iterable[Step]) -> str:
    """An ordered list: bold title, text, then the step's own front matter as a list."""
    return "\n".join(_step(number, step) for number, step in enumerate(steps, 1))


def _step(number: int, step: Step) -> str:
    marker = f"{number}. "
    title = step.title if "**" in step.title else f"**{step.title}**"
    entries = [f"{'*' if _LIST_LINE.search(step.text) else '-'} {key}: {value}" for key, value in _entries(step)]
    lines = [title, *(["", *step.text.split("\n")] if step.text else [])]
    if _LIST_LINE.search(step.text) and entries:
        lines.append("")
    inside = [*lines, *entries]
    indent = " " * len(marker)
    return marker + "\n".join(indent + line if line and number else line for number, line in enumerate(inside)) + "\n"


def _entries(step: Step) -> Iterator[tuple[str, str]]:
    values = {
        "by": step.by,
        "check": step.check,
        "pitfalls": step.pitfalls,
        "minutes": str(step.minutes or ""),
        "byHand": step.by_hand,
    }
    return ((key, value) for key, value in values.items() if value)
