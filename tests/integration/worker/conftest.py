"""One composed node with a small catalogue, a practitioner and two workers; handlers are reached over ASGI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from federation.keys import SigningKey
from federation.repository import Write
from node.app.compose import compose
from node.authoring.parse import parse_module, parse_task
from node.authoring.value import to_value
from node.services.assembly import Services
from node.services.hosting.accounts import load_rotation_key
from node.services.policy import Role, Viewer
from node.settings.declared import Settings
from node.store.clock import as_text, now
from schemas.authority import MODULE, MODULE_VERSION, TASK, TASK_VERSION
from schemas.identifiers import tid_from_micros
from tests.integration.fixtures.nodes import app_of

CHECK_TOTALS = """---
name: check-totals
title: Check the totals of a drafted statement
description: Find a wrong total before you sign the statement.
language: en
license: CC-BY-4.0
layer: capability
level: competent
minutes: 9
tasks: [onet:43-3031.00/1]
occupations: [onet:43-3031.00]
skills: [total-checking]
slots:
  paper: {label: the paper you check, values: [an invoice, a statement], default: a statement}
blocks:
  p1: {skill: total-checking}
---
Take [a statement](slot:paper) and a pencil.

::: novice
Totals stand at the foot of each column.
:::
::: expert
Check only the columns that a person typed.
:::
::: example
1. Add the first column.
2. Add the second column.
3. Compare both with the foot.
4. Sign.
:::
::: {#p1 .practice}
Check the last statement you were sent.
:::
::: hint
Begin with the column that has the most entries.
:::
::: complexity
Who else relies on this total? Follow it one desk further.
:::
"""

READ_INVOICES = """---
name: read-invoices
title: Read an extracted invoice against its picture
description: See what the reader software misread.
language: en
license: CC-BY-4.0
layer: tool
level: novice
minutes: 6
tasks: [onet:43-3031.00/2]
occupations: [onet:43-3031.00]
skills: [invoice-reading]
---
Look at the number, the date, the sum. In this order.

::: practice
Read your next three invoices twice.
:::
"""

COUNT_STOCK = """---
name: count-stock
title: Count stock without looking at the screen
description: Count blind, then compare.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 5
tasks: [onet:53-7065.00/1]
occupations: [onet:53-7065.00]
skills: [blind-counting]
---
Count first. Look afterwards.
"""

CLOSE_BOOKS = """---
name: close-the-books
title: Close the books for the month
statement: Reconcile accounts and prepare the monthly statement.
language: en
license: CC-BY-4.0
occupations: [onet:43-3031.00]
skills: [total-checking]
source: onet:43-3031.00/1
---
1. **Add up**

   Every account once.
   - by: person
   - check: the sum agrees
   - minutes: 20
"""


@dataclass
class WorkerNode:
    """The node under test."""

    services: Services
    client: TestClient[Any]
    author: str
    folder: Path

    def retract(self, uri: str) -> None:
        """Delete a head."""
        _, _, _, collection, rkey = uri.split("/")
        self.services.host.write(self.author, [Write("delete", collection, rkey, None)])
        self.settle()

    def publish(self, source: str, *, task: bool = False) -> str:
        """Publish a module or task as its author; the head's at-uri."""
        document = parse_task(source) if task else parse_module(source)
        value = to_value(document)
        collection, version_collection = (TASK, TASK_VERSION) if task else (MODULE, MODULE_VERSION)
        stamp = as_text(now())
        tid = str(tid_from_micros(now(), 0))
        done = self.services.host.write(
            self.author, [Write("create", version_collection, tid, {**value, "createdAt": stamp})]
        )
        cid = next(op.cid for op in done.ops)
        uri = f"at://{self.author}/{version_collection}/{tid}"
        head = {
            "$type": collection,
            "name": value["name"],
            "title": value["title"],
            "current": {"uri": uri, "cid": str(cid)},
            "createdAt": stamp,
            "updatedAt": stamp,
        }
        known = self.services.learning._shelf.find_item(f"at://{self.author}/{collection}/{value['name']}")
        self.services.host.write(self.author, [Write("update" if known else "create", collection, value["name"], head)])
        self.settle()
        return f"at://{self.author}/{collection}/{value['name']}"

    def settle(self) -> None:
        assert self.services.rankings.settle()
        assert self.services.finder.settle()

    def viewer(self, name: str) -> Viewer:
        return Viewer(name, name, frozenset({Role.WORKER}))

    def token(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.services.registry.tokens.issue(name, 'api')}"}


@pytest.fixture(scope="session")
def running_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerNode]:
    folder = tmp_path_factory.mktemp("node")
    services = compose(Settings(data=folder, url="http://localhost:18123", organisation="Ledger House"))
    with TestClient(app_of(services, alone=True), base_url="http://127.0.0.1:18123") as client:
        services.registry.add("rosa", [Role.WORKER])
        services.registry.add("nils", [Role.WORKER, Role.OPERATOR])
        services.registry.add("omar", [Role.OPERATOR])
        rotation = load_rotation_key(services.database, services.sealer)
        recovery = SigningKey.generate().did_key
        account = services.accounts.create_practitioner("ana", recovery, rotation, services.stream)
        node = WorkerNode(services, client, account.did, folder)
        for source in (CHECK_TOTALS, READ_INVOICES, COUNT_STOCK):
            node.publish(source)
        node.publish(CLOSE_BOOKS, task=True)
        yield node


@pytest.fixture
def worker_node(running_node: WorkerNode) -> Iterator[WorkerNode]:
    """The same node for every test, its workers new to each."""
    yield running_node
    running_node.client.headers.pop("Authorization", None)
    for name in ("rosa", "nils"):
        running_node.services.learning.forget(running_node.viewer(name))
