"""Rewording a marked passage by the operator's language model: with consent, shown, taken back at will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from node.errors import Conflict, NotAllowed, Unknown
from node.personalizer.rewriting import LONGEST, accept, as_read, differences, is_rewritable, messages_for
from node.services.learning.lessons.allowance import Allowance
from node.services.learning.lessons.language_model import LanguageModel
from node.services.learning.lessons.lessons import Lessons
from node.services.learning.lessons.opened_lesson import OpenedLesson
from node.services.learning.reading import passage_of
from node.services.learning.sealed.ledger import load_profile
from node.services.learning.sealed.profile import Profile
from node.services.learning.sealed.vault import Vault
from node.services.policy import Viewer

WISHES = {
    "plain": "Use short sentences and everyday words.",
    "shorter": "Say it in fewer words, without dropping a fact.",
    "fuller": "Say what an insider would take for granted, from the passage alone.",
}
PLAIN_WORDS = "plain-words"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that may be reworded; `now` is what the lesson says, `parts` how it reads otherwise than written."""

    block: str
    language: str
    written: str
    now: str
    parts: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """What its author wrote, as one reads it."""
        return as_read(self.written)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "block": self.block, "language": self.language, "written": self.written, "now": self.now,
            "parts": [list(part) for part in self.parts],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rewording:
    """Asks the model, checks what comes back, keeps it in the lesson."""

    vault: Vault
    lessons: Lessons
    model: LanguageModel | None

    def passages(self, viewer: Viewer, receipt: str) -> list[Passage]:
        """The marked passages of a lesson; none where no model is configured and nothing was reworded."""
        document, texts = self.lessons.document(viewer, receipt)
        marked = [p.id for p in document.blocks if is_rewritable(p.kind, document.block_settings.get(p.id, {}))]
        shown = [name for name in marked if self.model is not None or name in texts]
        found = [(name, passage_of(document, name) or "") for name in shown]
        found = [(name, written) for name, written in found if 0 < len(written) <= LONGEST]
        return [
            Passage(
                block=name,
                language=document.language,
                written=written,
                now=texts.get(name, written),
                parts=tuple(differences(as_read(written), as_read(texts[name]))) if name in texts else (),
            )
            for name, written in found
        ]

    def reword(self, viewer: Viewer, receipt: str, block: str, wish: str, at: datetime) -> OpenedLesson:
        """Raises NotAllowed without consent, Conflict without model, Unknown, TooMany, ModelFailed, RewriteRefused."""
        if self.model is None:
            raise Conflict(
                "This node has no language model.", hint="Its operator sets rewriting.url and rewriting.model."
            )
        profile = self._consenting(viewer)
        passage = next((p for p in self.passages(viewer, receipt) if p.block == block), None)
        if passage is None or wish not in WISHES:
            raise Unknown("Its author has not marked such a passage as rewritable.")
        wishes = [
            WISHES[wish],
            *([WISHES["plain"]] if PLAIN_WORDS in profile.accessibility and wish != "plain" else []),
        ]
        allowance = Allowance(self.vault, self.model.budget, self.model.budget_each)
        answer = self.model.ask(messages_for(passage.written, wishes), partial(allowance.spend, viewer.name, at))
        text = accept(passage.written, answer, passage.language)
        self._consenting(viewer)  # withdrawn while the model wrote: nothing of it is kept
        return self.lessons.reword(viewer, receipt, block, text, at)

    def _consenting(self, viewer: Viewer) -> Profile:
        """The profile of a worker who allows it. Raises NotAllowed."""
        with self.vault.read(viewer.name) as drawer:
            profile = load_profile(drawer)
        if not profile.rewriting:
            raise NotAllowed(
                "You have not allowed that passages are sent to a language model.", hint="See your profile."
            )
        return profile

    def take_back(self, viewer: Viewer, receipt: str, block: str, at: datetime) -> OpenedLesson:
        """The author's words again. Raises Unknown."""
        return self.lessons.reword(viewer, receipt, block, None, at)
