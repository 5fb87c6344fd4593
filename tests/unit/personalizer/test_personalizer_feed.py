"""The two doors: what a worker is offered, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from node.personalizer.errors import FeedbackUnknown
from node.personalizer.feed.building import build_feed, help_for_task
from node.personalizer.feed.columns import build_columns
from node.personalizer.feed.estimates import estimate
from node.personalizer.feedback import Feedback, undo
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.prediction import predict
from node.personalizer.learner.shared import Shared
from node.personalizer.learner.state import LearnerState
from node.personalizer.learner.update import place, replay
from node.personalizer.worker import Colleague, Goal, History, TaskInHand, WorkerView
from tests.unit.personalizer.feed_samples import (
    CATALOGUE,
    CHARTING,
    DOSES,
    HANDOVER,
    NOW,
    NURSE,
    NURSE_AT_WORK,
    module,
    situation,
    subjects,
)


def test_what_serves_the_goal_comes_first_and_says_so() -> None:
    feed = build_feed(situation(), CATALOGUE)
    first = feed.items[0]
    assert first.subject == HANDOVER.uri
    assert any("hand over safely" in reason.words for reason in first.reasons)
    assert 1 <= len(first.reasons) <= 3
    assert first.p
    assert "own" in first.chance
    assert "level its author gave" in first.evidence


def test_of_a_newcomer_nothing_is_taken_for_known() -> None:
    easy = replace(HANDOVER, level="novice", has_practice=True)
    (first,) = build_feed(situation(), [easy]).items
    assert first.p > 0.86
    assert first.cautious < 0.7  # no hint is left out
    assert first.kind == "lesson"
    told = place(LearnerState(), "handover", "competent", Shared())
    (known,) = build_feed(situation(state=told), [easy]).items
    assert known.cautious > 0.8
    assert known.kind == "practice"


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


def test_a_prerequisite_comes_before_what_needs_it() -> None:
    hard = module("lead-a-handover", level="expert", skills=("lead",), requires=("handover",))
    goal = Goal("lead the handover", skills=frozenset({"lead"}))
    worker = WorkerView("a ward nurse", (), goals=(goal,), placements={"handover": "novice"})
    first = module("handover", occupations=("onet:51-1011.00",), level="advanced-beginner")
    feed = build_feed(situation(worker=worker), [hard, first])
    assert subjects(feed)[0] == "handover"
    assert any("lead a handover" in reason.words for reason in feed.items[0].reasons)


def test_one_broad_skill_in_common_makes_no_lesson_of_another_trade_a_goal() -> None:
    allergens = module("allergens", occupations=("onet:35-2012.00",), skills=("allergens", "checking", "kitchens"))
    shared = module("sources", occupations=("onet:35-2012.00",), skills=("checking",))
    goal = Goal("check before I sign", skills=frozenset({"checking"}))
    feed = build_feed(situation(worker=WorkerView("a nurse", (NURSE,), goals=(goal,))), [allergens, shared])
    assert subjects(feed) == ["sources"]
    no_trade = build_feed(situation(worker=WorkerView("", (), goals=(goal,))), [allergens])
    assert subjects(no_trade) == ["allergens"]


def test_of_goals_served_alike_the_closest_is_named() -> None:
    wide = Goal("hand everything over", tasks=frozenset({"task:handover"}), skills=frozenset({"doses", "charting"}))
    close = Goal("hand over safely", tasks=frozenset({"task:handover"}), skills=frozenset({"handover"}))
    feed = build_feed(situation(worker=WorkerView("a nurse", (NURSE,), goals=(wide, close))), [HANDOVER])
    assert any("hand over safely" in reason.words for reason in feed.items[0].reasons)


def test_nobody_is_shown_who_did_not_offer() -> None:
    ana = Colleague("did:plc:ana", "Ana", frozenset({"welding"}))
    ben = Colleague("did:plc:ben", "Ben", frozenset())
    feed = build_feed(situation(colleagues=(ana, ben)), CATALOGUE)
    assert "connection" not in {item.kind for item in feed.items}


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


def test_what_somebody_else_calls_a_translation_hides_no_original() -> None:
    english, asked = replace(DOSES, language="en"), TaskInHand("work out a dose", uri="task:doses")
    theirs = replace(
        english, uri="at://did:plc:somebody/org.skillnet.module/dosen", language="de", translates=english.uri
    )
    reader = situation(worker=replace(NURSE_AT_WORK, languages=("de", "en")))
    for more in ({"score": 0.0}, {"score": None}, {"minutes": 600}):
        both = [replace(theirs, **more), english]
        assert subjects(build_feed(reader, both)) == subjects(help_for_task(reader, asked, both)) == ["doses"]
    good = [replace(theirs, score=0.75), english]
    assert subjects(build_feed(reader, good)) == subjects(help_for_task(reader, asked, good)) == ["dosen"]
    for other in ({"level": "proficient"}, {"layer": "capability"}):  # which is no translation, however good
        unlike = [replace(good[0], **other), english]
        assert "doses" in subjects(build_feed(reader, unlike))
        assert "doses" in subjects(help_for_task(reader, asked, unlike))
    done = replace(reader, history=History(done={theirs.uri: "alone"}))
    assert subjects(build_feed(done, good)) == ["doses"]
    only_german = situation(worker=replace(NURSE_AT_WORK, languages=("de",)))
    assert subjects(build_feed(only_german, [replace(theirs, score=0.0), english])) == ["dosen"]


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
