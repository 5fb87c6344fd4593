"""/me/beliefs: every estimate with what it rests on; the worker's own word on each counts more."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from litestar import Response, get, post

from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Viewer, require_worker
from node.store.clock import moment_of
from node.web.contexts.worker.beliefs import Belief, BeliefsPage, Correction
from node.web.notices import redirect_with, show_once
from node.web.private.pages.door import AnyRequest, Form, text_of, worker_site
from node.web.private.pages.words import as_belief, belief_said, feedback_said, sentence, skill_title

if TYPE_CHECKING:
    from node.services.learning.beliefs import SkillBelief


@get("/me/beliefs", sync_to_thread=True, include_in_schema=False)
def beliefs_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """Skills of the worker's own tasks first, then the surest."""
    site = worker_site(request, services, viewer)
    beliefs = services.learning.beliefs(viewer)
    page = BeliefsPage(
        site=site, beliefs=tuple(_belief(belief) for belief in beliefs), corrections=_said(services, viewer)
    )
    return show_once(request, services, page)


@post("/me/beliefs/{name:str}", sync_to_thread=True, include_in_schema=False)
def correct_belief(services: Services, viewer: Viewer, name: str, data: Form) -> Response[Any]:
    """Put the worker's word in place of the estimate."""
    require_worker(viewer)
    word = as_belief(text_of(data, "belief"))
    skill = next((b.skill for b in services.learning.beliefs(viewer) if name_of(b.skill) == name), None)
    if skill is None:
        raise Unknown("Nothing is believed of such a skill.")
    correction = services.learning.correct(viewer, skill, word)
    text = f"{belief_said(word, skill_title(skill))}: noted. It counts more than anything inferred."
    return redirect_with(services, "/me/beliefs", text, undo=f"/me/corrections/{correction}/undo")


@post("/me/corrections/{correction:str}/undo", sync_to_thread=True, include_in_schema=False)
def take_correction_back(services: Services, viewer: Viewer, correction: str) -> Response[Any]:
    """The estimate as it was inferred."""
    require_worker(viewer)
    services.learning.undo_correction(viewer, correction)
    return redirect_with(services, "/me/beliefs", "Taken back.")


def name_of(skill: str) -> str:
    """A name for a skill's forms that says nothing in an address or a log."""
    return hashlib.sha256(skill.encode()).hexdigest()[:16]


def _belief(belief: SkillBelief) -> Belief:
    name = name_of(belief.skill)
    return Belief(
        id=name,
        skill=skill_title(belief.skill),
        mastery=sentence(belief.chance),
        certainty=sentence(belief.certainty),
        low=belief.low,
        middle=belief.middle,
        high=belief.high,
        because=(*map(sentence, belief.because), *_recall(belief)),
        correct=f"/me/beliefs/{name}",
    )


def _recall(belief: SkillBelief) -> tuple[str, ...]:
    if belief.recall is None:
        return ()
    times = round(belief.recall * 10)
    return (f"You would recall it about {times} times in 10 today.",)


def _said(services: Services, viewer: Viewer) -> tuple[Correction, ...]:
    """Corrections and feedback that stand, newest first."""
    corrected = [
        (entry["at"], belief_said(entry["belief"], skill_title(entry["skill"])), f"corrections/{entry['id']}")
        for entry in services.learning.corrections(viewer)
    ]
    said = [
        (entry["at"], feedback_said(entry["kind"], entry["title"]), f"said/{entry['id']}")
        for entry in services.learning.said(viewer)
    ]
    return tuple(
        Correction(words=f"{words}.", at=moment_of(at), undo=f"/me/{address}/undo")
        for at, words, address in sorted([*corrected, *said], reverse=True)
    )


HANDLERS = (beliefs_page, correct_belief, take_correction_back)
