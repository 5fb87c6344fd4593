"""The ranking of one node: Trust-Bounded Bridging Rank, from where that node stands.

    contributions = Contributions()
    contributions.add(Practitioner("did:web:ana", "did:web:mill", ("51-4041.00",)))
    ranking = Ranking.build(contributions, "did:web:mill", at=epoch)
    ranking.order(["at://…", "at://…"])

Trust, redundancy and leanings are computed per epoch (`build`); scores follow every endorsement at once (`apply`),
to the same bits that counting everything anew under the same epoch would give.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from curation.explaining.explanation import Explanation
from curation.explaining.heard import HeardVerdict, heard_verdicts
from curation.explaining.reasons import explained
from curation.exploration import Place, interleaved, upper_bound
from curation.fast.board import Board
from curation.fast.seats import Seats
from curation.parameters import Parameters
from curation.slow.hypothesis import Hypothesis
from curation.slow.slow_layer import SlowLayer, find_circle, slow_layer
from curation.slow.trust import organisation_edges
from curation.stated.changes import Change
from curation.stated.contributions import Contributions, Endorsement
from curation.voices.cells import Counter
from curation.voices.weights import WeightTable

TASKS_KEPT = 64


class Score(NamedTuple):
    """`value` orders; `mean` in 0..1 is what to expect; `evidence` > 0 is what that rests on (1: nothing)."""

    value: float
    mean: float
    evidence: float


class TrustIn(NamedTuple):
    """Trust in an organisation, 0..1, and the one whose vouch bound it (None for the viewer itself)."""

    trust: float
    parent: str | None


class SpokenFor(NamedTuple):
    """How many people of one organisation vouch for, or found good work at, another."""

    by: str
    organisation: str
    people: int


class Ranking:
    """Scores as one viewer sees them in one epoch. Several may share one `Contributions`."""

    def __init__(self, contributions: Contributions, slow: SlowLayer, at: float, parameters: Parameters) -> None:
        self.contributions, self.slow, self.at, self.parameters = contributions, slow, at, parameters
        self._weights = WeightTable.of(parameters, at)
        self._seats = Seats(contributions, slow.circle)
        self._boards: OrderedDict[str | None, Board] = OrderedDict()

    @classmethod
    def build(
        cls,
        contributions: Contributions,
        viewer: str,
        at: float,
        parameters: Parameters | None = None,
        slow: SlowLayer | None = None,
        hypothesis: Hypothesis | None = None,
    ) -> "Ranking":
        """Rank as the organisation `viewer` at the epoch `at` (seconds since 1970).

        `slow`: an epoch computed before (by the same viewer), to continue it; otherwise it is computed now, with the
        trust that there would be under a `hypothesis`.
        """
        parameters = parameters or Parameters()
        circle = slow.circle if slow else find_circle(contributions, viewer, parameters, hypothesis)
        seats = Seats(contributions, circle)
        positions = seats.positions()
        cells = Counter(contributions, parameters, WeightTable.of(parameters, at)).cells(positions)
        if slow is None:
            own = seats.author_positions(np.arange(len(contributions.subjects)))
            slow = slow_layer(circle, cells, contributions.subjects.ranks(), own, parameters)
        ranking = cls(contributions, slow, at, parameters)
        ranking._board(None).take(cells)
        return ranking

    @property
    def viewer(self) -> str:
        """The organisation that looks."""
        return self.slow.circle.organisations[self.slow.circle.viewer]

    @property
    def ranked(self) -> bool:
        """Whether there is a ranking at all: a node that trusts nobody has none."""
        return len(self.slow.circle.organisations) > 1

    @property
    def unranked_reason(self) -> str | None:
        """Why there is no ranking, for people; None if there is one."""
        return None if self.ranked else "Not ranked yet: this node does not trust any other organisation so far."

    @property
    def trust(self) -> dict[str, TrustIn]:
        """Every trusted organisation, the viewer included, strongest first."""
        circle = self.slow.circle
        names, tree = circle.organisations, circle.tree
        above = [names[parent] if parent >= 0 else self.viewer for parent in tree.parent.tolist()]
        pairs = {name: TrustIn(trust, up) for name, trust, up in zip(names, tree.trust.tolist(), above, strict=True)}
        pairs[self.viewer] = TrustIn(1.0, None)
        return dict(sorted(pairs.items(), key=lambda item: (-item[1].trust, item[0])))

    def apply(self, endorsement: Endorsement) -> None:
        """Count an endorsement; one with a known id replaces it."""
        self.follow(self.contributions.add(endorsement))

    def withdraw(self, endorsement_id: str) -> None:
        """Count an endorsement no longer; an unknown id changes nothing."""
        self.follow(self.contributions.withdraw(endorsement_id))

    def follow(self, change: Change) -> None:
        """Take over a change made to the shared contributions."""
        for board in self._boards.values():
            board.follow(change)

    def score(self, subject: str, task: str | None = None) -> Score:
        """The score of a subject; one that nobody endorsed has that of the prior."""
        return self.scores([subject], task)[0]

    def scores(self, subjects: Sequence[str], task: str | None = None) -> list[Score]:
        """Scores of several subjects, in the order given."""
        numbers = [self.contributions.subjects.find(subject) for subject in subjects]
        known = [number for number in numbers if number is not None]
        rows = iter(self._board(task).scores(known).tolist() if known else [])
        return [self._prior_score() if number is None else Score(*next(rows)) for number in numbers]

    def order(self, subjects: Iterable[str] | None = None, task: str | None = None) -> list[str]:
        """Subjects (all that were published, if none are given), best first; equal ones by name."""
        names = self.contributions.subjects.names() if subjects is None else list(subjects)
        scored = zip(self.scores(names, task), names, strict=True)
        return [name for _, name in sorted((-score.value, name) for score, name in scored)]

    def explore(self, ordered: Sequence[str], task: str | None = None, places: int = 10, share: int = 2) -> list[Place]:
        """`ordered` with `share` of every `places` given to what may be good but has been tried little.

        Only what a trusted organisation authored or endorsed is offered that way.
        """
        bounds = dict(zip(ordered, map(upper_bound, self.scores(ordered, task)), strict=True))
        eligible = [name for name in ordered if self._vouched_for(name, task)]
        return interleaved(ordered, sorted(eligible, key=lambda name: (-bounds[name], name)), places, share)

    def explain(self, subject: str, task: str | None = None) -> Explanation:
        """Why a subject stands where it stands."""
        return explained(subject, self._board(task), self._seats, self.slow, self._counter(task))

    def heard(self, subject: str) -> list[HeardVerdict]:
        """The verdicts on a subject by people who speak for a trusted organisation, the viewer's own included."""
        return heard_verdicts(self.contributions, self._seats, subject)

    def hears(self, account: str) -> bool:
        """Does this account speak for an organisation that the viewer trusts?"""
        number = self.contributions.people.find(account)
        return number is not None and self._seats.position(number) >= 0

    @cached_property
    def spoken_for(self) -> list[SpokenFor]:
        """Who of the trusted speaks for whom: as the statements stood when first asked."""
        edges, people = organisation_edges(self.contributions), self.contributions.people
        heard = np.isin(edges.source, [people.number(name) for name in self.slow.circle.organisations])
        columns = (column[heard].tolist() for column in (edges.source, edges.target, edges.count))
        return [SpokenFor(people.name(by), people.name(of), count) for by, of, count in zip(*columns, strict=True)]

    def members(self, organisation: str) -> list[str]:
        """The accounts that speak for an organisation, its own left out."""
        people = self.contributions.people
        number = people.find(organisation)
        if number is None:
            return []
        found = np.flatnonzero(people.homes() == number).tolist()
        return sorted(people.name(account) for account in found if account != number)

    def _vouched_for(self, subject: str, task: str | None) -> bool:
        number = self.contributions.subjects.find(subject)
        if number is None:
            return False
        return self._seats.author_position(number) >= 0 or len(self._board(task).cells(number)) > 0

    def _board(self, task: str | None) -> Board:
        board = self._boards.get(task)
        if board is None:
            board = self._boards[task] = Board(self._counter(task), self.slow, self._seats)
            if len(self._boards) > TASKS_KEPT:
                del self._boards[next(key for key in self._boards if key is not None and key != task)]
        return board

    def _counter(self, task: str | None) -> Counter:
        return Counter(self.contributions, self.parameters, self._weights, task)

    def _prior_score(self) -> Score:
        prior, caution = self.slow.prior, self.parameters.caution
        deviation = max(prior * (1.0 - prior), 0.02) / self.parameters.prior_weight
        return Score(prior - caution * deviation**0.5, prior, self.parameters.prior_weight)
