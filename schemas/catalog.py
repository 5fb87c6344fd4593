"""The lexicons that this software carries, and how to get one by its id."""

import copy
import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from schemas.lexicon.lexicons import Document, Lexicons

LEXICON_SCHEMA: Final = "com.atproto.lexicon.schema"
_ROOT = files("schemas") / "lexicons"


@cache
def carried_lexicons() -> Lexicons:
    """The compiled lexicons, shared by the whole process."""
    return Lexicons(_find_document)


def get_lexicon(nsid: str) -> Document:
    """The lexicon document with this id; raises `LexiconUnknown`. Not to be changed: it is shared."""
    return carried_lexicons().get_document(nsid)


def lexicon_record(nsid: str) -> dict[str, Any]:
    """The lexicon as its authority publishes it: a `com.atproto.lexicon.schema` record whose key is the id."""
    return {"$type": LEXICON_SCHEMA, **copy.deepcopy(dict(get_lexicon(nsid)))}


def list_lexicons(prefix: str = "") -> tuple[str, ...]:
    """The ids of the carried lexicons that start with `prefix`, sorted."""
    return tuple(name for name in _sorted_names() if name.startswith(prefix))


@cache
def _sorted_names() -> tuple[str, ...]:
    return tuple(sorted(_names(_ROOT, "")))


def _find_document(nsid: str) -> Document | None:
    if nsid not in _sorted_names():
        return None
    *folders, name = nsid.split(".")
    document: Document = json.loads(_ROOT.joinpath(*folders, f"{name}.json").read_text("utf-8"))
    return document


def _names(folder: Traversable, prefix: str) -> list[str]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _names(entry, f"{prefix}{entry.name}.")
        elif entry.name.endswith(".json"):
            found.append(prefix + entry.name.removesuffix(".json"))
    return found
