"""Fold away what people do not type: case, diacritics, width, letter variants of Arabic, digits of other scripts."""

from __future__ import annotations

import re
import unicodedata

# Marks that only colour a letter. Vowel signs of Indic scripts, Thai and the voicing marks of kana carry meaning: kept.
# й keeps its breve: it is a letter, and Russian endings hang on it.
_MARKS = re.compile(
    "(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)

_DIGIT_ZEROES = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0)

_LETTERS = str.maketrans(
    dict(zip("øłđðħıŧŋ", "olddhitn", strict=True))
    | {"æ": "ae", "œ": "oe", "þ": "th", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "’": "'", "ʼ": "'"}
    | {chr(zero + n): str(n) for zero in _DIGIT_ZEROES for n in range(10)}
    # Invisible characters would split words that look whole.
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
)


def fold(text: str) -> str:
    """Lower case without diacritics; the same for text that looks the same."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return unicodedata.normalize("NFKC", _MARKS.sub("", spread))
