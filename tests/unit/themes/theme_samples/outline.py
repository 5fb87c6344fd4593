"""A page's HTML read back: elements in order, with a strict eye on nesting."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SPOKEN = {"a", "button", "summary", "title"}  # elements whose words are asked for
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass(slots=True, eq=False)
class Element:
    tag: str
    attributes: dict[str, str | None]
    parents: tuple["Element", ...] = ()
    text: str = ""


@dataclass(slots=True)
class Outline:
    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def ids(self) -> list[str]:
        return [value for element in self.elements if (value := element.attributes.get("id"))]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.outline = Outline()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), tuple(self.open))
        if len(element.attributes) != len(attrs):
            self.outline.faults.append(f"<{tag}> repeats an attribute")
        self.outline.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.outline.elements.append(Element(tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.outline.faults.append(f"</{tag}> closes {self.open[-1].tag if self.open else 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            if element.tag in SPOKEN:
                element.text += data


def read(html: str) -> Outline:
    """The outline of a page; what is not closed or badly nested is in its faults."""
    reader = _Reader()
    reader.feed(html)
    reader.outline.faults.extend(f"<{element.tag}> is never closed" for element in reader.open)
    return reader.outline
