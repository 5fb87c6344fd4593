"""Feeds of tools' releases: every format read with distrust, seldom and conditionally; a release flags modules."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from node.errors import Malformed, Unknown, Unreachable
from node.services.assembly import Services
from node.services.releases.entries import parse_entries
from node.services.releases.versions import find_version
from node.store.content import tools
from tests.integration.fixtures.contributions import endorsement_write, vouch_write
from tests.integration.fixtures.nodes import composed, practitioner, publish

ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Releases</title>
<entry><title>Planner 5.1</title><link rel="self" href="https://p.example/x"/><link href="https://p.example/5.1"/>
<published>2026-10-01T10:00:00Z</published></entry>
<entry><title>Planner 6.0-beta.1</title><link href="javascript:alert(1)"/>
<updated>2026-11-01T10:00:00Z</updated></entry>
</feed>"""
RSS = b"""<rss version="2.0"><channel><item><title>v4.9.2</title><link>https://p.example/4</link>
<pubDate>Thu, 01 Oct 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
JSON_FEED = json.dumps(
    {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "5.2", "url": "https://p.example"}]}
).encode()


@pytest.mark.parametrize(
    ("content", "first"),
    [(ATOM, ("Planner 5.1", "https://p.example/5.1")), (RSS, ("v4.9.2", "https://p.example/4")),
     (JSON_FEED, ("5.2", "https://p.example"))],
)  # fmt: skip
def test_every_format_is_read(content: bytes, first: tuple[str, str]) -> None:
    entry = parse_entries(content)[0]
    assert (entry.title, entry.href) == first
    assert parse_entries(ATOM)[1].href == ""


@pytest.mark.parametrize(
    ("content", "title"),
    [(RSS.replace(b"GMT", b"+" + b"9" * 20), "v4.9.2"), (RSS.replace(b"10:00", b"9" * 30 + b":00"), "v4.9.2"),
     (b'{"items": [{"title": "5.2 \\ud800", "url": "https://p.example/\\udfff"}]}', "5.2 ?")],
)  # fmt: skip
def test_what_no_table_and_no_clock_takes_is_not_taken(content: bytes, title: str) -> None:
    """All feeds are read together: one of them must not end the reading of the others."""
    entry = parse_entries(content)[0]
    assert (entry.title, entry.at) == (title, 0)
    entry.href.encode()


BOMB = b'<!DOCTYPE f [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rss><item><title>&b;</title></item></rss>'


@pytest.mark.parametrize(
    "content",
    [BOMB, BOMB.decode().encode("utf-16"), b"<html><body>hello</body></html>", b"", b"{}", b"{", b"<rss>" * 60_000,
     b'<!DOCTYPE f SYSTEM "file:///etc/passwd"><rss/>', b"\x00\xff\xfe" * 9,
     b'<?xml version="1.0" encoding="no-such"?><feed/>'],
)  # fmt: skip
def test_what_is_no_feed_or_wants_more_than_reading_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        parse_entries(content)


@pytest.mark.parametrize(
    ("title", "version"),
    [("v2.1.0", "2.1.0"), ("Planner 2026 is here", "2026"), ("Planner: what is new, 14 November 2026", "2026"),
     ("Planner 3.13.0rc2", None), ("1,000,000 users", None), ("2000 new features", None), ("Planner 24b", "24b")],
)  # fmt: skip
def test_versions_in_titles(title: str, version: str | None) -> None:
    assert find_version(title, "Planner") == version


class FeedHost:
    """Serves one feed and counts what is asked of it."""

    def __init__(self) -> None:
        self.content, self.asked, self.unchanged = ATOM, 0, 0
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked += 1
                tag = f'"{hash(host.content)}"'
                same = self.headers.get("if-none-match") == tag
                host.unchanged += same
                self.send_response(304 if same else 200)
                self.send_header("etag", tag)
                body = b"" if same else host.content
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("localhost", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}/releases"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def feed() -> Iterator[FeedHost]:
    host = FeedHost()
    yield host
    host.server.shutdown()
    host.server.server_close()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with composed(tmp_path / "node", allow_localhost=True) as made:
        yield made


def test_a_release_flags_modules_until_somebody_confirms(services: Services, feed: FeedHost) -> None:
    anna, boris = practitioner(services, "anna"), practitioner(services, "boris")
    named = [{"name": "Planner", "vendor": "Acme", "version": "5.0"}]
    old = publish(services, anna, "old", "Plan. " * 30, tools=named)
    other = publish(services, anna, "other", "Plan. " * 30, tools=[{"name": "Planner", "version": "6"}])
    before = services.freshening.values([old.uri, other.uri])
    row = services.releases.name(feed.url, "Acme", "Planner", boris)
    assert (row.failures, row.product) == (0, "Planner")
    fresh = services.freshening.of([old.uri, other.uri])
    assert [fresh[uri].value for uri in (old.uri, other.uri)] == [pytest.approx(0.8 * before[0]), before[1]]
    assert "5.1 is out since 1 October 2026" in " ".join(fresh[old.uri].sentences())

    services.host.write(services.identity.did, [vouch_write(boris)])
    services.host.write(boris, [endorsement_write(old.uri, old.version)])
    services.rankings.rebuild()
    services.freshening.forget()
    assert services.freshening.values([old.uri]) == [1.0]
    services.releases.forget(feed.url)
    with pytest.raises(Unknown):
        services.releases.forget(feed.url)


def test_a_feed_is_read_again_conditionally_and_rests_when_it_fails(services: Services, feed: FeedHost) -> None:
    services.releases.name(feed.url, "", "Planner", "olga")
    assert services.releases.read_due() == 0, "not due yet"
    assert feed.asked == 1
    assert services.releases.read_due(all_of_them=True) == 0
    assert (feed.asked, feed.unchanged) == (2, 1)
    feed.content = ATOM.replace(b"Planner 5.1", b"Planner 5.2")
    assert services.releases.read_due(all_of_them=True) == 1
    feed.content = b"gone"
    assert services.releases.read_due(all_of_them=True) == 0
    with services.database.read() as session:
        (row,) = tools.list_feeds(session)
        assert (row.failures, bool(row.error)) == (1, True)
        assert tools.known_versions(session, feed.url) == {"5.1", "5.2"}


def test_no_curator_can_make_the_node_read_its_own_network(tmp_path: Path, feed: FeedHost) -> None:
    with composed(tmp_path / "strict") as strict:
        for url in (
            feed.url,
            "http://127.0.0.1:1/",
            "https://10.0.0.1/",
            "https://[::1]/feed",
            "https://user@x.example/",
            "https://[",
        ):
            with pytest.raises(Unreachable):
                strict.releases.name(url, "", "Planner", "olga")
        with pytest.raises(Malformed):
            strict.releases.name("file:///etc/passwd", "", "Planner", "olga")
    assert feed.asked == 0
