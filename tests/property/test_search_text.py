"""Laws of search text: folding, tokens, questions, snippets and order hold for any input."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from node.search.blend import Candidate, blend, place
from node.search.query.parse import FIELD_NAMES, MOST_WORDS, parse_question
from node.search.snippet import highlight, snippet
from node.search.tantivy_engine.matching import Look
from node.search.text.fold import fold
from node.search.text.languages import STEMMERS
from node.search.text.stemming import stemmer_of
from node.search.text.tokens import spans, tokens
from node.search.vocabulary import Vocabulary

ANY = st.text(max_size=300)
WORDS = st.text(alphabet="abcdeé", min_size=1, max_size=9)


class Every:
    """Matches every token with one of these first letters."""

    beginnings = frozenset("abcdefghijklmnopqrstuvwxyzé機")
    asked = 3

    def __call__(self, token: str) -> bool:
        return token[:1] in self.beginnings


@given(ANY)
def test_tokens_hold_no_space(text: str) -> None:
    assert all(t and not any(c.isspace() for c in t) for t in tokens(text))


@given(ANY, st.sampled_from(sorted(STEMMERS)))
def test_every_token_has_one_stem(text: str, language: str) -> None:
    found = tokens(text)
    stems = stemmer_of(language).stems(found)
    assert len(stems) == len(found)
    assert all(stems)


@given(ANY)
def test_case_does_not_matter_in_ascii(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert tokens(plain.upper()) == tokens(plain.lower())
    assert fold(fold(plain)) == fold(plain)


@given(ANY)
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    at = 0
    for start, end, _ in spans(text):
        assert at <= start < end <= len(text)
        at = end


@given(
    st.text("abcj1#+.é機—\u0301_ \nNET", max_size=80),
    st.frozensets(st.text("acj.1n", min_size=1, max_size=2), min_size=1),
)
def test_spans_of_some_beginnings_are_those_of_all(text: str, beginnings: frozenset[str]) -> None:
    def is_asked(start: int, end: int, token: str) -> bool:
        return token.startswith(tuple(beginnings)) or not text[start:end][:2].isascii()

    assert spans(text, beginnings) == [span for span in spans(text) if is_asked(*span)]


@given(st.text("adegilmnprstuy ", max_size=60), st.sampled_from(sorted(STEMMERS)))
def test_words_of_a_stem_begin_as_it_says(text: str, language: str) -> None:
    found = tokens(text)
    for token, stem in zip(found, stemmer_of(language).stems(found), strict=True):
        assert token.startswith(tuple(Look(set(), (), {stem}).beginnings))


@given(st.text(max_size=2000))
def test_every_text_is_a_question(text: str) -> None:
    question = parse_question(text)
    assert len(question.words) <= MOST_WORDS
    assert set(question.only) | set(question.without) <= set(FIELD_NAMES.values())
    assert "audience" not in question.only


@given(ANY)
def test_highlights_add_marks_and_nothing_else(text: str) -> None:
    for html in (highlight(text, Every()), snippet([text], Every(), width=10_000)):
        bare = re.sub("</?mark>", "", html)
        assert "<" not in bare
        assert ">" not in bare
        assert unescape(bare).replace("\r", "\n") == text.replace("\r", "\n")


COUNTED = st.lists(st.tuples(WORDS, st.integers(1, 50)), max_size=30)


@given(COUNTED, WORDS)
def test_variants_and_completions_are_words_of_the_vocabulary(words: list[tuple[str, int]], asked: str) -> None:
    vocabulary = Vocabulary(words)
    known = {w for w, _ in words}
    near = {w for w in known if len(w) > 2 and OSA.distance(w, asked) == 1}
    if len(asked) > 3:
        found = {v.word for v in vocabulary.variants(asked, 1, 100)}
        assert found <= near
        assert bool(found) == bool(near)
    assert set(vocabulary.completions(asked, 100)) == {w for w in known if w.startswith(asked) and w != asked}


@given(COUNTED, st.lists(st.sets(WORDS, max_size=5), max_size=5), st.text("abcde", min_size=4, max_size=9))
def test_words_that_come_later_are_found_as_if_they_had_been_there(
    words: list[tuple[str, int]], documents: list[set[str]], asked: str
) -> None:
    grown, whole = Vocabulary(dict(words).items()), Counter(dict(words))
    grown.completions(asked[0], 1)
    for document in documents:
        grown.add([document])
        whole.update(document)
        # Which words, not their order: how frequent a known word has become shows when the next new one comes.
        assert set(grown.completions(asked[0], 100)) == set(Vocabulary(whole.items()).completions(asked[0], 100))
    grown.add([{"new"}])
    whole.update({"new"})
    ready = Vocabulary(whole.items())
    assert grown.completions(asked[0], 100) == ready.completions(asked[0], 100)
    assert grown.variants(asked, 2, 100) == ready.variants(asked, 2, 100)


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(-1, 2), st.floats(-1, 2)), max_size=20), st.floats(-1, 3))
def test_blending_is_bounded_and_ordered(rows: list[tuple[float, float, float]], weight: float) -> None:
    class Known:
        def curation(self, ids: object) -> list[float]:
            return [c for _, c, _ in rows]

        def freshness(self, ids: object) -> list[float]:
            return [f for _, _, f in rows]

    candidates = [Candidate(f"{i:03}", f"{i:03}", text) for i, (text, _, _) in enumerate(rows)]
    placed = place(blend(candidates, Known(), weight), group=True, weight=weight)
    scores = [p.parts.score for p in placed]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < p.parts.score <= 1.5 * p.parts.text for p in placed)


class Two:
    """Matches two words."""

    beginnings = frozenset({"xq"})
    asked = 2

    def __call__(self, token: str) -> bool:
        return token in ("xqa", "xqb")


@given(st.integers(0, 3_000), st.integers(0, 900), st.integers(60, 400))
def test_a_snippet_shows_the_first_place_where_all_stands_together(before: int, between: int, width: int) -> None:
    text = f"{'so ' * between}xqa {'lo ' * before}xqa xqb {'lo ' * between}xqa xqb xqa"
    shown = snippet([text], Two(), width)
    assert "<mark>xqa</mark> <mark>xqb</mark>" in shown
    assert len(re.sub("<[^>]*>|…", "", shown)) <= width + 2
    if before > width:
        assert "so" not in shown
