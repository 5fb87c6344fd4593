"""Reading level: long sentences and long words keep people out, and most of all those who read in a second language.

Measured is the readability index LIX (Björnsson 1968): words per sentence, plus the share of words over six letters in
per cent. It needs no syllables and no dictionary, and compares across languages in Latin script; above 60 a text reads
like law. Languages differ in the length of their words, which shifts the bound.
"""

import re
from collections.abc import Iterator

from node.authoring.document import Document
from node.authoring.problems import Problem

_END = re.compile(r"[.!?…:;](?=\s|\Z)|\n\s*\n|\n\s*(?:[-*+]|\d+[.)])\s")
_NOT_PROSE = re.compile(
    r"^[ \t]*(?::::|\||#|```|~~~|<).*$|\]\([^()\n]{0,2000}\)|<[^<>\n]{0,500}>|https?://\S+|\{[^{}\n]{0,500}\}",
    re.MULTILINE,
)
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1cff\u2e80-\uffef]")  # Greek and what follows; East Asian
_SAMPLE = 4_000  # characters that show the script
# LIX above which a text is hard: 55 in English; more where words are put together (after Anderson 1983).
_HARD = {"de": 62, "nl": 60, "sv": 60, "da": 58, "nb": 58, "no": 58, "fi": 75, "hu": 68, "et": 70}
_USUAL = 58
_FEWEST_WORDS = 150  # fewer say nothing about a text
_LONG_SENTENCE = 45  # words


def check_reading(document: Document) -> Iterator[Problem]:
    """Warnings: the text as a whole, and its longest sentence."""
    prose = _NOT_PROSE.sub(" ", document.content.masked)
    sentences = [found for part in _END.split(prose) if len(found := part.split()) > 1]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < _FEWEST_WORDS or len(_OTHER_SCRIPT.findall(prose[:_SAMPLE])) > _SAMPLE / 10:
        return
    index = round(len(words) / len(sentences) + 100 * sum(_is_long(word) for word in words) / len(words))
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


def _is_long(word: str) -> bool:
    return len(word) > 6 and len(word.strip(".,;:!?()[]*_\"'“”„«»…")) > 6
