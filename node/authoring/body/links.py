"""Links, pictures and slots of a body, with exact places, without a full inline parse.

Code is blanked out first, character for character, so that offsets stay true and nothing inside it counts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from node.authoring.document import Code, Link, LinkKind
from node.authoring.lines import LineTable

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:.(?!\n[ \t]*\n)){1,2000}?(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(
    r"(?<!\\)(!?)\[((?:[^\[\]\\]|\\.|!?\[[^\[\]\n]{0,300}\](?:\([^()\n]{0,2000}\))?){0,2000}+)\]"
    r"(?:\([ \t\n]*(<[^<>\n]*>|[^\s()<>]*+(?:\([^\s()]*\)[^\s()<>]*+)*)"
    r"""(?:[ \t\n]+(?:"[^"]{0,1000}"|'[^']{0,1000}'|\([^()]{0,1000}\)))?[ \t\n]*\)|\[([^\[\]\n]{0,300})\])?""",
)
_HTML = re.compile(r"<(img|a)\b([^<>]{0,4000})>|<(https?://[^<>\s]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt|href)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_NOT_END = re.compile(r"[^\r\n]")


def mask_code(body: str, lines: LineTable, code: Iterable[Code]) -> str:
    """The body with code blocks and code spans replaced by spaces."""
    pieces, at = [], 0
    for block in code:
        first, last = lines.start(block.line), lines.start(block.end_line + 1)
        pieces += [body[at:first], _NOT_END.sub(" ", body[first:last])]
        at = max(last, at)
    text = "".join((*pieces, body[at:]))
    return _CODE_SPAN.sub(lambda match: _NOT_END.sub(" ", match[0]), text) if "`" in text else text


def find_links(body: str, masked: str, lines: LineTable, references: Mapping[str, str]) -> list[Link]:
    """Every link and picture; `references` are the targets of `[label]: target` definitions by upper-case label."""
    found = list(_markdown_links(body, masked, lines, references, 0)) if "[" in masked else []
    if "<" in masked:
        found += (_html_link(match, lines) for match in _HTML.finditer(masked))
    return sorted(found, key=lambda link: (link.line, link.column))


def _markdown_links(body: str, text: str, lines: LineTable, references: Mapping[str, str], base: int) -> Iterable[Link]:
    """Found in `text`, a masked part of the body that begins at `base`; the words come from the body itself."""
    for match in _each_link(text):
        label = match[2]
        target = _target(match, references)
        if "![" in label:  # a picture inside a link
            yield from _markdown_links(body, label, lines, references, base + match.start(2))
        if target is None:
            continue
        kind: LinkKind = "picture" if match[1] else "slot" if target.startswith("slot:") else "link"
        line, column = lines.place(base + match.start())
        words = " ".join(body[base + match.start(2) : base + match.end(2)].split())
        yield Link(kind, target.removeprefix("slot:"), words, line, column)


def _each_link(text: str) -> Iterator[re.Match[str]]:
    """As `_LINK.finditer`, many times as fast: it is tried only where there is a bracket."""
    at = 0
    while (bracket := text.find("[", at)) >= 0:
        marked = bracket > at and text[bracket - 1] == "!"
        match = (_LINK.match(text, bracket - 1) if marked else None) or _LINK.match(text, bracket)
        if match:
            yield match
        at = match.end() if match else bracket + 1


def _target(match: re.Match[str], references: Mapping[str, str]) -> str | None:
    if match[3] is not None:
        return match[3].strip("<>")
    label = match[4] or match[2]
    return references.get(" ".join(label.split()).upper()) if references else None


def _html_link(match: re.Match[str], lines: LineTable) -> Link:
    """`<img>`, `<a>` or `<https://…>`. The words of an `<a>` are not looked for; its address stands for them."""
    line, column = lines.place(match.start())
    attributes = {name.lower(): value.strip("\"'") for name, value in _ATTRIBUTE.findall(match[2] or "")}
    if match[1] and match[1].lower() == "img":
        return Link("picture", attributes.get("src", ""), attributes.get("alt", ""), line, column)
    target = match[3] or attributes.get("href", "")
    return Link("link", target, target or "#", line, column)
