"""The two doors. `build_feed`: who I am becoming, for a day. `help_for_task`: what I face now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from node.personalizer import words
from node.personalizer.candidates import Candidate
from node.personalizer.feed.appraisal import Appraisal, appraise
from node.personalizer.feed.columns import Columns, build_columns
from node.personalizer.feed.items import COMPLEXITY, LESSON, PRACTICE, STRETCH, Feed, FeedItem, Reason
from node.personalizer.feed.places import complexity_pick, connection_item, is_time, reverify_item, review_item
from node.personalizer.feed.reasons import SHOWN, reasons_for, runner_up_for
from node.personalizer.feed.relevance import FOR_FEED, FOR_TASK
from node.personalizer.feed.selection import STRETCH_FROM, STRETCH_TO, Basket, Limits, Pick, best, choose
from node.personalizer.learner.prediction import Prediction, predict
from node.personalizer.learner.state import extend
from node.personalizer.worker import History, Situation, TaskInHand

MOST = 12
MOST_FOR_TASK = 5
NEAREST, NEAR_ENOUGH = 6, 0.5
SETTLED = 0.86
FITS_THE_SYSTEM = Reason("complexity", "It shows how your work fits the larger system.")


def build_feed(situation: Situation, candidates: Iterable[Candidate] | Columns, minutes: int | None = None) -> Feed:
    """The list for today within `minutes` (default: the worker's). Pass `Columns` to share them between workers."""
    minutes = situation.worker.minutes if minutes is None else minutes
    appraisal = appraise(situation, as_columns(candidates), FOR_FEED, again=False)
    basket = Basket(appraisal.columns, minutes)
    today, history = situation.now.date(), situation.history
    items = [] if history.review_on == today else [review_item(appraisal, basket, minutes)]
    lessons = _lessons(appraisal, basket, history, today)
    items += lessons if any(lessons) else [_nearest(appraisal, basket)]
    if is_time(history.connection_on, today):
        items.append(connection_item(appraisal, [pick.spot for pick in basket.picks]))
    if is_time(history.reverify_on, today):
        items.append(reverify_item(appraisal, basket))
    found = tuple(item for item in items if item is not None)
    return Feed(found, today.isoformat(), _notes(appraisal, found))


def _lessons(appraisal: Appraisal, basket: Basket, history: History, today: date) -> list[FeedItem | None]:
    """What serves best comes first; how the work fits the larger system second; then the rest."""
    stretches = int(history.stretch_on != today)
    first = choose(appraisal, basket, Limits(1, stretches, guided=1))
    larger = complexity_pick(appraisal, basket) if is_time(history.complexity_on, today) else None
    ps = [float(appraisal.estimates.p[pick.spot]) for pick in basket.picks]
    left = Limits(MOST - 1, stretches - sum(map(_is_stretch, ps)), 1 - sum(p < STRETCH_FROM for p in ps))
    rest = choose(appraisal, basket, left)
    first = [
        pick if pick.loser is None or basket.open[pick.loser] else _beaten(appraisal, basket, pick) for pick in first
    ]
    picks = (*first, *rest)
    appraisal = _with_room(appraisal, [*picks, *filter(None, [larger])])
    described = [describe(appraisal, pick) for pick in picks]
    return [*described[:1], _complexity(appraisal, larger), *described[1:]]


def _with_room(appraisal: Appraisal, picks: Iterable[Pick]) -> Appraisal:
    """With the skills of all these in the state at once: each prediction would extend it for itself."""
    candidates = appraisal.columns.candidates
    skills = [skill for pick in picks for skill in candidates[pick.spot].lesson.skills]
    return replace(appraisal, state=extend(appraisal.state, skills, appraisal.situation.shared.prior))


def _beaten(appraisal: Appraisal, basket: Basket, pick: Pick) -> Pick:
    """The pick with the best of what stayed out, where its first rival was chosen after it."""
    return Pick(pick.spot, best(np.where(basket.open, appraisal.worth / appraisal.columns.minutes**0.9, 0.0)))


def help_for_task(
    situation: Situation, task: TaskInHand, candidates: Iterable[Candidate] | Columns, minutes: int | None = None
) -> Feed:
    """What helps with a task now: at most five modules and a person. Without `minutes`, length is no bar."""
    situation = replace(situation, task=task)
    appraisal = appraise(situation, as_columns(candidates), FOR_TASK, again=True)
    # Who asks wants what is nearest to the question, and only then what fits them best.
    match = appraisal.relevance.task
    near = match >= NEAR_ENOUGH * match.max(initial=0.0)
    appraisal = replace(appraisal, worth=np.where(near, appraisal.worth * match**NEAREST, 0.0))
    basket = Basket(appraisal.columns, float("inf") if minutes is None else minutes)
    picks = choose(appraisal, basket, Limits(MOST_FOR_TASK, MOST_FOR_TASK, MOST_FOR_TASK), at_once=True)
    appraisal = _with_room(appraisal, picks)
    items = [describe(appraisal, pick) for pick in picks]
    person = connection_item(appraisal, [pick.spot for pick in picks])
    found = (*items, person) if person else tuple(items)
    notes = () if items else ("Nothing in the catalogue is about this task yet.",)
    return Feed(found, situation.now.date().isoformat(), notes)


def as_columns(candidates: Iterable[Candidate] | Columns) -> Columns:
    """Candidates as columns, unless they are already."""
    return candidates if isinstance(candidates, Columns) else build_columns(candidates)


def describe(appraisal: Appraisal, pick: Pick, kind: str = "") -> FeedItem:
    """The item for a chosen candidate, with its reasons."""
    candidate = appraisal.columns.candidates[pick.spot]
    situation = appraisal.situation
    prediction = predict(appraisal.state, candidate.lesson, situation.shared, situation.now.timestamp())
    loser = pick.loser
    return FeedItem(
        kind=kind or _kind(appraisal, candidate, prediction),
        subject=candidate.uri,
        title=candidate.title,
        minutes=candidate.minutes,
        reasons=reasons_for(appraisal, pick.spot),
        p=prediction.p,
        chance=words.chance(prediction.p),
        evidence=prediction.evidence,
        runner_up=None if loser is None else runner_up_for(appraisal, pick.spot, loser, pick.variety),
        version_uri=candidate.version_uri,
        version_cid=candidate.version_cid,
        skills=candidate.skills,
        layer=candidate.layer,
        level=candidate.level,
        cautious=prediction.cautious,
        due=bool(appraisal.utility.due[pick.spot] > 0),
    )


def _kind(appraisal: Appraisal, candidate: Candidate, prediction: Prediction) -> str:
    """Who is believed to do it already practises; of whom nothing is known yet reads first."""
    settled = prediction.p >= SETTLED and prediction.is_founded
    if candidate.has_practice and (candidate.uri in appraisal.situation.history.done or settled):
        return PRACTICE
    return STRETCH if _is_stretch(prediction.p) else LESSON


def _is_stretch(p: float) -> bool:
    return bool(STRETCH_FROM <= p < STRETCH_TO)


def _complexity(appraisal: Appraisal, pick: Pick | None) -> FeedItem | None:
    if pick is None:
        return None
    item = describe(appraisal, pick, COMPLEXITY)
    return replace(item, reasons=(FITS_THE_SYSTEM, *item.reasons)[:SHOWN])


def _nearest(appraisal: Appraisal, basket: Basket) -> FeedItem | None:
    """Better one item that is long or hard, and says so, than none but a review."""
    minutes = int(basket.minutes)
    spot = best(np.where(basket.open, appraisal.worth / appraisal.columns.minutes, 0.0))
    if spot is None:
        return None
    item = describe(appraisal, basket.take(spot, appraisal.columns.minutes[spot]))
    if item.minutes <= minutes:
        return item
    whole = minutes >= appraisal.situation.worker.minutes
    these = f"your {minutes} minutes" if whole else f"the {minutes} minutes that are left today"
    longer = Reason("length", f"It takes longer than {these}; stop where you like and go on tomorrow.")
    return replace(item, reasons=(*item.reasons[: SHOWN - 1], longer))


def _notes(appraisal: Appraisal, items: tuple[FeedItem, ...]) -> tuple[str, ...]:
    if items:
        return ()
    if not appraisal.columns.candidates:
        return ("The catalogue is empty so far.",)
    done = [place for uri in appraisal.situation.history.done for place in appraisal.columns.of_work(uri)]
    if appraisal.relevance.total[done].any():
        return ("You have done what there is here for your work and goals. Another goal or node brings more.",)
    return ("Nothing fits today. Add a goal or a task, or follow another node.",)
