"""Markdown as words to find and to quote: marks of the format are not what anybody looks for."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t]*:{3,}.*$|^[ \t]*(?:`{3,}|~{3,}).*$", re.MULTILINE)
_LEADING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)", re.MULTILINE)
_RULE = re.compile(r"^[ \t|:+-]{3,}$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKS = re.compile(r"\*{1,3}|`+|(?<!\w)_{1,3}|_{1,3}(?!\w)|</?[a-zA-Z][^>\n]{0,200}>")
_ROW = re.compile(r"^[ \t]*\|[ \t]*(.*?)[ \t]*\|?[ \t]*$", re.MULTILINE)


def plain_text(markdown: str) -> str:
    """The words of a text, line by line; links by what they are called, pictures by their description."""
    text = _LEADING.sub("", _RULE.sub("", _FENCE.sub("", markdown)))
    words = _MARKS.sub("", _LINK.sub(r"\1", text))
    return _ROW.sub(lambda row: row[1].replace("|", "·"), words).strip()
