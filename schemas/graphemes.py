"""How many characters a person sees: extended grapheme clusters of UAX #29 (Unicode 17.0)."""

from bisect import bisect_right
from functools import cache
from itertools import pairwise

from schemas import grapheme_classes as classes

_OTHER, _CONTROL, _EXTEND, _LINKER, _JOINER, _REGIONAL, _PREPEND, _SPACING = range(8)
_LEADING, _VOWEL, _TRAILING, _LV, _LVT, _PICTOGRAPH, _CONSONANT, _RETURN, _FEED, _NON_JOINER = range(8, 18)
_ALWAYS_BREAK = frozenset({_CONTROL, _RETURN, _FEED})
_AFTER_EMOJI = {_EXTEND: 1, _LINKER: 1, _NON_JOINER: 1, _JOINER: 2}
_NEVER_BREAK_BEFORE = frozenset({_EXTEND, _LINKER, _JOINER, _NON_JOINER, _SPACING})
_HANGUL = frozenset(
    {(_LEADING, _LEADING), (_LEADING, _VOWEL), (_LEADING, _LV), (_LEADING, _LVT), (_LV, _VOWEL), (_LV, _TRAILING)}
    | {(_VOWEL, _VOWEL), (_VOWEL, _TRAILING), (_LVT, _TRAILING), (_TRAILING, _TRAILING)}
)
_FIRST_SYLLABLE, _LAST_SYLLABLE, _TRAILING_FORMS = 0xAC00, 0xD7A3, 28
_SINGLES = {"\r": _RETURN, "\n": _FEED, "\u200d": _JOINER, "\u200c": _NON_JOINER}


def count_graphemes(text: str) -> int:
    """Count what a reader would call characters: a flag, a family emoji or a letter with its marks is one."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    count, clusters = 1, _Clusters()
    kinds = [_class_of(letter) for letter in text]
    clusters.enter(kinds[0])
    for before, after in pairwise(kinds):
        count += clusters.breaks(before, after)
        clusters.enter(after)
    return count


def exceeds_graphemes(text: str, limit: int) -> bool:
    """Whether `text` has more than `limit` graphemes, without counting where the length already tells."""
    return len(text) > limit and count_graphemes(text) > limit


class _Clusters:
    """What the rules that look further back than one character need to remember."""

    __slots__ = ("conjunct", "emoji", "regionals")

    def __init__(self) -> None:
        self.regionals = 0  # how many regional indicators stand before here
        self.emoji = 0  # 1 after a pictograph and its extenders, 2 when a joiner follows them
        self.conjunct = 0  # 1 after a consonant and its extenders, 2 when a linker is among them

    def enter(self, kind: int) -> None:
        self.regionals = self.regionals + 1 if kind == _REGIONAL else 0
        if kind == _PICTOGRAPH:
            self.emoji = 1
        elif self.emoji:
            self.emoji = _AFTER_EMOJI.get(kind, 0) if self.emoji == 1 else 0
        if kind == _CONSONANT:
            self.conjunct = 1
        elif kind == _LINKER and self.conjunct:
            self.conjunct = 2
        elif kind not in (_EXTEND, _JOINER):
            self.conjunct = 0

    def breaks(self, before: int, after: int) -> bool:
        """Whether a cluster ends between two neighbours (rules GB3 to GB999)."""
        if before in _ALWAYS_BREAK or after in _ALWAYS_BREAK:
            return not (before == _RETURN and after == _FEED)
        if after in _NEVER_BREAK_BEFORE or before == _PREPEND or (before, after) in _HANGUL:
            return False
        if after == _CONSONANT:
            return self.conjunct != 2
        if after == _PICTOGRAPH:
            return self.emoji != 2
        return not (after == _REGIONAL and self.regionals % 2)


def _class_of(letter: str) -> int:
    if letter in _SINGLES:
        return _SINGLES[letter]
    point = ord(letter)
    if _FIRST_SYLLABLE <= point <= _LAST_SYLLABLE:
        return _LVT if (point - _FIRST_SYLLABLE) % _TRAILING_FORMS else _LV
    starts, ends, kinds = _table()
    place = bisect_right(starts, point) - 1
    return kinds[place] if place >= 0 and point <= ends[place] else _OTHER


@cache
def _table() -> tuple[list[int], list[int], list[int]]:
    points = {}
    for text, kind in (
        (classes.CONTROL, _CONTROL),
        (classes.EXTEND, _EXTEND),
        (classes.LINKER, _LINKER),  # after EXTEND, of which they are a part
        (classes.PREPEND, _PREPEND),
        (classes.SPACING, _SPACING),
        (classes.LEADING, _LEADING),
        (classes.VOWEL, _VOWEL),
        (classes.TRAILING, _TRAILING),
        (classes.PICTOGRAPH, _PICTOGRAPH),
        (classes.CONSONANT, _CONSONANT),
        ("1f1e6-1f1ff", _REGIONAL),
    ):
        for part in text.split():
            first, _, last = part.partition("-")
            points.update(dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), kind))
    return _runs(points)


def _runs(points: dict[int, int]) -> tuple[list[int], list[int], list[int]]:
    starts: list[int] = []
    ends: list[int] = []
    kinds: list[int] = []
    for point in sorted(points):
        if ends and ends[-1] == point - 1 and kinds[-1] == points[point]:
            ends[-1] = point
        else:
            starts.append(point)
            ends.append(point)
            kinds.append(points[point])
    return starts, ends, kinds
