"""A path on its author's desk: its list by buttons, its text checked, published, changed by others, retired."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import quote

import pytest

from node.authoring.beginnings import WAY
from tests.integration.pages.conftest import Browser, Stage
from tests.integration.pages.desk import hidden, publish, text_in


@pytest.fixture
def name() -> str:
    return f"way-{secrets.token_hex(3)}"


def _written(text: str, name: str) -> str:
    """A new path's text with words of its author."""
    return re.sub("name: .*", f"name: {name}", text).replace(WAY, "From the first cut to the last.")


def _press(browser: Browser, answer: Any, do: str) -> Any:
    """A button of the list, without scripts."""
    sent = browser.post("/write/stops", **hidden(answer), kind="path", text=text_in(answer), do=do)
    assert sent.status_code == 303, sent.text[-2000:]
    return browser.get(sent.headers["location"])


def _buttons(answer: Any, verb: str) -> list[str]:
    return [found.replace("&#39;", "'") for found in re.findall(rf'name="do" value="({verb} [^"]+)"', answer.text)]


def test_a_path_is_put_together_by_buttons_published_and_improved(stage: Stage, name: str) -> None:
    wei, ruth = stage.browser("wei"), stage.browser("ruth")
    first, second = publish(wei, f"{name}-a"), publish(wei, f"{name}-b")
    stage.services.finder.settle()
    desk = wei.get("/write?kind=path")
    assert "In this order" in desk.text
    for title in (f"Check {name}-a first", f"Check {name}-b first"):
        found = wei.get(f"/write/modules?find={quote(title)}")
        assert title in found.text
        desk = _press(wei, desk, _buttons(found, "add")[0])
    assert [line[:2] for line in text_in(desk).splitlines() if "](at://" in line] == ["1.", "2."]
    desk = _press(wei, desk, "up 2")
    desk = _press(wei, desk, "optional 1")
    stops = [line for line in text_in(desk).splitlines() if "](at://" in line]
    assert f"{name}-b" in stops[0]
    assert stops[0].endswith("(optional)")
    text = _written(text_in(desk), name).replace("novice", "novise", 1)
    refused = wei.post("/write", **hidden(desk), kind="path", text=text, do="publish")
    assert (refused.status_code, "Did you mean" in refused.text) == (422, True)
    done = wei.post("/write", **hidden(desk), kind="path", text=text.replace("novise", "novice"), do="publish")
    assert done.status_code == 303, done.text[-2000:]
    page = done.headers["location"]
    shown = wei.get(page)
    assert shown.text.index(second) < shown.text.index(first)
    assert "May be skipped" in shown.text

    _suggest_and_take_up(wei, ruth, page)
    history = wei.get(f"{page}/history").text
    assert "other modules, or another order" in history
    address = re.search(r'href="(/write/retire[^"]+)"', wei.get(page).text)
    assert address
    assert wei.get(address[1].replace("&amp;", "&")).status_code == 200


def _suggest_and_take_up(author: Browser, other: Browser, page: str) -> None:
    address = re.search(r'href="(/write\?suggest=[^"]+)"', other.get(page).text)
    assert address
    desk = other.get(address[1])
    sent = other.post("/write/stops", **hidden(desk), text=text_in(desk), do="remove 1", change="The second is enough")
    desk = other.get(sent.headers["location"])
    assert text_in(desk).count("](at://") == 1
    sent = other.post("/write", **hidden(desk), text=text_in(desk), change="The second is enough", do="publish")
    assert sent.status_code == 303, sent.text[-2000:]
    waiting = author.get("/suggestions").text
    uri = re.findall(r'name="uri" value="([^"]+)"', waiting)[0]
    taken = author.post("/suggestions", uri=uri, do="accept")
    assert taken.headers["location"] == page
    assert author.get(page).text.count('class="card-title"') == 1


def test_a_path_is_never_kept_inside_and_unknown_buttons_are_refused(stage: Stage, name: str) -> None:
    wei = stage.browser("wei")
    module = publish(wei, f"{name}-c")
    desk = wei.get("/write?kind=path")
    text = _written(text_in(desk), name) + f"\n1. [It]({name}-c)\n"
    sent = {**hidden(desk), "kind": "path", "text": text}
    inside = wei.post("/write", **sent, audience="organisation", do="publish")
    assert "A path cannot be kept inside" in inside.text
    assert "audience" not in desk.text
    assert wei.post("/write/stops", **sent, do="burn 1").status_code == 400
    assert wei.post("/write/stops", **sent, do="add at://did:web:x/org.skillnet.module/none").status_code == 404
    assert wei.post("/write", **sent, find='"(', do="check").status_code == 200
    checked = wei.post("/write/check", **sent)
    assert 'hx-swap-oob="innerHTML"' in checked.text
    assert module in checked.text
