"""What an importer gives: a module's text, the files that it needs, and what a person should look at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from node.authoring.body.slug import plain
from node.authoring.document import ModuleDocument
from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.limits import FILES_CARRIED
from node.authoring.lint import lint
from node.authoring.names import likely_name
from node.authoring.parse import parse_module
from node.authoring.problems import errors_of

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif")
_DESCRIPTION = 1024  # characters
_OUR_KEYS = ("name", "description")  # what nothing may replace


@dataclass(frozen=True, slots=True)
class Imported:
    """A module. `files` are paths beside it, relative to where it came from, that travel with it."""

    name: str
    text: str
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file_name: str = ""

    def noting(self, *notes: str) -> "Imported":
        """With more to look at."""
        return replace(self, notes=(*self.notes, *notes))


def name_from(*words: str) -> str:
    """A module's name from whatever words there are."""
    return likely_name(*words) or "imported"


def described(text: str, fallback: str) -> str:
    """A description in one line: what was said, else the first prose of the body."""
    said = " ".join(plain(text).split()) or fallback
    return said if len(said) <= _DESCRIPTION else said[: _DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"


def first_prose(body: str) -> str:
    """The first paragraph that is neither heading, list, fence, table nor picture."""
    for part in re.split(r"\n\s*\n", body):
        line = part.strip()
        if line and not line.startswith(("#", ":", "`", "|", "-", "*", "!", "<", ">", "~", "1.", "{", "import ", "(")):
            return " ".join(line.split())[:300]
    return ""


def compose(front: Mapping[str, Any], body: str) -> str:
    """A module's text."""
    kept = {key: value for key, value in front.items() if value not in (None, "", [], {})}
    return f"---\n{dump_front_matter(kept)}---\n\n{body.strip()}\n"


def settle(front: Mapping[str, Any], body: str, notes: tuple[str, ...] = ()) -> Imported:
    """A module whose front matter is right: values that mean something else with us move to `metadata`, unchanged."""
    fields = dict(front)
    for _ in range(len(fields)):
        wrong = _wrong_keys(parse_module(compose(fields, body)))
        if not wrong:
            break
        metadata = dict(fields["metadata"]) if isinstance(fields.get("metadata"), Mapping) else {}
        for key in wrong:
            metadata.setdefault(key, fields.pop(key))
        fields["metadata"] = metadata
        notes = (*notes, f"kept in metadata, because it means something else here: {', '.join(wrong)}")
    return Imported(str(fields.get("name", "")), compose(fields, body), notes=notes)


def _wrong_keys(document: ModuleDocument) -> list[str]:
    """Outer keys of the front matter that lint has an error for."""
    last = document.parts.yaml.count("\n") + 2
    places = {path: place[0] + 2 for path, place in document.front.tree.keys.items() if len(path) == 1}
    wrong = []
    for problem in errors_of(lint(document)):
        if problem.line <= last and problem.line > 1:
            above = [str(path[0]) for path, line in places.items() if line <= problem.line]
            if above and above[-1] not in _OUR_KEYS and above[-1] not in wrong:
                wrong.append(above[-1])
    return wrong


def attachments_among(files: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Those that can travel, and a note about those that cannot."""
    carried = list(files[:FILES_CARRIED])
    left = files[FILES_CARRIED:]
    return carried, (f"{len(left)} files are more than a module carries: {', '.join(left[:3])} …",) if left else ()
