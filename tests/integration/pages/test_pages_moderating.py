"""What an operator and a curator do about reports, on pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from node.services.people.tokens import Proof
from node.services.policy import Role

WEIGHING = """---
name: {}
title: Weigh {}
description: How to weigh.
language: en
license: CC-BY-4.0
layer: capability
---
Weigh.
"""
QUEUE = "/admin/moderation"


def _published(stage: Any, name: str) -> str:
    return stage.publish("wei", WEIGHING.format(name, name))


def _report(stage: Any, who: str, uri: str, reason: str) -> None:
    kind = "com.atproto.moderation.defs#reasonMisleading"
    stage.browser(who).submit("/report", about=uri, kind=kind, reason=reason)


def test_what_several_people_report_is_one_decision(stage: Any, read: Any) -> None:
    olga = stage.browser("olga")
    uri = _published(stage, "scales")
    _report(stage, "peter", uri, "The scales are wrong.")
    _report(stage, "ruth", uri, "Mine too.")
    shown = olga.get(QUEUE)
    assert shown.text.count(f'value="{uri}"') == 1
    for expected in ("2 reports wait", "Weigh scales", "How to weigh.", "peter", "Ruth", "Mine too."):
        assert expected in read(shown), expected
    answered = read(olga.submit(f"{QUEUE}/reports", subject=uri, reason="They were mended."))
    assert "Left as it is; 2 reports are answered." in answered
    assert "No report waits." in answered
    assert "They were mended." in answered
    assert "was answered on" in read(stage.browser("peter").get("/report?about=" + quote(uri, safe="")))


def test_several_things_are_labelled_at_once_and_a_label_is_undone(stage: Any, read: Any) -> None:
    olga = stage.browser("olga")
    uris = [_published(stage, "beam"), _published(stage, "tare")]
    _report(stage, "peter", uris[0], "Old.")
    done = read(olga.submit(f"{QUEUE}/labels", subject=uris, value="outdated", reason="New scales since May."))
    assert "Each of 2 is labelled outdated." in done
    assert "says of beam: this is out of date (outdated)." in read(stage.browser("wei").get("/write"))
    assert "No report waits." in done
    _report(stage, "peter", uris[1], "Sold.")
    one = olga.submit(f"{QUEUE}/labels", subject=uris[1], value="spam", reason="Advert. " + "x" * 1_990).text
    assert "No report waits." in one
    assert (
        "/labels/withdraw?subject=" in one.partition("</main>")[0].partition("notice-done")[2].partition("</form>")[0]
    )


def test_where_nothing_is_ticked_the_reason_that_was_typed_stays(stage: Any, read: Any) -> None:
    olga = stage.browser("olga")
    uri = _published(stage, "spool")
    _report(stage, "peter", uri, "It unwinds.")
    for action in ("reports", "rules", "labels"):
        again = olga.post(f"{QUEUE}/{action}", effect="deny", value="spam", reason="It unwinds by itself.")
        assert (again.status_code, "Tick what it is about." in read(again)) == (400, True)
        assert 'value="It unwinds by itself."' in again.text
    olga.submit(f"{QUEUE}/reports", subject=uri, reason="Hold it.")


def test_what_was_typed_about_something_else_stays_in_its_form(stage: Any) -> None:
    olga = stage.browser("olga")
    said = {"subject": "spam..example", "reason": "It sells."}
    rule = olga.post(f"{QUEUE}/rules", effect="deny", until="2031-01-01", **said).text
    label = olga.post(f"{QUEUE}/labels", value="spam", **said).text
    for text, until in ((rule, "2031-01-01"), (label, "")):
        assert text.count('value="spam..example"') == text.count('value="It sells."') == 1
        assert f'type="date" value="{until}"' in text
    assert rule.index('value="It sells."') < rule.index('id="labels"')
    assert label.index('value="It sells."') > label.index('id="labels"')
    assert label.count('value="spam" selected') == 1
    uri = _published(stage, "reel")
    _report(stage, "peter", uri, "It unwinds.")
    assert f'value="{uri}" checked' in olga.post(f"{QUEUE}/reports", subject=uri, reason=" ").text
    olga.submit(f"{QUEUE}/reports", subject=uri, reason="Hold it.")


def test_an_account_goes_after_its_records_and_what_cannot_be_done_is_named(stage: Any, read: Any) -> None:
    olga, did = stage.browser("olga"), stage.add_practitioner("orla")
    uri = stage.publish("orla", WEIGHING.format("orla", "orla"))
    taken = {"effect": "deny", "reason": "Both.", "sure": "yes"}
    assert "Each of 2 is taken down" in read(olga.submit(f"{QUEUE}/rules", subject=[did, uri], **taken))
    done = read(olga.submit(f"{QUEUE}/rules", subject=[f"{uri}-2", "noise.example"], **taken))
    assert "noise.example is taken down" in done
    assert "Not done: orla" in done
    labelled = read(olga.submit(f"{QUEUE}/labels", subject=["noise.example", did], value="spam", reason="x"))
    assert f"{did} is labelled spam. Not done: A label is about" in labelled


def test_deleting_an_account_for_good_asks_who_one_is(stage: Any, read: Any) -> None:
    olga, did = stage.browser("olga", Proof(0)), stage.people["ines"]
    fields = {"effect": "deny", "subject": did, "reason": "x", "sure": "yes", "erase": "yes"}
    assert "Nothing was done yet" in read(olga.submit(f"{QUEUE}/rules", **fields))
    assert stage.services.withholding.denies(did) is None


def test_a_takedown_is_asked_for_once_more_and_answers_reports(stage: Any, read: Any) -> None:
    olga = stage.browser("olga")
    uri = _published(stage, "sieve")
    _report(stage, "peter", uri, "It cuts.")
    asked = read(olga.post(f"{QUEUE}/rules", effect="deny", subject=uri, reason="It cuts people."))
    assert "Take this down? Weigh sieve" in asked
    assert "deleted from its author’s repository" in asked
    assert stage.services.withholding.denies(uri) is None
    done = read(olga.submit(f"{QUEUE}/rules", effect="deny", subject=uri, reason="It cuts people.", sure="yes"))
    assert "is taken down" in done
    assert "No report waits." in done
    assert "It cuts people." in read(stage.browser().get("/moderation"))
    page = f"/modules/{stage.people['wei']}/sieve"
    gone = stage.browser().get(page)
    assert (gone.status_code, "took it down: It cuts people." in read(gone)) == (410, True)
    assert stage.browser().get(page + "/history").status_code == 410
    account = stage.people["ines"]
    assert "for good, with its repository" in read(
        olga.post(f"{QUEUE}/rules", effect="deny", subject=account, reason="x")
    )


def test_a_list_shows_what_it_would_change_first(stage: Any, read: Any) -> None:
    olga = stage.browser("olga")
    olga.submit(f"{QUEUE}/rules", effect="allow", subject="good.example", reason="Partner")
    assert "allow\tgood.example\t\tPartner\n" in olga.get(f"{QUEUE}/list").text
    text = "deny\tspam.example\t2999-01-01\tSells places\n"
    shown = olga.upload(f"{QUEUE}/list", "list", text)
    assert "denied until 2999-01-01: Sells places" in read(shown)
    assert "good.example" in read(shown).partition("Only here")[2]
    assert stage.services.withholding.denies("spam.example") is None
    done = olga.upload(f"{QUEUE}/list", "list", text, apply="yes", exactly="yes")
    assert "Of the rules 1 are new, 0 changed" in read(olga.get(done.headers["location"]))
    assert [row.subject for row in stage.services.moderation.decisions.rules()] == ["spam.example"]
    assert "Line 1" in read(olga.get(olga.upload(f"{QUEUE}/list", "list", "perhaps\tx").headers["location"]))


def test_a_curator_finds_what_there_is_to_do(stage: Any) -> None:
    stage.add("cora", Role.CURATOR)
    stage.add("otto", Role.AUTHOR)
    link = stage.services.registry.tokens.new_link("cora")
    cora = stage.browser()
    cora.get(f"/link/{link}")
    entered = cora.post(f"/link/{link}", password="a long enough sentence")
    assert entered.headers["location"] == "/freshness"
    assert 'href="/freshness"' in cora.get("/freshness").text
    assert 'href="/freshness"' not in stage.browser("otto").get("/").text
