"""Paths in Markdown: front matter, a few words on the purpose, and a numbered list of links to modules in order.

    1. [Read a handover note](at://did:plc:…/org.skillnet.module/read-a-handover) Everything else rests on it.
    2. [Check a summary](check-a-drafted-summary) (optional) Only where drafts come from an assistant.

A link's target is a module's address, or the name of one by the same author. Any viewer shows the list as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from node.authoring import limits
from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.front_matter.read import FrontMatter, read_front_matter
from node.authoring.front_matter.split import split
from node.authoring.problems import Problem
from schemas.authority import MODULE, PATH_VERSION

_ITEM = re.compile(r"^ {0,3}\d{1,9}[.)][ \t]+(.*)$")
_LINK = re.compile(
    r"\[((?:[^\[\]\\]|\\.)*)\]\(<?([^\s<>()]+)>?\)[ \t]*(\(optional\))?[ \t]*[–—:-]?[ \t]*(.*)$", re.IGNORECASE
)
_BRACKETS = re.compile(r"([\[\]])")
_ESCAPED = r"\\\1"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_STOPS = 128
REQUIRED: Final = ("name", "title", "description", "language")
_FIELDS: Final = (
    "name", "title", "description", "language", "license", "level", "minutes", "occupations", "tasks", "skills",
    "reviewBy", "translationOf",
)  # fmt: skip
_OWN_KEYS: Final = frozenset({*_FIELDS, "kind", "derivedFrom"})


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a path; `line` counts from 1 in the file."""

    target: str
    title: str
    note: str
    optional: bool
    line: int


@dataclass(frozen=True, slots=True)
class PathDocument:
    """A path as written: what stands around the list, and the stops of the first numbered list."""

    front: FrontMatter
    body: str
    stops: tuple[Stop, ...]
    problems: tuple[Problem, ...]


def parse_path(text: str, path: str = "path.md") -> PathDocument:
    """Read a path. Any text gives a document; what is wrong is in `problems`."""
    if len(text) > limits.SOURCE_CHARACTERS:
        problem = Problem(path, 1, 1, "too-long", "error", "the file is too long and is not read")
        return PathDocument(FrontMatter(), "", (), (problem,))
    parts = split(text)
    front, problems = read_front_matter(parts, path)
    above = text.count("\n", 0, parts.body_offset)
    body, stops = _read_stops(parts.body, above)
    return PathDocument(front, body, stops, (*problems, *_problems(front, stops, path)))


def path_value(document: PathDocument, did: str, licence: str = "CC-BY-4.0") -> dict[str, Any]:
    """The value of a pathVersion record by `did`; valid when the document has no errors."""
    data = document.front.data
    value: dict[str, Any] = {"$type": PATH_VERSION, "license": licence}
    value |= {name: _plain(data[name]) for name in _FIELDS if data.get(name) not in (None, "", [])}
    derived = data.get("derivedFrom")
    if isinstance(derived, Mapping) and str(derived.get("uri", "")).startswith("at://") and derived.get("cid"):
        value["derivedFrom"] = {"uri": str(derived["uri"]), "cid": str(derived["cid"])}
    metadata = {key: entry for key, entry in data.items() if key not in _OWN_KEYS}
    if metadata:
        value["metadata"] = metadata
    if document.body.strip():
        value["body"] = document.body.strip() + "\n"
    value["modules"] = [_stop_value(stop, did) for stop in document.stops]
    return value


def path_source(value: Mapping[str, Any]) -> str:
    """Markdown of a record's value, as its curator would keep it."""
    front: dict[str, Any] = {"kind": "path", **{name: value[name] for name in _FIELDS if name in value}}
    if value.get("derivedFrom"):
        front["derivedFrom"] = {key: str(value["derivedFrom"][key]) for key in ("uri", "cid")}
    front |= {key: entry for key, entry in (value.get("metadata") or {}).items() if key not in front}
    lines = [_stop_line(number, stop) for number, stop in enumerate(value.get("modules", ()), 1)]
    body = str(value.get("body", "")).strip()
    return f"---\n{dump_front_matter(front)}---\n{body + chr(10) * 2 if body else ''}{chr(10).join(lines)}\n"


def is_major(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Is the new state another thing than what was endorsed: other modules, or another order?"""
    return [stop.get("module") for stop in old.get("modules", ())] != [
        stop.get("module") for stop in new.get("modules", ())
    ]


def _read_stops(body: str, above: int) -> tuple[str, tuple[Stop, ...]]:
    kept: list[str] = []
    stops: list[Stop] = []
    open_stop = False
    for number, line in enumerate(body.splitlines(), above + 1):
        item = _ITEM.match(line)
        link = _LINK.match(item.group(1)) if item else None
        if link is not None:
            title, target, optional, note = link.groups()
            stops.append(Stop(target, _unescaped(title), note.strip(), bool(optional), number))
            open_stop = True
        elif open_stop and line.startswith((" ", "\t")) and line.strip():
            last = stops[-1]
            stops[-1] = Stop(last.target, last.title, f"{last.note} {line.strip()}".strip(), last.optional, last.line)
        else:
            open_stop = open_stop and not line.strip()
            kept.append(line)
    return "\n".join(kept).strip() + "\n" if kept else "", tuple(stops)


def _problems(front: FrontMatter, stops: tuple[Stop, ...], path: str) -> list[Problem]:
    found = [
        Problem(path, 1, 1, "missing", "error", f"a path needs “{name}” in its front matter")
        for name in REQUIRED
        if not front.text(name).strip()
    ]
    name = front.text("name")
    if name and (not _NAME.fullmatch(name) or len(name) > 64):
        line, column = front.value_place("name")
        message = "a name has lower-case words joined by hyphens, at most 64 characters"
        found.append(Problem(path, max(line, 1), max(column, 1), "name", "error", message, name))
    if not 0 < len(stops) <= MOST_STOPS:
        message = f"a path has 1 to {MOST_STOPS} modules: numbered lines like “1. [Title](address or name) why”"
        found.append(Problem(path, 1, 1, "stops", "error", message))
    for stop in stops:
        if not stop.target.startswith("at://") and not _NAME.fullmatch(stop.target):
            message = "a module's address (at://…) or the name of one of your own is wanted here"
            found.append(Problem(path, stop.line, 1, "stop-target", "error", message, stop.target))
        elif stop.target.startswith("at://") and f"/{MODULE}/" not in stop.target:
            found.append(Problem(path, stop.line, 1, "stop-target", "error", "this is no module", stop.target))
    return found


def _stop_value(stop: Stop, did: str) -> dict[str, Any]:
    module = stop.target if stop.target.startswith("at://") else f"at://{did}/{MODULE}/{stop.target}"
    value: dict[str, Any] = {"module": module}
    if stop.title:
        value["title"] = stop.title[:300]
    if stop.note:
        value["note"] = stop.note[:1000]
    return value | ({"optional": True} if stop.optional else {})


def _stop_line(number: int, stop: Mapping[str, Any]) -> str:
    title = str(stop.get("title", "") or str(stop.get("module", "")).rpartition("/")[2])
    optional = " (optional)" if stop.get("optional") else ""
    note = f" {stop['note']}" if stop.get("note") else ""
    return f"{number}. [{_BRACKETS.sub(_ESCAPED, title)}]({stop.get('module', '')}){optional}{note}"


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def _plain(value: Any) -> Any:
    """YAML gives dates and single words where lists are wanted."""
    if isinstance(value, list):
        return [str(entry) for entry in value]
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)
