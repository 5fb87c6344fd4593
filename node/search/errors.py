"""Errors of search, one tree.

NodeError
├── Malformed
│   ├── QueryTooLong       the question is longer than anyone types
│   └── FacetUnknown       a filter or facet that documents do not have
├── IndexUnusable          the index is derived data: make a new one and fill it again
│   ├── IndexLost          nothing is there
│   ├── IndexCorrupt       something is there that cannot be read
│   ├── IndexOutdated      written in another form by another release
│   └── IndexBusy          another process writes to it
├── IndexForbidden         its files belong to somebody else: nothing of it is damaged
├── TablesDamaged          tables of a lookup cannot be read; they are made again
└── Unreachable
    └── SearchServerUnreachable
        └── SearchServerAway
"""

from __future__ import annotations

from node.errors import Malformed, NodeError, Unreachable


class QueryTooLong(Malformed):
    """The search text is too long."""

    hint = "Ask with a few words or a sentence."


class FacetUnknown(Malformed):
    """There is no such filter."""


class IndexUnusable(NodeError):
    """The search index cannot be used and has to be built again."""

    code = "SearchIndex"
    hint = "The node builds it again from the catalogue by itself; `skillnet doctor` shows how far it is."


class IndexLost(IndexUnusable):
    """There is no search index in the folder."""


class IndexCorrupt(IndexUnusable):
    """The search index is damaged."""


class IndexOutdated(IndexUnusable):
    """The search index was written in another form by another release."""


class IndexBusy(IndexUnusable):
    """Another process is writing to the search index."""

    hint = "One process writes; stop the other one."


class IndexForbidden(NodeError):
    """The search index's files may not be read or written by the user that the node runs as."""

    status = 503
    code = "SearchIndex"
    hint = "Whose are they? `skillnet doctor` names the command that mends it."


class TablesDamaged(NodeError):
    """What was computed for looking up occupations and tasks is damaged."""


class SearchServerUnreachable(Unreachable):
    """The search server does not do what it is asked."""

    status = 503
    hint = "Try again in a moment. Who runs the node: `skillnet doctor` asks the search server."


class SearchServerAway(SearchServerUnreachable):
    """The search server does not answer."""
