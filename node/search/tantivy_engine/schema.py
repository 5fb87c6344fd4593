"""Fields of the index, and the analyzers they are read with (registered again at every open).

Text is split, folded and stemmed before it comes here, so that index, question and highlight agree in every script;
what is left for tantivy is to split at spaces.
"""

from __future__ import annotations

from typing import Any

import tantivy

from node.search.document import GIVEN_FACETS, OWN_FACETS

FORMAT = 4
"""Raised with every change of fields or tokens: an index of another format is built again."""

WORD_FIELDS = (("title", 3.0), ("aliases", 2.0), ("text", 1.0))
"""Plain words with their weight; `text` is summary and body."""

STEM_WEIGHT = 0.8
STEM_FIELDS = (("title_stem", 3.0 * STEM_WEIGHT), ("text_stem", 1.0 * STEM_WEIGHT))
"""Each document's words stemmed in its own language, all languages together; the title's include aliases here.

Stems of different languages hardly ever collide, and one pair of fields for all is half the work of a question.
"""

RAW_FIELDS = ("audience", *OWN_FACETS, *GIVEN_FACETS)


def build_schema() -> Any:
    """The schema of FORMAT."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("stored", stored=True)
    for name in ("named", "print", "updated", "minutes"):
        builder.add_integer_field(name, fast=True)
    builder.add_integer_field("bucket", fast=True, indexed=True)
    for name in RAW_FIELDS:
        builder.add_text_field(name, fast=True, tokenizer_name="value", index_option="basic")
    builder.add_text_field("name", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("by", tokenizer_name="value_lower", index_option="basic")
    for name, _ in WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="words", index_option="position")
    for name, _ in STEM_FIELDS:
        builder.add_text_field(name, tokenizer_name="words", index_option="freq")
    return builder.build()


def register_analyzers(index: Any) -> None:
    """tantivy forgets them when an index is closed."""
    raw = tantivy.Tokenizer.raw()
    lower = tantivy.TextAnalyzerBuilder(raw).filter(tantivy.Filter.lowercase()).build()
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.register_tokenizer("value", lower)
    index.register_tokenizer("value_lower", lower)
    # Facets are shown as they were given, and found whatever their case.
    index.register_fast_field_tokenizer("value", tantivy.TextAnalyzerBuilder(raw).build())
