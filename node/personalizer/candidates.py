"""What a feed may choose from: one entry per module version of the catalogue that this worker may see."""

from __future__ import annotations

from dataclasses import dataclass

from node.personalizer.learner.shared import Lesson

GENERAL = "general"
NOT_RANKED = 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A module as the feed sees it. `uri` is the head's, `version_uri`/`version_cid` what is delivered.

    `score` curation 0..1, None: not ranked yet; `evidence` how much the score rests on, in organisations;
    `fresh` 0..1. `requires` holds names or uris of modules, or ids of skills. `translates`: the uri of the original.
    """

    uri: str
    title: str
    version_uri: str = ""
    version_cid: str = ""
    kind: str = "module"
    layer: str = "capability"
    level: str = "competent"
    minutes: int = 10
    tasks: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    score: float | None = None
    evidence: float = 0.0
    fresh: float = 1.0
    language: str = ""
    translates: str = ""
    has_practice: bool = False
    has_complexity: bool = False

    @property
    def lesson(self) -> Lesson:
        """What a prediction is about; a module that names no skill is about work in general."""
        return Lesson(self.uri, self.skills or (GENERAL,), self.level)

    @property
    def by_original_author(self) -> bool:
        """Whether who wrote the original wrote this; anybody may say of theirs that it translates another's."""
        return _author_of(self.uri) == _author_of(self.translates or self.uri)

    def may_stand_for(self, original: Candidate) -> bool:
        """Whether it can be the original in another language: somebody else's of another level or layer cannot."""
        return self.by_original_author or (self.level, self.layer) == (original.level, original.layer)

    @property
    def name(self) -> str:
        """The last part of the uri: what other modules' `requires` call it."""
        return self.uri.rsplit("/", 1)[-1]


def _author_of(uri: str) -> str:
    return uri.removeprefix("at://").partition("/")[0]
