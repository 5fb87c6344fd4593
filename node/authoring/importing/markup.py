"""HTML as Markdown: what a page says, without what a program would do. Scripts, styles and forms are left out."""

import re
from html.parser import HTMLParser

_SKIPPED = frozenset({"script", "style", "head", "template", "noscript", "svg", "iframe", "object", "textarea"})
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "tt": "`", "kbd": "`"}
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "table", "ul", "ol", "blockquote", "figure", "center", "tr", "dl"}
)
_LONGEST = 2_000_000  # characters


def markdown_of(html: str) -> str:
    """Markdown of an HTML fragment. Never raises; what is longer than a book is cut."""
    reader = _Reader()
    reader.feed(html[:_LONGEST])
    reader.close()
    text = "".join(reader.out)
    text = re.sub(r"[ \t]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.skipping = ""
        self.lists: list[str] = []
        self.link = ""
        self.code = False
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipping:
            return
        given = {name: value or "" for name, value in attrs}
        if tag in _SKIPPED:
            self.skipping = tag
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.out.append("\n\n" + "#" * max(3, int(tag[1])) + " ")
        elif tag == "pre":
            self.code = True
            self.out.append("\n\n```\n")
        elif tag in _MARKS and not self.code:
            self.out.append(_MARKS[tag])
        else:
            self._other(tag, given)

    def _other(self, tag: str, given: dict[str, str]) -> None:
        if tag == "a":
            self.link = given.get("href", "")
            self.out.append("[" if self.link else "")
        elif tag == "img":
            self.out.append(f"![{given.get('alt', '')}]({given.get('src', '').removeprefix('/static/')})")
        elif tag == "br":
            self.out.append("\n")
        elif tag == "hr":
            self.out.append("\n\n---\n\n")
        elif tag == "li":
            mark = "1. " if self.lists and self.lists[-1] == "ol" else "- "
            self.out.append("\n" + "  " * max(len(self.lists) - 1, 0) + mark)
        elif tag in ("td", "th"):
            self.out.append(" · " if self.cells else "")
            self.cells += 1
        elif tag in _BLOCKS:
            self._block(tag)

    def _block(self, tag: str) -> None:
        self.cells = 0
        if tag in ("ul", "ol"):
            self.lists.append(tag)
        self.out.append("\n" if self.lists or tag == "tr" else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self.skipping:
            self.skipping = "" if tag == self.skipping else self.skipping
        elif tag == "pre":
            self.code = False
            self.out.append("\n```\n\n")
        elif tag in _MARKS and not self.code:
            self.out.append(_MARKS[tag])
        elif tag == "a" and self.link:
            self.out.append(f"]({self.link})")
            self.link = ""
        elif tag in ("ul", "ol"):
            self.lists = self.lists[:-1]
            self.out.append("\n\n" if not self.lists else "\n")
        elif tag in _BLOCKS or tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.out.append("\n" if self.lists else "\n\n")

    def handle_data(self, data: str) -> None:
        if self.skipping:
            return
        text = data if self.code else re.sub(r"\s+", " ", data)
        before = self.out[-1][-1:] if self.out and self.out[-1] else "\n"
        self.out.append(text.lstrip() if not self.code and before == "\n" else text)
