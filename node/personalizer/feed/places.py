"""The places on top: one due review, complexity and connection once a week, a re-verification by one who used it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from node.personalizer import words
from node.personalizer.candidates import GENERAL
from node.personalizer.feed.appraisal import Appraisal
from node.personalizer.feed.items import CONNECTION, REVERIFY, REVIEW, FeedItem, Reason
from node.personalizer.feed.selection import Basket, Pick, best_among
from node.personalizer.worker import Colleague

WEEK = timedelta(days=7)
REVIEW_SHARE = 0.3
REVIEW_OF_LESSON = 0.4
ON_OWN_WORK = 3
STALE_BELOW = 0.5


def is_time(last: date | None, today: date) -> bool:
    """Whether a weekly kind may come again."""
    return last is None or today - last >= WEEK


def review_item(appraisal: Appraisal, basket: Basket, minutes: float) -> FeedItem | None:
    """The most due skill, by the practice of a module that was done; else on own work. At most 30% of the minutes."""
    budget = minutes * REVIEW_SHARE
    for skill in appraisal.due:
        spot = _module_for(appraisal, skill, budget)
        if spot is not None:
            return _module_review(appraisal, basket, spot)
        if budget >= ON_OWN_WORK:
            return _review_on_own_work(appraisal, basket, skill)
    return None


def _review_on_own_work(appraisal: Appraisal, basket: Basket, skill: str) -> FeedItem:
    """All that fades of the lesson that the skill is from: one look at the work brings it back together."""
    done, columns = appraisal.situation.history.done, appraisal.columns
    lessons = [columns.candidates[spot] for spot in columns.by_skill.get(skill, ())]
    lesson = next((candidate for candidate in lessons if candidate.uri in done), None)
    skills = _fading_of(appraisal, lesson.lesson.skills) if lesson else (skill,)
    title = lesson.title if lesson else skill
    basket.minutes -= ON_OWN_WORK
    reasons = (_because_of(appraisal, skills, title),)
    title = f"“{title}”: once more, on your own work today"
    return FeedItem(REVIEW, skills[0], title, ON_OWN_WORK, reasons, skills=skills, due=True)


def _fading_of(appraisal: Appraisal, skills: Iterable[str]) -> tuple[str, ...]:
    return tuple(skill for skill in skills if skill in appraisal.due)


def _because_of(appraisal: Appraisal, skills: Iterable[str], title: str) -> Reason:
    """The first that fades, as the author named it; where no skill was named, by the `title`."""
    skill = _fading_of(appraisal, skills)[0]
    lost = appraisal.due[skill]
    name = title if skill == GENERAL else skill
    return Reason("due", f"You last used “{name}” a while ago; {_fading(lost)}.", round(lost, 3))


def _fading(lost: float) -> str:
    return "it is beginning to fade" if lost < 0.2 else "much of it has faded" if lost > 0.5 else "part of it has faded"


def _module_for(appraisal: Appraisal, skill: str, budget: float) -> int | None:
    """Modules done before come first: a review brings back, it does not teach anew."""
    done = appraisal.situation.history.done
    columns = appraisal.columns
    fit = [s for s in columns.by_skill.get(skill, ()) if review_minutes(columns.candidates[s].minutes) <= budget]
    fit = [s for s in fit if columns.candidates[s].uri in done and columns.candidates[s].has_practice]
    tried = appraisal.estimates.tried
    return max(fit, key=lambda s: (columns.curation[s] * columns.fresh[s] / (1 + tried[s]), -s), default=None)


def review_minutes(minutes: int) -> int:
    """A review is the practice again, not the reading."""
    return max(2, round(REVIEW_OF_LESSON * minutes))


def _module_review(appraisal: Appraisal, basket: Basket, spot: int) -> FeedItem:
    candidate = appraisal.columns.candidates[spot]
    minutes = review_minutes(candidate.minutes)
    basket.take(spot, minutes)
    p = float(appraisal.estimates.p[spot])
    return FeedItem(
        kind=REVIEW,
        subject=candidate.uri,
        title=candidate.title,
        minutes=minutes,
        reasons=(_because_of(appraisal, candidate.lesson.skills, candidate.title),),
        p=p,
        chance=words.chance(p),
        evidence="from your own outcomes",
        version_uri=candidate.version_uri,
        version_cid=candidate.version_cid,
        skills=candidate.skills,
        layer=candidate.layer,
        level=candidate.level,
        cautious=p,
        due=True,
    )


def complexity_pick(appraisal: Appraisal, basket: Basket) -> Pick | None:
    """The best module on how this work fits the larger system."""
    spot = best_among(appraisal, basket, appraisal.columns.complexity.tolist(), basket.minutes)
    return None if spot is None else basket.take(spot, float(appraisal.columns.minutes[spot]))


def connection_item(appraisal: Appraisal, spots: Iterable[int]) -> FeedItem | None:
    """A person who published that they take questions on what is asked for here, or on what the list is about."""
    wanted = _subjects(appraisal, spots)
    found = [(_much(wanted, colleague), colleague) for colleague in _open_colleagues(appraisal)]
    fitting = [(much, colleague) for much, colleague in found if much > (0.0, 0.0)]
    if not fitting:
        return None
    _, colleague = max(fitting, key=lambda pair: (pair[0], pair[1].did))
    topics = sorted((t for t in colleague.takes_questions_on if wanted.get(t)), key=lambda t: (-wanted[t], t))
    topics = ([t for t in topics if t not in appraisal.columns.by_task] or topics)[:2]  # tasks have long names
    reason = Reason("connection", f"{colleague.name} has published that they take questions on {words.listed(topics)}.")
    return FeedItem(CONNECTION, colleague.did, f"Ask {colleague.name}", 0, (reason,), skills=tuple(topics))


def _much(wanted: Mapping[str, float], colleague: Colleague) -> tuple[float, float]:
    """How well a person's topics fit: the best one first, then all of them together."""
    weights = [wanted.get(subject, 0.0) for subject in colleague.takes_questions_on]
    return max(weights), sum(weights)


def _open_colleagues(appraisal: Appraisal) -> list[Colleague]:
    return [colleague for colleague in appraisal.situation.colleagues if colleague.takes_questions_on]


def _subjects(appraisal: Appraisal, spots: Iterable[int]) -> dict[str, float]:
    wanted: dict[str, float] = {}
    for spot in spots:
        candidate = appraisal.columns.candidates[spot]
        # What somebody does in this trade counts above what every trade does: the module's relevance says which.
        weight = 0.5 + 0.5 * float(appraisal.relevance.role[spot])
        for subject in (*candidate.skills, *candidate.tasks):
            wanted[subject] = max(weight, wanted.get(subject, 0.0))
    task = appraisal.situation.task
    if task is None:
        for goal in appraisal.situation.worker.goals:
            wanted.update({subject: max(1.5, wanted.get(subject, 0.0)) for subject in goal.skills | goal.tasks})
    else:
        wanted.update(dict.fromkeys(task.skills | ({task.uri} if task.uri else frozenset()), 2.0))
    return wanted


def reverify_item(appraisal: Appraisal, basket: Basket) -> FeedItem | None:
    """A stale module that this worker used: whether it still works takes them a minute to say."""
    stale = [
        spot
        for uri in appraisal.situation.history.done
        if (spot := appraisal.find(uri)) is not None and appraisal.columns.fresh[spot] < STALE_BELOW
    ]
    if not stale or basket.minutes < 1:
        return None
    spot = min(stale, key=lambda s: (appraisal.columns.fresh[s], s))
    candidate = appraisal.columns.candidates[spot]
    basket.minutes -= 1
    reason = Reason("fresh", "You have used it, and nobody has confirmed for a while that it still works.")
    return FeedItem(REVERIFY, candidate.uri, f"Does “{candidate.title}” still work?", 1, (reason,))
