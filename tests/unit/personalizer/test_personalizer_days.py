"""The list from day to day: what comes again, when and why; what is rare; what may call."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from node.personalizer.feed.appraisal import appraise
from node.personalizer.feed.building import build_feed
from node.personalizer.feed.columns import build_columns
from node.personalizer.feed.estimates import estimate
from node.personalizer.feed.notifications import is_within, may_notify
from node.personalizer.feed.relevance import FOR_FEED
from node.personalizer.feed.utility import readiness
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.shared import Shared
from node.personalizer.learner.state import LearnerState
from node.personalizer.learner.update import replay
from node.personalizer.review import remember
from node.personalizer.worker import Colleague, History, Situation
from tests.unit.personalizer.feed_samples import (
    CATALOGUE,
    CHARTING,
    DOSES,
    HANDOVER,
    NOW,
    module,
    only,
    situation,
    subjects,
)


def test_an_outcome_changes_the_feed() -> None:
    before = build_feed(situation(), CATALOGUE, minutes=5)
    state = replay([Outcome(HANDOVER.lesson, "alone", NOW.timestamp())], Shared())
    after = build_feed(situation(state=state, history=History(done={HANDOVER.uri: "alone"})), CATALOGUE, minutes=5)
    assert subjects(before) == ["handover"]
    assert subjects(after) != ["handover"]


def test_what_needed_help_may_come_again_as_practice() -> None:
    history = History(done={HANDOVER.uri: "with-help"})
    feed = build_feed(situation(history=history), [replace(HANDOVER, has_practice=True)])
    assert feed.items[0].kind == "practice"


def test_what_was_dealt_with_today_is_not_offered_again_today() -> None:
    history = History(done={HANDOVER.uri: "not"}, today=frozenset({HANDOVER.uri}))
    assert "handover" not in subjects(build_feed(situation(history=history), CATALOGUE))
    assert "handover" in subjects(build_feed(situation(history=replace(history, today=frozenset())), CATALOGUE))


def test_what_did_not_work_out_is_no_ground_to_build_on() -> None:
    first, later = module("first", level="expert"), module("later", requires=("first",))
    for how, ready in (("alone", True), ("with-a-hint", True), ("with-help", False), ("not", False)):
        columns = build_columns([first, later])
        found = readiness(columns, estimate(columns, LearnerState(), Shared(), None), {first.uri: how})
        assert bool(found[1] == 1.0) is ready, how


def test_at_most_one_stretch_a_day() -> None:
    hard = [module(f"hard-{i}", level="proficient") for i in range(6)]
    easy = [module(f"easy-{i}", level="advanced-beginner") for i in range(2)]
    feed = build_feed(situation(), [*hard, *easy], minutes=60)
    assert sum(item.kind == "stretch" for item in feed.items) == 1
    again = build_feed(situation(history=History(stretch_on=NOW.date())), [*hard, *easy], minutes=60)
    assert sum(item.kind == "stretch" for item in again.items) == 0


def test_one_due_review_on_top_within_thirty_percent() -> None:
    outcome = Outcome(HANDOVER.lesson, "alone", (NOW - timedelta(days=60)).timestamp())
    cards = remember({}, outcome, NOW - timedelta(days=60))
    history = History(done={HANDOVER.uri: "alone"})
    practised = replace(HANDOVER, has_practice=True, minutes=10)
    feed = build_feed(situation(cards=cards, history=history), [practised, DOSES], minutes=20)
    assert feed.items[0].kind == "review"
    assert feed.items[0].subject == HANDOVER.uri
    assert feed.items[0].minutes <= 6
    assert "faded" in feed.items[0].reasons[0].words


def test_a_review_is_not_all_there_is_when_lessons_are_long() -> None:
    outcome = Outcome(HANDOVER.lesson, "alone", (NOW - timedelta(days=60)).timestamp())
    done = situation(
        cards=remember({}, outcome, NOW - timedelta(days=60)), history=History(done={HANDOVER.uri: "alone"})
    )
    review, lesson = build_feed(done, [HANDOVER, module("long", minutes=12)], minutes=10).items
    assert (review.kind, review.minutes, lesson.subject.rpartition("/")[2]) == ("review", 3, "long")


def test_a_review_on_own_work_names_the_lesson_and_brings_all_of_it_back() -> None:
    taught = replace(HANDOVER, skills=("handover", "onet:1"), title="Hand over well")
    outcome = Outcome(taught.lesson, "alone", (NOW - timedelta(days=60)).timestamp())
    cards = remember({}, outcome, NOW - timedelta(days=60))
    feed = build_feed(situation(cards=cards, history=History(done={taught.uri: "alone"})), [taught], minutes=20)
    item = only(feed, "review")
    assert item.title == "“Hand over well”: once more, on your own work today"
    assert (item.subject, item.skills) == ("handover", ("handover", "onet:1"))
    assert "“handover”" in item.reasons[0].words


def test_a_module_that_names_no_skill_comes_up_for_review_too() -> None:
    for practice, kind in ((True, HANDOVER.uri), (False, "general")):
        plain = replace(HANDOVER, skills=(), title="Wash your hands", has_practice=practice)
        cards = remember({}, Outcome(plain.lesson, "alone", 0.0), NOW - timedelta(days=60))
        feed = build_feed(situation(cards=cards, history=History(done={plain.uri: "alone"})), [plain, DOSES])
        item = only(feed, "review")
        assert item.subject == kind
        assert "You last used “Wash your hands”" in item.reasons[0].words


def test_what_needed_help_rests_for_a_day_and_says_why_it_comes_again() -> None:
    state = replay([Outcome(HANDOVER.lesson, "with-help", NOW.timestamp())], Shared())

    def after(days: int) -> Situation:
        last = {HANDOVER.uri: NOW.date() - timedelta(days=days)}
        return situation(state=state, history=History(done={HANDOVER.uri: "with-help"}, last=last))

    columns = build_columns([HANDOVER])
    rested, tired = (float(appraise(after(days), columns, FOR_FEED, again=False).worth[0]) for days in (2, 1))
    assert rested > 2 * tired > 0
    again = build_feed(after(2), columns).items[0]
    assert any("needed help with it last time" in reason.words for reason in again.reasons)


def test_who_has_done_everything_is_told_so() -> None:
    done = History(done={candidate.uri: "alone" for candidate in CATALOGUE})
    assert "You have done what there is" in build_feed(situation(history=done), CATALOGUE).notes[0]


def test_a_review_without_a_module_is_done_on_own_work() -> None:
    outcome = Outcome(HANDOVER.lesson, "alone", (NOW - timedelta(days=60)).timestamp())
    cards = remember({}, outcome, NOW - timedelta(days=60))
    item = only(build_feed(situation(cards=cards), [DOSES], minutes=20), "review")
    assert item.subject == "handover"
    assert "own work" in item.title


def test_complexity_and_connection_once_a_week() -> None:
    system = module("how-the-ward-fits", has_complexity=True, occupations=())
    ana = Colleague("did:plc:ana", "Ana", frozenset({"handover"}))
    feed = build_feed(situation(colleagues=(ana,)), [*CATALOGUE, system], minutes=30)
    assert only(feed, "complexity").subject == system.uri
    assert only(feed, "connection").subject == "did:plc:ana"
    lately = History(complexity_on=NOW.date() - timedelta(days=3), connection_on=date(2026, 11, 1))
    quiet = build_feed(situation(colleagues=(ana,), history=lately), [*CATALOGUE, system], minutes=30)
    assert not {"complexity", "connection"} & {item.kind for item in quiet.items}


def test_stale_modules_one_used_are_put_up_for_verification() -> None:
    stale = replace(CHARTING, fresh=0.2)
    feed = build_feed(situation(history=History(done={stale.uri: "alone"})), [stale, DOSES])
    assert only(feed, "re-verify").subject == stale.uri


def test_notifications_keep_their_distance() -> None:
    sent = [NOW - timedelta(hours=5)]
    assert may_notify(sent, NOW)
    assert not may_notify([NOW - timedelta(hours=3)], NOW)
    assert not may_notify([NOW - timedelta(hours=1), NOW - timedelta(hours=6)], NOW)
    assert not may_notify([NOW + timedelta(hours=2)], NOW)  # the clock was put back since
    spring = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin"))  # at two it is three
    assert not may_notify([spring], spring.replace(hour=4))
    assert may_notify([spring], spring.replace(hour=5))
    assert is_within(time(3), time(22), time(8))
    assert not is_within(time(8), time(22), time(8))
