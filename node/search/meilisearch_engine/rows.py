"""Documents as the server keeps them, and the settings of its index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from node.search.document import GIVEN_FACETS, OWN_FACETS, SearchDocument, bucket_of, fingerprint
from node.search.filters import author_names
from node.search.text.tokens import runs

LONGEST_BODY = 200_000

SETTINGS: dict[str, Any] = {
    "searchableAttributes": ["title", "aliases", "summary", "body", "characters"],
    "filterableAttributes": ["key", "audience", "bucket", "by", *OWN_FACETS, *GIVEN_FACETS],
    "sortableAttributes": ["updated", "minutes"],
    # A sort that is asked for decides; without one this rule does nothing.
    "rankingRules": ["sort", "words", "typo", "proximity", "attribute", "exactness"],
    # Function words are left out of questions instead: in a phrase they count.
    "stopWords": [],
    "separatorTokens": list("<>=|\\`~^*&%$@"),
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


def _characters(document: SearchDocument) -> Iterator[str]:
    """Scripts without spaces, character by character: servers cut them into words, one text unlike the next."""
    for text in (document.title, *document.aliases, document.summary, document.body[:LONGEST_BODY]):
        if not text.isascii():
            for run, unspaced in runs(text):
                if unspaced:
                    yield in_characters(run)


def in_characters(run: str) -> str:
    """Each character as a word of its own that no server folds or cuts: `学習` → `u5b66 u7fd2`."""
    return " ".join(f"u{ord(character):x}" for character in run)


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
        "characters": " ".join(_characters(document)),
        "audience": document.audience,
        "by": sorted(author_names((*document.by, *document.facet_values("author")))),
        "bucket": bucket_of(document.id),
        "print": fingerprint(document),
        "updated": document.updated,
        "minutes": document.minutes,
    }
