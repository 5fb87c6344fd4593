"""`module preview`: three readers beside the plain view, lint, live reload, and only what lies beside the text."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from node.cli.practitioner.previewing import PreviewServer

TEXT = """---
name: check-it
title: Check <it>
description: Check what was drafted.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 5
---
Everyone reads this. ![A table](img/a.png)

::: novice
Slowly, step by step.
:::
::: expert
Only the exception.
:::
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PreviewServer]:
    folder = tmp_path / "course"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a.png").write_bytes(b"\x89PNG\r\n")
    (folder / "check-it.md").write_text(TEXT)
    (folder / "second.md").write_text(TEXT.replace("check-it", "second").replace("level: novice", "level: novise"))
    (tmp_path / "secret.png").write_bytes(b"secret")
    with PreviewServer(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
    thread.join()


def ask(server: PreviewServer, path: str, **headers: str) -> httpx.Response:
    return httpx.get(server.url.rstrip("/") + path, headers=headers, timeout=60)


def test_each_reader_sees_their_variant_beside_the_plain_view(server: PreviewServer) -> None:
    novice = ask(server, "/?file=check-it.md&as=novice").text
    assert "Check &lt;it&gt;" in novice
    assert novice.count("Slowly, step by step.") == 2
    expert = ask(server, "/?file=check-it.md&as=expert").text
    left, _, right = expert.partition("Plain, as you sign it")
    assert "Only the exception." in left
    assert "Left out for you" in left
    assert "Left out for you" not in right


def test_the_folder_is_listed_with_what_lint_says(server: PreviewServer) -> None:
    assert "1 error, 0 warnings" in ask(server, "/").text
    assert "Did you mean “novice”?" in ask(server, "/?file=second.md").text


def test_a_change_is_told_at_once(server: PreviewServer) -> None:
    before = server.state()
    (server.root / "check-it.md").write_text(TEXT + "\nOne more line.\n")
    assert ask(server, f"/changes?since={before}").text != before


def test_only_pictures_beside_the_text_and_the_themes_files_are_served(server: PreviewServer) -> None:
    assert ask(server, "/files/img/a.png").content.startswith(b"\x89PNG")
    for path in ("/files/../secret.png", "/files/%2e%2e/secret.png", "/files/check-it.md", "/static/../base.html"):
        assert ask(server, path).status_code == 404
    assert ask(server, "/static/css/prose.css").headers["content-type"].startswith("text/css")


def test_another_name_for_this_machine_is_refused(server: PreviewServer) -> None:
    assert ask(server, "/", host="evil.example:80").status_code == 403
