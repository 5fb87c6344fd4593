"""Why a subject stands where it stands: numbers with codes for programs, sentences for people."""

from dataclasses import dataclass
from typing import Literal

from curation.sentences import counted, named, percent

DropCode = Literal[
    "organisation-not-trusted",
    "single-criticism",
    "beyond-strongest",
    "extreme-opinion",
    "branch-limit",
    "repeats-others",
    "own-subject",
    "earlier-version",
    "other-occupation",
    "other-task",
    "aged",
]


@dataclass(frozen=True, slots=True)
class VoiceHeard:
    """What one organisation says; `voice` and `contribution` are what finally counts. `trust_path`: from the viewer."""

    organisation: str
    opinion: float
    voice: float
    contribution: float
    trust: float
    trust_path: tuple[str, ...]

    def sentence(self) -> str:
        """In words."""
        direction = "speaks for it" if self.contribution >= 0 else "speaks against it"
        via = "this node's own organisation"
        if len(self.trust_path) == 2:
            via = f"trusted at {percent(self.trust)} directly"
        elif len(self.trust_path) > 2:
            via = f"trusted at {percent(self.trust)} through {' → '.join(self.trust_path[1:-1])}"
        return f"{self.organisation} {direction}: {percent(self.opinion)} of its experience is that it works ({via})."


@dataclass(frozen=True, slots=True)
class Dropped:
    """What does not count, or counts less. `voice` is what was lost by it, where that is a voice."""

    code: DropCode
    endorsements: int = 0
    organisations: tuple[str, ...] = ()
    voice: float = 0.0

    def sentence(self) -> str:
        """In words."""
        return _DROPPED[self.code].format(
            endorsements=counted(self.endorsements, "endorsement"),
            organisations=counted(len(self.organisations), "organisation"),
            names=named(self.organisations),
            voice=f"{self.voice:.2f}",
        )


_DROPPED: dict[DropCode, str] = {
    "organisation-not-trusted": "{endorsements} from {organisations} not yet trusted: not counted.",
    "single-criticism": "The strongest criticism, by {names}, does not count until another organisation confirms it.",
    "beyond-strongest": "{organisations} with weaker voices not counted: only the strongest are heard.",
    "extreme-opinion": "{names}: the most extreme opinions count less at either end, so that nobody tips the balance.",
    "branch-limit": "{names}: everybody trusted through one organisation is heard only up to a limit.",
    "repeats-others": "{names}: often of one mind with others heard here, so they share a voice.",
    "own-subject": "{names} published it: its own voice counts little.",
    "earlier-version": "{endorsements} of an earlier major version: counted less.",
    "other-occupation": "{endorsements} by practitioners of another occupation: counted less.",
    "other-task": "{endorsements} from use on another task: counted less.",
    "aged": "{endorsements} more than a half-life old: counted less than half.",
}


@dataclass(frozen=True, slots=True)
class WouldRaise:
    """By how much the score would rise if one practitioner of this organisation endorsed the subject now."""

    organisation: str
    gain: float

    def sentence(self) -> str:
        """In words."""
        return f"One endorsement from {self.organisation} would raise it by {self.gain:.2f}."


@dataclass(frozen=True, slots=True)
class Explanation:
    """A position explained. Contributions sum to about `mean` − `prior`; `evidence` 1 means nothing but the prior."""

    subject: str
    task: str | None
    ranked: bool
    score: float
    mean: float
    evidence: float
    prior: float
    voices: tuple[VoiceHeard, ...]
    dropped: tuple[Dropped, ...]
    what_would_raise: tuple[WouldRaise, ...]

    def sentences(self) -> list[str]:
        """The explanation in plain English, the most important first."""
        said = [] if self.ranked else ["Not ranked yet: this node does not trust any other organisation so far."]
        said.append(self._summary())
        said += [voice.sentence() for voice in self.voices if voice.voice > 0.0]
        said += [drop.sentence() for drop in self.dropped]
        return said + [rise.sentence() for rise in self.what_would_raise]

    def _summary(self) -> str:
        heard = sum(1 for voice in self.voices if voice.voice > 0.0)
        if heard == 0:
            return "Nobody this node trusts has endorsed it yet, so it stands where an unknown one would."
        return (
            f"{counted(heard, 'trusted organisation')} heard: it is expected to work for {percent(self.mean)},"
            f" against {percent(self.prior)} for an unknown one, on evidence worth {self.evidence:.1f}."
        )
