"""Edit the numbered list of a path in its text. Nothing else of the text changes; the numbers are given anew.

Places count from 0; what names no stop changes nothing: the page that asks may be older than the text.
"""

import re
from collections.abc import Callable

from node.authoring.front_matter.split import split
from node.authoring.stops.read import LINK, numbered, read_stops

_MARKED = re.compile(r"([\[\]\\])")
_Lines = list[str]
_Spans = list[tuple[int, int]]


def add_stop(text: str, target: str, title: str) -> str:
    """Put a module behind the last one."""

    def added(lines: _Lines, spans: _Spans) -> _Lines:
        end = spans[-1][1] if spans else len(lines)
        gap = [] if spans or not lines or not lines[-1].strip() else ["\n"]
        return [*lines[:end], *gap, f"1. [{escaped(title)}]({target})\n", *lines[end:]]

    return _edited(text, added)


def remove_stop(text: str, place: int) -> str:
    """Take a module out."""

    def removed(lines: _Lines, spans: _Spans) -> _Lines:
        start, end = spans[place]
        loose = start > 0 and end < len(lines) and not lines[start - 1].strip() and not lines[end].strip()
        return [*lines[:start], *lines[end + loose :]]

    return _edited(text, removed, place)


def move_stop(text: str, place: int, by: int) -> str:
    """Let a module change places with the one `by` places further down, or up where it is negative."""

    def moved(lines: _Lines, spans: _Spans) -> _Lines:
        (start, end), (other, last) = sorted((spans[place], spans[place + by]))
        return [*lines[:start], *lines[other:last], *lines[end:other], *lines[start:end], *lines[last:]]

    return _edited(text, moved, place, place + by)


def turn_optional(text: str, place: int) -> str:
    """Let a module be skipped, or no longer."""

    def turned(lines: _Lines, spans: _Spans) -> _Lines:
        at = spans[place][0]
        link = LINK.search(lines[at].rstrip("\r\n"))
        assert link is not None  # it was read as a stop
        behind = lines[at].index(")", link.end(2)) + 1
        rest = lines[at][link.end(3) :] if link[3] else f" (optional){lines[at][behind:]}"
        return [*lines[:at], lines[at][:behind] + rest, *lines[at + 1 :]]

    return _edited(text, turned, place)


def escaped(title: str) -> str:
    """A title as the words of a link, on one line."""
    return _MARKED.sub(r"\\\1", " ".join(title.split()))


def _edited(text: str, edit: Callable[[_Lines, _Spans], _Lines], *places: int) -> str:
    parts = split(text)
    body = parts.body if not parts.body or parts.body.endswith("\n") else f"{parts.body}\n"
    spans = [(stop.line - 1, stop.end_line) for stop in read_stops(body)[0]]
    if not all(0 <= place < len(spans) for place in places):
        return text
    lines = edit(body.splitlines(keepends=True), spans)
    return parts.head + parts.yaml + parts.tail + numbered("".join(lines))
