"""One's own account in a browser: the second step, sessions, keys with a scope."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

import pytest

from node.services.people import totp
from node.services.people.tokens import PROVEN_FOR, Proof, digest_of
from node.services.policy import Role, Viewer
from node.store.clock import DAY, SECOND, now
from node.web.notices import redirect_with
from tests.integration.pages.conftest import Browser

PASSWORD = "correct horse battery"


@pytest.fixture
def rosa(stage: Any) -> str:
    if stage.services.registry.find("rosa") is None:
        stage.add("rosa", Role.WORKER, password=PASSWORD)
    stage.services.registry.second_factor.switch_off("rosa")
    return "rosa"


def _switch_on(browser: Any) -> bytes:
    page = browser.get("/account/second-factor").text
    pending = re.search(r'name="pending" value="([^"]+)"', page).group(1)
    secret = base64.b32decode(re.search(r'<p class="mono">([A-Z2-7 ]+)</p>', page).group(1).replace(" ", ""))
    assert 'src="data:image/svg+xml' in page
    refused = browser.post("/account/second-factor", pending=pending, code="12")
    assert refused.status_code == 400
    code = totp.code_at(secret, now() // SECOND // totp.STEP)
    shown = browser.post("/account/second-factor", pending=pending, code=code).text
    assert len(re.findall(r'<li class="mono">', shown)) == 10
    return secret


def test_a_second_step_is_set_up_and_asked_for(stage: Any, rosa: str, read: Any) -> None:
    secret = _switch_on(stage.browser(rosa))
    coming = stage.browser()
    coming.get("/sign-in")
    asked = coming.post("/sign-in", name=rosa, password=PASSWORD, next="/account")
    half = re.search(r'name="half" value="([^"]+)"', asked.text).group(1)
    assert coming.get("/account").status_code == 303
    assert coming.post("/sign-in/code", half=half, code="000", next="/account").status_code == 401
    assert coming.post("/sign-in/code", half=half[:-8] + "AAAAAAA=", code="000").status_code == 401
    code = totp.code_at(secret, now() // SECOND // totp.STEP + 1)
    page = coming.submit("/sign-in/code", half=half, code=code, next="/account")
    assert "Recovery codes left: 10." in read(page)


def test_half_a_sign_in_is_of_that_password_and_opens_one_session(stage: Any, rosa: str) -> None:
    secret, thief = _switch_on(stage.browser(rosa)), stage.browser()
    step = now() // SECOND // totp.STEP
    thief.get("/sign-in")
    halves = [
        re.search(r'name="half" value="([^"]+)"', thief.post("/sign-in", name=rosa, password=PASSWORD).text).group(1)
        for _ in range(2)
    ]
    assert thief.post("/sign-in/code", half=halves[0], code=totp.code_at(secret, step + 1)).status_code == 303
    (code, *_), registry = stage.services.registry.second_factor.new_codes(rosa), stage.services.registry
    assert thief.post("/sign-in/code", half=halves[0], code=code).status_code == 401
    registry.use_link(registry.tokens.issue(rosa, "link"), "another sentence altogether")
    (code, *_) = registry.second_factor.new_codes(rosa)
    assert thief.post("/sign-in/code", half=halves[1], code=code).status_code == 401
    registry.use_link(registry.tokens.issue(rosa, "link"), PASSWORD)


def test_a_one_time_link_does_not_go_round_the_second_step(stage: Any, rosa: str) -> None:
    _switch_on(stage.browser(rosa))
    link = stage.services.registry.tokens.issue(rosa, "link")
    browser = stage.browser()
    browser.get(f"/link/{link}")
    answer = browser.post(f"/link/{link}", password=PASSWORD)
    assert 'name="half"' in answer.text
    assert browser.get("/account").status_code == 303


def test_a_password_is_changed_by_its_owner(stage: Any, read: Any) -> None:
    stage.services.registry.add("changing", (Role.WORKER,), password=PASSWORD)
    browser, elsewhere = stage.browser("changing"), stage.browser("changing")
    assert "Choose a new password" in read(browser.get("/account"))
    link = browser.post("/account/password").headers["location"]
    assert link.startswith("/link/")
    assert browser.post(link, password="another long sentence").status_code == 303
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303, "whoever is signed in elsewhere is no longer"
    coming = stage.browser()
    coming.get("/sign-in")
    assert coming.post("/sign-in", name="changing", password=PASSWORD).status_code == 401
    assert coming.post("/sign-in", name="changing", password="another long sentence").status_code == 303


def test_who_comes_in_without_a_password_gets_none_by_a_button(stage: Any, read: Any) -> None:
    stage.services.registry.add("tied", (Role.WORKER,))
    browser = stage.browser("tied")
    assert "Choose a new password" not in read(browser.get("/account"))
    assert browser.post("/account/password").status_code == 409


def test_who_has_no_role_any_more_is_told_so(stage: Any) -> None:
    stage.services.registry.add("gone", (), password=PASSWORD)
    browser = stage.browser()
    browser.get("/sign-in")
    answer = browser.post("/sign-in", name="gone", password=PASSWORD)
    assert answer.status_code == 403
    assert "You have no role on this node." in answer.text
    assert not stage.services.registry.tokens.list("gone", "session")


def test_sessions_end_one_by_one_or_all(stage: Any, rosa: str) -> None:
    here, there, third = (stage.browser(rosa) for _ in range(3))
    page = here.get("/account").text
    assert page.count("this one") == 1
    here.submit("/account/sessions/end")
    assert there.get("/account").status_code == 303
    assert third.get("/account").status_code == 303
    end = re.search(r'action="(/account/tokens/[0-9a-f]+/end)"', here.get("/account").text).group(1)
    stage.browser("olga").post(end)  # somebody else's
    assert here.get("/account").status_code == 200
    here.post(end)
    assert here.get("/account").status_code == 303


def test_signing_out_everywhere_ends_what_clients_of_the_protocol_hold(stage: Any) -> None:
    did, tokens = stage.add_practitioner("zoe"), stage.services.registry.tokens
    stage.services.registry.set_password("zoe", PASSWORD)
    password = stage.services.registry.get("zoe").password
    former = tokens.signer.sign(did, "zoe", "access", digest_of(f"epoch|{password}")[:16])
    assert tokens.find_jwt_viewer(former).name == "zoe", "as it was signed before anybody could sign out everywhere"
    session = _call(stage, "createSession", "", identifier="zoe", password=PASSWORD).json()
    bearer = {"Authorization": f"Bearer {session['accessJwt']}"}
    asked = "/xrpc/com.atproto.server.getSession"
    assert stage.client.get(asked, headers=bearer).status_code == 200
    here = stage.browser("zoe")
    here.submit("/account/sessions/end")
    assert here.get("/account").status_code == 200
    assert stage.client.get(asked, headers=bearer).json()["error"] == "InvalidToken"
    assert _call(stage, "refreshSession", session["refreshJwt"]).json()["error"] == "InvalidToken"
    again = _call(stage, "createSession", "", identifier="zoe", password=PASSWORD).json()
    assert _call(stage, "refreshSession", again["refreshJwt"]).status_code == 200


def test_a_thief_of_a_session_makes_no_way_in_of_their_own(stage: Any, rosa: str, read: Any) -> None:
    """Who is asked shows who they are in one step and is back where they were; the stolen copy opens nothing then."""
    browser = stage.browser(rosa, Proof(now() - PROVEN_FOR - SECOND))
    stolen = Browser(stage.client, dict(browser.cookies))
    page = browser.get("/account").text
    way = html.unescape(re.search(r'href="(/sign-in/again[^"]+)"', page).group(1))
    assert 'action="/account/keys"' not in page
    refused = stolen.post("/account/keys", name="mine", scope="everything")
    assert refused.headers["location"] == way
    assert stolen.get("/account/second-factor").headers["location"] == "/sign-in/again?next=%2Faccount%2Fsecond-factor"
    asked = browser.get(way)
    assert "You are signed in as rosa." in read(asked)
    assert 'name="name" value="rosa"' in asked.text
    for page in (asked, stage.browser().get("/sign-in?next=%2Faccount")):
        assert 'name="next" value="/account"' in page.text
    fields = {"name": rosa, "next": "/account", "again": "yes"}
    wrong = browser.post("/sign-in", password="not that one", **fields)
    assert (wrong.status_code, "Is it you?" in wrong.text) == (401, True)
    assert 'action="/account/keys"' in browser.submit("/sign-in", password=PASSWORD, **fields).text
    assert "A key for mine is made." in read(browser.submit("/account/keys", name="mine", scope="read"))
    assert stolen.get("/account").status_code == 303, "signed out"


def test_what_is_said_after_a_form_fits_a_cookie(stage: Any, rosa: str, read: Any) -> None:
    """Browsers drop a cookie beyond 4,096 bytes: nothing would be said."""
    browser = stage.browser(rosa)
    answer = browser.post("/account/email", email="ä" * 5_000)
    assert "is no mail address." in read(browser.get(answer.headers["location"]))
    for text in ("x" * 9_000, "ä" * 9_000, "汉" * 9_000):
        (cookie,) = redirect_with(stage.services, "/", text, undo="/undo?" + "u" * 1_000).cookies
        assert len(cookie.key) + len(cookie.value or "") < 4_096


def test_who_has_nothing_to_show_is_told_whom_to_ask(stage: Any, read: Any) -> None:
    if stage.services.registry.find("lone") is None:
        stage.add("lone", Role.WORKER)
    assert "can send you a link" in read(stage.browser("lone", Proof(0)).get("/sign-in/again"))
    assert stage.browser().get("/sign-in/again").headers["location"].startswith("/sign-in?next=")


def _feeds(stage: Any, rosa: str) -> list[str]:
    """The secret parts of all private addresses that she has; made where she has none."""
    learning, viewer = stage.services.learning, Viewer(rosa, roles=frozenset({Role.WORKER}))
    made = learning.addresses.find(viewer) or learning.addresses.renew(viewer)
    learning.kept_searches.save(viewer, "q=invoice", "invoice")
    return [made.token, *(saved.token for saved in learning.kept_searches.list(viewer))]


@pytest.mark.parametrize("way", ["the button for it", "signing out everywhere else", "a new password by a link"])
def test_private_addresses_of_feeds_end_with_what_may_have_read_them(
    stage: Any, rosa: str, read: Any, way: str
) -> None:
    def open_feeds(tokens: list[str]) -> int:
        return sum(stage.client.get(f"/feeds/{token}.json").status_code == 200 for token in tokens)

    before, browser = _feeds(stage, rosa), stage.browser(rosa)
    assert open_feeds(before) == 2
    assert "Open: 2." in read(browser.get("/account"))
    if way == "the button for it":
        assert "open nothing any more" in read(browser.submit("/account/feeds/end"))
    elif way == "signing out everywhere else":
        browser.submit("/account/sessions/end")
    else:
        link = stage.services.registry.tokens.issue(rosa, "link")
        browser.post(f"/link/{link}", password=PASSWORD)
    assert open_feeds(before) == 0
    kept = stage.services.learning.kept_searches.list(Viewer(rosa, roles=frozenset({Role.WORKER})))
    assert [saved.name for saved in kept] == ["invoice"], "the search is kept, at an address that nobody has seen"
    assert open_feeds([saved.token for saved in kept]) == 1


def _call(stage: Any, method: str, token: str, **data: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = {"json": data} if data else {}
    return stage.client.post(f"/xrpc/com.atproto.server.{method}", headers=headers, **body)


def test_app_passwords_are_in_the_audit_log(stage: Any) -> None:
    just_now = now() // SECOND
    token = stage.services.registry.tokens.sign_jwt(stage.people["wei"], "wei", "access", proven_at=just_now)
    for method in ("createAppPassword", "revokeAppPassword"):
        answer = _call(stage, method, token, name="a program")
        assert answer.status_code == 200, answer.text
    deeds = [(entry.action, entry.subject) for entry in stage.services.audit.list(2)]
    assert deeds == [("key for a program ended", "wei"), ("key for a program made", "wei")]


def test_who_comes_in_by_a_program_is_in_the_audit_log(stage: Any) -> None:
    """Of operators that they came; of everybody the key for a year that a terminal is given."""
    if stage.services.registry.find("otto") is None:
        stage.add_practitioner("otto")
        stage.services.registry.grant("otto", role=Role.OPERATOR)
        stage.services.registry.set_password("otto", PASSWORD)
    session = _call(stage, "createSession", "", identifier="otto", password=PASSWORD)
    assert session.status_code == 200, session.text
    made = stage.client.post("/api/session", json={"name": "otto", "password": PASSWORD}).json()
    ended = stage.client.delete("/api/session", headers={"Authorization": f"Bearer {made['token']}"})
    assert ended.status_code == 200
    deeds = [row.action for row in stage.services.audit.list(4)]
    assert deeds == ["key for a program ended", "key for a program made", "operator signed in", "operator signed in"]


def test_an_app_password_is_made_by_who_just_signed_in_and_seen_by_its_person(stage: Any, read: Any) -> None:
    did = stage.add_practitioner("pia")
    tokens = stage.services.registry.tokens
    stage.services.registry.set_password("pia", PASSWORD)
    session = _call(stage, "createSession", "", identifier="pia", password=PASSWORD).json()
    renewed = _call(stage, "refreshSession", session["refreshJwt"]).json()
    old = tokens.sign_jwt(did, "pia", "access", proven_at=(now() - PROVEN_FOR) // SECOND - 1)
    for token in (tokens.issue("pia", "api"), tokens.sign_jwt(did, "pia", "access"), old):
        refused = _call(stage, "createAppPassword", token, name="a thief's")
        assert (refused.status_code, refused.json()["error"]) == (403, "ProofNeeded")
    for number, token in enumerate((session["accessJwt"], renewed["accessJwt"])):
        made = _call(stage, "createAppPassword", token, name=f"editor {number}")
        assert made.status_code == 200, made.text
    limited = _call(stage, "createSession", "", identifier="pia", password=made.json()["password"]).json()
    assert _call(stage, "createAppPassword", limited["accessJwt"], name="another").status_code == 403
    browser = stage.browser("pia")
    page = browser.get("/account")
    assert "editor 0 app password · since" in read(page)
    end = re.search(r'editor 1</b>.*?action="(/account/tokens/[^"]+/end)"', page.text, re.DOTALL)
    assert "editor 1" not in read(browser.submit(end.group(1)))
    assert stage.services.audit.list(1)[0].action == "key for a program ended"
    assert _call(stage, "refreshSession", limited["refreshJwt"]).status_code == 401


def test_a_key_holds_for_as_long_as_its_person_says(stage: Any, rosa: str) -> None:
    browser, before = stage.browser(rosa), now()
    for days in ("7", "365", ""):
        browser.submit("/account/keys", name=f"held {days}", scope="read", **({"days": days} if days else {}))
    kept = {row.label: row.expires_at for row in stage.services.registry.tokens.list(rosa, "api")}
    held = {name: round((until - before) / DAY) for name, until in kept.items() if name.startswith("held")}
    assert held == {"held 7": 7, "held 365": 365, "held": 90}
    for days in ("0", "-1", "100000", "a year"):
        assert browser.post("/account/keys", name="x", scope="read", days=days).status_code == 400


def test_a_key_does_what_its_scope_says(stage: Any, rosa: str) -> None:
    browser, keys = stage.browser(rosa), {}
    for scope in ("read", "learn", "everything"):
        page = browser.submit("/account/keys", name=f"for {scope}", scope=scope).text
        keys[scope] = re.search(r'id="new-key"[^>]* value="([^"]+)"', page).group(1)

    made = [row.detail for row in stage.services.audit.list(3)]
    assert made == ["everything", "learn", "read"], "whoever makes a key is in the audit log"

    def status(scope: str, path: str) -> int:
        return int(stage.client.get(path, headers={"Authorization": f"Bearer {keys[scope]}"}).status_code)

    assert [status(scope, "/me") for scope in keys] == [403, 200, 200]
    assert [status(scope, "/account") for scope in keys] == [403, 403, 200]
    assert [status(scope, "/account/second-factor") for scope in keys] == [403] * 3, "none makes a way in"
    assert status("read", "/search") == 200
    assert [status(scope, "/api/me/export") for scope in keys] == [403, 403, 200], "no program takes it all away …"
    erase = {"headers": {"Authorization": f"Bearer {keys['learn']}"}, "json": {"confirm": "rosa"}}
    assert stage.client.post("/api/me/forget", **erase).status_code == 403, "… or erases it"
    assert browser.post("/account/keys", name="x", scope="root").status_code == 400
