"""A question expanded by what the index knows: completions, variants of misspelt words, synonyms, stems."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from node.search.query.question import Question, Word
from node.search.text.languages import FUNCTION_WORDS
from node.search.vocabulary import TypoRule, Variant, Words

TYPO_WEIGHTS = {1: 0.6, 2: 0.3}
COMPLETION_WEIGHT = 0.7
SYNONYM_WEIGHT = 0.5
WHOLE_WEIGHT = 5.0
"""Of a name that is the question and nothing else: it comes before titles with more words, whose weight is 3."""
MOST_COMPLETIONS = 12
MOST_VARIANTS = {1: 4, 2: 6}
"""So many are looked for when the nearest is so many typos away; farther ones are then left out."""
FEW_LETTERS = 2
"""A question of so few letters is looked for in titles and other names: it would find half of all texts."""
_FREQUENT, _MANY = 0.05, 2_000
"""A word is frequent that stands in more than this share of all documents, and in more than so many."""
_LEAST_TELLING = 2
_SLIP = 10
"""A word may be a slip for one that stands in so many times as many documents."""
MOST_EXPANDED = 8
"""Words of one question that are looked up for misspelling."""

Synonyms = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]


class Reach(IntEnum):
    """Which words are taken as misspelt: none, those the index does not have, also rare ones near a frequent one."""

    NONE = 0
    UNKNOWN = 1
    RARE = 2


@dataclass(frozen=True, slots=True)
class Option:
    """One way to match: a word or, with several tokens, a phrase. `brief`: in titles and other names alone."""

    tokens: tuple[str, ...]
    weight: float = 1.0
    stems: tuple[str, ...] = ()
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place of the question; the best of its options counts. Not `needed` for function words."""

    options: tuple[Option, ...]
    needed: bool = True
    unspaced: bool = False
    corrected: str = ""
    documents: int = 0

    @property
    def may_be_found(self) -> bool:
        """Whether anything of it stands in some document."""
        return self.unspaced or self.documents > 0 or len(self.options) > 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for, and what not."""

    wanted: tuple[Wanted, ...]
    phrases: tuple[tuple[str, ...], ...]
    excluded: tuple[tuple[str, ...], ...]
    whole: tuple[str, ...] = ()
    """The question as the whole of a name, as written and stemmed: “nurse” is what registered nurses are called."""
    whole_score: float = 0.0

    def telling(self, total: int) -> tuple[Wanted, ...]:
        """The places worth asking for when any will do: frequent words say little beside rare ones, and cost most."""
        needed = tuple(w for w in self.wanted if w.needed) or self.wanted
        found = [w for w in needed if w.may_be_found] or needed
        rare = tuple(w for w in found if w.documents <= max(_MANY, total * _FREQUENT))
        return rare if len(rare) >= _LEAST_TELLING else tuple(sorted(found, key=_frequency)[:_LEAST_TELLING])

    @property
    def corrections(self) -> dict[str, str]:
        """Misspelt word → nearest word of the index."""
        return {w.options[0].tokens[0]: w.corrected for w in self.wanted if w.corrected}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the index knows of words: exact counts of documents, by word and by stem, and stems in each language."""

    vocabulary: Words
    documents: Callable[[str], int]
    stems: Callable[[str], tuple[str, ...]]
    total: int
    whole: Callable[[Sequence[str]], tuple[str, ...]] = lambda _: ()
    stemmed: Callable[[str], int] = lambda _: 0
    rule: TypoRule = field(default_factory=TypoRule)

    def rarity(self, documents: int) -> float:
        """BM25's inverse document frequency."""
        return math.log(1 + (max(self.total, documents) - documents + 0.5) / (documents + 0.5))


def _frequency(wanted: Wanted) -> int:
    return wanted.documents


def make_plan(question: Question, lexicon: Lexicon, synonyms: Synonyms, reach: Reach) -> Plan:
    """Expand every word; a question of function words only needs them all."""
    only_function = all(w.text in FUNCTION_WORDS for w in question.words)
    wanted = []
    brief = len(question.words) == 1 and not question.phrases and len(question.words[0].text) <= FEW_LETTERS
    for i, word in enumerate(question.words):
        found = _expand(word, lexicon, reach if i < MOST_EXPANDED else Reach.NONE, brief=brief)
        wanted.append(replace(found, needed=only_function or word.last or word.text not in FUNCTION_WORDS))
    whole = _whole(question, lexicon)
    score = WHOLE_WEIGHT * sum(lexicon.rarity(lexicon.documents(word.text)) for word in question.words) if whole else 0
    return Plan(_with_synonyms(question.words, wanted, synonyms), question.phrases, question.excluded, whole, score)


def _whole(question: Question, lexicon: Lexicon) -> tuple[str, ...]:
    if not question.words or question.phrases or any(word.unspaced for word in question.words):
        return ()
    return lexicon.whole([word.text for word in question.words])


def _expand(word: Word, lexicon: Lexicon, reach: Reach, *, brief: bool) -> Wanted:
    if word.unspaced:
        return Wanted((Option(tuple(word.text)),), unspaced=True)
    brief = brief and word.last
    exact = Option((word.text,), stems=() if brief else lexicon.stems(word.text), brief=brief)
    documents = lexicon.documents(word.text)
    completions = _completions(word, documents, lexicon, brief=brief) if word.last else ()
    variants = _variants(word, documents or len(completions), lexicon, reach)
    corrected = variants[0].tokens[0] if variants and not documents and not completions else ""
    about = documents or lexicon.vocabulary.documents(corrected) or max(map(lexicon.stemmed, exact.stems), default=0)
    return Wanted((exact, *completions, *variants), corrected=corrected, documents=about)


def _completions(word: Word, documents: int, lexicon: Lexicon, *, brief: bool) -> tuple[Option, ...]:
    words = lexicon.vocabulary.completions(word.text, _most_completions(word.text))
    counts = [lexicon.vocabulary.documents(w) for w in words]
    # All completions together count as one word: a rare one must not beat the frequent one by its rarity.
    together = lexicon.rarity(documents or sum(counts))
    return tuple(
        Option((w,), COMPLETION_WEIGHT * min(1.0, together / lexicon.rarity(n)), brief=brief)
        for w, n in zip(words, counts, strict=True)
    )


def _most_completions(prefix: str) -> int:
    return MOST_COMPLETIONS if len(prefix) > 2 else 6


def _variants(word: Word, known: int, lexicon: Lexicon, reach: Reach) -> tuple[Option, ...]:
    edits = lexicon.rule.edits(word.text)
    if not edits or reach is Reach.NONE or (known and (reach is Reach.UNKNOWN or _is_usual(known, lexicon))):
        return ()
    # A word that stands somewhere was meant, unless one that is a single letter away is ten times as frequent.
    found = lexicon.vocabulary.variants(word.text, 1 if known else edits, max(MOST_VARIANTS.values()))
    found = tuple(v for v in found if v.edits == found[0].edits)[: MOST_VARIANTS[found[0].edits]] if found else ()
    if known:
        found = tuple(v for v in found if v.documents > _SLIP * known)
    together = lexicon.rarity(sum(v.documents for v in found[:1]))
    options = tuple(_variant(v, together, lexicon) for v in found)
    if known or not options:
        return options
    # A word that the index does not have is taken for its nearest: the order is then that of the clean question.
    return (replace(options[0], weight=1.0), *options[1:])


def _is_usual(known: int, lexicon: Lexicon) -> bool:
    """No word stands in so many times as many documents as this one."""
    return known * _SLIP >= lexicon.total


def _variant(variant: Variant, together: float, lexicon: Lexicon) -> Option:
    weight = TYPO_WEIGHTS[variant.edits] * min(1.0, together / lexicon.rarity(variant.documents))
    return Option((variant.word,), weight, lexicon.stems(variant.word))


def _with_synonyms(words: Sequence[Word], wanted: list[Wanted], synonyms: Synonyms) -> tuple[Wanted, ...]:
    """A synonym of several words may stand for each of them."""
    longest = max(map(len, synonyms), default=0)
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + longest) + 1):
            for other in synonyms.get(tuple(w.text for w in words[start:end]), ()):
                for i in range(start, end):
                    wanted[i] = replace(wanted[i], options=(*wanted[i].options, Option(other, SYNONYM_WEIGHT)))
    return tuple(wanted)
