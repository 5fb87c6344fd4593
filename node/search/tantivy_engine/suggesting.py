"""Titles for what is being typed. Only documents that the asker may see are asked, so that no hidden word is shown."""

from __future__ import annotations

from node.search.filters import Filters
from node.search.query.parse import LONGEST_TEXT
from node.search.result import Suggestion
from node.search.tantivy_engine.compile import Compiler
from node.search.tantivy_engine.generation import Generation
from node.search.text.tokens import tokens

_MOST_WORDS = 8
_MOST_COMPLETIONS = 30


def suggest(generation: Generation, prefix: str, visible: Filters, limit: int) -> tuple[Suggestion, ...]:
    """Best titles with all words typed so far, the last one as a beginning; each title once."""
    typed = tokens(prefix[:LONGEST_TEXT])[:_MOST_WORDS]
    if not typed:
        return ()
    *words, last = typed
    searcher = generation.searcher()
    frequencies = generation.frequencies(searcher, visible.audiences)
    completions = (last, *generation.words(frequencies).completions(last, _MOST_COMPLETIONS))
    query = Compiler(generation.schema, frequencies).title_prefix(completions, words, visible)
    hits = searcher.search(query, limit * 4, False).hits
    found: dict[str, Suggestion] = {}
    for stored in generation.stored(searcher, [address for _, address in hits]):
        found.setdefault(stored.title.casefold(), Suggestion(stored.id, stored.kind, stored.title))
    return tuple(found.values())[:limit]
