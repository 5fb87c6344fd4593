"""HTML that an author wrote into Markdown: a few elements without classes, ids or styles; the rest becomes nothing.

This runs before `clean`, which alone decides what is safe; here it is decided what may look like ours.
"""

import re
from collections.abc import Callable
from html import escape, unescape

from node.authoring import limits
from node.authoring.rendering.elements import AUTHORS

_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)(/?)>|<!--(?:[^-]|-(?!->))*+(?:-->|\Z)", re.DOTALL
)
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_ATTRIBUTES = frozenset(
    {
        "lang",
        "dir",
        "title",
        "open",
        "href",
        "src",
        "alt",
        "colspan",
        "rowspan",
        "start",
        "datetime",
        "align",
        "width",
        "height",
    }
)
_VOID = frozenset({"br", "hr", "img", "wbr"})
_CONTENT_GOES_TOO = frozenset({"script", "style"})


class RawHtml:
    """Filters one document's HTML piece by piece, and never lets it close an element that it did not open."""

    __slots__ = ("_open", "_picture")

    def __init__(self, picture: Callable[[str, str], str]) -> None:
        self._open: list[str] = []
        self._picture = picture

    def filter(self, html: str) -> str:
        return _TAG.sub(self._tag, html) if "<" in html else html

    def close_all(self) -> str:
        """End tags for what is still open: a block's HTML ends with the block."""
        closing = "".join(f"</{name}>" for name in reversed(self._open))
        self._open.clear()
        return closing

    def _tag(self, match: re.Match[str]) -> str:
        if match[2] is None:
            return ""
        name = match[2].lower()
        if name in _CONTENT_GOES_TOO:
            return f"<{match[1]}{name}>"
        if name not in AUTHORS:
            return ""
        return self._end(name) if match[1] else self._start(name, match[3])

    def _end(self, name: str) -> str:
        if name not in self._open:
            return ""
        at = len(self._open) - 1 - self._open[::-1].index(name)
        closing = "".join(f"</{inner}>" for inner in reversed(self._open[at:]))
        del self._open[at:]
        return closing

    def _start(self, name: str, text: str) -> str:
        attributes = {key.lower(): unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(text)}
        if name == "img":
            return self._picture(attributes.get("src", ""), attributes.get("alt", ""))
        if name not in _VOID:
            if len(self._open) >= limits.HTML_DEPTH:
                return ""
            self._open.append(name)
        kept = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if key in _ATTRIBUTES)
        return f"<{name}{kept}>"
