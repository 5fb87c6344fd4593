"""Finding things: hits with reasons, filters, pages, spelling, results alone while somebody types."""

from __future__ import annotations

import re
from typing import Any

from schemas.validation import validate_output
from tests.integration.fixtures.policy_table import TABLE


def test_hits_say_what_they_are_and_why_they_stand_there(stage: Any, read: Any) -> None:
    answer = stage.browser().get("/search?q=invoice")
    shown = read(answer)
    assert answer.status_code == 200, answer.text
    assert "Check an invoice that software has read for you" in shown
    assert "Relevance" in shown
    assert "no verdict counts yet" in shown
    assert "Wei, Harbour Services" in shown
    assert "<mark>" in answer.text


def test_programs_are_told_the_same_as_their_lexicon_says(stage: Any) -> None:
    answer = stage.browser().get("/xrpc/org.skillnet.catalogue.search?q=invoise+&facets=true").json()
    validate_output(answer, "org.skillnet.catalogue.search")
    assert answer["didYouMean"] == "invoice"
    first = answer["hits"][0]
    assert "invoice" in first["snippet"].lower()
    assert "<" not in first["snippet"]
    assert "all words match" in first["reasons"][0]
    assert {"name", "value", "count"} == set(answer["facets"][0])


def test_programs_ask_for_kinds(stage: Any) -> None:
    asked = "/xrpc/org.skillnet.catalogue"
    completed = stage.browser().get(f"{asked}.suggest?q=w&kind=person&limit=1").json()["suggestions"]
    assert [item["text"] for item in completed] == ["Wei"]
    assert stage.browser().get(f"{asked}.search?q=wei&kind=person").json() == {"hits": [], "total": 0}
    only = stage.browser().get(f"{asked}.search?q=invoice&kind=module&kind=person").json()
    validate_output(only, f"{asked[6:]}.search")
    assert only["hits"]


def test_a_misspelt_word_finds_and_is_asked_about(stage: Any, read: Any) -> None:
    assert "Check an invoice" in read(stage.browser().get("/search?q=invoise"))


def test_filters_narrow_and_can_be_taken_away(stage: Any, read: Any) -> None:
    shown = stage.browser().get("/search?kind=task")
    assert "Reconcile the bank account" in read(shown)
    assert "Check an invoice" not in read(shown)
    assert "What: Tasks" in read(shown)
    both = read(stage.browser().get("/search?occupation=onet:43-3031.00&kind=module"))
    assert "Occupation: Bookkeeping" in both
    assert "Balanced" in both
    assert "drafted reply" not in both


def test_a_filter_without_a_box_stays_in_force(stage: Any, read: Any) -> None:
    answer = stage.browser().get("/search?skill=invoice-checking")
    assert "Skill: invoice checking" in read(answer)
    assert re.search(r'name="skill" value="invoice-checking" checked', answer.text)


def test_people_and_organisations_are_found(stage: Any, read: Any) -> None:
    answer = stage.browser().get("/search?q=wei")
    assert f'href="/people/{stage.people["wei"]}"' in answer.text
    assert "/organisations/did:web:localhost%253A18200" in stage.browser().get("/search?q=harbour").text


def test_typing_gets_the_results_alone_and_going_back_the_page(stage: Any, read: Any) -> None:
    fragment = stage.browser().get("/search?q=inv", **{"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert "Check an invoice" in read(fragment)
    assert "HX-Request" in fragment.headers["vary"]
    back = stage.browser().get("/search?q=inv", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.text


def test_questions_nobody_asks_are_answered_all_the_same(stage: Any) -> None:
    for query in ("page=999999999999", "page=-1", "sort=best", "q=" + "x" * 2000, "kind=nothing", "q=%22", "q=kind:x"):
        assert stage.browser().get(f"/search?{query}").status_code == 200, query


def test_nothing_found_says_so(stage: Any, read: Any) -> None:
    assert "Nothing fits" in read(stage.browser().get("/search?q=zzzqqqxxyy"))


def test_a_node_for_members_alone_lets_nobody_else_read(stage: Any) -> None:
    settings = stage.services.settings
    from dataclasses import replace

    stage.services.settings = replace(settings, open_reading=False)
    try:
        for path in ("/", "/search?q=invoice", "/trust", f"/people/{stage.people['wei']}"):
            assert stage.browser().get(path).headers.get("location", "").startswith("/sign-in"), path
        picture = stage.browser().get("/pictures/did:plc:x/bafkreix")
        assert picture.status_code in (303, 401)
        assert stage.browser("peter").get("/").status_code == 200
        methods = [line.split()[1] for line in TABLE["anybody"].splitlines() if "/xrpc/org.skillnet." in line]
        assert len(methods) > 10
        key = stage.services.registry.tokens.issue("peter", "api")
        for path in methods:
            assert stage.client.get(path).status_code == 401, path
            member = stage.client.get(path, headers={"Authorization": f"Bearer {key}"})
            assert member.status_code != 401, path
    finally:
        stage.services.settings = settings
