"""Coming, being invited, signing in and being forgotten, on pages."""

from __future__ import annotations

import re
from typing import Any

from federation.keys import SigningKey
from node.services.audit import Deed
from node.services.people.tokens import Proof
from node.services.policy import Role

PASSWORD = "correct horse battery"  # of somebody who exists for the length of a test


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
    assert "An invitation as practitioner, worker: whoever opens it first has it. It is open for 14 days." in shown.text
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
    assert "The invitation is revoked." in olga.submit(revoke[1]).text
    assert stage.browser().get(link[1]).status_code == 401
    assert "That invitation is not open" in olga.submit(revoke[1]).text
    noted = [row.action for row in stage.services.audit.list(3)]
    assert noted.count(Deed.INVITATION_REVOKED) == 1, "what was not there is not said to have ended"
    shown = olga.submit("/admin/people/peter/link").text
    assert "With this link peter chooses a password. It holds for 7 days;" in shown
    reset = re.search(r"http://localhost:18200(/link/[^\"]+)", shown)
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
