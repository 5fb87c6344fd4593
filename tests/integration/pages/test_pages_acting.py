"""Practitioners and operators act: verdicts, vouches, writing, identities, invitations; strangers cannot."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from federation.keys import SigningKey
from node.services.people.tokens import Proof
from node.services.policy import Role

PASSWORD = "correct horse battery"  # of somebody who exists for the length of a test

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
        assert "tracker.example" not in page or 'src="https://tracker' not in page
    assert "&lt;script&gt;alert(1)" in pages[0]
    assert r"\u003cscript\u003e" in pages[0], "linked data cannot end its own element"


def test_becoming_a_practitioner_and_accepting_a_credential(stage: Any, read: Any) -> None:
    stage.add("nadia", Role.WORKER)
    nadia = stage.browser("nadia")
    assert "Recovery key" in read(nadia.get("/practitioner"))
    form = {"name": "Nadia Petrova", "handle": "nadia", "occupation": "onet:43-4051.00"}
    stolen = stage.browser("nadia", Proof(0))
    assert stolen.get("/practitioner").headers["location"] == "/sign-in/again?next=%2Fpractitioner"
    stolen.post("/practitioner", **form, recoveryKey=SigningKey.generate().did_key)
    assert not stage.services.registry.find("nadia").did
    refused = nadia.post("/practitioner", **form, recoveryKey="did:key:zNotAKey")
    assert refused.status_code == 400
    assert "Nadia Petrova" in refused.text
    done = nadia.submit("/practitioner", **form, recoveryKey=SigningKey.generate().did_key)
    assert "This identity is yours" in read(done)
    assert "Speaks for no organisation" in read(done)
    assert nadia.post("/practitioner", **form, recoveryKey="did:key:z").status_code == 409

    did = stage.services.registry.find("nadia").did
    issued = stage.client.post(
        "/api/credentials",
        json={"did": did, "occupation": "onet:43-4051.00"},
        headers={"Authorization": f"Bearer {stage.services.registry.tokens.issue('olga', 'api')}"},
    )
    offer = re.search(r'action="(/credentials/accept[^"]+)"', nadia.get("/practitioner").text)
    assert issued.status_code == 201
    assert offer
    accepted = read(nadia.submit(offer[1].replace("&amp;", "&")))
    assert "Customer Service Representatives, Harbour Services" in accepted
    assert stage.browser("wei").post(offer[1].replace("&amp;", "&")).status_code == 404


def test_an_invitation_makes_one_account(stage: Any, read: Any) -> None:
    olga = stage.browser("olga")
    shown = olga.submit("/admin/invitations", role=["worker", "practitioner"])
    link = re.search(r'value="http://localhost:18200(/link/[^"]+)"', shown.text)
    assert link
    assert link[1] not in olga.get("/admin/people").text, "the link is shown once"
    guest = stage.browser()
    assert "with lessons chosen for your work" in read(guest.get(link[1]))
    assert guest.post(link[1], name="wei", password="a long enough one").status_code == 409
    assert guest.post(link[1], name="zoe", password="short").status_code == 400
    entered = guest.post(link[1], name="zoe", password="a long enough one")
    assert entered.status_code == 303
    assert {"worker", "practitioner"} == set(stage.services.registry.find("zoe").roles)
    assert "used or has expired" in read(stage.browser().get(link[1]))
    assert "used by zoe" in read(olga.get("/admin/people"))
    # A practitioner without an identity yet is taken to make one, not met with a form that cannot work.
    assert guest.get("/write").headers["location"] == "/practitioner"
    assert "You have no identity to sign with yet. " in read(guest.get("/practitioner"))


def test_invitations_are_revoked_and_passwords_reset(stage: Any) -> None:
    olga = stage.browser("olga")
    link = re.search(r"(/link/[^\"]+)", olga.submit("/admin/invitations", role="worker").text)
    revoke = re.search(r'action="(/admin/invitations/[^"]+/revoke)"', olga.get("/admin/people").text)
    assert link
    assert revoke
    olga.submit(revoke[1])
    assert stage.browser().get(link[1]).status_code == 401
    reset = re.search(r"http://localhost:18200(/link/[^\"]+)", olga.submit("/admin/people/peter/link").text)
    assert reset
    assert stage.browser().get(reset[1]).status_code == 200
    assert "Tick what the person" in olga.submit("/admin/invitations").text


def test_the_operators_page_is_the_operators(stage: Any, read: Any) -> None:
    shown = read(stage.browser("olga").get("/admin"))
    for expected in ("Modules", "Trusted organisations", "This node follows nobody yet", "People"):
        assert expected in shown, expected
    assert {"peter", "wei"} <= set(read(stage.browser("olga").get("/admin/people")).split())
    assert stage.browser("wei").get("/admin").status_code == 403
    assert stage.browser().get("/admin").headers["location"] == "/sign-in?next=/admin"


def test_somebody_is_found_and_forgotten(stage: Any, read: Any) -> None:
    stage.add("gone", Role.WORKER)
    olga = stage.browser("olga")
    found = read(olga.get("/admin/people?find=GON"))
    assert "1 person" in found
    assert "has not come yet" in found
    assert "Nobody is called that." in read(olga.get("/admin/people?find=nobody"))
    assert "type gone to confirm" in read(olga.submit("/admin/people/gone/remove", confirm="gon"))
    assert "Nothing of gone is kept" in read(olga.submit("/admin/people/gone/remove", confirm="gone"))
    assert stage.services.registry.find("gone") is None
    assert olga.post("/admin/people/olga/remove", confirm="olga").status_code == 400
    assert "This node sends no mail" in read(olga.submit("/admin/invitations", role="worker", to="a@works.example"))


def test_signing_in_and_out(stage: Any, read: Any) -> None:
    stage.add("omar", Role.WORKER, password=PASSWORD)
    omar = stage.browser()
    omar.get("/sign-in")
    refused = omar.post("/sign-in", name="omar", password="something else", next="/")
    assert refused.status_code == 401
    assert "do not match" in read(refused)
    entered = omar.post("/sign-in", name="omar", password=PASSWORD, next="//elsewhere.example")
    assert entered.headers["location"] == "/me"
    assert "Omar" in read(omar.get("/"))
    omar.submit("/sign-out")
    assert "Omar" not in read(omar.get("/"))


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
    gone = stage.browser().get(module_of(stage, "wei", "sieve"))
    assert (gone.status_code, "took it down: It cuts people." in read(gone)) == (410, True)
    assert stage.browser().get(module_of(stage, "wei", "sieve") + "/history").status_code == 410
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
