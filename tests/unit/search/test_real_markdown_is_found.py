"""26,000 pages that other people wrote, in 14 languages: words of each script find the page they stand in."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.search.document import SearchDocument
from node.search.request import SearchRequest
from node.search.tantivy_engine.engine import TantivyEngine
from node.services.finding.plain_text import plain_text

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")
ARCHIVES = ("markdown.tar.xz", "markdown_tldr_scale.tar.xz")
ASKED = 40
UNSPACED = ("ja", "zh", "ko", "th")
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def pages(archive: str) -> Iterator[SearchDocument]:
    with tarfile.open(SHARED / archive) as opened:
        files = {m.name: opened.extractfile(m) for m in opened if m.isfile()}
        manifest = next(name for name in files if name.endswith("manifest.csv"))
        root = manifest.removesuffix("manifest.csv")
        for row in csv.DictReader(io.StringIO(_text(files[manifest]))):
            name = f"{root}{row['repo'].replace('/', '+')}/{row['path']}"
            if name.endswith((".md", ".mdx")) and name in files:
                yield page(name, row["lang"], _text(files[name]))


def _text(file: object) -> str:
    return file.read().decode("utf-8", "replace")  # type: ignore[attr-defined, no-any-return]  # an open file


def page(name: str, language: str, source: str) -> SearchDocument:
    words = plain_text(FRONT_MATTER.sub("", source))
    title, _, body = words.partition("\n")
    return SearchDocument(name, "module", title[:200], body=body, language=language, version=name)


def passages(document: SearchDocument) -> Iterator[str]:
    """Words that follow one another in a page's text."""
    for line in document.body.splitlines():
        if document.language in UNSPACED and " " not in line[:30]:
            yield line[:16]
        elif len(line.split()) > 5:
            yield " ".join(line.split()[:8])


def asked_as(passage: str) -> str:
    """As words: `-x`, `a:b` and quotes would be syntax."""
    return re.sub(r"(?<!\S)-+|[\":]", " ", passage)


def question(document: SearchDocument, others: list[SearchDocument]) -> str:
    """The first passage that stands in no other page of the language: the same text in two pages finds either."""
    bodies = {other.body for other in others}
    return next((p for p in passages(document) if sum(p in body for body in bodies) == 1), "")


@pytest.mark.real
def test_words_of_every_script_find_their_page(tmp_path: Path) -> None:
    if any(not (SHARED / archive).is_file() for archive in ARCHIVES):
        pytest.skip(f"the Markdown archives are not in {SHARED} (set SKILLNET_SHARED_DATA)")
    engine = TantivyEngine.create(tmp_path / "search")
    documents = [page for archive in ARCHIVES for page in pages(archive)]
    engine.upsert(documents)
    by_language = defaultdict(list)
    same_text = defaultdict(set)
    for document in documents:
        by_language[document.language].append(document)
        same_text[document.body].add(document.id)
    assert len(documents) > 26_000
    assert sum(len(found) > 100 for found in by_language.values()) >= 14
    chance, shares = random.Random(7), {}
    for language, found in sorted(by_language.items()):
        asked = [(d, question(d, found)) for d in chance.sample(found, min(ASKED, len(found)))]
        hits = [
            bool(
                {h.id for h in engine.search(SearchRequest(f"{asked_as(text)} ", typos=False)).hits} & same_text[d.body]
            )
            for d, text in asked
            if text
        ]
        shares[language] = sum(hits) / max(1, len(hits))
    engine.close()
    print(len(documents), {language: round(share, 3) for language, share in shares.items()})  # noqa: T201 - figures
    assert min(shares.values()) >= 0.85, shares
    assert sum(shares.values()) / len(shares) >= 0.95
