"""What can be learnt from here: the catalogue as candidates, the people who take questions. Nothing personal."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from node.personalizer.adaptation.adapting import Outline
from node.personalizer.levels import LEVELS
from node.services.cataloguing.changes import CatalogueChange
from node.services.cataloguing.readings import Readings, fold, unfold
from node.services.learning.reading import Written, document_of_version, outline_of
from node.services.ranking.statements import accepted_credentials
from node.store.administration import facts
from node.store.clock import now
from node.store.content import catalogue, contributions
from node.store.content.catalogue import MEMBERS
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, VersionRow

if TYPE_CHECKING:
    from node.authoring.document import ModuleDocument
    from node.personalizer.candidates import Candidate
    from node.personalizer.feed.columns import Columns
    from node.personalizer.learner.difficulty import Learned
    from node.personalizer.learner.shared import Shared
    from node.personalizer.worker import Colleague
    from node.services.hosting.blobs.store import Stores
    from node.services.ranking.freshening import Freshening
    from node.services.ranking.rankings import Rankings

AT_ONCE = 1_000  # candidates whose gathering a page may wait for: about a tenth of a second
ITEM_EASE = "item-ease"
DEFAULT_LEVEL = "competent"
NOTHING_HEARD = 1.0  # the evidence of a score that rests on nobody's word
DEFAULT_MINUTES = 10
_PRACTICE = re.compile(r"^ {0,3}:{3,}[^\n]*\b(?:practice|exercise|challenge)\b", re.MULTILINE)
_COMPLEXITY = re.compile(r"^ {0,3}:{3,}[^\n]*\bcomplexity\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stock:
    """The catalogue at one moment. `stamp` changes when something does that a worker would notice."""

    columns: Columns
    shared: Shared
    colleagues: tuple[Colleague, ...]
    stamp: str


class Shelf:
    """Keeps the candidates of the node's catalogue, built anew when the catalogue or the ranking changed."""

    def __init__(
        self, database: Database, rankings: Rankings, freshening: Freshening, blobs: Stores, readings: Readings
    ) -> None:
        self._database = database
        self._rankings = rankings
        self._freshening = freshening
        self._blobs = blobs
        self._readings = readings
        self._lock = threading.Lock()
        self._stock: Stock | None = None
        self._stale = threading.Event()
        self._renewing = threading.Event()
        self._features: dict[str, tuple[bool, bool]] = {}
        self._skills: dict[str, list[str]] = {}
        self._learned: Mapping[str, Learned] | None = None
        rankings.after_change(lambda _touched: self._stale.set())

    def hear(self, _change: CatalogueChange) -> None:
        """The catalogue changed; called in the writer's thread."""
        self._stale.set()

    def stock(self) -> Stock:
        """The candidates as of now; of a large catalogue those of a moment ago, while new ones are gathered aside."""
        with self._lock:
            if self._stock is None:
                self._renew()
            elif self._stale.is_set() and not self._renewing.is_set():
                self._begin_renewal(len(self._stock.columns.candidates))
            assert self._stock is not None
            return self._stock

    def _begin_renewal(self, size: int) -> None:
        if size <= AT_ONCE:
            self._renew()
            return
        self._renewing.set()
        threading.Thread(target=self._renew, name="shelf", daemon=True).start()

    def _renew(self) -> None:
        self._stale.clear()
        try:
            self._stock = self._take_stock()
        except BaseException:
            self._stale.set()
            raise
        finally:
            self._renewing.clear()

    def learned(self) -> Mapping[str, Learned]:
        """How easy items turned out for the node's workers together."""
        from node.personalizer.learner.difficulty import Learned

        if self._learned is None:
            with self._database.read() as session:
                found = facts.find_fact(session, ITEM_EASE) or {}
            # An ease alone is how it was kept at first.
            pairs = {item: one if isinstance(one, list) else (one, 0) for item, one in found.items()}
            self._learned = {item: Learned(*pair) for item, pair in pairs.items()}
        return self._learned

    def learn(self, learned: Mapping[str, Learned]) -> None:
        """Use what was learned from now on; kept over a restart."""
        kept = {item: list(one) for item, one in learned.items()}
        self._database.writer.write(lambda session: facts.save_fact(session, ITEM_EASE, kept))
        with self._lock:
            self._learned = learned
            if self._stock is not None:
                self._stock = replace(self._stock, shared=replace(self._stock.shared, items=_used(learned)))

    def find_item(self, uri: str) -> ItemRow | None:
        """One item that members may see."""
        with self._database.read() as session:
            return catalogue.find_item(session, uri, MEMBERS)

    def find_items(self, uris: Iterable[str]) -> dict[str, ItemRow]:
        """Several."""
        with self._database.read() as session:
            return catalogue.find_items(session, list(uris), MEMBERS)

    def find_version(self, uri: str) -> VersionRow | None:
        """One version; None once it was withdrawn."""
        with self._database.read() as session:
            return catalogue.find_version(session, uri, MEMBERS)

    def find_endorsed_version(self, item_uri: str) -> VersionRow | None:
        """The newest version that somebody who is heard here found to work and nobody of those unsafe; None without."""
        with self._database.read() as session:
            said = contributions.list_endorsements(session, MEMBERS, item_uri=item_uri)
            heard = self._rankings.heard_among({row.did for row in said})
            verdicts = [row for row in said if row.did in heard]
            unsafe = {row.version_uri for row in verdicts if row.unsafe}
            works = {row.version_uri for row in verdicts if row.verdict != "fails"} - unsafe
            versions = [row for row in catalogue.list_versions(session, item_uri, MEMBERS) if row.uri in works]
        return versions[-1] if versions else None

    def document(self, version: VersionRow) -> ModuleDocument:
        """The text of a module's version, read."""
        return self._readings.of(version, "document", lambda: document_of_version(version, self.body_of(version)))

    def outline(self, version: VersionRow) -> Outline:
        """What adaptation needs to know of a version as it was signed: a tenth of what the text takes, read."""
        return self._readings.of(version, "outline", lambda: outline_of(self.document(version), version.cid))

    def written(self, version: VersionRow, form: str, write: Callable[[], Written]) -> Written:
        """A lesson of this version in a form that says nothing of who reads it, made once for all who get this form."""

        def folded() -> tuple[bytes, bytes, str, str]:
            html, text, language, direction = write()
            return fold(html), fold(text), language, direction

        html, text, language, direction = self._readings.of(version, "lesson", folded, form=form)
        return Written(unfold(html), unfold(text), language, direction)

    def body_of(self, version: VersionRow) -> str | None:
        """The body that lies beside the record as a blob; None when the record carries it."""
        blob: Any = version.value.get("bodyBlob")
        if not blob:
            return None
        found = self._blobs.find(str((blob.get("ref") or {}).get("$link", "")))
        return "" if found is None else found.decode("utf-8", "replace")

    def _take_stock(self) -> Stock:
        from node.personalizer.feed.columns import build_columns
        from node.personalizer.learner.graph import SkillGraph
        from node.personalizer.learner.prior import Prior
        from node.personalizer.learner.shared import Shared

        state = self._freshening.state
        with self._database.read() as session:
            items = [row for row in catalogue.list_items(session, MEMBERS) if not row.retired]
            modules = [row for row in items if row.kind == "module"]
            features = self._features_of(session, modules)
            colleagues = _colleagues(session)
        candidates = self._candidates(modules, features, state)
        skills, ease = _skills_by_task(items), _used(self.learned())
        if self._stock is None or skills != self._skills or ease != self._stock.shared.items:
            shared = Shared(prior=Prior(SkillGraph(skills)), items=ease)
        else:
            shared = self._stock.shared  # what was believed of workers follows from the very same
        stock = Stock(
            columns=build_columns(candidates),
            shared=shared,
            colleagues=colleagues,
            stamp=_stamp(candidates, colleagues),
        )
        self._skills = skills
        return stock

    def _candidates(
        self, rows: Sequence[ItemRow], features: Mapping[str, tuple[bool, bool]], state: int
    ) -> list[Candidate]:
        uris = [row.uri for row in rows]
        ranked = self._rankings.unranked_reason() is None
        scores = self._rankings.scores(uris) if ranked else [None] * len(uris)
        return [
            _candidate(row, features[row.version_cid], score, freshness.value)
            for row, score, freshness in zip(rows, scores, self._freshening.of_items(rows, state), strict=True)
        ]

    def _features_of(self, session: Session, rows: Iterable[ItemRow]) -> dict[str, tuple[bool, bool]]:
        """(has practice, has complexity) by version; a version never changes, so each is read once."""
        found: dict[str, tuple[bool, bool]] = {}
        for row in rows:
            known = self._features.get(row.version_cid)
            if known is None:
                version = catalogue.find_version(session, row.version_uri, MEMBERS)
                body = (self.body_of(version) or str(version.value.get("body", ""))) if version else ""
                known = bool(_PRACTICE.search(body)), bool(_COMPLEXITY.search(body))
            found[row.version_cid] = known
        self._features = found
        return found


def _used(learned: Mapping[str, Learned]) -> dict[str, float]:
    return {item: one.ease for item, one in learned.items() if one.used}


def _candidate(row: ItemRow, features: tuple[bool, bool], score: Any, fresh: float) -> Candidate:
    from node.personalizer.candidates import Candidate

    return Candidate(
        uri=row.uri,
        title=row.title,
        version_uri=row.version_uri,
        version_cid=row.version_cid,
        layer=row.layer,
        level=level_of(row),
        minutes=row.minutes or DEFAULT_MINUTES,
        tasks=tuple(row.tasks),
        occupations=tuple(row.occupations),
        skills=tuple(row.skills),
        requires=tuple(row.requires),
        tools=tuple(tool["name"] for tool in row.tools if tool.get("name")),
        # Half way between what is sure, which orders public lists, and what may be expected: what nobody has tried yet
        # is not therefore bad, and a feed that took it so would give what is praised before what is needed.
        score=None if score is None else max(0.0, min(1.0, (score.value + score.mean) / 2)),
        evidence=0.0 if score is None else max(0.0, score.evidence - NOTHING_HEARD),
        fresh=fresh,
        language=row.language,
        translates=row.translation_of,
        has_practice=features[0],
        has_complexity=features[1],
    )


def level_of(row: ItemRow) -> str:
    """The author's level; competent where they gave none that is known."""
    return row.level if row.level in LEVELS else DEFAULT_LEVEL


def _skills_by_task(items: Iterable[ItemRow]) -> dict[str, list[str]]:
    """Which skills go together: those of one task, and of the modules that serve it."""
    skills: dict[str, dict[str, None]] = {}
    for row in items:
        tasks = (row.uri, row.source) if row.kind == "task" else (row.uri, *row.tasks)
        for task in filter(None, tasks):
            skills.setdefault(task, {}).update(dict.fromkeys(row.skills))
    return {task: list(named) for task, named in skills.items() if named}


def _colleagues(session: Session) -> tuple[Colleague, ...]:
    """People who published what they take questions on, and whom a node here on the network speaks for."""
    from node.personalizer.worker import Colleague

    credentials = {row.uri: row for row in contributions.list_credentials(session)}
    return tuple(
        Colleague(row.did, row.name or row.did, frozenset(row.takes_questions_on))
        for row in contributions.list_profiles(session)
        if row.takes_questions_on and accepted_credentials(row, credentials, now())
    )


def _stamp(candidates: Iterable[Candidate], colleagues: Iterable[Colleague]) -> str:
    """Scores are rounded: a verdict that moves a score by less than a fiftieth reorders nobody's day."""
    digest = hashlib.sha256()
    for c in candidates:
        score = -1 if c.score is None else round(c.score * 50)
        digest.update(f"{c.uri} {c.version_cid} {score} {round(c.fresh * 10)}\n".encode())
    for colleague in colleagues:
        digest.update(f"{colleague.did} {sorted(colleague.takes_questions_on)}\n".encode())
    return digest.hexdigest()
