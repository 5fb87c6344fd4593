"""What keeps people out: pictures without words, headings that jump, links that say nothing, text that is too hard."""

import re
from collections.abc import Iterator
from itertools import pairwise

from node.authoring.document import Document
from node.authoring.problems import Problem

# Link texts that say nothing out of context (WCAG 2.2, 2.4.4), in languages we meet.
_EMPTY_WORDS = frozenset(
    """
    here|click here|link|this|this link|more|read more|learn more|see here|hier|klicken sie hier|mehr|weiter|
    ici|cliquez ici|plus|en savoir plus|aquí|haz clic aquí|más|leer más|aqui|clique aqui|mais|qui|clicca qui|
    هنا|اضغط هنا|здесь|тут|ここ|这里|點這裡|여기
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|avif)\Z", re.IGNORECASE)


def check_accessibility(document: Document) -> Iterator[Problem]:
    """Warnings only: the author decides."""
    yield from _pictures(document)
    yield from _headings(document)
    yield from _link_texts(document)


def _pictures(document: Document) -> Iterator[Problem]:
    for link in document.links:
        if link.kind != "picture":
            continue
        if not link.text.strip():
            message = "this picture has no text for those who cannot see it"
            yield Problem(document.path, link.line, link.column, "no-alt-text", "warning", message, link.target)
        elif _FILE_NAME.match(link.text):
            message = "a file name is no description of a picture"
            yield Problem(document.path, link.line, link.column, "no-alt-text", "warning", message, link.text)


def _headings(document: Document) -> Iterator[Problem]:
    for above, heading in pairwise(document.headings):
        if heading.level > above.level + 1:
            message = f"a heading of level {heading.level} follows one of level {above.level}"
            right = "#" * (above.level + 1)
            yield Problem(
                document.path, heading.line, 1, "heading-jump", "warning", message, "#" * heading.level, (), right
            )
    for heading in document.headings:
        if not heading.text:
            yield Problem(document.path, heading.line, 1, "empty-heading", "warning", "this heading is empty")


def _link_texts(document: Document) -> Iterator[Problem]:
    for link in document.links:
        if link.kind == "link" and link.text.strip(" .!»«“”").lower() in _EMPTY_WORDS:
            message = "this link does not say where it leads"
            yield Problem(document.path, link.line, link.column, "link-text", "warning", message, link.text)
        elif link.kind == "link" and not link.text.strip():
            message = "this link has no text"
            yield Problem(document.path, link.line, link.column, "link-text", "warning", message, link.target)
