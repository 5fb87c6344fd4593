"""The words a document may use, and the nearest one to a word that it may not."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

LAYERS = ("tool", "concept", "capability")
LEVELS = ("novice", "advanced-beginner", "competent", "proficient", "expert")  # Dreyfus & Dreyfus 1980
VARIANTS = ("novice", "competent", "expert")
BLOCK_KINDS = (
    *VARIANTS,
    "practice",
    "hint",
    "example",
    "quiz",
    "connect",
    "reflect",
    "complexity",
    "caution",
)
BY = ("person", "assistant", "both")
TEXT = "text"  # kind of what stands between the blocks
OTHER = "other"  # kind of a block whose name is not one of ours

# Names that other dialects (Carpentries, Docusaurus, MyST, Quarto) give to what we have a word for.
FOREIGN_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "challenge": "practice",
        "exercise": "practice",
        "solution": "hint",
        "spoiler": "hint",
        "discussion": "reflect",
        "warning": "caution",
        "danger": "caution",
        "important": "caution",
        "question": "quiz",
        "instructor": "expert",
    }
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the caller knows to exist. An empty set means "not known here", and is then not checked."""

    modules: frozenset[str] = frozenset()
    tasks: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    occupations: frozenset[str] = frozenset()
    files: frozenset[str] | None = None  # relative paths beside the document; None: not looked at
    today: str = ""  # ISO date; empty: dates are not compared


NOTHING_KNOWN = Vocabulary()


def nearest(found: str, allowed: Iterable[str], least: float = 50.0) -> str | None:
    """The allowed word most like the found one, or None when none is like it.

    Likeness is 100 less the share of slips (optimal string alignment), case and kind of separator aside; a part of a
    hyphenated word counts a little less than the whole, so that "begginer" finds "advanced-beginner".
    """
    from rapidfuzz.distance import OSA

    wanted = _bare(found)
    best, score = None, least / 100
    for word in sorted(allowed):
        bare = _bare(word)
        likeness = OSA.normalized_similarity(wanted, bare, score_cutoff=score)
        if "-" in bare and likeness < 1:
            parts = (OSA.normalized_similarity(wanted, part, score_cutoff=score) for part in bare.split("-"))
            likeness = max(likeness, 0.95 * max(parts))
        if likeness > score or (best is None and likeness == score):
            best, score = word, likeness
    return best


def _bare(word: str) -> str:
    return re.sub(r"[\s_]+", "-", word.strip().lower())
