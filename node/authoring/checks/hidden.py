"""Text that a person does not see but an assistant reads: invisible characters, comments, instructions, data URLs.

Bidirectional controls: Boucher & Anderson, "Trojan Source" (2021). Tag characters U+E0000–E007F spell hidden ASCII.
"""

import re
from collections.abc import Iterator

from node.authoring.document import Document
from node.authoring.lines import LineTable
from node.authoring.problems import Problem

# U+200C and U+200D are left out: Persian, Indic scripts and emoji need them; only runs of them are suspicious.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u2060-\u2064\u206a-\u206f\u180e\ufff9-\ufffb\U000e0000-\U000e007f\u202a-\u202e\u2066-\u2069]+"
    "|(?<!\\A)\ufeff+|[\u200c\u200d]{2,}|[\x01-\x08\x0b\x0e-\x1f\x7f]+"
)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_COMMENT = re.compile(r"<!--(.{0,20000}?)(?:-->|\Z)", re.DOTALL)
_AIMED = re.compile(
    r"""(?ix)
    \b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|of\s+)*(?:previous|prior|above|earlier|preceding|system)\b
    | \byou\s+are\s+(?:now\s+)?an?\s+(?:ai|llm|language\s+model|assistant|chatbot)\b
    | \b(?:if|when)\s+you\s+are\s+an?\s+(?:ai|llm|language\s+model|assistant|agent)\b
    | \b(?:note|instructions?|message)\s+(?:to|for)\s+(?:the\s+)?(?:ai|llm|language\s+models?|assistants?|agents?)\b
    | \b(?:do\s+not|don't|never)\s+(?:tell|reveal|mention|show)\b[^.\n]{0,40}\b(?:user|human|person|worker)\b
    | \b(?:system\s+prompt|developer\s+message)\b
    | <\|(?:im_start|im_end|system|endoftext)\|> | \[/?INST\] | <<SYS>>
    """
)
_DATA_URL = re.compile(r"\bdata:[a-z]+/[a-z0-9.+-]+[;,]", re.IGNORECASE)
_STYLE = re.compile(
    r"<[^<>]{0,2000}\b(?:hidden\b|style\s*=[^<>]{0,300}(?:display\s*:\s*none|font-size\s*:\s*0|opacity\s*:\s*0))",
    re.IGNORECASE,
)


def check_hidden(document: Document) -> Iterator[Problem]:
    """Warnings; a node flags what it takes in by the same codes."""
    text = document.source
    lines = LineTable(text)
    if not text.isascii() or not text.isprintable():
        yield from _invisible(document.path, text, lines)
    if "<!--" in text:
        yield from _comments(document.path, text, lines)
    for match in _AIMED.finditer(text) if _worth_a_look(text) else ():
        yield _problem(
            document.path, lines, match, "aimed-at-assistants", "this reads like an instruction to an assistant"
        )
    for match in _DATA_URL.finditer(text) if "data:" in text else ():
        yield _problem(document.path, lines, match, "data-url", "data inside an address; put the file beside the text")
    for match in _STYLE.finditer(text) if "<" in text else ():
        yield _problem(document.path, lines, match, "hidden-text", "this HTML hides text from the reader")


def _worth_a_look(text: str) -> bool:
    """The cheap half of the expression above: without one of these words it cannot match."""
    lowered = text.lower()
    words = ("ignore", "disregard", "forget", "override", "you are", "llm", " ai", "assistant", "agent", "prompt",
             "developer message", "language model", "never", "do not", "don't", "<|", "inst]", "<<sys")  # fmt: skip
    return any(word in lowered for word in words)


def _invisible(path: str, text: str, lines: LineTable) -> Iterator[Problem]:
    for match in _INVISIBLE.finditer(text):
        codes = " ".join(f"U+{ord(character):04X}" for character in match[0][:4])
        if _BIDI.intersection(match[0]):
            yield _problem(
                path, lines, match, "bidi-control", "this reorders the text that follows; use dir=… instead", codes
            )
        elif match[0] != "\u00ad":
            yield _problem(path, lines, match, "invisible-characters", "characters that nobody sees", codes)


def _comments(path: str, text: str, lines: LineTable) -> Iterator[Problem]:
    for match in _COMMENT.finditer(text):
        if len(match[1].strip()) > 200 or _AIMED.search(match[1]):
            message = "a long comment: readers do not see it, assistants do"
            yield _problem(path, lines, match, "hidden-comment", message, " ".join(match[1].split())[:80])


def _problem(
    path: str, lines: LineTable, match: re.Match[str], code: str, message: str, found: str | None = None
) -> Problem:
    line, column = lines.place(match.start())
    text = " ".join(match[0].split())[:80] if found is None else found
    return Problem(path, line, column, code, "warning", message, text)
