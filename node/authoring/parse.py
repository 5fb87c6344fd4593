"""Parse modules, tasks and paths. Any input yields a document; what is wrong with it is in `document.problems`."""

from dataclasses import dataclass

from node.authoring import limits
from node.authoring.body.read import read_body
from node.authoring.document import Body, ModuleDocument, PathDocument, TaskDocument
from node.authoring.front_matter.read import FrontMatter, read_front_matter
from node.authoring.front_matter.split import Parts, split
from node.authoring.lines import LineTable
from node.authoring.problems import Problem


@dataclass(frozen=True, slots=True)
class _Read:
    parts: Parts
    front: FrontMatter
    content: Body
    problems: tuple[Problem, ...]


def parse_module(source: str | bytes, path: str = "module.md") -> ModuleDocument:
    """Read a module. Bytes that are not UTF-8 are kept for writing back, and reported."""
    read = _read(source, path)
    return ModuleDocument(path, read.parts, read.front, read.content, read.problems)


def parse_task(source: str | bytes, path: str = "task.md") -> TaskDocument:
    """Read a task: its steps are the items of the first ordered list of the body (docs/reference/task-format.md)."""
    from node.authoring.steps.read import read_steps

    read = _read(source, path)
    if _is_too_long(read.parts.body):
        return TaskDocument(path, read.parts, read.front, read.content, read.problems)
    steps, notes, problems = read_steps(read.parts.body, path, _lines_above(read.parts))
    return TaskDocument(path, read.parts, read.front, read.content, (*read.problems, *problems), steps, notes)


def parse_path(source: str | bytes, path: str = "path.md") -> PathDocument:
    """Read a path: its modules are the links that begin the items of a numbered list."""
    from node.authoring.stops.read import read_stops

    read = _read(source, path)
    if _is_too_long(read.parts.body):
        return PathDocument(path, read.parts, read.front, read.content, read.problems)
    stops, purpose = read_stops(read.parts.body, _lines_above(read.parts))
    return PathDocument(path, read.parts, read.front, read.content, read.problems, stops, purpose)


def _read(source: str | bytes, path: str) -> _Read:
    text = source.decode("utf-8", "surrogateescape") if isinstance(source, bytes) else source
    if _is_too_long(text):
        message = f"the file is longer than {limits.SOURCE_CHARACTERS} characters and is not read; split it"
        return _Read(
            Parts("", "", "", text), FrontMatter(), Body(), (Problem(path, 1, 1, "too-long", "error", message),)
        )
    parts = split(text)
    front, problems = read_front_matter(parts, path)
    content = read_body(parts.body, path, _lines_above(parts))
    return _Read(parts, front, content, (*_undecodable(text, path), *problems, *content.problems))


def _is_too_long(text: str) -> bool:
    return len(text) > limits.SOURCE_CHARACTERS


def _lines_above(parts: Parts) -> int:
    return len(LineTable(parts.head + parts.yaml + parts.tail)) - 1 if parts.tail else 0


def _undecodable(text: str, path: str) -> tuple[Problem, ...]:
    """The first character that no UTF-8 text holds: a stray byte (kept as a surrogate) or a surrogate itself."""
    if text.isascii():
        return ()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        line, column = LineTable(text).place(error.start)
        return (Problem(path, line, column, "not-utf8", "error", "this is not UTF-8 text; save the file as UTF-8"),)
    return ()
