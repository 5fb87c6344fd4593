"""Entries as Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.web.private.entries import FeedEntry

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not have."""


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What names a feed. `id` never changes with the address; `here` is the feed's own address, `page` its page's."""

    id: str
    title: str
    page: str
    here: str
    author: str
    updated: datetime


def write_atom(entries: Iterable[FeedEntry], facts: FeedFacts) -> bytes:
    """UTF-8 with XML declaration."""
    feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en"})
    _add(feed, "id", facts.id)
    _add(feed, "title", facts.title)
    _add(feed, "updated", facts.updated.isoformat())
    _link(feed, "self", facts.here, MEDIA_TYPE)
    _link(feed, "alternate", facts.page, "text/html")
    _add(ET.SubElement(feed, "author"), "name", facts.author)
    for entry in entries:
        _entry(feed, entry)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ET.Element, item: FeedEntry) -> None:
    entry = ET.SubElement(feed, "entry", {"xml:lang": item.language} if item.language else {})
    _add(entry, "id", item.id)
    _add(entry, "title", item.title)
    _add(entry, "updated", item.at.isoformat())
    _link(entry, "alternate", item.url, "text/html")
    ET.SubElement(entry, "category", {"term": item.kind})
    _add(entry, "summary", item.summary)
    _add(entry, "content", item.html).set("type", "html")


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _NOT_XML.sub("", text)
    return element


def _link(parent: ET.Element, rel: str, href: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "href": href, "type": media_type})
