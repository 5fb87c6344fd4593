"""Pictures of an imported text: those that are there travel along; of others their words remain."""

import re
from collections.abc import Sequence

from node.authoring.document import Document
from node.authoring.importing.imported import PICTURES
from node.authoring.lines import LineTable

_PICTURE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)(?:\{([^}]*)\})?")
_ALT = re.compile(r"""\balt\s*=\s*(?:'([^']*)'|"([^"]*)")""")


def settle_pictures(document: Document, files: Sequence[str]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The body, the pictures of it that are among `files`, and notes about the others. Code is left alone."""
    there, kept, notes = set(files), [], []
    body, masked = document.body, document.content.masked
    pieces, at = [], 0
    for match in _PICTURE.finditer(body):
        if masked[match.start() : match.start() + 2] != "![":
            continue
        said = _ALT.search(match[3] or "")
        alt = match[1] or (said[1] or said[2] or "" if said else "")
        target = match[2].removeprefix("./")
        pieces.append(body[at : match.start()])
        at = match.end()
        if target in there and target.lower().endswith(PICTURES):
            kept.append(target)
            pieces.append(f"![{alt}]({target})")
        elif ":" in target.split("/")[0]:
            pieces.append(f"[{alt or 'picture'}]({target})")
            notes.append(f"a picture elsewhere became a link: {target}")
        else:
            pieces.append(f"*({alt or target.rpartition('/')[2]})*")
            notes.append(
                f"this picture {'is of a kind that is not shown' if target in there else 'is missing'}: {target}"
            )
    return "".join((*pieces, body[at:])), tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(notes))


def code_lines(document: Document) -> frozenset[int]:
    """Lines of the body, from 0, that belong to code."""
    parts = document.parts
    above = len(LineTable(parts.head + parts.yaml + parts.tail)) - 1 if parts.tail else 0
    spans = (range(block.line - 1 - above, block.end_line - above) for block in document.content.code)
    return frozenset(line for span in spans for line in span)
