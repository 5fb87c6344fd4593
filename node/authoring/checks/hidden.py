"""Text that a person does not see but an assistant reads: invisible characters, comments, instructions, data URLs.

Bidirectional controls: Boucher & Anderson, "Trojan Source" (2021). Tag characters U+E0000–E007F spell hidden ASCII.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from node.authoring.document import Document
from node.authoring.lines import LineTable
from node.authoring.problems import Problem

# U+200C and U+200D are left out: Persian, Indic scripts and emoji need them; only runs of them are suspicious.
_NEVER_SEEN = (
    (0x200B, 0x200B), (0x2060, 0x2064), (0x206A, 0x206F), (0x180E, 0x180E), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F),
    (0x202A, 0x202E), (0x2066, 0x2069),
)  # fmt: skip
_CONTROLS = ((0x01, 0x08), (0x0B, 0x0B), (0x0E, 0x1F), (0x7F, 0x7F))
_JOINERS = ((0x200C, 0x200D),)


def _class(ranges: Iterable[tuple[int, int]]) -> str:
    return "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges) + "]"


_INVISIBLE = re.compile(f"{_class(_NEVER_SEEN)}+|(?<!\\A)\ufeff+|{_class(_JOINERS)}{{2,}}|{_class(_CONTROLS)}+")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SUSPICIOUS = frozenset(
    chr(code) for first, last in (*_NEVER_SEEN, *_CONTROLS, *_JOINERS) for code in range(first, last + 1)
) | {"\ufeff"}
_HARMLESS = bytes(code for code in range(0x80) if chr(code) not in _SUSPICIOUS)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_LONG_COMMENT = 200

Lines = Callable[[], LineTable]

_READER = r"(?:ai|llm|language models?|assistants?|chatbots?|agents?)\b"
# First words, and what follows any of them. One expression for each word, tried where the word occurs: quicker than one
# for all. Text is lower-cased.
_ALL_OF = r"\s+(?:all\s+|any\s+|the\s+|your\s+|of\s+){0,4}"
_PERSON = r"\b[^.\n]{0,40}\b(?:user|human|person|worker)\b"
_AIMED_AT_ASSISTANTS = (
    ("ignore|disregard|forget", _ALL_OF + r"(?:previous|prior|above|earlier|preceding|system)\b"),
    ("forget", _ALL_OF + r"instructions\b"),
    ("override", _ALL_OF + r"(?:previous|prior|system)\b"),
    ("you", r"\s+are\s+(?:now\s+)?an?\s+(?:helpful\s+)?" + _READER),
    ("if", r"\s+you\s+are\s+an?\s+" + _READER),
    ("note|instruction|instructions|message", r"\s+(?:to|for)\s+(?:the\s+|any\s+)?" + _READER),
    ("don't", r"\s+(?:tell|reveal|mention|show)" + _PERSON),
    ("do", r"\s+not\s+(?:tell|reveal|mention|show)" + _PERSON),
    ("never", r"\s+(?:tell|reveal|mention)" + _PERSON),
    ("reveal", r"\s+(?:your|the)\s+(?:system\s+)?prompt\b"),
    ("print|repeat|output|leak", r"\s+(?:your|the)\s+(?:system\s+)?(?:prompt|instructions)\b"),
    ("new", r"\s+(?:system\s+)?instructions?\s*:"),
    ("act", r"\s+as\s+(?:if\s+you\s+(?:are|were)\s+)?an?\s+(?:unrestricted|jailbroken|unfiltered)\b"),
    (
        "send|post|upload|exfiltrate",
        r"\s+(?:all\s+|the\s+|any\s+|your\s+){0,3}(?:conversation|credentials|secrets|api\s+keys?|environment\s+variables)\b",
    ),
    ("without", r"\s+(?:telling|informing|asking)\s+the\s+(?:user|human|person|worker)\b"),
    ("ignorier", r"e?\s+(?:alle\s+|die\s+|deine\s+){0,3}(?:vorherigen|bisherigen|obigen)\b"),
    ("ignora", r"\s+(?:todas\s+|las\s+|tus\s+){0,3}instrucciones\b"),
    ("ignore", r"[rz]?\s+(?:toutes\s+|les\s+|tes\s+|vos\s+){0,3}instructions\s+pr[ée]c[ée]dentes\b"),
    ("<", r"\|(?:im_start|im_end|system|endoftext)\|>"),
    ("[inst]|[/inst]|<<sys>>", ""),
)
_DATA_URL = re.compile(r"data:[a-z]+/[a-z0-9.+-]+[;,]")
_STYLE = re.compile(
    r"<[a-z][^<>]{0,2000}\s(?:hidden\b(?=[\s>=])|style\s*=[^<>]{0,300}(?:display\s*:\s*none|font-size\s*:\s*0|opacity\s*:\s*0))"
)


_STEM = 5  # letters that words have in common which are looked for at once


@cache
def _aimed() -> dict[str, list[re.Pattern[str]]]:
    """By the beginnings of their words. Compiled when the first text is checked: a node starts before that."""
    found: dict[str, list[re.Pattern[str]]] = {}
    for words, rest in _AIMED_AT_ASSISTANTS:
        for word in words.split("|"):
            found.setdefault(word[:_STEM], []).append(re.compile(re.escape(word) + rest))
    return found


def _find_aimed(lowered: str) -> Iterator[re.Match[str]]:
    for stem, expressions in _aimed().items():
        if stem in lowered:
            for expression in expressions:
                yield from expression.finditer(lowered)


def check_hidden(document: Document) -> Iterator[Problem]:
    """Warnings; a node flags what it takes in by the same codes."""
    yield from find_hidden(document.source, document.path)


def find_hidden(text: str, path: str = "") -> Iterator[Problem]:
    """What hides in a text, wherever it comes from."""
    lowered = _lowered(text)
    lines = cache(partial(LineTable, text))  # nearly always nothing is found, and no place is asked for
    if _may_hide(text):
        yield from _invisible(path, text, lines)
    if "<!--" in text:
        yield from _comments(path, text, lines)
    for match in _find_aimed(lowered):
        yield _problem(path, lines, match, "aimed-at-assistants", "this reads like an instruction to an assistant")
    for match in _DATA_URL.finditer(lowered) if "data:" in lowered else ():
        yield _problem(path, lines, match, "data-url", "data inside an address; put the file beside the text")
    for match in _STYLE.finditer(lowered) if "hidden" in lowered or "style" in lowered else ():
        yield _problem(path, lines, match, "hidden-text", "this HTML hides text from the reader")


def aims_at_assistants(text: str) -> bool:
    """Whether a text holds something that reads like an instruction to an assistant."""
    return next(_find_aimed(_lowered(text)), None) is not None


def _may_hide(text: str) -> bool:
    """Whether there is a character that nobody sees; ten times as fast as looking at each."""
    if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():  # none of them is
        return False
    if text.encode("ascii", "ignore").translate(None, _HARMLESS):
        return True
    return not text.isascii() and not _SUSPICIOUS.isdisjoint("".join(_BEYOND_ASCII.findall(text)))


def _spelt_in_tags(text: str) -> str:
    """What tag characters (U+E0020–E007E) spell: ASCII that no screen shows."""
    return "".join(chr(ord(c) - 0xE0000) for c in text if 0xE0020 <= ord(c) <= 0xE007E)


def _lowered(text: str) -> str:
    """Lower case of equal length, so that places stay true (“İ” would become two characters)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _invisible(path: str, text: str, lines: Lines) -> Iterator[Problem]:
    for match in _INVISIBLE.finditer(text):
        codes = " ".join(f"U+{ord(character):04X}" for character in match[0][:4])
        hidden = _spelt_in_tags(match[0])
        if hidden and not _is_flag(text, match.start()):
            message = f"invisible characters that spell “{hidden[:80]}”"
            yield _problem(path, lines, match, "invisible-characters", message, codes)
        elif hidden:
            continue
        elif _BIDI.isdisjoint(match[0]):
            yield _problem(path, lines, match, "invisible-characters", "characters that nobody sees", codes)
        else:
            message = "this reorders the text that follows; use dir=… on a block instead"
            yield _problem(path, lines, match, "bidi-control", message, codes)


def _is_flag(text: str, at: int) -> bool:
    """Tags behind a black flag spell a region's flag, such as Scotland's (Unicode TS 51, section C.1)."""
    return at > 0 and text[at - 1] == "\U0001f3f4"


def _comments(path: str, text: str, lines: Lines) -> Iterator[Problem]:
    end, start = 0, text.find("<!--")
    while start >= 0:
        end = text.find("-->", start)
        end = len(text) if end < 0 else end
        inside = text[start + 4 : end]
        if len(inside.strip()) > _LONG_COMMENT or aims_at_assistants(inside):
            message = "a comment that readers do not see, and assistants do"
            found = " ".join(inside[:400].split())[:80]
            yield Problem(path, *lines().place(start), "hidden-comment", "warning", message, found)
        start = text.find("<!--", end)


def _problem(
    path: str, lines: Lines, match: re.Match[str], code: str, message: str, found: str | None = None
) -> Problem:
    line, column = lines().place(match.start())
    text = " ".join(match[0].split())[:80] if found is None else found
    return Problem(path, line, column, code, "warning", message, text)
