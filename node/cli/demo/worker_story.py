"""One worker's part of the story: feed, lesson, outcome, and the five doors through which the feed is pulled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from typing import Any

import httpx

from node.cli.demo.assistant import ask_assistant
from node.cli.demo.filling import PASSWORD
from node.cli.demo.report import CheckFailed
from node.cli.demo.stage import StagedNode
from node.cli.reaching.client import NodeClient

ATOM = "{http://www.w3.org/2005/Atom}"


class WorkerStory:
    """A worker of one node, who signs in, learns and records."""

    def __init__(self, node: StagedNode) -> None:
        self._node = node
        self._name = node.organisation.workers[0]["name"]
        self.lesson = ""
        self._receipts: list[str] = []

    def sign_in(self) -> NodeClient:
        """A client with the worker's own token."""
        return self._node.sign_in(self._name, PASSWORD)

    def fed(self) -> str:
        """Lessons, each with reasons and an estimate in words."""
        items = self.sign_in().get("/api/me/feed")["items"]
        lessons = [item for item in items if item["version_uri"]]
        if not lessons or not all(item["reasons"] for item in items):
            raise CheckFailed("the feed is empty or gives no reasons")
        self.lesson = lessons[0]["subject"]
        return f"{len(items)} items; first: {lessons[0]['title']} – {lessons[0]['reasons'][0]['words']}"

    def adapted(self) -> str:
        """The lesson differs from its module, and says how."""
        lesson = self.sign_in().post("/api/me/lessons", {"uri": self.lesson})
        if not lesson["changes"] or not lesson["receipt"]:
            raise CheckFailed("the lesson names no change or has no receipt")
        return f"{lesson['title']}: {len(lesson['changes'])} changes, e.g. {lesson['changes'][0]['why']}"

    def recorded(self) -> str:
        """`with-help` teaches the node something; the feed of the next look differs."""
        me = self.sign_in()
        before = me.get("/api/me/feed")["items"]
        receipt = me.post("/api/me/lessons", {"uri": self.lesson})["receipt"]
        me.post("/api/me/outcomes", {"receipt": receipt, "outcome": "alone"})
        self._receipts.append(receipt)
        after = me.get("/api/me/feed")["items"]
        if _essence(before) == _essence(after):
            raise CheckFailed("the feed did not change")
        return f"before {_titles(before)}; after {_titles(after)}"

    def pulled(self) -> str:
        """The same worker through five doors."""
        me = self.sign_in()
        address = me.post("/api/me/feed-address")
        atom = ET.fromstring(self._fetch(address["atom"]))  # noqa: S314 - our own node's feed
        entries = atom.findall(f"{ATOM}entry")
        items = json.loads(self._fetch(address["json"]))["items"]
        terminal = self._terminal()
        page = self._browser()
        assistant = self._assistant(me)
        if not (entries and items and terminal and page and assistant):
            raise CheckFailed("one of the doors is empty")
        counts = f"Atom {len(entries)}, JSON Feed {len(items)}, terminal {terminal}, page {page} bytes"
        return f"{counts}, assistant: {assistant}"

    @staticmethod
    def _fetch(url: str) -> bytes:
        response = httpx.get(url)
        if response.status_code != 200 or "no-store" not in response.headers.get("cache-control", ""):
            raise CheckFailed(f"feed answers {response.status_code}, {response.headers.get('cache-control')}")
        return response.content

    def _terminal(self) -> int:
        """`skillnet login` and `skillnet worker feed` in a configuration folder of their own."""
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "SKILLNET_CONFIG_HOME": folder, "SKILLNET_PASSWORD": PASSWORD}
            command = [sys.executable, "-P", "-m", "node"]
            for arguments in (["login", self._node.url, "--as", self._name], ["worker", "feed", self._name, "--json"]):
                done = subprocess.run(  # noqa: S603 - this interpreter and this program
                    [*command, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
                )
                if done.returncode:
                    raise CheckFailed(f"skillnet {' '.join(arguments)}: {done.stderr.strip()[:300]}")
            return len(json.loads(done.stdout)["items"])

    def _browser(self) -> int:
        """The page behind a real sign-in form, cookie and CSRF token included."""
        with httpx.Client(base_url=self._node.url, follow_redirects=True, headers={"accept": "text/html"}) as browser:
            page_text = browser.get("/sign-in").text
            token = page_text.split('name="_csrf_token" value="')[1].split('"')[0]
            browser.post(
                "/sign-in", data={"name": self._name, "password": PASSWORD, "_csrf_token": token, "next": "/me"}
            )
            page = browser.get("/me")
        if page.status_code != 200 or "/sign-in" in str(page.url):
            raise CheckFailed("the page of the feed does not open")
        return len(page.content)

    def _assistant(self, me: NodeClient) -> str:
        """An assistant asks over MCP with the worker's token."""
        token = me.http.headers["authorization"].removeprefix("Bearer ")
        return ask_assistant(f"{self._node.url}/mcp", token, "help_for_task", {"task": "answer an angry customer"})

    def take_back(self) -> None:
        """Withdraw the outcomes that the check recorded."""
        for receipt in self._receipts:
            self.sign_in().delete(f"/api/me/outcomes/{receipt}")


def _essence(items: list[dict[str, Any]]) -> list[Any]:
    return [(item["subject"], item["kind"], item["chance"]) for item in items]


def _titles(items: list[dict[str, Any]]) -> str:
    return ", ".join(str(item.get("title", ""))[:30] for item in items[:2])
