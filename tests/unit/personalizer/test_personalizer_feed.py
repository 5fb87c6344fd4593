"""The two doors: what a worker is offered, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from node.personalizer.candidates import Candidate
from node.personalizer.errors import FeedbackUnknown
from node.personalizer.feed.appraisal import appraise
from node.personalizer.feed.building import build_feed, help_for_task
from node.personalizer.feed.columns import build_columns
from node.personalizer.feed.estimates import estimate
from node.personalizer.feed.items import Feed, FeedItem
from node.personalizer.feed.notifications import is_within, may_notify
from node.personalizer.feed.relevance import FOR_FEED
from node.personalizer.feed.utility import readiness
from node.personalizer.feedback import Feedback, undo
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.prediction import predict
from node.personalizer.learner.shared import Shared
from node.personalizer.learner.state import LearnerState
from node.personalizer.learner.update import replay
from node.personalizer.review import remember
from node.personalizer.worker import Colleague, Goal, History, Situation, TaskInHand, WorkerView

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
NURSE = "onet:29-1141.00"


def module(name: str, **more: object) -> Candidate:
    values: dict[str, object] = {
        "title": name.replace("-", " "),
        "occupations": (NURSE,),
        "skills": (name,),
        "tasks": (f"task:{name}",),
        "minutes": 5,
        "score": 0.8,
        "evidence": 3.0,
        "level": "competent",
    }
    return Candidate(f"at://did:plc:a/org.skillnet.module/{name}", **{**values, **more})


HANDOVER = module("handover", layer="capability")
DOSES = module("doses", layer="concept")
CHARTING = module("charting", layer="tool")
CATALOGUE = (HANDOVER, DOSES, CHARTING)
NURSE_AT_WORK = WorkerView("a ward nurse", (NURSE,), goals=(Goal("hand over safely", skills=frozenset({"handover"})),))


def situation(**more: object) -> Situation:
    return Situation(**{"worker": NURSE_AT_WORK, "now": NOW, **more})


def subjects(feed: Feed) -> list[str]:
    return [item.subject.rsplit("/", 1)[-1] for item in feed.items]


def only(feed: Feed, kind: str) -> FeedItem:
    (item,) = (item for item in feed.items if item.kind == kind)
    return item


def test_what_serves_the_goal_comes_first_and_says_so() -> None:
    feed = build_feed(situation(), CATALOGUE)
    first = feed.items[0]
    assert first.subject == HANDOVER.uri
    assert any("hand over safely" in reason.words for reason in first.reasons)
    assert 1 <= len(first.reasons) <= 3
    assert first.p
    assert "own" in first.chance
    assert "level its author gave" in first.evidence


def test_the_list_stays_within_the_minutes() -> None:
    feed = build_feed(situation(), CATALOGUE, minutes=11)
    assert feed.minutes <= 11
    assert len(feed.items) == 2


def test_an_item_that_is_longer_than_the_minutes_says_so_instead_of_an_empty_page() -> None:
    long, busy = [module("long", minutes=40)], situation(worker=replace(NURSE_AT_WORK, minutes=10))
    assert "longer than your 10 minutes" in build_feed(busy, long).items[0].reasons[-1].words
    assert "the 6 minutes that are left today" in build_feed(busy, long, minutes=6).items[0].reasons[-1].words


def test_the_runner_up_is_one_that_stayed_out_and_says_why() -> None:
    feed = build_feed(situation(), (*CATALOGUE, module("handover-again", skills=("handover",), score=0.4)), minutes=15)
    first = feed.items[0]
    assert first.runner_up is not None
    assert first.runner_up.uri not in {item.subject for item in feed.items}
    assert "found that it works" in first.runner_up.why


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


def test_a_prerequisite_comes_before_what_needs_it() -> None:
    hard = module("lead-a-handover", level="expert", skills=("lead",), requires=("handover",))
    goal = Goal("lead the handover", skills=frozenset({"lead"}))
    worker = WorkerView("a ward nurse", (), goals=(goal,), placements={"handover": "novice"})
    first = module("handover", occupations=("onet:51-1011.00",), level="advanced-beginner")
    feed = build_feed(situation(worker=worker), [hard, first])
    assert subjects(feed)[0] == "handover"
    assert any("lead a handover" in reason.words for reason in feed.items[0].reasons)


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


def test_one_broad_skill_in_common_makes_no_lesson_of_another_trade_a_goal() -> None:
    allergens = module("allergens", occupations=("onet:35-2012.00",), skills=("allergens", "checking", "kitchens"))
    shared = module("sources", occupations=("onet:35-2012.00",), skills=("checking",))
    goal = Goal("check before I sign", skills=frozenset({"checking"}))
    feed = build_feed(situation(worker=WorkerView("a nurse", (NURSE,), goals=(goal,))), [allergens, shared])
    assert subjects(feed) == ["sources"]


def test_of_goals_served_alike_the_closest_is_named() -> None:
    wide = Goal("hand everything over", tasks=frozenset({"task:handover"}), skills=frozenset({"doses", "charting"}))
    close = Goal("hand over safely", tasks=frozenset({"task:handover"}), skills=frozenset({"handover"}))
    feed = build_feed(situation(worker=WorkerView("a nurse", (NURSE,), goals=(wide, close))), [HANDOVER])
    assert any("hand over safely" in reason.words for reason in feed.items[0].reasons)


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


def test_nobody_is_shown_who_did_not_offer() -> None:
    ana = Colleague("did:plc:ana", "Ana", frozenset({"welding"}))
    ben = Colleague("did:plc:ben", "Ben", frozenset())
    feed = build_feed(situation(colleagues=(ana, ben)), CATALOGUE)
    assert "connection" not in {item.kind for item in feed.items}


def test_stale_modules_one_used_are_put_up_for_verification() -> None:
    stale = replace(CHARTING, fresh=0.2)
    feed = build_feed(situation(history=History(done={stale.uri: "alone"})), [stale, DOSES])
    assert only(feed, "re-verify").subject == stale.uri


@pytest.mark.parametrize("kind", ["less-like-this", "i-know-this", "not-my-goal"])
def test_feedback_changes_the_feed_and_can_be_undone(kind: str) -> None:
    entry = Feedback("1", kind, HANDOVER.uri, ("handover",), "competent")
    said = (entry,)
    before = build_feed(situation(), CATALOGUE, minutes=5)
    with_it = build_feed(situation(feedback=said), CATALOGUE, minutes=5)
    assert subjects(before) == ["handover"] != subjects(with_it)
    assert build_feed(situation(feedback=undo(said, "1")), CATALOGUE, minutes=5) == before


def test_unknown_feedback_is_refused() -> None:
    with pytest.raises(FeedbackUnknown):
        Feedback("1", "meh", HANDOVER.uri)


def test_other_languages_stay_out() -> None:
    german = replace(DOSES, language="de")
    worker = replace(NURSE_AT_WORK, languages=("en-GB",))
    feed = build_feed(situation(worker=worker), [german, replace(HANDOVER, language="en")])
    assert subjects(feed) == ["handover"]


def test_one_work_in_two_languages_is_offered_once() -> None:
    english = replace(DOSES, language="en")
    german = replace(module("dosen", skills=("doses",)), language="de", translates=english.uri)
    for languages, name in ((("de", "en"), "dosen"), (("en", "de"), "doses"), ((), "doses"), (("de",), "dosen")):
        reader = situation(worker=replace(NURSE_AT_WORK, languages=languages))
        assert subjects(build_feed(reader, [german, english])) == [name]
        assert build_feed(reader, [german, english]).items[0].runner_up is None
    done = situation(
        history=History(done={english.uri: "alone"}), worker=replace(NURSE_AT_WORK, languages=("de", "en"))
    )
    assert subjects(build_feed(done, [german, english])) == []


def test_help_is_in_the_language_of_the_question_where_it_can_be_read() -> None:
    english = replace(DOSES, language="en")
    german = replace(module("dosen", skills=("doses",)), language="de", translates=english.uri)
    asked = TaskInHand("Dosis ausrechnen", matches={german.uri: 0.8})
    reader = situation(worker=replace(NURSE_AT_WORK, languages=("en", "de")))
    assert subjects(help_for_task(reader, asked, [german, english])) == ["dosen"]


def test_help_for_a_task_is_about_the_task() -> None:
    feed = help_for_task(situation(), TaskInHand("work out a dose", uri="task:doses"), CATALOGUE)
    assert subjects(feed) == ["doses"]
    assert "what you face now: work out a dose" in " ".join(reason.words for reason in feed.items[0].reasons)


def test_help_says_when_there_is_none() -> None:
    assert help_for_task(situation(), TaskInHand("fly a kite"), CATALOGUE).notes


def test_help_takes_what_search_found_and_what_was_done_before() -> None:
    task = TaskInHand("chart it", matches={CHARTING.uri: 0.9})
    history = History(done={CHARTING.uri: "alone"})
    assert subjects(help_for_task(situation(history=history), task, CATALOGUE)) == ["charting"]


def test_neighbouring_occupations_count_for_something() -> None:
    near, far = module("near", occupations=("onet:29-1151.00",)), module("far", occupations=("onet:51-4041.00",))
    worker = WorkerView("a nurse", (NURSE,))
    assert subjects(build_feed(situation(worker=worker), [near, far])) == ["near"]


def test_an_empty_catalogue_is_said_to_be_empty() -> None:
    feed = build_feed(situation(), [])
    assert feed.items == ()
    assert "empty" in feed.notes[0]


def test_columns_predict_as_the_single_prediction_does() -> None:
    outcomes = [
        Outcome(c.lesson, how, NOW.timestamp()) for c, how in zip(CATALOGUE, ("alone", "not", "with-help"), strict=True)
    ]
    state = replay(outcomes, Shared())
    both = module("both", skills=("handover", "doses"))
    columns = build_columns([*CATALOGUE, both, module("unmet")])
    later = NOW.timestamp() + 5e6
    found = estimate(columns, state, Shared(), later).p
    single = [predict(state, c.lesson, Shared(), later).p for c in columns.candidates]
    assert found == pytest.approx(single)


def test_a_feed_is_plain_json() -> None:
    import json

    assert json.loads(json.dumps(build_feed(situation(), CATALOGUE).to_dict()))["items"]


def test_the_feed_never_changes_the_state() -> None:
    state = LearnerState()
    build_feed(situation(state=state), CATALOGUE)
    assert state.skills == ()


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
