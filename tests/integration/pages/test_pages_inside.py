"""Authors at a browser: what is kept inside stays there, and becomes public exactly as shown."""

from __future__ import annotations

import re
import secrets
from typing import Any

from node.services.policy import Role
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS, PUBLIC
from node.store.inside import internal
from node.store.repositories import records
from schemas.authority import MODULE
from tests.integration.fixtures.pictures import png
from tests.integration.pages.conftest import Stage
from tests.integration.pages.desk import TEXT, hidden, publish, text_in


def test_what_is_kept_inside_is_nowhere_outside(stage: Stage, name: str) -> None:
    wei = stage.browser("wei")
    mark = secrets.token_hex(6)
    text = TEXT.format(name=name).replace("First", mark).replace("first", mark)
    page = publish(wei, name, audience="organisation", text=text)
    did, uri = stage.people["wei"], f"at://{stage.people['wei']}/{MODULE}/{name}"
    stage.settle()
    stage.add(f"w-{name}", Role.WORKER)
    member, stranger = stage.browser(f"w-{name}"), stage.browser()
    assert mark in member.get(page).text
    assert name in member.get(f"/search?q={name}").text
    for path in (page, f"{page}/history"):
        assert stranger.get(path).status_code == 404
    with stage.services.database.read() as session:
        assert records.find_record_by_uri(session, uri) is None
        assert internal.find_record_by_uri(session, uri) is not None
        version = catalogue.find_item(session, uri, MEMBERS).version_uri  # type: ignore[union-attr]  # it is there
        assert catalogue.find_item(session, uri, PUBLIC) is None
    rkey = version.rpartition("/")[2]
    public = [
        "/",
        f"/search?q={name}",
        "/trust",
        f"/people/{did}",
        "/metrics",
        "/.well-known/agent-skills/index.json?unendorsed=true",
        f"/api/search?q={name}",
        f"/api/suggest?q={name}",
        "/api/ranking",
        f"/api/people?did={did}",
        f"/api/item?uri={uri}",
        f"/api/history?uri={uri}",
        f"/api/suggestions?uri={uri}",
        f"/api/records?uri={uri}",
        f"/api/records?uri={version}",
        f"/api/explanation?uri={uri}",
        "/occupations/onet:43-3031.00",
        "/api/reference/modules?task=onet:43-3031.00/1",
        f"/xrpc/org.skillnet.catalogue.search?q={name}",
        f"/xrpc/org.skillnet.catalogue.listModules?author={did}",
        f"/xrpc/org.skillnet.catalogue.getModule?uri={uri}",
        f"/xrpc/org.skillnet.catalogue.suggest?q={name}",
        "/xrpc/org.skillnet.curation.getRanking",
        f"/xrpc/org.skillnet.curation.explain?uri={uri}",
        f"/xrpc/com.atproto.repo.listRecords?repo={did}&collection={MODULE}&limit=100",
        f"/xrpc/com.atproto.repo.listRecords?repo={did}&collection={MODULE}Version&limit=100",
        f"/xrpc/com.atproto.repo.getRecord?repo={did}&collection={MODULE}&rkey={name}",
        f"/xrpc/com.atproto.sync.getRecord?did={did}&collection={MODULE}Version&rkey={rkey}",
        f"/xrpc/com.atproto.sync.getRepo?did={did}",
    ]
    told = []
    for path in public:
        body = stage.client.get(path).content
        if mark.encode() in body or (path.startswith("/xrpc/com.atproto.repo.list") and rkey.encode() in body):
            told.append(path)
    assert told == []


def test_it_becomes_public_exactly_as_shown(stage: Stage, read: Any, name: str) -> None:
    wei = stage.browser("wei")
    page = publish(wei, name, audience="organisation")
    uri = f"at://{stage.people['wei']}/{MODULE}/{name}"
    assert "visibility: organisation" in text_in(wei.get(f"/write?edit={uri}"))
    refused = wei.post("/write", **{**hidden(wei.get(f"/write?edit={uri}")), "audience": "public"},
                       text=TEXT.format(name=name) + "More.\n", do="publish")  # fmt: skip
    assert "Make it public" in read(refused)
    shown = wei.get(f"/write/public?uri={uri}")
    assert "First paragraph." in shown.text
    assert "visibility" not in shown.text
    digest = re.search(r'name="digest" value="([^"]+)"', shown.text)[1]  # type: ignore[index]  # it is there
    assert wei.post("/write/public", uri=uri, digest="another").status_code == 409
    assert stage.browser("ruth").post("/write/public", uri=uri, digest=digest).status_code == 403
    assert "It is public now" in wei.submit("/write/public", uri=uri, digest=digest).text
    assert stage.browser().get(page).status_code == 200
    with stage.services.database.read() as session:
        row = catalogue.find_item(session, uri, PUBLIC)
        assert row is not None
        value = catalogue.find_version(session, row.version_uri, PUBLIC).value  # type: ignore[union-attr]  # it is there
        assert internal.find_record_by_uri(session, uri) is None
    assert "previous" not in value
    assert "visibility" not in value


def test_nothing_public_names_what_is_kept_inside(stage: Stage, read: Any, name: str) -> None:
    wei = stage.browser("wei")
    publish(wei, name, audience="organisation")
    uri = f"at://{stage.people['wei']}/{MODULE}/{name}"
    fields = {**hidden(wei.get("/write")), "kind": "module", "do": "publish"}
    text = TEXT.format(name=f"{name}-open").replace("minutes: 5", f"minutes: 5\nrequires: ['{uri}']")
    refused = wei.post("/write", **fields, text=text)
    assert refused.status_code == 400
    assert "kept inside" in read(refused)
    assert wei.post("/write", **fields, text=text, audience="organisation").status_code == 303


def test_a_verdict_may_stay_inside(stage: Stage, read: Any, name: str) -> None:
    wei, ruth = stage.browser("wei"), stage.browser("ruth")
    page = publish(wei, name)
    version = re.search(r'name="version" value="([^"]+)"', ruth.get(page).text)[1]  # type: ignore[index]  # it is there
    verdict = {"version": version, "task": "onet:43-3031.00/1", "verdict": "works", "note": f"Ours {name}"}
    done = ruth.submit("/endorse", **verdict, audience="organisation")
    assert f"Ours {name}" in done.text
    assert "it stays inside this organisation" in read(done)
    assert f"Ours {name}" not in stage.browser().get(page).text
    assert ruth.submit("/endorse", **verdict, audience="public").status_code == 200
    assert f"Ours {name}" in stage.browser().get(page).text
    assert ruth.post("/endorse", **verdict, audience="organisation").status_code == 409


def test_a_verdict_on_what_is_inside_stays_there(stage: Stage, name: str) -> None:
    wei, ruth = stage.browser("wei"), stage.browser("ruth")
    page = publish(wei, name, audience="organisation")
    version = re.search(r'name="version" value="([^"]+)"', ruth.get(page).text)[1]  # type: ignore[index]  # it is there
    verdict = {"version": version, "task": "onet:43-3031.00/1", "verdict": "works", "note": f"Ours {name}"}
    assert f"Ours {name}" in ruth.submit("/endorse", **verdict).text
    did = stage.people["ruth"]
    assert name not in stage.client.get(f"/people/{did}").text
    listed = f"/xrpc/com.atproto.repo.listRecords?repo={did}&collection=org.skillnet.endorsement"
    assert name not in stage.client.get(listed).text


def test_tasks_and_files_stay_inside_too(stage: Stage, name: str) -> None:
    wei, stranger = stage.browser("wei"), stage.browser()
    fields = {**hidden(wei.get("/write?kind=task")), "kind": "task", "do": "publish", "audience": "organisation"}
    task = (
        f"---\nname: {name}\ntitle: Our task {name}\nstatement: It is done here alone.\nlanguage: en\n"
        "license: CC-BY-4.0\n---\n1. **Look**\n\n   - by: person\n"
    )
    page = wei.submit("/write", **fields, text=task)
    assert f"Our task {name}" in page.text
    did = stage.people["wei"]
    stage.settle()
    assert stranger.get(f"/tasks/{did}/{name}").status_code == 404
    assert name not in stranger.get("/").text
    assert name in stage.browser("ruth").get(f"/search?q={name}").text

    desk = hidden(wei.get("/write"))
    token = next(value for key, value in wei.cookies.items() if key.endswith("_csrf"))
    module = TEXT.format(name=f"{name}-m").replace("onet:43-3031.00/1", f"at://{did}/org.skillnet.task/{name}")
    stage.client.post(
        "/write/files", data={**desk, "text": module, "_csrf_token": token}, headers=wei._headers({}),
        files={"file": ("a.png", png(width=1 + int(name[2:6], 16)), "image/png")}, follow_redirects=False,
    )  # fmt: skip
    text = module + "\n![A](pictures/a.png)\n"
    done = wei.submit("/write", **desk, kind="module", text=text, do="publish", audience="organisation")
    href = re.search(r'src="(/pictures/[^"]+)"', done.text)[1]  # type: ignore[index]  # it is there
    assert stage.browser("ruth").get(href).status_code == 200
    assert stranger.get(href).status_code == 404
    cid = href.rpartition("/")[2]
    assert stage.client.get(f"/xrpc/com.atproto.sync.getBlob?did={did}&cid={cid}").status_code == 400
    assert stage.client.get(f"/api/blob?did={did}&cid={cid}").status_code == 404
    assert cid not in stage.client.get(f"/xrpc/com.atproto.sync.listBlobs?did={did}").text
