"""A nurse, three modules, and how lists are read."""

from __future__ import annotations

from datetime import UTC, datetime

from node.personalizer.candidates import Candidate
from node.personalizer.feed.items import Feed, FeedItem
from node.personalizer.worker import Goal, Situation, WorkerView

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
NURSE = "onet:29-1141.00"


def module(name: str, **more: object) -> Candidate:
    values: dict[str, object] = {
        "title": name.replace("-", " "),
        "occupations": (NURSE,),
        "skills": (name,),
        "tasks": (f"task:{name}",),
        "minutes": 5,
        "score": 0.8,
        "evidence": 3.0,
        "level": "competent",
    }
    return Candidate(f"at://did:plc:a/org.skillnet.module/{name}", **{**values, **more})


HANDOVER = module("handover", layer="capability")
DOSES = module("doses", layer="concept")
CHARTING = module("charting", layer="tool")
CATALOGUE = (HANDOVER, DOSES, CHARTING)
NURSE_AT_WORK = WorkerView("a ward nurse", (NURSE,), goals=(Goal("hand over safely", skills=frozenset({"handover"})),))


def situation(**more: object) -> Situation:
    return Situation(**{"worker": NURSE_AT_WORK, "now": NOW, **more})


def subjects(feed: Feed) -> list[str]:
    return [item.subject.rsplit("/", 1)[-1] for item in feed.items]


def only(feed: Feed, kind: str) -> FeedItem:
    (item,) = (item for item in feed.items if item.kind == kind)
    return item
