"""A worker's day: the list with reasons, a lesson made theirs, an outcome, help, corrections, and all of it theirs."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.browser.fixtures.demonstration import Demonstration
from tests.browser.fixtures.visitor import Visitor

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]
UNDO = ".notice-done form.one-button button"


@pytest.fixture
def nadia(demonstration: Demonstration, visitor: Visitor) -> Visitor:
    visitor.sign_in(demonstration.services, "nadia")
    return visitor


def test_today_gives_reasons_and_a_chance(nadia: Visitor) -> None:
    assert nadia.page.url.endswith("/me")
    items = nadia.page.locator(".item")
    assert items.count() >= 1
    assert nadia.page.locator(".item .terms").count() == items.count()
    assert "It leads to your goal" in nadia.words() or "It was made for your work" in nadia.words()
    assert "On your own" in nadia.words()


def test_a_lesson_is_adapted_shown_as_written_and_its_outcome_changes_the_list(nadia: Visitor) -> None:
    page = nadia.page
    before = page.locator(".item-title").all_inner_texts()
    nadia.press(".item-lesson a.button.primary")
    lesson = page.url
    adapted = nadia.words("article.prose")
    assert page.locator(".change").count() >= 1
    nadia.press('.change:not(.change-shown) button:has-text("Show as written")')
    assert page.locator(".change-shown").count() == 1
    assert nadia.words("article.prose") != adapted
    nadia.press('.change-shown button:has-text("Adapt it again")')
    assert nadia.words("article.prose") == adapted
    nadia.press('button[name="outcome"][value="alone"]')
    assert page.locator(".item-title").all_inner_texts() != before
    assert "alone" in nadia.words(".notice")
    nadia.press(UNDO)
    assert page.url.startswith(lesson)
    assert page.locator('button[name="outcome"]').count() == 5


def test_help_with_a_task_is_asked_in_ones_own_words_and_stays_out_of_the_address(nadia: Visitor) -> None:
    nadia.page.fill("#facing", "a customer shouts about a wrong bill")
    nadia.press(".find button")
    assert nadia.page.url.endswith("/me/help")
    assert "a customer shouts about a wrong bill" in nadia.words("h1")
    assert nadia.page.locator(".item").count() >= 1


def test_feedback_takes_the_item_away_at_once_and_can_be_undone(nadia: Visitor) -> None:
    page = nadia.page
    title = page.locator(".item-title").first.inner_text()
    page.locator('.item button[value="less-like-this"]').first.click()
    page.wait_for_selector(".items .notice-done")
    assert title in nadia.words(".items .notice-done")
    nadia.press(".items .notice-done button")
    assert title in page.locator(".item-title").all_inner_texts()


def test_a_profile_is_changed_and_kept(demonstration: Demonstration, visitor: Visitor) -> None:
    visitor.sign_in(demonstration.services, "grace")
    page = visitor.open(demonstration.services, "/me/profile")
    goals = page.input_value("#goals")
    page.fill("#goals", goals + "\nask for help before it is late")
    page.fill("#minutes", "25")
    visitor.press("main button.primary")
    assert "ask for help before it is late" in visitor.words(".page-head")
    visitor.open(demonstration.services, "/me/profile")
    assert page.input_value("#minutes") == "25"
    assert page.input_value("#goals").splitlines()[-1] == "ask for help before it is late"


def test_a_belief_is_corrected_and_the_correction_taken_back(demonstration: Demonstration, visitor: Visitor) -> None:
    visitor.sign_in(demonstration.services, "peter")
    page = visitor.open(demonstration.services, "/me/beliefs")
    first = page.locator(".belief").first
    name, before = first.get_attribute("id"), " ".join(first.locator("p b").first.inner_text().split())
    first.locator("summary", has_text="That is not right").click()
    with visitor.another_page():
        first.locator('button[value="alone"]').click()
    assert "noted" in visitor.words(".notice-done")
    belief = page.locator(f"#{name}")
    assert " ".join(belief.locator("p b").first.inner_text().split()) != before
    visitor.press(UNDO)
    assert " ".join(page.locator(f"#{name} p b").first.inner_text().split()) == before


def test_private_addresses_serve_the_list_and_end_when_renewed(demonstration: Demonstration, visitor: Visitor) -> None:
    visitor.sign_in(demonstration.services, "peter")
    page = visitor.open(demonstration.services, "/me/feeds")
    visitor.press('form[action="/me/feeds"] button')
    atom, feed = page.input_value("#atom"), page.input_value("#json-feed")
    assert httpx.get(atom, timeout=60).headers["content-type"].startswith("application/atom+xml")
    assert httpx.get(feed, timeout=60).json()["items"]
    visitor.press('form[action="/me/feeds"] button')
    assert page.input_value("#atom") != atom
    assert httpx.get(atom, timeout=60).status_code == 404


def test_everything_is_taken_along(demonstration: Demonstration, visitor: Visitor, tmp_path: Path) -> None:
    visitor.sign_in(demonstration.services, "peter")
    page = visitor.open(demonstration.services, "/me/data")
    with page.expect_download() as download:
        page.click('a.button:has-text("Download everything")')
    download.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as packed:
        lines = packed.read("everything.jsonl").decode().splitlines()
    assert "profile" in {json.loads(line)["type"] for line in lines}


def test_one_worker_never_meets_another(
    demonstration: Demonstration, nadia: Visitor, visit: Callable[..., Visitor]
) -> None:
    nadia.press(".item a.button.primary")
    path = nadia.page.url.removeprefix(demonstration.services.url)
    other = visit()
    other.sign_in(demonstration.services, "grace")
    other.expect_complaint("404")
    assert other.page.goto(demonstration.services.url + path).status == 404
    stranger = visit()
    stranger.expect_complaint("401")
    stranger.page.goto(demonstration.services.url + path)
    assert "Sign in" in stranger.words()
    assert nadia.page.locator("article.prose").count() == 1
