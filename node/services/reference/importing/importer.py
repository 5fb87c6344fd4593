"""One import from beginning to end. Until the last transaction everybody reads what was there before."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from node.batches import batches
from node.services.heavy import HeavyWork
from node.services.reference.importing import crosswalk, esco, exposure, onet
from node.services.reference.importing.changes import Changes, upon
from node.services.reference.importing.emerging import KIND
from node.services.reference.importing.errors import ReleaseOlder
from node.services.reference.importing.folder import digest_of
from node.services.reference.importing.parsed import Parsed, Rows
from node.store.clock import now
from node.store.content import reference, reference_releases
from node.store.content.catalogue import MEMBERS
from node.store.database import Database
from node.store.tables.reference import ReleaseRow

BATCH = 1000  # rows in one piece of the writer's work: some 20 ms, so that others' writes go in between
KINDS = ("onet", "esco", "crosswalk", "exposure")
Progress = Callable[[str, float], None]


@dataclass(slots=True)
class Report:
    """What an import did; the same words for the command line and the operator's page."""

    scheme: str
    version: str
    state: str  # imported | unchanged
    before: str = ""  # the release that was in use
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    attached: list[dict[str, str]] = field(default_factory=list)
    attribution: str = ""
    seconds: float = 0.0


class Importer:
    """Imports one release at a time; `after` is called once new reference data is in use."""

    def __init__(self, database: Database, heavy: HeavyWork, after: Callable[[], None]) -> None:
        self._database = database
        self._heavy = heavy
        self._after = after
        self._alone = threading.Lock()

    def run(self, kind: str, folder: Path, version: str, progress: Progress, *, older: bool = False) -> list[Report]:
        """Import `folder`. Raises ReferenceInvalid; then nothing has changed."""
        with self._alone:
            progress("reading", 0.0)
            if kind in ("onet", "esco"):
                return [self._import(kind, folder, version, progress, older=older)]
            return self._import_beside(kind, folder, progress)

    def _import_beside(self, kind: str, folder: Path, progress: Progress) -> list[Report]:
        """What is said of a classification by others: several releases may come of one folder."""
        with self._database.read() as session:
            digest = digest_of(folder, kind, *reference.versions(session), deep=True)
            current = reference_releases.list_current(session)
            if known := [row for row in current if row.digest == digest]:
                return [_unchanged(row) for row in known]
            statements = reference.statements(session) if kind == "exposure" else {}
        if kind == "exposure":
            found = self._heavy.run(exposure.parse_exposure, str(folder), statements)
        else:
            found = self._heavy.run(crosswalk.parse_crosswalks, str(folder))
        return [self._store(parsed, digest, progress, time.monotonic()) for parsed in found]

    def _import(self, kind: str, folder: Path, version: str, progress: Progress, *, older: bool) -> Report:
        began = time.monotonic()
        digest = digest_of(folder, kind, version)
        with self._database.read() as session:
            current = reference_releases.find_current(session, kind)
        if current is not None and current.digest == digest:
            return _unchanged(current, time.monotonic() - began)
        parse = {"onet": onet.parse_onet, "esco": esco.parse_esco}[kind]
        parsed = self._heavy.run(parse, str(folder), version)
        if current is not None and not older and _number(parsed.version) < _number(current.version):
            raise ReleaseOlder(str(folder), f"This is release {parsed.version}; {current.version} is in use.")
        return self._store(parsed, digest, progress, began)

    def _store(self, parsed: Parsed, digest: str, progress: Progress, began: float) -> Report:
        progress("comparing with what is here", 0.1)
        sections, changes, current = self._compared(parsed)
        total = sum(len(rows) for rows in sections.values())
        counts = _counts(sections)
        report = Report(
            parsed.scheme, parsed.version, "imported", current.version if current else "", counts, parsed.files,
            asdict(changes), attribution=parsed.attribution,
        )  # fmt: skip
        report.attached = self._attached(changes)
        release = self._stage(parsed, digest)
        done = 0
        for place, (section, rows) in enumerate(_batches(sections)):
            work = partial(
                reference_releases.write_batch,
                generation=release.generation, place=place, section=section, rows=rows,
            )  # fmt: skip
            self._database.writer.write(work)
            done += len(rows)
            progress(f"writing {section}s", 0.2 + 0.75 * done / max(1, total))
        facts = {"counts": counts, "files": parsed.files, "changes": _numbers(changes), "before": report.before}
        self._database.writer.write(
            lambda session: reference_releases.make_current(session, release.generation, facts, now())
        )
        self._after()
        self.sweep()
        progress("done", 1.0)
        report.seconds = round(time.monotonic() - began, 2)
        return report

    def _compared(self, parsed: Parsed) -> tuple[dict[str, Rows], Changes, ReleaseRow | None]:
        with self._database.read() as session:
            current = reference_releases.find_current(session, parsed.scheme)
            here: Mapping[str, Rows] = {
                name: reference_releases.load_rows(session, current.generation, name) if current else []
                for name in reference_releases.SECTIONS
            }
        sections, changes = upon(parsed, here)
        return sections, changes, current

    def _stage(self, parsed: Parsed, digest: str) -> ReleaseRow:
        row = ReleaseRow(
            generation=0, scheme=parsed.scheme, version=parsed.version, state="staged", digest=digest,
            title=parsed.title, attribution=parsed.attribution, licence=parsed.licence, date=parsed.date,
        )  # fmt: skip
        return self._database.writer.write(lambda session: reference_releases.stage(session, row))

    def _attached(self, changes: Changes) -> list[dict[str, str]]:
        """Decompositions of tasks that the release drops or rewords: they stay attached, their authors may look."""
        touched = {**dict.fromkeys(changes.removed, "removed"), **dict.fromkeys(changes.reworded, "reworded")}
        with self._database.read() as session:
            found = reference.decompositions(session, list(touched), MEMBERS) if touched else []
        return [{"uri": uri, "title": title, "task": task, "what": touched[task]} for uri, title, task in found]

    def sweep(self) -> None:
        """Delete generations that nobody reads, in small pieces."""
        with self._database.read() as session:
            left = reference_releases.list_left(session)
        for generation, section in itertools.product(left, reference_releases.SECTIONS):
            piece = partial(reference_releases.sweep, generation=generation, section=section, limit=BATCH)
            while self._database.writer.write(piece):
                pass
        for generation in left:
            self._database.writer.write(partial(reference_releases.forget, generation=generation))


def _batches(sections: Mapping[str, Rows]) -> Iterator[tuple[str, Rows]]:
    for section, rows in sections.items():
        for batch in batches(rows, BATCH):
            yield section, batch


def _counts(sections: Mapping[str, Rows]) -> dict[str, int]:
    counts = {f"{name}s": sum(not row.get("gone") for row in rows) for name, rows in sections.items()}
    titles = sum(len(row["aliases"]) for row in sections.get("occupation", ()))
    emerging = sum(row["kind"] == KIND and not row["gone"] for row in sections.get("task", ()))
    if emerging:
        counts["tasks"] -= emerging
    more = {"emerging tasks": emerging, "titles": titles}
    return {**counts, **{name: count for name, count in more.items() if count}}


def _numbers(changes: Changes) -> dict[str, int]:
    return {name: len(ids) for name, ids in asdict(changes).items()}


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _unchanged(row: ReleaseRow, seconds: float = 0.0) -> Report:
    facts: Any = row.facts
    return Report(
        row.scheme, row.version, "unchanged", row.version, facts.get("counts", {}), facts.get("files", {}),
        attribution=row.attribution, seconds=round(seconds, 2),
    )  # fmt: skip
