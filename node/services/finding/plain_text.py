"""Markdown as words to find and to quote: marks of the format are not what anybody looks for."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t]*:{3,}.*$|^[ \t]*(?:`{3,}|~{3,}).*$", re.MULTILINE)
_LEADING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)", re.MULTILINE)
_RULE = re.compile(r"^[ \t|:+-]{3,}$", re.MULTILINE)
# Strangers write it, and the interpreter does nothing else meanwhile: each of these takes as long as the text is.
_LINK = re.compile(r"!?\[([^\[\]\n]*+)\]\((?:[^()\n]|\([^()\n]*+\))*+\)")
_MARKS = re.compile(r"\*{1,3}|`+|(?<!\w)_{1,3}|_{1,3}(?!\w)|</?[a-zA-Z][^>\n]{0,200}>")


def plain_text(markdown: str) -> str:
    """The words of a text, line by line; links by what they are called, pictures by their description."""
    text = _LEADING.sub("", _RULE.sub("", _FENCE.sub("", markdown)))
    named = _LINK.sub(r"\1", _LINK.sub(r"\1", text))  # a picture may stand in a link
    return "\n".join(map(_row, _MARKS.sub("", named).split("\n"))).strip()


def _row(line: str) -> str:
    """The cells of a line of a table; any other line as it is."""
    bare = line.strip(" \t")
    return bare[1:].removesuffix("|").strip(" \t").replace("|", "·") if bare.startswith("|") else line
