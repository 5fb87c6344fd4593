"""Why something stands where it stands: organisations, their voices, what was left out."""

from dataclasses import dataclass
from typing import Annotated

from node.web.contexts.cards import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one organisation's practitioners say, and why it counts."""

    organisation: Annotated[Link, "Who speaks"]
    words: Annotated[str, "The opinion in a sentence, with how many practitioners and verdicts"]
    opinion: Annotated[float, "Mean verdict, 0 fails .. 1 works"]
    contribution: Annotated[float, "voice · (opinion − prior); negative pulls down"]
    share: Annotated[float, "Size of the contribution relative to the largest one, 0..1, for the bar"]
    trust: Annotated[float, "How much this node counts the organisation, 0..1"]
    path: Annotated[tuple[Link, ...], "Through whose vouch it is trusted, this organisation first; empty for oneself"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The reasons for a position."""

    ranked: Annotated[bool, "False while nobody whom this node trusts has spoken"]
    summary: Annotated[str, "The whole in one or two sentences"]
    place: Annotated[int | None, "Place in the list it is shown in, counted from 1"]
    among: Annotated[int | None, "How many are in that list"]
    task: Annotated[Link | None, "The task the list is for, None for all work"]
    score: Annotated[float | None, "The number that orders the list"]
    mean: Annotated[float | None, "Estimated chance that it works"]
    evidence: Annotated[float | None, "How much the estimate rests on, in endorsements' worth"]
    voices: Annotated[tuple[Voice, ...], "Organisations that were counted, largest contribution first"]
    dropped: Annotated[tuple[str, ...], "What was not counted and why, one sentence each"]
    would_raise: Annotated[tuple[str, ...], "What would move it up"]
