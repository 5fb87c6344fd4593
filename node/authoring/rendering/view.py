"""How a document is to be shown: as its author signed it, or adapted for one worker."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from schemas.identifiers import primary_language

Visibility = Literal["shown", "collapsed", "hidden"]
Resolve = Callable[[str], str | None]


def _nowhere(_target: str) -> str | None:
    return None


def web_link(target: str) -> str | None:
    """Where a link leads: the web and the page itself; files beside the module have no address."""
    return target if target.startswith(("https://", "http://", "#", "mailto:")) else None


@dataclass(frozen=True, slots=True)
class Labels:
    """Words that rendering adds; a caller passes them in the reader's language."""

    kinds: Mapping[str, str] = field(
        default_factory=lambda: {
            "novice": "If this is new to you",
            "competent": "If you have done this before",
            "expert": "If you do this every day",
            "practice": "Practice",
            "hint": "Hint",
            "example": "Example",
            "quiz": "Check yourself",
            "connect": "Talk to someone",
            "reflect": "Think back",
            "complexity": "The larger picture",
            "caution": "Caution",
            "text": "Text",
        }
    )
    left_out: str = "Left out for you: {kind}. Show it"
    answer: str = "Show the answer"
    your_turn: str = "Your turn: do this step, then compare"
    picture: str = "Picture: {alt}"


@dataclass(frozen=True, slots=True)
class View:
    """`plain` shows all blocks as written. `adapted` obeys the rest, all keyed by block id unless said otherwise.

    `visibility`: collapsed blocks open on request; hidden ones too, but are announced as left out. `steps`: how many
    steps of a worked example are shown, the others being the reader's turn. `slots`: the worker's word by slot name;
    one that the author did not declare is ignored. `order`: outer blocks, first to last; others keep their place.
    `picture` and `link` turn a target as written into an address, or None where there is none.
    """

    mode: Literal["plain", "adapted"] = "plain"
    visibility: Mapping[str, Visibility] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
    order: Sequence[str] = ()
    picture: Resolve = _nowhere
    link: Resolve = _nowhere
    labels: Labels = field(default_factory=Labels)
    heading_shift: int = 1  # the page's own title is the heading of level 1


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML of a body, and its headings for a table of contents: level as shown, text, id."""

    html: str
    headings: tuple[tuple[int, str, str], ...]
    language: str
    direction: Literal["ltr", "rtl"]


_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku-arab", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})


def direction_of(language: str) -> Literal["ltr", "rtl"]:
    """Writing direction by the language's usual script."""
    tag = language.lower()
    return "rtl" if primary_language(tag) in _RTL or "-arab" in tag or "-hebr" in tag else "ltr"
