"""Read what a person typed. Every text gives a question: what makes no sense as syntax is taken as words.

gauge calibration            all words, or the most of them
"torque wrench"              exactly these, in this order
-excel   -"hot work"         without
layer:tool lang:de by:@ana   fields (also -layer:tool); a value with spaces goes in quotes
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from node.search.errors import QueryTooLong
from node.search.query.question import Question, Word
from node.search.text.tokens import runs, tokens

LONGEST_TEXT = 10_000
MOST_WORDS = 32
MOST_FIELDS = 16

FIELD_NAMES = {
    "kind": "kind", "type": "kind", "layer": "layer", "level": "level", "lang": "language", "language": "language",
    "by": "by", "author": "by", "occupation": "occupation", "task": "task", "skill": "skill", "tool": "tool",
    "org": "organisation", "organisation": "organisation", "organization": "organisation", "license": "license",
    "licence": "license", "fresh": "freshness", "freshness": "freshness",
}  # fmt: skip
"""As typed → facet; `by` is the author under any of their names."""

_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PIECE = re.compile(
    r"""(?P<minus>-?)(?:(?P<field>[a-zA-Z]{2,14}):(?="|[^\s:"/]))?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))"""
)


def parse_question(text: str, *, instant: bool = True) -> Question:
    """Take a text apart. Raises QueryTooLong beyond LONGEST_TEXT characters; anything else is answered."""
    if len(text) > LONGEST_TEXT:
        raise QueryTooLong(f"The search text has {len(text)} characters; {LONGEST_TEXT} are read at most.")
    cleaned = _UNREADABLE.sub(" ", text)
    reading = _Reading()
    for match in _PIECE.finditer(cleaned):
        reading.take(match)
    typing = instant and not cleaned.endswith((" ", '"'))
    return reading.question(typing)


@dataclass(slots=True)
class _Reading:
    words: list[tuple[str, bool]] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    excluded: list[tuple[str, ...]] = field(default_factory=list)
    only: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    without: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    fields: int = 0
    ends_in_word: bool = False

    def take(self, match: re.Match[str]) -> None:
        name = FIELD_NAMES.get((match["field"] or "").lower())
        value = match["quoted"] if match["quoted"] is not None else match["bare"]
        negative = bool(match["minus"])
        self.ends_in_word = False
        if name:
            self._take_field(name, value.strip(), negative)
        elif match["field"]:
            self._take_text(f"{match['field']} {value}", quoted=False, negative=negative)
        else:
            self._take_text(value, quoted=match["quoted"] is not None, negative=negative)

    def _take_field(self, name: str, value: str, negative: bool) -> None:
        self.fields += 1
        if value and self.fields <= MOST_FIELDS:
            (self.without if negative else self.only)[name].append(value)

    def _take_text(self, value: str, *, quoted: bool, negative: bool) -> None:
        if negative:
            self._add(self.excluded, tuple(tokens(value)))
        elif quoted:
            self._add(self.phrases, tuple(tokens(value)))
        else:
            self.words += runs(value)
            self.ends_in_word = True

    @staticmethod
    def _add(phrases: list[tuple[str, ...]], phrase: tuple[str, ...]) -> None:
        if phrase and len(phrases) < MOST_WORDS:
            phrases.append(phrase[:MOST_WORDS])

    def question(self, typing: bool) -> Question:
        kept = self.words[:MOST_WORDS]
        complete = len(kept) == len(self.words)
        last = len(kept) - 1 if typing and self.ends_in_word and complete else -1
        return Question(
            words=_distinct([Word(text, unspaced, last=i == last) for i, (text, unspaced) in enumerate(kept)]),
            phrases=tuple(self.phrases),
            excluded=tuple(self.excluded),
            only={name: tuple(values) for name, values in self.only.items()},
            without={name: tuple(values) for name, values in self.without.items()},
            notes=tuple(self._notes()),
        )

    def _notes(self) -> list[str]:
        notes = []
        if len(self.words) > MOST_WORDS:
            notes.append(f"Only the first {MOST_WORDS} words were used.")
        if self.fields > MOST_FIELDS:
            notes.append(f"Only the first {MOST_FIELDS} fields were used.")
        return notes


def _distinct(words: list[Word]) -> tuple[Word, ...]:
    """Each text once, at its first place; being typed anywhere counts."""
    typed = {w.text for w in words if w.last}
    return tuple({w.text: Word(w.text, w.unspaced, w.text in typed) for w in words}.values())
