"""What people say plainly and task statements say formally: “I look after the books” → maintain, accounts, ledgers.

The pairs stand in `plain_words.txt`: general English, words and phrases, and of the
trades' own terms only what everybody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from node.search.text.languages import FUNCTION_WORDS
from node.search.text.tokens import tokens

Features = Callable[[str], list[str]]

# Words that carry a plain sentence along and say nothing of the work.
_CHATTER = frozenset(
    tokens(
        """i we you my our your me us get got make sure thing things stuff lot really somebody someone people want
        need try let go going come do does did done how what when where which who why way so that they them he
        she his her their one ones if whether up out off over back down also just every each any some all can
        could should would must have has had be been is are was were am not no nothing more less than then there
        here about into before after while during again always often until it its itself this these those other
        others else something anything everything everybody anybody same own very too only"""
    )
)
# What a stemmer cannot know.
_IRREGULAR = {
    form: word
    for word, forms in {
        "be": "was were been", "break": "broke broken", "bring": "brought", "build": "built", "buy": "bought",
        "catch": "caught", "choose": "chose chosen", "cut": "cutting", "deal": "dealt", "dig": "dug",
        "draw": "drew drawn", "drive": "drove driven", "eat": "ate eaten", "feed": "fed", "find": "found",
        "fly": "flew flown", "give": "gave given", "go": "went gone", "grow": "grew grown", "hear": "heard",
        "hold": "held", "keep": "kept", "know": "knew known", "lead": "led", "leave": "left", "make": "made",
        "mean": "meant", "meet": "met", "pay": "paid", "ring": "rang rung", "run": "ran running",
        "say": "said", "see": "saw seen", "sell": "sold", "send": "sent", "sew": "sewn", "show": "shown",
        "speak": "spoke spoken", "steal": "stole stolen", "stick": "stuck", "take": "took taken",
        "teach": "taught", "tell": "told", "think": "thought", "throw": "threw thrown", "wear": "wore worn",
        "weigh": "weighed", "win": "won", "write": "wrote written",
    }.items()
    for form in forms.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word or phrase of a sentence: its own stems, and the stems of what a statement might say instead.

    `phrase`: several words that together mean something else than each: who looks after the books looks at none.
    """

    own: tuple[str, ...]
    formal: tuple[str, ...]
    phrase: bool = False


@cache
def plain_pairs() -> tuple[tuple[tuple[str, ...], str], ...]:
    """(plain words, formal words) as the file has them."""
    text = files("node.services.reference.looking").joinpath("plain_words.txt").read_text("utf-8")
    lines = [line.partition("=") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple((tuple(part.strip() for part in plain.split(",")), formal.strip()) for plain, _, formal in lines)


class PlainWords:
    """Reads a sentence with the stems that statements are indexed by."""

    def __init__(self, stems: Features) -> None:
        self._stems = stems
        self._formal: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._said: dict[tuple[str, ...], str] = {}
        for plains, formal in plain_pairs():
            said = stems(formal)
            for plain in plains:
                key = tuple(map(self.stem, tokens(plain)))
                self._formal[key] = tuple(dict.fromkeys((*self._formal.get(key, ()), *said)))
                self._said.setdefault(key, formal)
        self._longest = max(map(len, self._formal))

    def read(self, words: Sequence[str]) -> tuple[Meaning, ...]:
        """As `meanings`; the words as they are where none says anything of the work."""
        return self.meanings(words) or tuple(Meaning((self.stem(word),), ()) for word in words)

    def meanings(self, words: Sequence[str]) -> tuple[Meaning, ...]:
        """The meanings of a sentence's tokens, longest known phrases first, each once."""
        found = list[Meaning]()
        for phrase, key in self._phrases(words):
            own = tuple(stem for word, stem in zip(phrase, key, strict=True) if _says(word))
            if len(key) > 1 or own:
                found.append(Meaning(own, self._formal.get(key, ()), len(key) > 1))
        return tuple(dict.fromkeys(found))

    def formally(self, words: Sequence[str]) -> str:
        """The sentence, and what its phrases mean."""
        meant = [self._said[key] for _, key in self._phrases(words) if len(key) > 1]
        return " ".join((*words, *meant))

    def _phrases(self, words: Sequence[str]) -> Iterator[tuple[Sequence[str], tuple[str, ...]]]:
        """(words, their stems): longest known phrases first, else single words."""
        stems, place = [self.stem(word) for word in words], 0
        while place < len(words):
            size = self._phrase_at(stems, place)
            yield words[place : place + size], tuple(stems[place : place + size])
            place += size

    def _phrase_at(self, stems: Sequence[str], place: int) -> int:
        """How many words the longest known phrase has here; 1 for none."""
        most = min(self._longest, len(stems) - place)
        return next((n for n in range(most, 1, -1) if tuple(stems[place : place + n]) in self._formal), 1)

    def stem(self, word: str) -> str:
        """What stands for a word."""
        plain = _IRREGULAR.get(word, word)
        return (self._stems(plain) or [plain])[0]


def _says(word: str) -> bool:
    return word not in _CHATTER and word not in FUNCTION_WORDS
