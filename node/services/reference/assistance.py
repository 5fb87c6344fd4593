"""What assistants are used for in a task: as studies found it, and as practitioners' own steps say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from node.services.reference.graph.shelves import Shelves
from node.store.clock import as_text
from node.store.content import catalogue, reference
from node.store.content.catalogue import Audiences
from node.store.sessions import Session

FINDINGS = ("automate", "augment", "both", "not")


@dataclass(frozen=True, slots=True)
class Part:
    """One finding (of FINDINGS), in words, with who found it and when."""

    finding: str
    words: str
    source: str
    date: str
    by_hand: str = ""  # what a novice still does by hand; from practitioners only
    title: str = ""  # the source's short name, '' when `source` is short

    @property
    def provenance(self) -> str:
        """Who found it and when, for a list."""
        return ", ".join(filter(None, (self.title or self.source, self.date)))


def parts_of(session: Session, shelves: Shelves, tasks: Collection[str], audiences: Audiences) -> dict[str, list[Part]]:
    """Reference task → findings: practitioners' first, who do the work; then observed, then judged."""
    studied = studies_of(session, tasks)
    return {task: _practitioners(session, shelves, task, audiences) + studied.get(task, []) for task in tasks}


def studies_of(session: Session, tasks: Collection[str]) -> dict[str, list[Part]]:
    """Reference task → what each imported study found: observed before judged."""
    return {
        task: [
            Part(
                row.finding, row.words, release.attribution,
                release.date or f"imported {as_text(release.imported_at)[:10]}", title=release.title,
            )
            for release, row in rows
        ]
        for task, rows in reference.exposures_of(session, tasks).items()
    }  # fmt: skip


def part_of_steps(value: Mapping[str, Any], who: str, date: str) -> Part | None:
    """What the steps of one decomposition say; None when it has none."""
    steps: Any = value.get("steps") or ()
    by = Counter(str(step.get("by") or "person") for step in steps)
    total = sum(by.values())
    if not total:
        return None
    finding = (
        "not" if by["person"] == total else "automate" if by["assistant"] * 2 > total else
        "both" if by["assistant"] else "augment"
    )  # fmt: skip
    hands = [str(step["byHand"]) for step in steps if step.get("byHand")]
    by_hand = str(value.get("noviceByHand") or "; ".join(hands))
    words = f"Of {total} steps {by['assistant']} by an assistant, {by['both']} together, {by['person']} by a person."
    return Part(finding, words, who, date, by_hand)


def _practitioners(session: Session, shelves: Shelves, task: str, audiences: Audiences) -> list[Part]:
    found = []
    for book in shelves.at("source", task, audiences, "task"):
        item = catalogue.find_item(session, book.uri, audiences)
        version = catalogue.find_version(session, item.version_uri, audiences) if item else None
        part = part_of_steps(version.value, book.title, as_text(book.updated_at)[:10]) if version else None
        if part is not None:
            found.append(part)
    return found
