"""Entries of a feed – Atom (RFC 4287), RSS 2.0 or 1.0, JSON Feed 1.1 –, read without trusting whoever wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from node.errors import Malformed

MOST_ENTRIES = 200
MOST_ELEMENTS = 50_000
LONGEST_TITLE, LONGEST_ADDRESS = 300, 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed announces. `at` in microseconds since 1970, 0 when it does not say; `href` is http(s) or empty."""

    title: str
    href: str
    at: int


def parse_entries(content: bytes) -> list[Entry]:
    """The entries in the feed's own order. Raises Malformed for what is no feed."""
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _json_entries(text) if text.startswith(b"{") else _xml_entries(content)
    return [entry for entry in found if entry.title][:MOST_ENTRIES]


def _json_entries(text: bytes) -> list[Entry]:
    try:
        feed: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("This is no feed: it is not JSON.") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise Malformed("This JSON is no feed: it has no list of items.", hint="See https://jsonfeed.org/version/1.1")
    return [
        _entry(str(item.get("title") or item.get("id") or ""), str(item.get("url") or ""), _date_of(item))
        for item in items[:MOST_ENTRIES]
        if isinstance(item, dict)
    ]


def _date_of(item: dict[str, Any]) -> str:
    return str(item.get("date_published") or item.get("date_modified") or "")


def _xml_entries(content: bytes) -> list[Entry]:
    found = [element for element in _parse_xml(content).iter() if _name(element) in ("entry", "item")]
    if not found and b"<rss" not in content and b"<feed" not in content and b"RDF" not in content:
        raise Malformed("This is no feed.", hint="Name the address of an Atom, RSS or JSON feed, not of a page.")
    return [_xml_entry(element) for element in found[:MOST_ENTRIES]]


def _xml_entry(element: Element) -> Entry:
    parts: dict[str, str] = {}
    href = ""
    for part in element:
        name, text = _name(part), "".join(part.itertext()).strip()
        parts.setdefault(name, text)
        if name == "link" and part.get("rel", "alternate") == "alternate":
            href = href or part.get("href", "") or text
    stated = next((parts[name] for name in ("published", "updated", "pubDate", "date") if parts.get(name)), "")
    return _entry(parts.get("title", ""), href, stated)


def _entry(title: str, href: str, stated: str) -> Entry:
    address = _whole(href.strip())[:LONGEST_ADDRESS]
    safe = address if address.startswith(("https://", "http://")) else ""
    return Entry(_whole(" ".join(title.split()))[:LONGEST_TITLE], safe, _moment(stated.strip()))


def _whole(text: str) -> str:
    """JSON can escape half of a surrogate pair, which no table takes."""
    return text.encode("utf-8", "replace").decode()


def _moment(text: str) -> int:
    """RFC 3339 or RFC 822, as the formats want it; 0 for anything else."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0, int(at.timestamp() * 1_000_000))
    return 0


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _parse_xml(content: bytes) -> Element:
    """Elements and text alone: a document type, and with it any entity of its own, ends the reading."""
    builder, count = TreeBuilder(), 0
    parser = expat.ParserCreate(namespace_separator="}")

    def refuse(*_: object) -> None:
        raise Malformed("The feed declares a document type, which no feed needs.")

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS:
            raise Malformed("The feed has too many elements.")
        builder.start(name, attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise Malformed(f"This is no feed: {error}.") from error


def newest_first(entries: list[Entry]) -> Iterator[Entry]:
    """By the dates they state; those without one keep the feed's order, last."""
    yield from sorted(entries, key=lambda entry: -entry.at)
