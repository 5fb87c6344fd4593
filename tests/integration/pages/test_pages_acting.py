"""Practitioners and operators act: verdicts, vouches, writing; strangers cannot."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

HOSTILE = """---
name: hostile
title: "<script>alert(1)</script> & <b>bold</b>"
description: "\\"><img src=x onerror=alert(2)>"
language: en
license: CC-BY-4.0
layer: concept
level: novice
minutes: 3
occupations: [onet:43-3031.00]
skills: ["<i>skill</i>"]
---
<script>alert(3)</script> [click](javascript:alert(4)) <img src="https://tracker.example/x.png" onerror="alert(5)">

Nothing <b>else</b>.
"""

WALL_CLOCK = """---
name: read-the-clock
title: Read the wall clock before the log
description: Notice that a drafted timeline is an hour off.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 4
tasks: [onet:43-3031.00/2574]
occupations: [onet:43-3031.00]
skills: [time-checking]
---
Compare one line of the draft with a clock that nobody drafted.

::: practice
Take the last timeline you were sent.
:::
"""


def module_of(stage: Any, name: str, module: str) -> str:
    return f"/modules/{stage.people[name]}/{module}"


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found, "there is no form to endorse with"
    return found[1]


def verdict_on(page: str, **more: str) -> dict[str, str]:
    task = re.search(r'<select name="task".*?<option value="([^"]+)"', page, re.DOTALL)
    assert task
    return {"version": version_on(page), "task": task[1], "verdict": "works", "note": "Held for a month.", **more}


def test_a_verdict_is_signed_shown_counted_and_withdrawn(stage: Any, read: Any) -> None:
    ines, path = stage.browser("ines"), module_of(stage, "wei", "check-an-extracted-invoice")
    done = ines.submit("/endorse", **verdict_on(ines.get(path).text))
    assert "Your verdict is signed and published." in read(done)
    assert "Held for a month." in read(done)
    assert "this node does not trust the organisation yet" in read(done)
    assert "Your verdict is signed" not in read(ines.get(path)), "a notice is shown once"
    assert "Held for a month." in read(stage.browser().get(f"/people/{stage.people['ines']}"))

    withdraw = re.search(r'action="(/endorsements/[^"]+/withdraw)"', ines.get(path).text)
    assert withdraw
    assert stage.browser("ruth").post(withdraw[1]).status_code == 404, "another's verdict is not theirs to withdraw"
    assert "withdrawn" in read(ines.submit(withdraw[1]))
    assert "Held for a month." not in read(stage.browser().get(path))


def test_a_verdict_without_a_task_or_on_own_work_is_refused(stage: Any, read: Any) -> None:
    ines, path = stage.browser("ines"), module_of(stage, "wei", "balanced-and-still-wrong")
    form = verdict_on(ines.get(path).text)
    assert ines.post("/endorse", **{**form, "task": ""}).status_code == 400
    assert ines.post("/endorse", **{**form, "verdict": "wonderful"}).status_code == 400
    assert (
        ines.post("/endorse", **{**form, "version": "at://did:plc:x/org.skillnet.moduleVersion/3k"}).status_code == 404
    )
    wei = stage.browser("wei")
    assert 'action="/endorse"' not in wei.get(path).text
    assert wei.post("/endorse", **form).status_code == 403
    assert "Held for a month." not in read(stage.browser().get(path))


def test_trust_by_the_operator_gives_the_order_its_reasons(stage: Any, read: Any) -> None:
    ines, path = stage.browser("ines"), module_of(stage, "ruth", "check-a-drafted-reply")
    ines.submit("/endorse", **verdict_on(ines.get(path).text, note="Counts now."))
    services = stage.services
    services.identity.vouch(stage.people["ines"])
    stage.settle()
    assert services.rankings.settle()
    try:
        shown = read(stage.browser().get(path))
        assert "One trusted organisation has used it" in shown
        assert "One practitioner found that it works." in shown
        assert "did:plc" not in shown.partition("Why it stands")[2].partition("Identity")[0]
        home = read(stage.browser().get("/"))
        assert "Ines used it and found that it works" in home
        assert "What works, by those who tried it" in home
        trust = read(stage.browser().get("/trust"))
        assert "Ines" in trust
        assert "Trusted directly" in trust
    finally:
        services.identity.unvouch(stage.people["ines"])
        stage.settle()


def test_a_practitioner_vouches_and_takes_it_back(stage: Any, read: Any) -> None:
    wei, did = stage.browser("wei"), stage.people["ruth"]
    done = read(wei.submit(f"/people/{did}/vouch", note="Finds what others miss."))
    assert "You vouch for Ruth" in done
    assert "Relied on by Wei" in done
    assert "Take my vouch back" in done
    assert "taken back" in read(wei.submit(f"/people/{did}/vouch", withdraw="yes"))
    assert "Nobody has vouched yet" in read(stage.browser().get(f"/people/{did}"))
    assert wei.post(f"/people/{stage.people['wei']}/vouch").status_code == 400
    assert wei.post("/people/did:plc:nobody/vouch").status_code == 404


def test_only_an_operator_vouches_for_organisations(stage: Any) -> None:
    own = quote(stage.services.identity.did, safe=":")
    page = stage.browser("olga").get(f"/organisations/{own}")
    assert page.status_code == 200, page.text
    assert "/vouch" not in page.text
    assert stage.browser("olga").post(f"/organisations/{own}/vouch").status_code == 400
    assert stage.browser("wei").post(f"/organisations/{own}/vouch").status_code == 403
    assert stage.browser("olga").post("/organisations/did:web:nobody.example/vouch").status_code == 404


def test_writing_checks_publishes_and_versions(stage: Any, read: Any) -> None:
    wei = stage.browser("wei")
    assert "Sign and publish" in read(wei.get("/write"))
    checked = wei.post("/write/check", kind="module", text=WALL_CLOCK.replace("novice", "novize"))
    assert checked.status_code == 200
    assert "Did you mean novice" in read(checked)
    assert "<html" not in checked.text

    shown = read(wei.submit("/write", kind="module", text=WALL_CLOCK.replace("\n", "\r\n"), change="", do="publish"))
    assert "Signed and published." in shown
    assert "Compare one line of the draft" in shown
    assert "1 version" in shown

    again = wei.post("/write", kind="module", text=WALL_CLOCK, change="", do="publish")
    assert again.status_code == 409
    assert "Nothing has changed" in read(again)

    address = f"/write?edit=at://{stage.people['wei']}/org.skillnet.module/read-the-clock"
    assert "Compare one line of the draft" in read(wei.get(address))
    assert stage.browser("ruth").get(address).status_code == 404
    second = read(
        wei.submit("/write", kind="module", text=WALL_CLOCK + "\nTwice.\n", change="A second look", do="publish")
    )
    assert "2 versions" in second
    assert "A second look" in second


def test_a_text_with_errors_is_kept_and_not_published(stage: Any, read: Any) -> None:
    ruth = stage.browser("ruth")
    broken = WALL_CLOCK.replace("layer: capability", "layer: wisdom").replace("read-the-clock", "never-published")
    answer = ruth.post("/write", kind="module", text=broken, change="why", do="publish")
    assert answer.status_code == 422
    assert "layer: wisdom" in answer.text
    assert 'value="why"' in answer.text
    assert "mend the errors" in read(answer)
    assert stage.browser().get(module_of(stage, "ruth", "never-published")).status_code == 404


def test_what_a_hostile_author_writes_stays_text(stage: Any) -> None:
    stage.publish("ruth", HOSTILE)
    stage.settle()
    pages = [
        stage.browser().get(module_of(stage, "ruth", "hostile")).text,
        stage.browser().get("/").text,
        stage.browser().get("/search?q=bold").text,
        stage.browser().get(f"/people/{stage.people['ruth']}").text,
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
        assert 'src="https://tracker' not in page
    assert "&lt;script&gt;alert(1)" in pages[0]
    assert r"\u003cscript\u003e" in pages[0], "linked data cannot end its own element"


POSTS = (
    "/endorse", "/endorsements/x/withdraw", "/people/did:plc:x/vouch", "/organisations/did:web:x/vouch", "/write",
    "/write/check", "/practitioner", "/credentials/accept?uri=x", "/admin/peers", "/admin/peers/unfollow?url=x",
    "/admin/invitations", "/admin/invitations/x/revoke", "/admin/people/peter/link", "/sign-in", "/sign-out", "/link/x",
)  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
def test_no_form_is_taken_from_another_site(stage: Any, path: str) -> None:
    browser = stage.browser("olga")
    browser.get("/admin")
    answer = browser.post(path, csrf=False, name="x")
    assert answer.status_code == 403
    assert "CSRF" in answer.text


@pytest.mark.parametrize("path", [path for path in POSTS if not path.startswith(("/sign", "/link"))])
def test_anonymous_readers_change_nothing(stage: Any, path: str) -> None:
    browser = stage.browser()
    browser.get("/")
    assert browser.post(path, name="x").status_code == 401
