"""Documents as rows of the index, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from node.search.document import GIVEN_FACETS, OWN_FACETS, SearchDocument, bucket_of, fingerprint, key_of
from node.search.filters import author_names
from node.search.text.languages import STEMMERS, primary
from node.search.text.stemming import Stemmer, stemmer_of
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


def row_of(document: SearchDocument, schema: Any) -> tuple[Any, set[str]]:
    """A tantivy document, and the words in it."""
    title = tokens(document.title)
    others = [tokens(alias) for alias in document.aliases]
    aliases = [t for other in others for t in other]
    text = tokens(f"{document.summary}\n{document.body[:LONGEST_BODY]}")
    language = primary(document.language)
    stemmer = stemmer_of(language) if language in STEMMERS else None
    fields = _values(document)
    fields["name"] = sorted(_whole_names((title, *others), stemmer))
    fields |= {"title": " ".join(title), "aliases": " ".join(aliases), "text": " ".join(text)}
    if stemmer is not None:
        fields["title_stem"] = " ".join(stemmer.stems([*title, *aliases]))
        fields["text_stem"] = " ".join(stemmer.stems(text))
    return tantivy.Document.from_dict(fields, schema), {*title, *aliases, *text}


def _whole_names(names: Sequence[Sequence[str]], stemmer: Stemmer | None) -> set[str]:
    """The title and every alias as one value each, as written and stemmed."""
    written = {" ".join(name) for name in names}
    stemmed = {" ".join(stemmer.stems(name)) for name in names} if stemmer is not None else set()
    return (written | stemmed) - {""}


def _values(document: SearchDocument) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": document.id,
        "stored": _pack(document),
        "named": key_of(f"{document.id}\0{document.family}"),
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
