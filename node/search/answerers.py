"""The two ways in which a node finds things, for evaluation: the index of texts, and the lookup of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from node.search.document import SearchDocument
from node.search.engine import SearchEngine
from node.search.evaluation import DEPTH
from node.search.listed_names import names_in
from node.search.request import SearchRequest

if TYPE_CHECKING:
    from node.search.meaning.model import Model

_INDEXING = 3600.0
_LONGEST_QUESTION = 2000
_MOST_ENTRIES = 60_000
_CODE = re.compile(r"(onet:|esco:|isco:)?(\d\d-\d{4}(\.\d\d)?|\d{4}|[0-9a-f-]{36})|https?://data\.europa\.eu/esco/\S+")
_SHARE = 0.9


class IndexAnswerer:
    """An engine, as the search page asks it."""

    def __init__(self, engine: SearchEngine, name: str) -> None:
        self._engine = engine
        self.name = name

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Upsert and wait."""
        self._engine.upsert(documents)
        self._engine.finish(_INDEXING)

    def ask(self, text: str) -> list[str]:
        """A question of a test set is complete: its last word is not being typed; `-` or `x:y` in it are text."""
        plain = text.replace('"', " ").replace(":", " ").replace(" -", " ").lstrip("-")[:_LONGEST_QUESTION]
        asked = SearchRequest(f"{plain} ", limit=DEPTH, instant=False, snippets=False, group_forks=False)
        return [hit.id for hit in self._engine.search(asked).hits]


class LookupAnswerer:
    """The lookup of occupations and tasks, with the optional model."""

    def __init__(self, model: Model | None = None) -> None:
        self._model = model
        self.name = "lookup and model" if model else "lookup"

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Build it; takes all of them at once."""
        from node.search.lookup.entry import Entry
        from node.search.lookup.lookup import Lookup
        from node.search.lookup.meanings import Meanings

        entries = []
        for document in documents:
            in_body, body = names_in(document.body)
            in_summary, summary = names_in(document.summary)
            aliases = (*document.aliases, *in_summary, *in_body)
            texts = tuple(filter(None, (body,)))
            entries.append(Entry(document.id, document.title, aliases, summary, texts, document.language or "en"))
        self._lookup = Lookup(entries)
        if self._model:
            self._lookup.attach(Meanings.of(entries, self._model))

    def ask(self, text: str) -> list[str]:
        """The best entries."""
        return [found.id for found in self._lookup.find(text, DEPTH)]


def is_list_of_names(documents: Sequence[SearchDocument]) -> bool:
    """Whether these are occupations, skills or the like: by kind, by classification's code, or having names alone."""
    if not documents or len(documents) > _MOST_ENTRIES:
        return False
    named = sum(
        d.kind in ("occupation", "skill") or bool(_CODE.fullmatch(d.id)) or not (d.summary or d.body) for d in documents
    )
    return named >= _SHARE * len(documents)
