"""Reading level: long sentences and long words keep people out, and most of all those who read in a second language.

Measured is the readability index LIX (Björnsson 1968): words per sentence, plus the share of words over six letters in
per cent. It needs no syllables and no dictionary, and compares across languages in Latin script; above 60 a text reads
like law. Languages differ in the length of their words, which shifts the bound.
"""

import re
from collections.abc import Iterator

from node.authoring.document import Document
from node.authoring.problems import Problem

_ENDS = frozenset(".!?…:;")
_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\Z")
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


def check_reading(document: Document) -> Iterator[Problem]:
    """Warnings: the text as a whole, and its longest sentence."""
    prose = "\n".join(map(_prose_of, document.content.masked.split("\n")))
    sentences = [sentence for sentence in _sentences(prose) if len(sentence) > 1]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < _FEWEST_WORDS or len(_OTHER_SCRIPT.findall(prose[:_SAMPLE])) > _SAMPLE / 10:
        return
    index = round(
        len(words) / len(sentences) + 100 * sum(len(word) > _SHORT and _is_long(word) for word in words) / len(words)
    )
    bound = _HARD.get(document.language.partition("-")[0], _USUAL)
    line = 1 + (document.parts.head + document.parts.yaml + document.parts.tail).count("\n")
    if index > bound:
        message = f"this is hard to read (LIX {index}, hard from {bound}): shorten sentences, choose shorter words"
        yield Problem(document.path, line, 1, "hard-to-read", "warning", message, str(index))
    longest = max(sentences, key=len, default=[])
    if len(longest) > _LONG_SENTENCE:
        begins = " ".join(longest[:6])
        message = f"a sentence of {len(longest)} words, beginning “{begins} …”: make it two"
        at = line + prose[: max(prose.find(f"{longest[0]} {longest[1]}"), 0)].count("\n")
        yield Problem(document.path, at, 1, "long-sentence", "warning", message, begins)


def _sentences(prose: str) -> Iterator[list[str]]:
    """Words up to a sign that ends a sentence, an empty line or the next item of a list."""
    sentence: list[str] = []
    for line in prose.split("\n"):
        words = line.split()
        if not words or _ITEM.match(words[0]):
            yield sentence
            sentence, words = [], words[1:]
        for word in words:
            sentence.append(word)
            if word[-1] in _ENDS:
                yield sentence
                sentence = []
    yield sentence


def _prose_of(line: str) -> str:
    """The line without addresses, attributes and tags; nothing of headings, tables, fences."""
    if line.lstrip(" \t").startswith(_NO_PROSE):
        return " "
    if "](" in line or "<" in line or "{" in line or "://" in line:
        return _NOT_PROSE.sub(" ", line)
    return line


def _is_long(word: str) -> bool:
    return len(word.strip(".,;:!?()[]*_\"'“”„«»…")) > _SHORT
