"""Who has no account reads, finds and learns why things stand where they stand."""

from __future__ import annotations

import pytest

from tests.browser.fixtures.demonstration import Demonstration
from tests.browser.fixtures.visitor import Visitor

pytestmark = [pytest.mark.real, pytest.mark.needs("Chromium")]


def test_home_shows_the_catalogue_with_reasons(demonstration: Demonstration, visitor: Visitor) -> None:
    visitor.open(demonstration.services)
    text = visitor.words()
    assert "3 organisations" in text
    assert "Because" in text
    visitor.page.fill("#find", "angry caller")
    visitor.press(".find button")
    assert "Keep the hard calls" in visitor.words(".hits")


def test_results_come_while_typing_and_a_slip_is_forgiven(demonstration: Demonstration, visitor: Visitor) -> None:
    page = visitor.open(demonstration.services, "/search")
    visited = page.evaluate("history.length")
    page.locator("#q").press_sequentially("warning score", delay=30)
    page.locator(".found", has_text="“warning score”").wait_for()
    assert "early warning score" in visitor.words(".hits")
    page.wait_for_url("**q=warning*score*")
    page.fill("#q", "early warnng score")
    page.locator(".found", has_text="“early warnng score”").wait_for()
    assert "early warning score" in visitor.words(".hits")
    assert page.evaluate("history.length") == visited


def test_who_filters_by_keyboard_stays_where_they_are(demonstration: Demonstration, visitor: Visitor) -> None:
    page = visitor.open(demonstration.services, "/search?q=check")
    page.locator("#by-kind-module").focus()
    page.keyboard.press("Space")
    page.locator(".active-filters", has_text="Modules").wait_for()
    page.wait_for_url("**kind=module*")
    page.wait_for_function("document.activeElement.id === 'by-kind-module'")
    assert page.locator("#by-kind-module").is_checked()


def test_a_module_says_who_speaks_for_it_and_shows_its_signature(
    demonstration: Demonstration, visitor: Visitor
) -> None:
    page = visitor.open(demonstration.services, "/search?q=check+a+drafted+reply")
    visitor.press(".hit .card-title a")
    why = visitor.words("section.position")
    assert "Fenwick Works" in why
    assert "What would move it up" in why
    page.click("details.record summary")
    record = visitor.words("details.record")
    assert "at://did:plc:" in record
    assert "bafyrei" in record
    assert page.locator('script[type="application/ld+json"]').count() == 1


def test_from_a_task_to_its_steps_to_a_person_to_an_organisation(
    demonstration: Demonstration, visitor: Visitor
) -> None:
    page = visitor.open(demonstration.hospital)
    visitor.press('section[aria-labelledby="work"] a[href^="/tasks/"]')
    assert page.locator(".steps .step").count() >= 3
    assert page.locator(".step .who").count() >= 3
    assert "By hand" in visitor.words() or "by hand" in visitor.words()
    visitor.open(demonstration.hospital, "/search?q=handover")
    visitor.press(".hit .card-title a")
    visitor.press('.byline a[href^="/people/"]')
    assert "did:plc:" in page.url
    visitor.press('main a[href^="/organisations/"]')
    assert "/organisations/did:web:" in page.url


def test_trust_names_the_organisations_that_count(demonstration: Demonstration, visitor: Visitor) -> None:
    visitor.open(demonstration.services, "/trust")
    text = visitor.words()
    assert "Riverside Health" in text
    assert "Fenwick Works" in text
    assert "Live" in text


def test_an_arabic_lesson_runs_from_right_to_left(demonstration: Demonstration, visitor: Visitor) -> None:
    page = visitor.open(demonstration.hospital, "/search?lang=ar&q=" + "تغير")
    link = page.locator('.card-title[dir="rtl"] a').first
    with visitor.another_page():
        link.click()
    visitor.assert_fits()
    assert page.locator("article.prose").evaluate("text => getComputedStyle(text).direction") == "rtl"
    assert page.locator("html").get_attribute("dir") == "ltr"


def test_a_wrong_address_says_so(demonstration: Demonstration, visitor: Visitor) -> None:
    visitor.expect_complaint("404")
    answer = visitor.page.goto(demonstration.services.url + "/modules/did:plc:nobody/nothing")
    assert answer.status == 404
    assert visitor.words()
    visitor.assert_fits()
