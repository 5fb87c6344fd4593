"""What was stated, held once, and one ranking of it per viewer: this node, organisations it trusts, and what-ifs.

Two locks. Whoever changes what is held, or builds a ranking, holds `changing` – that may take seconds. What readers
wait for is `reading`, held for a moment: they go on with the trust of before until what was built stands ready.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from node.services.cataloguing.changes import CatalogueChange
from node.services.ranking import statements
from node.services.ranking.epochs import Epochs, epoch_of, fingerprint
from node.services.ranking.reports import OutdatedReports
from node.store.clock import SECOND, now
from node.store.content import catalogue, contributions
from node.store.content.catalogue import PUBLIC
from node.store.database import Database
from node.store.sessions import Session

if TYPE_CHECKING:
    from curation.ranking import Ranking
    from curation.slow.hypothesis import Hypothesis
    from curation.stated.changes import Change
    from curation.stated.contributions import Contributions
    from curation.stated.statements import Statement

T = TypeVar("T")

VIEWPOINTS_KEPT = 128  # each a few numbers per item: `skillnet bench ranking` says how many
WHAT_IFS_KEPT = 8


class Viewpoints:
    """Rankings over the same statements, kept up as statements arrive."""

    def __init__(self, database: Database, viewer: str, epochs: Epochs) -> None:
        self._database = database
        self.viewer = viewer
        self._epochs = epochs
        self.changing = threading.RLock()
        self._reading = threading.RLock()
        self._contributions: Contributions | None = None
        self._people: frozenset[Statement] = frozenset()
        self._rankings: OrderedDict[str, Ranking] = OrderedDict()
        self._what_ifs: OrderedDict[Hypothesis, Ranking] = OrderedDict()
        self._outdated = OutdatedReports()
        self.day = 0
        self.state = 0  # counts changes: what was read under another state may be old

    @property
    def is_built(self) -> bool:
        """Has the first build finished?"""
        return self._contributions is not None

    @property
    def endorsement_count(self) -> int:
        """How many endorsements are held."""
        return self._contributions.endorsement_count if self._contributions is not None else 0

    def rebuild(self) -> None:
        """Count everything anew."""
        from curation.stated.contributions import Contributions

        with self.changing:
            fresh = Contributions()
            with self._database.read() as session:
                people = frozenset(statements.read_people(session, now()))
                fresh.extend(statements.read_statements(session, now()))
                outdated = OutdatedReports(contributions.list_outdated(session, PUBLIC))
            self._contributions, self._people, self._outdated = fresh, people, outdated
            self._put(OrderedDict())

    def renew_trust(self) -> None:
        """A new day, or people, credentials or vouches have changed: trust is computed anew, aside."""
        with self.changing:
            if self._contributions is None:
                return
            with self._database.read() as session:
                people = frozenset(statements.read_people(session, now()))
            gone, come = sorted(self._people - people, key=repr), sorted(people - self._people, key=repr)
            with self._reading:
                steps = [self._contributions.remove(statement) for statement in gone]
                steps += [self._contributions.add(statement) for statement in come]
                self._follow(steps)
                self._people = people
            self._put(OrderedDict({self.viewer: self._built(self.viewer)}))

    def take(self, change: CatalogueChange) -> bool:
        """Count verdicts and items that came or went. Were there verdicts?"""
        with self.changing, self._database.read() as session, self._reading:
            if self._contributions is None:
                return True
            # A verdict may have come before the version that it is about.
            late = contributions.uris_of_versions(session, change.versions)
            endorsements = sorted({*change.endorsements, *late})
            steps = [self._contributions.withdraw(uri) for uri in endorsements]
            for uri in sorted(change.items):
                item = catalogue.find_item(session, uri, PUBLIC)
                if item is not None:
                    steps.append(self._contributions.add(statements.subject_of(item)))
            for uri in endorsements:
                steps += self._count(session, uri)
            self._follow(steps)
            return bool(endorsements)

    def read(self, viewer: str, question: Callable[[Ranking], T]) -> T:
        """Ask the ranking of a viewer ('' is this node), which is built when it is not there."""
        viewer = viewer or self.viewer
        with self._reading:
            ranking = self._rankings.get(viewer)
            if ranking is not None:
                self._rankings.move_to_end(viewer)
                return question(ranking)
        with self.changing:
            if self._contributions is None:
                self.rebuild()
            ranking = self._rankings.get(viewer) or self._built(viewer)
            with self._reading:
                self._rankings[viewer] = ranking
                while len(self._rankings) > VIEWPOINTS_KEPT:
                    self._rankings.popitem(last=False)
                return question(ranking)

    def suppose(self, hypothesis: Hypothesis, question: Callable[[Ranking], T]) -> T:
        """Ask this node's ranking as it would be under a hypothesis."""
        self.read("", lambda _: None)
        with self.changing:
            ranking = self._what_ifs.get(hypothesis) or self._built(self.viewer, hypothesis)
            with self._reading:
                self._what_ifs[hypothesis] = ranking
                while len(self._what_ifs) > WHAT_IFS_KEPT:
                    self._what_ifs.popitem(last=False)
                return question(ranking)

    def outdated(self, uri: str) -> dict[str, float]:
        """Who reported an item outdated, heard or not."""
        with self._reading:
            return dict(self._outdated.of(uri))

    def _built(self, viewer: str, hypothesis: Hypothesis | None = None) -> Ranking:
        from curation.ranking import Ranking

        assert self._contributions is not None
        at = now()
        self.day = epoch_of(at)
        people = fingerprint(self._people)
        slow = self._epochs.slow_layer(self._contributions, people, viewer, at, hypothesis)
        return Ranking.build(self._contributions, viewer, epoch_of(at) / SECOND, slow=slow)

    def _count(self, session: Session, uri: str) -> list[Change]:
        assert self._contributions is not None
        row = contributions.find_endorsement(session, uri)
        version = catalogue.find_version(session, row.version_uri, PUBLIC) if row else None
        counted = statements.endorsement_of(row, version) if row and row.audience in PUBLIC else None
        self._outdated.note(uri, row if counted is not None else None)
        return [self._contributions.add(counted)] if counted is not None else []

    def _follow(self, steps: list[Change]) -> None:
        for ranking in (*self._rankings.values(), *self._what_ifs.values()):
            for step in steps:
                ranking.follow(step)
        self.state += 1

    def _put(self, rankings: OrderedDict[str, Ranking]) -> None:
        with self._reading:
            self._rankings = rankings
            self._what_ifs.clear()
            self.state += 1
