"""The front matter keys of modules, tasks and paths: what each may hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from node.authoring.limits import NAME_CHARACTERS
from node.authoring.names import NAME
from node.authoring.vocabulary import LAYERS, LEVELS

Shape = Literal[
    "text", "choice", "name", "language", "licence", "date", "minutes", "words", "objects", "mapping", "uri", "origin"
]
Need = Literal["error", "warning", ""]


@dataclass(frozen=True, slots=True)
class Field:
    """`need` is the severity of its absence; `form` what each entry of a list must match, `example` shows the form."""

    shape: Shape
    need: Need = ""
    allowed: tuple[str, ...] = ()
    form: re.Pattern[str] | None = None
    example: str = ""
    longest: int = 300


_TASK_ID = re.compile(
    r"(?:onet:\d\d-\d{4}\.\d\d/\d+|(?:esco|isco|onet):\S+|at://\S+|\.{0,2}/?[^\s:]+\.md|[a-z0-9][a-z0-9-]*)\Z"
)
_OCCUPATION_ID = re.compile(r"(?:onet:\d\d-\d{4}\.\d\d|esco:\S+|isco:\d{1,4}|at://\S+)\Z")
_NAME_OR_URI = re.compile(rf"(?:at://\S+|{NAME}|\.{{0,2}}/?[^\s:]+\.md)\Z")
_TASKS = Field("words", form=_TASK_ID, example="onet:13-2051.00/1847, at://… or ./tasks/name.md")
_OCCUPATIONS = Field("words", form=_OCCUPATION_ID, example="onet:13-2051.00, esco:… or isco:2413")

_SHARED: Mapping[str, Field] = {
    "name": Field("name", "error", longest=NAME_CHARACTERS),
    "title": Field("text", "warning"),
    "language": Field("language", "warning"),
    "license": Field("licence", "warning"),
    "occupations": _OCCUPATIONS,
    "skills": Field("words"),
    "tools": Field("objects", allowed=("name", "vendor", "version")),
    "translationOf": Field("uri"),
    "derivedFrom": Field("origin", allowed=("uri", "cid")),
    "metadata": Field("mapping"),
    "visibility": Field("choice", allowed=("public", "organisation")),
}

MODULE_FIELDS: Mapping[str, Field] = {
    **_SHARED,
    "description": Field("text", "error", longest=1024),
    "layer": Field("choice", "warning", LAYERS),
    "level": Field("choice", "warning", LEVELS),
    "minutes": Field("minutes", "warning"),
    "tasks": _TASKS,
    "requires": Field("words", form=_NAME_OR_URI, example="read-a-balance-sheet or at://…"),
    "reviewBy": Field("date"),
    "slots": Field("mapping", allowed=("label", "values", "default")),
    "blocks": Field("mapping", allowed=("skill", "rewritable", "title")),
    "attachments": Field("words"),
}

TASK_FIELDS: Mapping[str, Field] = {
    **_SHARED,
    "statement": Field("text", "error", longest=2000),
    "inputs": Field("words"),
    "outputs": Field("words"),
    "stakes": Field("text", longest=2000),
    "frequency": Field("text"),
    "parent": Field("uri"),
    "source": Field("text"),
    "noviceByHand": Field("text", longest=2000),
}

PATH_FIELDS: Mapping[str, Field] = {
    "kind": Field("choice", allowed=("path",)),
    "name": _SHARED["name"],
    "title": Field("text", "error"),
    "description": Field("text", "error", longest=2000),
    "language": Field("language", "error"),
    "license": _SHARED["license"],
    "level": Field("choice", allowed=LEVELS),
    "minutes": Field("minutes"),
    "occupations": _OCCUPATIONS,
    "tasks": _TASKS,
    "skills": _SHARED["skills"],
    "reviewBy": Field("date"),
    "translationOf": _SHARED["translationOf"],
    "derivedFrom": _SHARED["derivedFrom"],
    "visibility": Field("choice", allowed=("public",)),  # nothing keeps a path inside: what it is made of has pages
}
