"""Stops of a path: each leads to a module, and there are neither none nor too many."""

from collections.abc import Iterator

from node.authoring.document import PathDocument
from node.authoring.names import is_name
from node.authoring.problems import Problem
from schemas.authority import MODULE
from schemas.identifiers import IdentifierInvalid, parse_at_uri

MOST_STOPS = 128  # as the lexicon says


def check_stops(document: PathDocument) -> Iterator[Problem]:
    """What a path may not be published with."""
    if not 0 < len(document.stops) <= MOST_STOPS:
        message = f"a path has 1 to {MOST_STOPS} modules: numbered lines like “1. [Title](address or name) why”"
        yield Problem(document.path, 1, 1, "stops", "error", message)
    for stop in document.stops:
        if not is_name(stop.target) and not _is_module(stop.target):
            message = "a module's address (at://…) or the name of one of your own is wanted here"
            yield Problem(document.path, stop.line, 1, "stop-target", "error", message, stop.target)


def _is_module(target: str) -> bool:
    try:
        address = parse_at_uri(target)
    except IdentifierInvalid:
        return False
    return address.collection == MODULE and bool(address.rkey)
