"""Nobody but the worker reads their pages; forms need their token; what is erased is gone."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest

from node.services.policy import Role

SECRET = "dread of the seventeenth invoice"
PAGES = ("/me", "/me/help", "/me/profile", "/me/beliefs", "/me/data", "/me/data/export", "/me/feeds", "/me/searches")


@pytest.fixture(scope="module")
def worker(stage: Any) -> Any:
    stage.add("rival", Role.WORKER)
    return newcomer(stage, "nadia")


def newcomer(stage: Any, name: str) -> Any:
    stage.add(name, Role.WORKER)
    browser = stage.browser(name)
    browser.submit("/me/profile", role=SECRET, occupation="onet:43-3031.00", minutes="30", zone="UTC", goals=SECRET)
    return browser


def lesson_of(worker: Any) -> str:
    found = re.search(r'href="(/me/lessons/[^"]+)"', worker.get("/me").text)
    assert found
    return found[1]


def test_strangers_are_taken_to_the_sign_in_form(stage: Any, worker: Any) -> None:
    for path in (*PAGES, lesson_of(worker)):
        answer = stage.browser().get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in?next=/me"), path


def test_an_operator_has_no_business_here(stage: Any, worker: Any) -> None:
    operator = stage.browser("olga")
    for path in (*PAGES, lesson_of(worker)):
        answer = operator.get(path)
        assert answer.status_code == 403, path
        assert SECRET not in answer.text


def test_another_worker_never_gets_the_text(stage: Any, worker: Any) -> None:
    rival, address = stage.browser("rival"), lesson_of(worker)
    rival.submit("/me/profile", minutes="15", zone="UTC", role="clerk")
    worker.get(address)
    assert rival.get(address).status_code == 404
    for form, data in (
        (f"{address}/outcome", {"outcome": "alone"}),
        (f"{address}/slots", {}),
        (f"{address}/blocks/p1/as-written", {}),
        (address.replace("lessons", "feed"), {"feedback": "known"}),
    ):
        assert rival.post(form, **data).status_code == 404, form
    for path in PAGES:
        assert SECRET not in rival.get(path).text


def test_forms_without_their_token_are_refused(worker: Any) -> None:
    address = lesson_of(worker)
    for form in (
        "/me/profile",
        "/me/help",
        "/me/data/erase",
        "/me/feeds",
        "/me/searches",
        f"{address}/outcome",
        "/me/feeds/keys",
    ):
        assert worker.post(form, csrf=False, outcome="alone", confirm="nadia", task="x").status_code == 403, form


def test_no_page_may_be_stored(worker: Any) -> None:
    worker.post("/me/help", task="an invoice")
    for path in (*PAGES, lesson_of(worker)):
        answer = worker.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "private, no-store", path


def test_the_question_of_one_worker_is_not_answered_to_another_at_the_same_browser(stage: Any, worker: Any) -> None:
    worker.post("/me/help", task=SECRET)
    rival = stage.browser("rival")
    rival.cookies |= {name: value for name, value in worker.cookies.items() if name.endswith("_asked")}
    assert rival.get("/me/help").headers["location"] == "/me"


def test_everything_can_be_taken_away(worker: Any) -> None:
    worker.get(lesson_of(worker))
    answer = worker.get("/me/data/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert SECRET in file.read("everything.jsonl").decode()
        lessons = [name for name in file.namelist() if name.startswith("lessons/")]
        assert lessons
        assert len(file.read(lessons[0])) > 200


def test_erasing_takes_the_name_and_then_everything(stage: Any, read: Any) -> None:
    worker = newcomer(stage, "leaver")
    address = lesson_of(worker)
    refused = worker.post("/me/data/erase", confirm="somebody")
    assert refused.status_code == 400
    assert "Nothing was erased" in read(refused)
    erased = worker.submit("/me/data/erase", confirm="leaver")
    assert "erased" in read(erased)
    assert worker.get(address).status_code == 404
    assert worker.get("/me").headers["location"] == "/me/profile"
    assert SECRET not in worker.get("/me/profile").text
