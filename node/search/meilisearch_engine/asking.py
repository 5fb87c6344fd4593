"""Questions in the server's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from node.search.filters import Filters
from node.search.meilisearch_engine.rows import in_characters
from node.search.query.question import Question, Word
from node.search.text.languages import FUNCTION_WORDS

MOST_APART = 8
"""So many questions are asked of the server at most to fill one page."""


def query_text(question: Question) -> str:
    """Words, then phrases, then what is excluded; everything is folded already and cannot break out of its quotes."""
    words = [_word(w) for w in telling(question)]
    phrases = [f'"{" ".join(p)}"' for p in question.phrases]
    excluded = [f'-"{" ".join(p)}"' for p in question.excluded]
    # The last word is completed only at the very end: phrases go before it.
    return " ".join([*excluded, *phrases, *words])


def telling(question: Question) -> list[Word]:
    """The words that a document must have: not those that every text has, unless there are no others."""
    return [w for w in question.words if w.last or w.text not in FUNCTION_WORDS] or list(question.words)


def words_apart(question: Question) -> list[str]:
    """A question for each word, for when hardly anything has them all; phrases and exclusions hold in each."""
    fixed = query_text(replace(question, words=()))
    return [f"{fixed} {_word(w)}".strip() for w in telling(question)[:MOST_APART]]


def _word(word: Word) -> str:
    """Codes as they are, without tolerance; scripts without spaces by their characters, as `row_of` stores them."""
    if word.unspaced:
        return f'"{in_characters(word.text)}"'
    is_code = any(letter.isdigit() for letter in word.text) and not word.last
    return f'"{word.text}"' if is_code else word.text


def filter_expression(filters: Filters) -> str:
    """The audience always, then what is asked for. Values are quoted and escaped."""
    parts = [_any("audience", filters.audiences)]
    parts += [_any(name, values) for name, values in filters.only]
    parts += [f"NOT {_any(name, values)}" for name, values in filters.without]
    return " AND ".join(parts)


def _any(name: str, values: Sequence[str]) -> str:
    return f"{name} IN [{', '.join(map(quoted, values))}]"


def quoted(value: str) -> str:
    """A value as a string of the filter language."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
