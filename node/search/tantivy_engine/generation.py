"""One open index: its writer, its readers, the words in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock, RLock
from typing import Any

import tantivy

from node.search.document import BUCKETS, SearchDocument
from node.search.errors import IndexCorrupt
from node.search.tantivy_engine.damage import noticing_damage, require_room
from node.search.tantivy_engine.folder import Stamp, stamp_of
from node.search.tantivy_engine.frequencies import Frequencies
from node.search.tantivy_engine.plan import Lexicon
from node.search.tantivy_engine.rows import Stored, read_stored, row_of
from node.search.tantivy_engine.schema import WORD_FIELDS, build_schema, register_analyzers
from node.search.tantivy_engine.seen_words import SeenWords
from node.search.text.languages import STEMMERS, primary
from node.search.text.stemming import stemmer_of
from node.search.vocabulary import Vocabulary, Words

_WRITER_BYTES = 96_000_000
_WRITER_THREADS = 2
_ROOM = 32_000_000
"""Bytes that a batch may take on the disk: with less, it is the disk that fails and not the index."""
_BATCH = 1000
"""Beyond so many documents at once the vocabulary is read from the index instead of counted along."""
_MOST_NAMES = 100_000
"""Ids kept in memory by number, about 250 bytes each."""


class Generation:
    """Reads need no lock; one writer at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.schema = build_schema()
        self._writing = RLock()
        self._loading = Lock()
        self._writer: Any = None
        self._seen = self._committed()
        with noticing_damage():
            self._index = tantivy.Index(self.schema, str(path))
            register_analyzers(self._index)
            self._index.config_reader("manual")
            self._index.reload()
            self.stems = lru_cache(maxsize=50_000)(self._find_stems)
            self._languages: tuple[str, ...] = ()
            self._names: dict[int, tuple[str, str]] = {}
            self.vocabulary = Vocabulary()
            self.learn()

    def searcher(self) -> Any:
        """A reader of what is committed, by whichever process: the library would look for that twice a second."""
        if self._committed() != self._seen:
            self._reload()
        return self._index.searcher()

    def _reload(self) -> None:
        """Show what is committed. Whoever comes meanwhile waits, or would be shown what was before."""
        with self._loading:
            committed = self._committed()
            if committed != self._seen:
                self._index.reload()
                self._seen = committed

    def _committed(self) -> Stamp:
        """Changes with every commit."""
        return stamp_of(self.path / "meta.json")

    def upsert(self, documents: Iterable[SearchDocument]) -> bool:
        """Add or replace, commit, and show to readers. True when there were so many that `learn` should follow."""
        with self._written() as writer:
            words: list[set[str]] = []
            languages: set[str] = set()
            count = 0
            for document in documents:
                writer.delete_documents_by_term("id", document.id)
                row, found = row_of(document, self.schema)
                writer.add_document(row)
                count += 1
                languages.add(primary(document.language))
                if count <= _BATCH:
                    words.append(found)
            self._commit()
            self._take_languages(languages)
            if count <= _BATCH:
                self.vocabulary.add(words)
            return count > _BATCH

    def remove(self, ids: Iterable[str]) -> None:
        """Delete and commit."""
        with self._written() as writer:
            for document_id in ids:
                writer.delete_documents_by_term("id", document_id)
            self._commit()

    def learn(self) -> None:
        """Read words and languages from the index."""
        with noticing_damage():
            searcher = self.searcher()
            self.vocabulary.replace(pair for name, _ in WORD_FIELDS for pair in searcher.terms_with_prefix(name, ""))
            languages = searcher.terms_with_prefix("language", "", None, 200)
        self._take_languages({primary(name) for name, _ in languages})

    def lexicon(self, frequencies: Frequencies) -> Lexicon:
        """What the index knows of words."""
        words = self.words(frequencies)
        return Lexicon(words, frequencies.documents, self.stems, frequencies.total, self._whole, frequencies.stemmed)

    def frequencies(self, searcher: Any, audiences: Collection[str]) -> Frequencies:
        """Counts of words for one reader's question."""
        return Frequencies(searcher, self.schema, audiences)

    def words(self, frequencies: Frequencies) -> Words:
        """The words that this reader may know."""
        return SeenWords(self.vocabulary, frequencies) if frequencies.hidden else self.vocabulary

    def names(self, searcher: Any, addresses: Sequence[Any]) -> list[tuple[str, str]]:
        """(id, family) of each. Reading rows is slow, numbers are fast: rows are read for unknown numbers only."""
        numbers = searcher.fast_field_values("named", addresses)
        found = {n: self._names.get(n) for n in numbers}
        unknown = {n: address for n, address in zip(numbers, addresses, strict=True) if found[n] is None}
        if len(self._names) + len(unknown) > _MOST_NAMES:
            self._names = {}
        for number, stored in zip(unknown, self.stored(searcher, list(unknown.values())), strict=True):
            found[number] = self._names[number] = (stored.id, stored.family)
        return [name for n in numbers if (name := found[n])]

    def stored(self, searcher: Any, addresses: Sequence[Any]) -> list[Stored]:
        """What is kept of each document."""
        return [read_stored(searcher.doc(address)) for address in addresses]

    def sums(self) -> dict[int, tuple[int, int]]:
        """Bucket → (documents, sum of fingerprints)."""
        aggregation = {"b": {"terms": {"field": "bucket", "size": BUCKETS}, "aggs": {"s": {"sum": {"field": "print"}}}}}
        with noticing_damage():
            found = self.searcher().aggregate(tantivy.Query.all_query(), aggregation)["b"]["buckets"]
        return {int(b["key"]): (b["doc_count"], int(b["s"]["value"])) for b in found}

    def fingerprints(self, bucket: int) -> dict[str, int]:
        """id → fingerprint in a bucket."""
        with noticing_damage():
            searcher = self.searcher()
            query = tantivy.Query.term_query(self.schema, "bucket", bucket)
            total = max(1, int(searcher.search(query, 1).count))
            addresses = [address for _, address in searcher.search(query, total).hits]
            prints = searcher.fast_field_values("print", addresses)
            stored = self.stored(searcher, addresses)
        return {s.id: int(p) for s, p in zip(stored, prints, strict=True)}

    def close(self) -> None:
        """Let the writer finish its merges and give up its lock."""
        with self._writing:
            writer, self._writer = self._writer, None
            if writer is not None:
                with noticing_damage():
                    writer.wait_merging_threads()

    @contextmanager
    def _written(self) -> Iterator[Any]:
        """The writer. A full disk is no damage: what is there stays, and is gone on with when there is room."""
        with self._writing:
            try:
                with noticing_damage():
                    if self._writer is None:
                        self._writer = self._index.writer(_WRITER_BYTES, _WRITER_THREADS)
                    yield self._writer
            except IndexCorrupt:
                with suppress(IndexCorrupt):
                    self.close()  # a writer that failed once fails for ever, and holds the lock
                require_room(self.path, _ROOM)
                raise

    def _commit(self) -> None:
        self._writer.commit()
        self._reload()

    def _take_languages(self, languages: Iterable[str]) -> None:
        known = {*self._languages, *(name for name in languages if name in STEMMERS)}
        if len(known) != len(self._languages):
            self._languages = tuple(sorted(known))
            self.stems.cache_clear()

    def _find_stems(self, word: str) -> tuple[str, ...]:
        """Its stems in every language that the index has, each once."""
        return tuple(dict.fromkeys(stemmer_of(name).stem(word) for name in self._languages))

    def _whole(self, words: Sequence[str]) -> tuple[str, ...]:
        """These words as one name: as written, and stemmed in every language that the index has."""
        stemmed = (" ".join(stemmer_of(name).stems(words)) for name in self._languages)
        return tuple(dict.fromkeys((" ".join(words), *stemmed)))
