"""Reading level: long sentences and long words keep people out, and most of all those who read in a second language.

Measured is the readability index LIX (Björnsson 1968): words per sentence, plus the share of words over six letters in
per cent. It needs no syllables and no dictionary, and compares across languages in Latin script; above 60 a text reads
like law. Languages differ in the length of their words, which shifts the bound.
"""

import re
from collections.abc import Iterable, Iterator

from node.authoring.document import Document
from node.authoring.problems import Problem
from schemas.identifiers import primary_language

_END = re.compile(r"[.!?…:;](?=\s)")
_ITEM = re.compile(r"(?:[-*+]|\d+[.)])(?!\S)")
_NO_PROSE = (":::", "|", "#", "```", "~~~", "<")  # lines that begin so
_NOT_PROSE = re.compile(r"\]\([^()\n]{0,2000}\)|<[^<>\n]{0,500}>|https?://\S+|\{[^{}\n]{0,500}\}")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1cff\u2e80-\uffef]")  # Greek and what follows; East Asian
_SAMPLE = 4_000  # characters that show the script
# LIX above which a text is hard: 55 in English; more where words are put together (after Anderson 1983).
_HARD = {"de": 62, "nl": 60, "sv": 60, "da": 58, "nb": 58, "no": 58, "fi": 75, "hu": 68, "et": 70}
_USUAL = 58
_FEWEST_WORDS = 150  # fewer say nothing about a text
_LONG_SENTENCE = 45  # words
_SHORT = 6  # letters
_SIGNS = ".,;:!?()[]*_\"'“”„«»…"


def check_reading(document: Document) -> Iterator[Problem]:
    """Warnings: the text as a whole, and its longest sentence."""
    lines = [_prose_of(line) for line in document.content.masked.split("\n")]
    sentences = [words for part in _parts(lines) if part for words in _sentences(part) if len(words) > 1]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < _FEWEST_WORDS or _is_other_script("\n".join(lines)[:_SAMPLE]):
        return
    long = [word for word in words if len(word) > _SHORT and len(word.strip(_SIGNS)) > _SHORT]
    index = round(len(words) / len(sentences) + 100 * len(long) / len(words))
    bound = _HARD.get(primary_language(document.language), _USUAL)
    line = 1 + (document.parts.head + document.parts.yaml + document.parts.tail).count("\n")
    if index > bound:
        message = f"this is hard to read (LIX {index}, hard from {bound}): shorten sentences, choose shorter words"
        yield Problem(document.path, line, 1, "hard-to-read", "warning", message, str(index))
    longest = max(sentences, key=len, default=[])
    if len(longest) > _LONG_SENTENCE:
        prose, begins = "\n".join(lines), " ".join(longest[:6])
        message = f"a sentence of {len(longest)} words, beginning “{begins} …”: make it two"
        at = line + prose[: max(prose.find(f"{longest[0]} {longest[1]}"), 0)].count("\n")
        yield Problem(document.path, at, 1, "long-sentence", "warning", message, begins)


def _is_other_script(sample: str) -> bool:
    return not sample.isascii() and len(_OTHER_SCRIPT.findall(sample)) > _SAMPLE / 10


def _parts(lines: Iterable[str]) -> Iterator[str]:
    """Text between empty lines; each item of a list without its mark."""
    part: list[str] = []
    for line in lines:
        text = line.lstrip()
        if not text or _begins_item(text):
            yield "\n".join(part)
            part = text.split(None, 1)[1:]
        else:
            part.append(line)
    yield "\n".join(part)


def _begins_item(text: str) -> bool:
    return (text[0] in "-*+" or text[0].isdecimal()) and bool(_ITEM.match(text))


def _sentences(part: str) -> Iterator[list[str]]:
    """Words up to a sign that ends a sentence."""
    begin = 0
    for sign in _END.finditer(part):
        yield part[begin : sign.end()].split()
        begin = sign.end()
    yield part[begin:].split()


def _prose_of(line: str) -> str:
    """The line without addresses, attributes and tags; nothing of headings, tables, fences."""
    if line.lstrip(" \t").startswith(_NO_PROSE):
        return " "
    if "](" in line or "<" in line or "{" in line or "://" in line:
        return _NOT_PROSE.sub(" ", line)
    return line
