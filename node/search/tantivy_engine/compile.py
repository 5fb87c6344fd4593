"""Plans and filters as tantivy queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tantivy import Occur, Query

from node.search.filters import Filters
from node.search.tantivy_engine.frequencies import Frequencies
from node.search.tantivy_engine.plan import Option, Plan, Wanted
from node.search.tantivy_engine.schema import STEM_FIELDS, WORD_FIELDS

_TIE = 0.2
"""How much the other fields count beside the best one."""


class Compiler:
    """Makes queries for one schema. What would find nothing, or nothing more, is left out: it costs all the same."""

    def __init__(self, schema: Any, frequencies: Frequencies) -> None:
        self._schema = schema
        self._frequencies = frequencies
        self._total = frequencies.total

    def strict(self, plan: Plan, filters: Filters) -> Any:
        """Every needed word, every phrase."""
        parts = [(Occur.Must if w.needed else Occur.Should, self._wanted(w, loose=False)) for w in plan.wanted]
        return self._boolean(parts, plan, filters)

    def loose(self, plan: Plan, filters: Filters) -> Any:
        """Any of the words; every phrase."""
        words = [(Occur.Should, self._wanted(w, loose=True)) for w in plan.telling(self._total)]
        parts = [(Occur.Must, Query.boolean_query(words))] if words else []
        return self._boolean(parts, plan, filters)

    def word(self, word: str, filters: Filters) -> Any:
        """Documents with exactly this word."""
        return self._boolean([(Occur.Must, self._option(Option((word,))))], Plan((), (), ()), filters)

    def title_prefix(self, completions: Sequence[str], words: Sequence[str], filters: Filters) -> Any:
        """Titles and aliases with these words and one of these completions."""
        parts = [(Occur.Must, self._in_titles([w])) for w in words]
        if completions:
            parts.append((Occur.Must, self._in_titles(completions)))
        return self._boolean(parts, Plan((), (), ()), filters)

    def _boolean(self, parts: list[tuple[Any, Any]], plan: Plan, filters: Filters) -> Any:
        parts = parts + [(Occur.Must, self._option(Option(p))) for p in plan.phrases]
        parts += [(Occur.MustNot, self._option(Option(p))) for p in plan.excluded]
        if plan.whole:
            named = self._values("name", plan.whole)
            parts.append((Occur.Should, Query.const_score_query(named, plan.whole_score)))
        parts += [(Occur.MustNot, self._values(name, values)) for name, values in filters.without]
        narrowing = [("audience", filters.audiences), *filters.only]
        parts += [(Occur.Must, Query.const_score_query(self._values(n, v), 0.0)) for n, v in narrowing]
        return Query.boolean_query(parts)

    def _values(self, name: str, values: Sequence[str]) -> Any:
        if len(values) == 1:
            return Query.term_query(self._schema, name, values[0], "basic")
        return Query.term_set_query(self._schema, name, list(values))

    def _wanted(self, wanted: Wanted, *, loose: bool) -> Any:
        if wanted.unspaced and loose:
            return self._pairs(wanted)
        options = [self._option(o) for o in wanted.options]
        return options[0] if len(options) == 1 else Query.disjunction_max_query(options, 0.0)

    def _pairs(self, wanted: Wanted) -> Any:
        """Neighbouring characters of a run, any of them."""
        characters = wanted.options[0].tokens
        pairs = [Option(characters[i : i + 2]) for i in range(max(1, len(characters) - 1))]
        others = [self._option(o) for o in wanted.options[1:]]
        return Query.boolean_query([(Occur.Should, q) for q in [*map(self._option, pairs), *others]])

    def _option(self, option: Option) -> Any:
        if len(option.tokens) > 1:
            queries = [self._phrase(name, option.tokens, option.weight * w) for name, w in WORD_FIELDS]
            return Query.disjunction_max_query(queries, _TIE)
        queries = [self._term(name, word, option.weight * w) for name, word, w in self._places(option)]
        return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries, _TIE)

    def _places(self, option: Option) -> list[tuple[str, str, float]]:
        """(field, word, weight) where a word or a stem of it is to be looked for; at least one."""
        word, count = option.tokens[0], self._frequencies
        fields = WORD_FIELDS[:2] if option.brief else WORD_FIELDS
        places = [(name, word, weight) for name, weight in fields if count.of(name, word)]
        places += [
            (name, stem, weight)
            for stem in option.stems
            for name, weight in STEM_FIELDS
            if count.adds(name, stem, word)
        ]
        return places or [(WORD_FIELDS[0][0], word, 1.0)]

    def _in_titles(self, words: Sequence[str]) -> Any:
        queries = [self._term(name, word, weight) for name, weight in WORD_FIELDS[:2] for word in words]
        return Query.disjunction_max_query(queries, 0.0)

    def _term(self, name: str, text: str, weight: float) -> Any:
        return Query.boost_query(Query.term_query(self._schema, name, text, "freq"), weight)

    def _phrase(self, name: str, words: Sequence[str], weight: float) -> Any:
        return Query.boost_query(Query.phrase_query(self._schema, name, list(words)), weight)
