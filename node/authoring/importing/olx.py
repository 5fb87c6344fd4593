"""Open edX OLX: one module for each sequential of a course (docs.openedx.org, "Open Learning XML").

XML that declares a document type is refused before it is parsed: entities are how small files become large ones.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from node.authoring.importing.imported import Imported, described, first_prose, name_from, settle
from node.authoring.importing.markup import markdown_of
from node.authoring.importing.olx_problem import question_of
from node.authoring.importing.pictures import settle_pictures
from node.authoring.importing.quiz_text import write_question
from node.authoring.parse import parse_module

Read = Callable[[str], str | None]  # text of a file of the course by its path, None where it is not there

_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PARTS = ("chapter", "sequential", "vertical")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")
_MOST = 20_000  # elements of a course


class OlxInvalid(ValueError):
    """The course cannot be read."""


@dataclass(slots=True)
class _Course:
    read: Read
    files: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    count: int = 0

    def element(self, kind: str, pointer: ET.Element) -> ET.Element:
        """What a pointer (`<vertical url_name=…/>`) stands for; itself where it holds its content."""
        self.count += 1
        if self.count > _MOST:
            raise OlxInvalid(f"the course has more than {_MOST} elements")
        name = pointer.get("url_name", "")
        if len(pointer) or not re.fullmatch(r"[\w:.-]+", name) or ".." in name:
            return pointer
        text = self.read(f"{kind}/{name.replace(':', '/')}.xml")
        if text is None:
            self.notes.append(f"missing: {kind}/{name}.xml")
            return pointer
        try:
            return parse_xml(text)
        except OlxInvalid as error:
            self.notes.append(f"{kind}/{name}.xml: {error}")
            return pointer


def parse_xml(text: str) -> ET.Element:
    """An element. Raises OlxInvalid, for a document type too."""
    if _DOCTYPE.search(text):
        raise OlxInvalid("XML with a document type is not read")
    try:
        return ET.fromstring(_ENTITY.sub("&amp;", text))  # noqa: S314 - no document type, so no entities
    except ET.ParseError as error:
        raise OlxInvalid(f"this is not XML: {error}") from None


def import_course(read: Read, root: str, files: tuple[str, ...] = ()) -> tuple[list[Imported], tuple[str, ...]]:
    """Every sequential of the course whose pointer is the text `root`. `files`: pictures, by path below `static`."""
    course = _Course(read, files)
    top = parse_xml(root)
    made: list[Imported] = []
    for chapter in _children(course, course.element("course", top), "chapter"):
        for number, sequential in enumerate(_children(course, chapter, "sequential"), 1):
            module = _module(course, (chapter.get("display_name", ""), sequential.get("display_name", "")), sequential)
            if module is not None:
                taken = {one.name for one in made}
                made.append(module if module.name not in taken else _renamed(module, f"{module.name[:58]}-{number}"))
    return made, tuple(dict.fromkeys(course.notes))


def _children(course: _Course, element: ET.Element, kind: str) -> Iterator[ET.Element]:
    for child in element:
        if child.tag == kind:
            yield course.element(kind, child)


def _module(course: _Course, titles: tuple[str, str], sequential: ET.Element) -> Imported | None:
    parts: list[str] = []
    for vertical in _children(course, sequential, "vertical"):
        content = [text for child in vertical if (text := _content(course, child)).strip()]
        if content:
            title = vertical.get("display_name", "")
            parts += [f"## {title}\n"] * bool(title) + content
    body = "\n\n".join(parts)
    if not body.strip():
        return None
    body, pictures, notes = settle_pictures(parse_module(body), course.files)
    title = ": ".join(word for word in titles if word) or "Untitled"
    front: dict[str, Any] = {
        "name": name_from(*titles), "title": title, "language": "en",
        "description": described("", first_prose(body) or title),
    }  # fmt: skip
    made = settle(front, body, notes)
    return Imported(made.name, made.text, pictures, made.notes, f"{made.name}.md")


def _content(course: _Course, pointer: ET.Element) -> str:
    kind = str(pointer.tag)
    element = course.element(kind, pointer)
    title = element.get("display_name", "")
    if kind == "html":
        source = element.get("filename", "")
        text = course.read(f"html/{source}.html") if re.fullmatch(r"[\w./:-]+", source) and ".." not in source else None
        inner = "".join(ET.tostring(child, encoding="unicode", method="html") for child in element)
        return markdown_of(text if text is not None else (element.text or "") + inner)
    if kind == "problem":
        return write_question(question_of(element))
    if kind == "video":
        address = element.get("youtube_id_1_0") or element.get("youtube", "").rpartition(":")[2]
        return f"[Video: {title or 'watch'}](https://www.youtube.com/watch?v={address})" if address else ""
    if kind in _PARTS:
        return "\n\n".join(_content(course, child) for child in element)
    course.notes.append(f"left out, only the platform can show it: {kind} “{title}”")
    return ""


def _renamed(module: Imported, name: str) -> Imported:
    text = module.text.replace(f"name: {module.name}\n", f"name: {name}\n", 1)
    return Imported(name, text, module.files, module.notes, f"{name}.md")
