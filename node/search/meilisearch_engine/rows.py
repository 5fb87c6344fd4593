"""Documents as the server keeps them, and the settings of its index."""

from __future__ import annotations

import hashlib
from typing import Any

from node.search.document import GIVEN_FACETS, OWN_FACETS, SearchDocument, bucket_of, fingerprint
from node.search.filters import author_names
from node.search.text.languages import FUNCTION_WORDS

LONGEST_BODY = 200_000

SETTINGS: dict[str, Any] = {
    "searchableAttributes": ["title", "aliases", "summary", "body"],
    "filterableAttributes": ["key", "audience", "bucket", "by", *OWN_FACETS, *GIVEN_FACETS],
    "sortableAttributes": ["updated", "minutes"],
    # A sort that is asked for decides; without one this rule does nothing.
    "rankingRules": ["sort", "words", "typo", "proximity", "attribute", "exactness"],
    "stopWords": sorted(FUNCTION_WORDS),
    "typoTolerance": {
        "minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 8},
        "disableOnNumbers": True,
    },
    "pagination": {"maxTotalHits": 1000},
}
"""Pushed to every new index before its first document."""


def key_for(document_id: str) -> str:
    """The server allows letters, digits, `-` and `_` in keys only."""
    return hashlib.sha256(document_id.encode()).hexdigest()[:32]


def row_of(document: SearchDocument) -> dict[str, Any]:
    """One document."""
    row: dict[str, Any] = {name: list(document.facet_values(name)) for name in OWN_FACETS + GIVEN_FACETS}
    return row | {
        "key": key_for(document.id),
        "id": document.id,
        "shown_kind": document.kind,
        "family": document.family,
        "title": document.title,
        "aliases": list(document.aliases),
        "summary": document.summary,
        "body": document.body[:LONGEST_BODY],
        "audience": document.audience,
        "by": sorted(author_names((*document.by, *document.facet_values("author")))),
        "bucket": bucket_of(document.id),
        "print": fingerprint(document),
        "updated": document.updated,
        "minutes": document.minutes,
    }
