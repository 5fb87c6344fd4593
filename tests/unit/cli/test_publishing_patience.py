"""A host that was asked too often is asked again when it says so."""

import httpx
import pytest

from node.cli.publishing.repository import Repository
from node.cli.reaching.client import Answered, NodeClient


def repository(answers: list[httpx.Response]) -> Repository:
    transport = httpx.MockTransport(lambda _request: answers.pop(0))
    return Repository(NodeClient(httpx.Client(transport=transport, base_url="https://host.test")), "did:plc:x")


def refused(**headers: str) -> httpx.Response:
    return httpx.Response(429, json={"error": "RateLimitExceeded", "message": "Slower."}, headers=headers)


@pytest.mark.parametrize("header", [{"retry-after": "0"}, {"ratelimit-reset": "1700000000"}])
def test_commits_wait_for_a_busy_host(header: dict[str, str]) -> None:
    done = httpx.Response(200, json={"results": [], "commit": {"cid": "bafy", "rev": "3k"}})
    assert repository([refused(**header), refused(**header), done]).apply([], "")[1] == "bafy"


def test_a_host_that_asks_for_an_hour_is_reported() -> None:
    with pytest.raises(Answered, match="Slower"):
        repository([refused(**{"retry-after": "3600"})]).apply([], "")
