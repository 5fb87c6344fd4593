"""Whether all that the catalogue has can be found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from node.errors import NodeError, Unreachable
from node.services.examining.finding import Finding, in_words, judged, quoted, user_name
from node.services.examining.units import NODE, log
from node.services.finding.finder import Finder

HINDERED = ("unreachable", "full", "forbidden")
PATIENCE = 30.0  # seconds for comparing


def examine_search(finder: Finder, data: Path, *, compare: bool, serving: bool = True) -> Iterator[Finding]:
    """Does it answer? And does it differ from the catalogue: compared now, or when that was last done.

    A node that was stopped compared them when it was opened for this.
    """
    drift = _drift_now(finder, serving) if compare and finder.progress.state not in HINDERED else _drift_then(finder)
    state, seen = finder.progress.state, finder.progress.sentence()
    if state == "ready" and (silence := _silence(finder)):
        state, seen = "unreachable", silence
    index = quoted(data / "search")
    mends = {
        "unreachable": "Is the server of search.meilisearch_url running, and its key right? Tried again by itself.",
        "full": "Make room on the disk; it goes on by itself then.",
        "forbidden": f"`chown -R {user_name()} {index} && chmod -R u+rwX {index}` as root; tried again by itself.",
    }
    yield Finding("search", state not in HINDERED, seen, mends.get(state, ""))
    if state not in HINDERED:
        yield drift


def _silence(finder: Finder) -> str:
    """Why a search server does not answer, which nobody may have noticed yet; else nothing."""
    try:
        _ = finder.document_count
    except Unreachable as error:
        return error.message
    return ""


def _documents(many: int) -> str:
    return "1 document" if many == 1 else f"{many} documents"


def _drift_now(finder: Finder, serving: bool) -> Finding:
    try:
        opened = None if serving or not finder.settle(PATIENCE) else finder.compared
        found = opened or finder.compare(PATIENCE)
    except NodeError as error:
        return Finding("search drift", ok=False, detail=error.message, mend=error.hint)
    if found is None:
        return Finding("search drift", ok=True, detail=finder.progress.sentence())
    many = found.differing
    seen = f"{_documents(many)} differed from the catalogue" if many else "the index is that of the catalogue"
    mend = f"They are mended now. If this returns, the log says why: {log(NODE, ' | grep search')}."
    return judged("search drift", not many, seen, mend)


def _drift_then(finder: Finder) -> Finding:
    """What differed then was mended then."""
    last = finder.compared
    if last is None:
        return Finding("search drift", ok=True, detail="not compared with the catalogue yet")
    when, many = in_words(max(0.0, time.time() - last.at)), last.differing
    differed = f"{_documents(many)} differed and {'was' if many == 1 else 'were'} mended"
    seen = differed if many else "the index was that of the catalogue"
    return Finding("search drift", ok=True, detail=f"{seen} {when} ago")
