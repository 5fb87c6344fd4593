"""A worker's own pages as a browser without scripts reaches them: profile, list, lesson, outcome, and every undo."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from node.services.policy import Role, Viewer

BOOKKEEPER = "onet:43-3031.00"
SECRET = "the quiet fear of Mr Zimmerli's ledger"
PROFILE = {
    "role": "junior bookkeeper",
    "occupation": BOOKKEEPER,
    "goals": f"find errors in ledgers\n{SECRET}",
    "minutes": "30",
    "language": "en",
    "tools": "Xero",
    "zone": "Europe/Berlin",
    "skill:error-finding-in-ledgers": "novice",
}


@pytest.fixture(scope="module")
def worker(stage: Any) -> Any:
    """A signed-in worker with a profile."""
    stage.add("nadia", Role.WORKER)
    browser = stage.browser("nadia")
    browser.submit("/me/profile", **PROFILE)
    return browser


def form_action(page: Any, pattern: str) -> str:
    """The first form address of a page that fits."""
    found = re.search(rf'action="({pattern})"', page.text)
    assert found, f"no {pattern} in {re.findall('action=.([^ ]*).', page.text)}"
    return found[1].replace("&amp;", "&")


def items(page: Any) -> list[str]:
    return re.findall(r'<h2 class="item-title"[^>]*><a href="[^"]*">([^<]*)<', page.text)


def open_first(worker: Any) -> tuple[str, Any]:
    address = re.search(r'<a class="button primary" href="(/me/lessons/[^"]+)"', worker.get("/me").text)
    assert address
    return address[1], worker.get(address[1])


def test_the_first_visit_leads_kindly_to_the_profile(stage: Any, read: Any) -> None:
    stage.add("newcomer", Role.WORKER)
    browser = stage.browser("newcomer")
    answer = browser.get("/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/profile")
    page = browser.get("/me/profile")
    assert "Welcome" in read(page)
    assert "Bookkeeping, Accounting, and Auditing Clerks" in read(page)
    assert "Welcome" not in read(browser.get("/me/profile"))


def test_what_one_does_is_taken_for_an_occupation_and_a_goal_for_nothing_is_named(stage: Any, read: Any) -> None:
    stage.add("clerk", Role.WORKER)
    browser = stage.browser("clerk")
    told = {
        "minutes": "15",
        "zone": "UTC",
        "role": "bookkeeper in a small firm",
        "goals": "find errors in ledgers\nzorbing",
    }
    chosen = r'<option value="([^"]*)" selected'
    blank = re.search(r'<select name="occupation".*?</select>', browser.get("/me/profile").text, re.DOTALL)
    assert blank
    assert re.findall(chosen, blank[0]) == ["guess"]
    page = browser.submit("/me/profile", occupation="guess", **told)
    assert "was taken for “Bookkeeping, Accounting, and Auditing Clerks”" in read(page)
    assert re.findall(chosen, page.text)[0] == BOOKKEEPER
    assert "“zorbing”: nothing here was found" in read(page)
    assert "“find errors in ledgers”: nothing" not in read(page)
    browser.submit("/me/profile", occupation="", **told)
    page = browser.get("/me/profile")
    assert "whichever comes nearest" not in read(page)
    assert re.findall(chosen, page.text)[0] == ""  # none was the worker's own word
    browser.submit("/me/profile", occupation="guess", **{**told, "role": "zorbing"})
    assert 'value="" selected' in browser.get("/me/profile").text


def test_a_profile_without_anything_is_a_profile(stage: Any) -> None:
    stage.add("silent", Role.WORKER)
    browser = stage.browser("silent")
    assert browser.submit("/me/profile", minutes="15", zone="UTC").status_code == 200
    assert browser.get("/me").status_code == 200


def test_of_several_languages_the_first_that_is_ticked_is_read_best(stage: Any) -> None:
    stage.add("polyglot", Role.WORKER)
    browser, form = stage.browser("polyglot"), {"minutes": "15", "zone": "UTC", "best-language": ""}
    for ticked, chosen in (([], ""), (["de", "en"], "de")):
        browser.submit("/me/profile", **form, language=ticked)
        best = re.search(r'<select name="best-language".*?</select>', browser.get("/me/profile").text, re.DOTALL)
        assert best
        assert re.findall(r'<option value="(\w*)" selected', best[0]) == [chosen]


def test_half_of_the_quiet_hours_is_asked_for_in_words(worker: Any, read: Any) -> None:
    answer = worker.post("/me/profile", **{**PROFILE, "notices": "0", "quiet-from": "22:00"})
    assert answer.status_code == 400
    assert "Quiet hours need a beginning and an end" in read(answer)


def test_what_is_wrong_in_a_profile_is_said_beside_its_field(worker: Any, read: Any) -> None:
    answer = worker.post("/me/profile", **{**PROFILE, "minutes": "9999"})
    assert answer.status_code == 400
    assert 'id="minutes-problem-1"' in answer.text
    assert "Minutes a day is a whole number" in read(answer)
    assert worker.post("/me/profile", **{**PROFILE, "zone": "Atlantis"}).status_code == 400
    assert SECRET in read(answer)


def test_an_occupation_is_followed_by_its_tasks_and_skills(worker: Any, read: Any) -> None:
    page = worker.get("/me/profile")
    assert "Reconcile the bank account" in read(page)
    assert 'name="skill:error-finding-in-ledgers"' in page.text
    task = re.search(r'name="task" value="(at://[^"]+)"', page.text)
    assert task
    worker.submit("/me/profile", **PROFILE, task=task[1])
    page = worker.get("/me/profile")
    assert f'value="{task[1]}" checked' in page.text
    assert '<option value="novice" selected>' in page.text


def test_what_a_goal_was_taken_for_is_put_right(worker: Any, read: Any) -> None:
    page = worker.get("/me/profile")
    assert "a guess: untick what is not meant" in read(page)
    found = re.search(r'type="checkbox" name="(meant:[^"]+)" value="([^"]+)" checked', page.text)
    assert found
    worker.submit("/me/profile", **{**PROFILE, html.unescape(found[1]): html.unescape(found[2])})
    page = worker.get("/me/profile")
    assert page.text.count(f'name="{found[1]}"') == 2  # the empty one, and the one that stayed
    assert "a guess" not in read(page)


def test_an_outcome_changes_the_list_and_can_be_taken_back(worker: Any, read: Any) -> None:
    before = worker.get("/me")
    address, lesson = open_first(worker)
    assert "The signed original" in read(lesson)
    assert "What was changed, and why" in read(lesson)
    title = re.search(r"<h1[^>]*>([^<]*)<", lesson.text)[1]  # type: ignore[index]  # a page has a title
    after = worker.submit(form_action(lesson, "/me/lessons/[^/]+/outcome"), outcome="alone")
    assert f"“{title}”: alone." in read(after).replace("&#39;", "'")
    assert items(after) != items(before)
    assert "say so in public" in read(after)
    assert '<details class="endorse-offer">' in after.text  # closed: off by default
    undone = worker.submit(form_action(after, "/me/lessons/[^/]+/outcome/undo"))
    assert "Taken back" in read(undone)
    assert f"{address}/outcome" in undone.text
    assert items(worker.get("/me")) == items(before)


def test_whether_it_held_up_can_be_taken_back(worker: Any, read: Any) -> None:
    address, lesson = open_first(worker)
    worker.submit(form_action(lesson, "/me/lessons/[^/]+/outcome"), outcome="alone")
    said = worker.submit(f"{address}/held-up", outcome="skipped")
    assert "on the real task: it did not come up." in read(said)
    undone = worker.submit(form_action(said, r"/me/lessons/[^/]+\.check/outcome/undo"))
    assert undone.status_code == 200
    assert "you can say again whether it held up" in read(undone)
    worker.submit(f"{address}/outcome/undo")


def test_no_public_word_is_offered_after_work_that_went_badly(worker: Any, read: Any) -> None:
    _, lesson = open_first(worker)
    after = worker.submit(form_action(lesson, "/me/lessons/[^/]+/outcome"), outcome="not")
    assert "say so in public" not in read(after)
    worker.submit(form_action(after, "/me/lessons/[^/]+/outcome/undo"))


def test_a_block_is_shown_as_written_and_adapted_again(worker: Any, read: Any) -> None:
    address, lesson = open_first(worker)
    written = form_action(lesson, "/me/lessons/[^/]+/blocks/[^/]+/as-written")
    answer = worker.post(written)
    assert answer.headers["location"].startswith(f"{address}#")
    shown = worker.get(address)
    again = written.replace("as-written", "adapted")
    assert again in shown.text
    assert written not in shown.text
    worker.post(again)
    assert worker.get(address).text.count("block-left-out") == lesson.text.count("block-left-out")
    assert worker.post(f"{address}/blocks/nowhere/as-written").status_code == 400


def test_feedback_is_noted_and_undone(worker: Any, read: Any) -> None:
    before = worker.get("/me")
    action = form_action(before, '/me/feed/[^"]+')
    after = worker.submit(action, feedback="known")
    assert "noted" in read(after)
    assert items(after) != items(before)
    assert "You know" in read(worker.get("/me/beliefs"))
    worker.submit(form_action(after, '/me/said/[^"]+/undo'))
    assert items(worker.get("/me")) == items(before)
    assert worker.post(action, feedback="boring").status_code == 400


def test_a_live_page_gets_what_takes_the_place_of_an_item(worker: Any) -> None:
    action = form_action(worker.get("/me"), '/me/feed/[^"]+')
    csrf = next(value for name, value in worker.cookies.items() if name.endswith("_csrf"))
    answer = worker.client.post(
        action,
        data={"feedback": "less-like-this", "_csrf_token": csrf},
        headers=worker._headers({"HX-Request": "true"}),
    )
    worker.client.cookies.clear()
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="notice')
    worker.submit(form_action(answer, '/me/said/[^"]+/undo'))


def test_help_with_the_task_at_hand_stands_in_no_address(worker: Any, read: Any) -> None:
    answer = worker.post("/me/help", task="the bank statement does not agree with the books")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/help")
    page = worker.get("/me/help")
    assert "the bank statement does not agree with the books" in read(page)
    assert items(page)
    assert worker.post("/me/help", task="x" * 600).status_code == 400
    assert worker.post("/me/help", task=" ").headers["location"] == "/me"


def test_a_belief_is_corrected_and_the_correction_undone(worker: Any, read: Any) -> None:
    page = worker.get("/me/beliefs")
    action = form_action(page, '/me/beliefs/[^"]+')
    after = worker.submit(action, belief="alone")
    assert "It counts more than anything inferred" in read(after)
    undone = worker.submit(form_action(after, '/me/corrections/[^"]+/undo'))
    assert "Taken back" in read(undone)
    assert worker.post(action, belief="genius").status_code == 400


def test_a_module_becomes_a_lesson_from_its_own_page(stage: Any, worker: Any, read: Any) -> None:
    uri = f"at://{stage.people['wei']}/org.skillnet.module/check-an-extracted-invoice"
    module = worker.get(f"/modules/{stage.people['wei']}/check-an-extracted-invoice")
    lesson = worker.submit(form_action(module, '/me/lessons[^"]*'))
    assert "Your lesson" in read(lesson)
    assert worker.post(f"/me/lessons?module={uri}x").status_code == 404


def test_a_key_is_shown_once_and_ends(stage: Any, worker: Any, read: Any) -> None:
    page = worker.submit("/me/feeds/keys", name="my terminal")
    key = re.search(r'readonly value="([\w-]{40,})"', page.text)
    assert key
    bearer = {"Authorization": f"Bearer {key[1]}"}
    # Known here, and for the assistant's door alone.
    assert stage.client.get("/api/me/profile", headers=bearer).status_code == 403
    page = worker.get("/me/feeds")
    assert key[1] not in page.text
    worker.submit(form_action(page, "/me/feeds/keys/[^/]+/end"))
    assert stage.client.get("/api/me/profile", headers=bearer).status_code == 401


def test_the_private_feed_opens_at_its_address_until_a_new_one_is_made(stage: Any, worker: Any) -> None:
    page = worker.submit("/me/feeds")
    address = re.search(r"/feeds/[\w-]+\.atom", page.text)
    assert address
    assert stage.client.get(address[0]).status_code == 200
    worker.submit("/me/feeds")
    assert stage.client.get(address[0]).status_code == 404


def test_what_an_assistant_reported_waits_for_the_workers_own_word(stage: Any, worker: Any, read: Any) -> None:
    address, _ = open_first(worker)
    viewer = Viewer("nadia", "Nadia", frozenset({Role.WORKER}))
    stage.services.learning.record(viewer, address.rpartition("/")[2], "with-a-hint", by_assistant=True)
    page = worker.get("/me")
    assert "Your assistant says how it went" in read(page)
    assert "It counts half until you confirm it" in read(worker.get(address))
    confirmed = worker.submit(form_action(page, "/me/lessons/[^/]+/outcome/confirm"))
    assert "It counts in full now" in read(confirmed)
    assert "Your assistant says" not in read(worker.get("/me"))
    worker.submit(form_action(confirmed, "/me/lessons/[^/]+/outcome/undo"))


def test_words_are_chosen_from_what_the_module_declares(stage: Any, worker: Any) -> None:
    module = worker.get(f"/modules/{stage.people['ruth']}/check-a-drafted-reply")
    lesson = worker.submit(form_action(module, '/me/lessons[^"]*'))
    action = form_action(lesson, "/me/lessons/[^/]+/slots")
    chosen = worker.submit(action, channel="letter")
    assert '<option value="letter" selected>' in chosen.text
    assert "“e-mail” reads “letter”" in chosen.text
    assert worker.post(action, channel="<b>pigeon</b>").status_code == 400
