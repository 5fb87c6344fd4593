"""Read the numbered list of a path.

1. [Read a handover note](at://did:plc:…/org.skillnet.module/read-a-handover) Everything else rests on it.
2. [Check a summary](check-a-drafted-summary) (optional) Only where drafts come from an assistant.
"""

import re
from collections.abc import Iterable
from itertools import count

from node.authoring.document import Stop

_ITEM = re.compile(r"^ {0,3}\d{1,9}[.)][ \t]+(.*)$")
LINK = re.compile(
    r"\[((?:[^\[\]\\]|\\.)*)\]\(<?([^\s<>()]+)>?\)[ \t]*(\(optional\))?[ \t]*[–—:-]?[ \t]*(.*)$", re.IGNORECASE
)
_NUMBER = re.compile(r"^( {0,3})\d{1,9}(?=[.)][ \t]+\[)", re.MULTILINE)


def read_stops(body: str, above: int = 0) -> tuple[tuple[Stop, ...], str]:
    """The stops, and the text without them; `above` is the number of lines above the body in the file."""
    kept: list[str] = []
    stops: list[Stop] = []
    open_stop = False
    for number, line in enumerate(body.splitlines(), above + 1):
        item = _ITEM.match(line)
        link = LINK.match(item.group(1)) if item else None
        if link is not None:
            title, target, optional, note = link.groups()
            stops.append(Stop(target, _unescaped(title), note.strip(), bool(optional), number, number))
            open_stop = True
        elif open_stop and line.startswith((" ", "\t")) and line.strip():
            stops[-1] = stops[-1].continued(line.strip(), number)
        else:
            open_stop = open_stop and not line.strip()
            kept.append(line)
    return tuple(stops), "\n".join(kept).strip() + "\n" if kept else ""


def numbered(text: str, numbers: Iterable[int] | None = None) -> str:
    """The same with the numbers of its stops given anew, from 1; or all those that `numbers` gives."""
    given = iter(count(1) if numbers is None else numbers)
    return _NUMBER.sub(lambda match: f"{match[1]}{next(given)}", text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()
