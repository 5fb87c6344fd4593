"""The whole story without a person: each method is one step of `--check`, raising when it does not end as it must."""

from __future__ import annotations

import json
import threading
import time
from functools import partial
from itertools import chain
from typing import Any

from node.cli.demo import privacy
from node.cli.demo.filling import PASSWORD, endorse
from node.cli.demo.hostile import MARK, serve_tampered
from node.cli.demo.publications import delete_marked, publish_text
from node.cli.demo.report import CheckFailed, wait_until
from node.cli.demo.stage import StagedNode
from node.cli.demo.worker_story import WorkerStory
from node.cli.publishing.records import moment
from node.cli.reaching.client import Answered, NodeClient
from node.errors import Unreachable


class Story:
    """Three nodes: A publishes, B endorses, C's worker learns. `at` is microseconds since 1970."""

    def __init__(self, nodes: list[StagedNode], at: int) -> None:
        self.a, self.b, self.c = nodes
        self._at = at
        self._mark = f"demo-{at:x}"
        self._modules: list[str] = []  # at-uris of the modules that this story published
        self._worker = WorkerStory(self.c)

    def steps(self) -> list[tuple[str, Any]]:
        """Names and steps, in order."""
        return [
            ("three nodes answer and follow one another", self.federated),
            ("starter catalogue is on every node", self.catalogued),
            ("publish on A is visible and verified on B", self.published),
            ("endorsement on B changes the order on C, explained by B's organisation", self.endorsed),
            ("search finds by words, typo and filter", self.searched),
            ("C's worker gets a feed with reasons", self._worker.fed),
            ("C's worker gets the lesson adapted, with every change named", self._worker.adapted),
            ("recording an outcome changes the feed", self._worker.recorded),
            ("the feed is pulled by browser, Atom, JSON Feed, terminal and assistant", self._worker.pulled),
            ("a tampered record offered by a hostile host is refused", self.tampered),
            ("A is killed with SIGKILL during publishing and nothing acknowledged is lost", self.killed),
            ("recipient × field matrix: private strings reach nobody but that worker", self.kept_private),
            ("what the check published is deleted, and gone from every node", self.tidied),
        ]

    def federated(self) -> str:
        """Every node follows both others, live."""
        for node in (self.a, self.b, self.c):
            wait_until(f"{node.organisation.name} follows two peers live", partial(_follows_two, node.operator()), 60)
        return "6 of 6 links live"

    def catalogued(self) -> str:
        """All modules and tasks of all three organisations are on each node."""
        nodes = (self.a, self.b, self.c)
        modules = sum(len(p["modules"]) for n in nodes for p in n.organisation.practitioners)
        tasks = sum(len(p.get("tasks", [])) for n in nodes for p in n.organisation.practitioners)
        for node in nodes:
            wait_until(
                f"{node.organisation.name} has the catalogue", partial(self._has_items, node, modules + tasks), 60
            )
        return f"{modules} modules and {tasks} tasks on each of 3 nodes"

    @staticmethod
    def _has_items(node: StagedNode, least: int) -> bool:
        client = node.anonymous()
        text = client.http.get("/metrics").text
        counts = [float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith("skillnet_items{")]
        return sum(counts) >= least

    def published(self) -> str:
        """Two modules by a practitioner of A; B shows them with the same signed bytes."""
        person = self.a.organisation.practitioners[0]["name"]
        client = self.a.sign_in(person, PASSWORD)
        did = client.get("/api/session")["did"]
        start = time.perf_counter()
        self._modules = [publish_text(client, did, _module_text(f"{self._mark}-{n}", n)) for n in ("first", "second")]
        seen = wait_until("B shows the module", partial(self._find, self.b, self._modules[0]))
        took = time.perf_counter() - start
        here = self.a.anonymous().get(
            "/xrpc/com.atproto.repo.getRecord", repo=did, collection="org.skillnet.module", rkey=f"{self._mark}-first"
        )
        if seen["version"]["cid"] != here["value"]["current"]["cid"]:
            raise CheckFailed("B shows another version than A signed")
        wait_until("B finds it", partial(self._finds, self.b, self._mark))
        return f"on B after {took * 1000:.0f} ms, CID {seen['version']['cid'][:16]}…, signature and root checked"

    @staticmethod
    def _find(node: StagedNode, uri: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = node.anonymous().get("/api/item", uri=uri)
        except Answered:
            return None
        return found

    @staticmethod
    def _finds(node: StagedNode, query: str) -> list[Any]:
        hits: list[Any] = node.anonymous().get("/api/search", q=query)["hits"]
        return hits

    def endorsed(self) -> str:
        """The module that stood lower on C stands higher after B's practitioners endorsed it."""
        first, second = self._modules
        wait_until("C has both modules", lambda: all(self._find(self.c, uri) for uri in self._modules))
        before = self._order(self.c)
        lower = max((first, second), key=before.index)
        task = "onet:29-1141.00/1840"
        for person in self.b.organisation.practitioners[:2]:
            client = self.b.sign_in(person["name"], PASSWORD)
            did = client.get("/api/session")["did"]
            verdict = {"verdict": "works", "note": "Used it on a real case.", "createdAt": moment()}
            endorse(client, did, (self.a.anonymous(), lower), task, verdict)
        higher = min((first, second), key=before.index)
        wait_until("the order on C changes", lambda: self._stands_above(lower, higher))
        explanation = self.c.anonymous().get("/api/explanation", uri=lower)
        text = json.dumps(explanation, ensure_ascii=False)
        if self.b.organisation.name not in text:
            raise CheckFailed(f"the explanation does not name {self.b.organisation.name}: {text[:300]}")
        places = f"place {before.index(lower) + 1} → {self._order(self.c).index(lower) + 1}"
        return f"{places}; named: {self.b.organisation.name}"

    def _order(self, node: StagedNode) -> list[str]:
        return [row["uri"] for row in node.anonymous().get("/api/ranking", limit=100)["places"]]

    def _stands_above(self, one: str, other: str) -> bool:
        order = self._order(self.c)
        return order.index(one) < order.index(other)

    def searched(self) -> str:
        """Words, a misspelling and a facet."""
        exact = self._finds(self.c, "early warning score")
        typo = self._finds(self.c, "early warnng score")
        capability = self.c.anonymous().get("/api/search", q="layer:capability invoice")["hits"]
        if not exact or not typo or exact[0]["uri"] != typo[0]["uri"]:
            raise CheckFailed("a misspelling finds something else")
        if not capability:
            raise CheckFailed("the filter finds nothing")
        return f"“early warning score” and “early warnng score” → {exact[0]['title']}"

    def tampered(self) -> str:
        """A host signs one thing and serves another: C records the reason and stores nothing."""
        with serve_tampered(self.a.port + 50, self._at) as host:
            operator = self.c.operator()
            operator.post("/api/peers", {"url": f"http://localhost:{host.port}"})
            url = f"http://localhost:{host.port}"
            found = wait_until("C refuses", lambda: operator.get("/api/rejections", peer=url))
            operator.http.delete("/api/peers", params={"url": url})
        if MARK in json.dumps(self._finds(self.c, MARK)):
            raise CheckFailed("the altered record is in the catalogue")
        return f"refused with {found[0]['code']}: {found[0]['detail'][:80]}"

    def killed(self) -> str:
        """Publish without pause, kill, start again: every acknowledged record is there, on A and on B."""
        person = self.a.organisation.practitioners[0]["name"]
        client = self.a.sign_in(person, PASSWORD)
        did = client.get("/api/session")["did"]
        acknowledged: list[str] = []
        killer = threading.Timer(0.5, self.a.kill)
        killer.start()
        for number in range(10_000):
            name = f"{self._mark}-kill-{number}"
            try:
                publish_text(client, did, _module_text(name, str(number)))
            except (Unreachable, Answered):
                break
            acknowledged.append(name)
        killer.join()
        self.a.start()
        self.a.wait()
        anonymous = self.a.anonymous()
        lost = [name for name in acknowledged if not self._holds(anonymous, did, name)]
        if lost:
            raise CheckFailed(f"lost {len(lost)} of {len(acknowledged)}: {lost[:3]}")
        last = f"at://{did}/org.skillnet.module/{acknowledged[-1]}" if acknowledged else self._modules[0]
        wait_until("B has the last of them", partial(self._find, self.b, last), 60)
        return f"{len(acknowledged)} acknowledged before the kill, 0 lost; B caught up"

    @staticmethod
    def _holds(client: NodeClient, did: str, name: str) -> bool:
        try:
            client.get("/xrpc/com.atproto.repo.getRecord", repo=did, collection="org.skillnet.module", rkey=name)
        except Answered:
            return False
        return True

    def kept_private(self) -> str:
        """Plant, use every door, look everywhere."""
        me = self._worker.sign_in()
        address = me.post("/api/me/feed-address")["atom"]
        planted = privacy.Planted.fresh(address.rpartition("/")[2].removesuffix(".atom"))
        base = me.get("/api/me/profile")
        answers = [
            address.encode(),
            json.dumps(me.put("/api/me/profile", planted.former_profile(base))).encode(),
            json.dumps(me.put("/api/me/profile", planted.profile(base))).encode(),
            json.dumps(me.post("/api/me/help", {"task": f"a case about {planted.marks['task faced']}"})).encode(),
        ]
        me.http.get(address)
        mine = ("self", lambda: chain(answers, privacy.pages_for(me, privacy.PERSONAL_PATHS, planted)))
        own = privacy.matrix(planted, [mine])["self"]
        table = privacy.matrix(planted, self._recipients(planted))
        me.put("/api/me/profile", base)
        leaks = {f"{who} sees {field}" for who, row in table.items() for field, count in row.items() if count}
        if leaks:
            raise CheckFailed("; ".join(sorted(leaks)))
        if blind := [field for field, count in own.items() if not count and field != privacy.NOT_KEPT]:
            raise CheckFailed(f"the worker does not see the own {blind[0]}; the matrix would prove nothing")
        return f"{len(table)} recipients × {len(privacy.FIELDS)} fields: 0 bytes; the worker sees the own"

    def tidied(self) -> str:
        """Deletion is real: the records leave A, and the peers' catalogues and search."""
        taken_back = 0
        for node in (self.a, self.b):
            for person in node.organisation.practitioners[:2]:
                client = node.sign_in(person["name"], PASSWORD)
                taken_back += delete_marked(client, client.get("/api/session")["did"], self._mark)
        self._worker.take_back()
        for node in (self.a, self.b, self.c):
            what = f"{node.organisation.name} forgets"
            wait_until(what, partial(self._forgot, node), 60)
        return f"{taken_back} records deleted; three catalogues are as before"

    def _forgot(self, node: StagedNode) -> bool:
        return all(self._find(node, uri) is None for uri in self._modules) and not [
            hit for hit in self._finds(node, self._mark) if self._mark in hit["uri"]
        ]

    def _recipients(self, planted: privacy.Planted) -> list[privacy.Recipient]:
        other = self.c.sign_in(self.c.organisation.workers[1]["name"], PASSWORD)
        practitioner = self.c.sign_in(self.c.organisation.practitioners[0]["name"], PASSWORD)
        every = (*privacy.PUBLIC_PATHS, *privacy.PERSONAL_PATHS)
        return [
            ("anonymous", lambda: privacy.pages_for(self.c.anonymous(), every, planted)),
            ("another worker", lambda: privacy.pages_for(other, every, planted)),
            ("a practitioner", lambda: privacy.pages_for(practitioner, every, planted)),
            ("the operator", lambda: privacy.pages_for(self.c.operator(), (*every, *privacy.OPERATOR_PATHS), planted)),
            ("the network (repositories)", lambda: privacy.repositories_of(self.c)),
            ("node A's disk", lambda: privacy.files_of(self.a.data)),
            ("node B's disk", lambda: privacy.files_of(self.b.data)),
            ("C's disk and logs, without keys", lambda: privacy.files_of(self.c.data)),
        ]


def _module_text(name: str, word: str) -> str:
    """A small, whole module."""
    return f"""---
name: {name}
title: Check a handover {word} {name}
description: A short module that the demonstration's check publishes.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 5
tasks: ["onet:29-1141.00/1840"]
occupations: ["onet:29-1141.00"]
skills: [handover]
---
Read the drafted handover against the chart, line by line, before you sign it.

::: practice
Take the last handover you were given and mark every number you cannot find in the chart.
:::
"""


def _follows_two(client: NodeClient) -> bool:
    return [peer["state"] for peer in client.get("/api/peers")].count("live") == 2
