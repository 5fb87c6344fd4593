"""Which tokens of a document to highlight: those that the plan looked for, in any form it accepted."""

from __future__ import annotations

from functools import cache

from node.search.query.question import Question
from node.search.snippet import Matches
from node.search.tantivy_engine.generation import Generation
from node.search.tantivy_engine.plan import Plan


def matcher(question: Question, plan: Plan | None, generation: Generation) -> Matches:
    """Says of a token whether it was asked for: the word itself, a completion, a variant, a synonym, the same stem."""
    if plan is None:
        return lambda _: False
    needed = [w for w in plan.wanted if w.needed]
    words = {t for w in needed for o in w.options for t in o.tokens} | {t for p in question.phrases for t in p}
    stems = {stem for w in needed for o in w.options for stem in o.stems}
    typed = tuple(w.text for w in question.words if w.last and not w.unspaced and len(w.text) > 1)

    @cache
    def matches(token: str) -> bool:
        if token in words or (typed and token.startswith(typed)):
            return True
        return bool(stems) and any(stem in stems for stem in generation.stems(token))

    return matches
