"""Which tokens of a document to highlight: those that the plan looked for, in any form it accepted."""

from __future__ import annotations

from node.search.query.question import Question
from node.search.tantivy_engine.plan import Plan
from node.search.text.languages import STEMMERS
from node.search.text.stemming import stemmer_of

_DUTCH = "ge"  # the one beginning that a stemmer drops: `gemaakt` is of `maken`


class Look:
    """What a plan looks for: the words themselves, completions, variants, synonyms, the same stems.

    `language` is set to each document's before it is asked. `beginnings` are one or two letters with which every word
    that is looked for begins, to pass over the rest fast.
    """

    def __init__(self, words: set[str], typed: tuple[str, ...], stems: set[str], asked: int = 1) -> None:
        self.language = ""
        self.asked = asked
        plain = [word[:2] for word in (*words, *typed)]
        self.beginnings = frozenset([*plain, *map(_beginning_of_forms, stems), *([_DUTCH] if stems else [])])
        self._words = words
        self._typed = typed
        self._stems = stems

    def __call__(self, token: str) -> bool:
        """Whether a token was asked for."""
        if token in self._words or (self._typed and token.startswith(self._typed)):
            return True
        stemmed = bool(self._stems) and self.language in STEMMERS
        return stemmed and stemmer_of(self.language).stem(token) in self._stems


def matcher(question: Question, plan: Plan | None) -> Look:
    """What to highlight for an executed plan."""
    needed = [w for w in plan.wanted if w.needed] if plan else []
    words = {t for w in needed for o in w.options for t in o.tokens} | {t for p in question.phrases for t in p}
    stems = {stem for w in needed for o in w.options for stem in o.stems}
    typed = tuple(w.text for w in question.words if w.last and not w.unspaced and len(w.text) > 1)
    return Look(words, typed, stems, len(needed) + sum(map(len, question.phrases)))


def _beginning_of_forms(stem: str) -> str:
    """With what its words begin, or with _DUTCH: two letters stay, but of `dying` (die) and `aepfel` (apfel)."""
    return stem[:1] if len(stem) <= 3 or stem[0] in "aou" else stem[:2]
