"""The words a document may use, and the nearest one to a word that it may not."""

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


def nearest(found: str, allowed: Iterable[str], least: float = 60.0) -> str | None:
    """The allowed word most like the found one, or None when none is like it (0 to 100, Jaro–Winkler)."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    choices = sorted(allowed)
    match = process.extractOne(found.lower(), choices, scorer=JaroWinkler.normalized_similarity)
    return str(match[0]) if match and match[1] * 100 >= least else None
