"""Documents as rows of the index, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tantivy

from node.search.document import GIVEN_FACETS, OWN_FACETS, SearchDocument, bucket_of, fingerprint, key_of
from node.search.filters import author_names
from node.search.text.languages import primary
from node.search.text.tokens import tokens

LONGEST_BODY = 200_000
"""Characters of a body that are indexed; longer ones are found by their beginning."""
LONGEST_SHOWN = 20_000
"""Characters of a body that are kept for snippets."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept of a document to show it."""

    id: str
    kind: str
    family: str
    title: str
    summary: str
    body: str
    language: str


def row_of(document: SearchDocument, schema: Any, stemmers: Mapping[str, Any]) -> tuple[Any, set[str]]:
    """A tantivy document, and the words in it. `stemmers` by primary language."""
    title = tokens(document.title)
    aliases = [t for alias in document.aliases for t in tokens(alias)]
    text = tokens(f"{document.summary}\n{document.body[:LONGEST_BODY]}")
    stemmer = stemmers.get(primary(document.language))
    fields = _values(document)
    fields["name"] = sorted(_whole_names(document, stemmer))
    fields |= {"title": " ".join(title), "aliases": " ".join(aliases), "text": " ".join(text)}
    if stemmer is not None:
        fields["title_stem"] = " ".join(stemmer.analyze(f"{fields['title']} {fields['aliases']}"))
        fields["text_stem"] = " ".join(stemmer.analyze(fields["text"]))
    return tantivy.Document.from_dict(fields, schema), {*title, *aliases, *text}


def _whole_names(document: SearchDocument, stemmer: Any) -> set[str]:
    """The title and every alias as one value each, as written and stemmed."""
    written = {" ".join(tokens(name)) for name in (document.title, *document.aliases)}
    stemmed = {" ".join(stemmer.analyze(name)) for name in written} if stemmer is not None else set()
    return (written | stemmed) - {""}


def _values(document: SearchDocument) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": document.id,
        "stored": _pack(document),
        "key": key_of(document.id),
        "print": fingerprint(document),
        "bucket": bucket_of(document.id),
        "updated": document.updated,
        "minutes": document.minutes,
        "audience": document.audience,
        "by": sorted(author_names((*document.by, *document.facet_values("author")))),
    }
    for name in OWN_FACETS + GIVEN_FACETS:
        if given := document.facet_values(name):
            values[name] = list(given)
    return values


def _pack(document: SearchDocument) -> bytes:
    shown = (
        document.id, document.kind, document.family, document.title, document.summary,
        document.body[:LONGEST_SHOWN], primary(document.language),
    )  # fmt: skip
    return json.dumps(shown, ensure_ascii=False).encode("utf-8", "replace")


def read_stored(row: Any) -> Stored:
    """What `row_of` kept."""
    return Stored(*json.loads(bytes(row.get_first("stored"))))
