"""What changes once per epoch: whom the viewer trusts, who repeats whom, who leans where, what to expect."""

import io
import zipfile
from dataclasses import dataclass

import numpy as np

from curation.arrays import Integers, starts_of, sum_by
from curation.errors import SlowLayerInvalid
from curation.parameters import Parameters
from curation.slow.hypothesis import Hypothesis
from curation.slow.leniency import Lean, lean
from curation.slow.trust import organisation_edges, trust_from
from curation.stated.contributions import Contributions
from curation.voices.branches import TrustTree
from curation.voices.cells import Cells
from curation.voices.redundancy import Redundancy, redundancy
from curation.voices.voices import Voices, raised_voices, strongest_voices, with_branch_cap

UNTRUSTED = -1


@dataclass(frozen=True, slots=True)
class Circle:
    """The trusted organisations, in order of their DIDs; `viewer` is a position among them."""

    organisations: tuple[str, ...]
    viewer: int
    tree: TrustTree

    def positions(self, contributions: Contributions) -> Integers:
        """Trusted position of every account's organisation, UNTRUSTED where there is none; by account number."""
        people = contributions.people
        of_organisation = np.full(len(people), UNTRUSTED, np.int64)
        for position, organisation in enumerate(self.organisations):
            number = people.find(organisation)
            if number is not None:
                of_organisation[number] = position
        return of_organisation[people.homes()]


@dataclass(frozen=True, slots=True)
class SlowLayer:
    """One epoch, as seen by one viewer."""

    circle: Circle
    redundancy: Redundancy
    lean: Lean
    mean: float
    prior: float

    def to_bytes(self) -> bytes:
        """For keeping, so that a restart within the epoch ranks identically."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            organisations=np.array(self.circle.organisations, np.str_),
            viewer=np.array(self.circle.viewer),
            trust=self.circle.tree.trust,
            parent=self.circle.tree.parent,
            keys=self.redundancy.keys,
            values=self.redundancy.values,
            leniency=self.lean.leniency,
            factor=self.lean.factor,
            levels=np.array([self.mean, self.prior]),
        )
        return file.getvalue()


def parse_slow_layer(data: bytes) -> SlowLayer:
    """Read `SlowLayer.to_bytes`; raises SlowLayerInvalid."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            columns = {name: stored[name] for name in stored.files}
        viewer = int(columns["viewer"])
        organisations = tuple(str(name) for name in columns["organisations"])
        tree = TrustTree.of(columns["trust"], columns["parent"], viewer)
        mean, prior = (float(level) for level in columns["levels"])
        pairs = Redundancy.of(len(organisations), columns["keys"], columns["values"])
        return SlowLayer(
            Circle(organisations, viewer, tree), pairs, Lean(columns["leniency"], columns["factor"]), mean, prior
        )
    except (ValueError, KeyError, IndexError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise SlowLayerInvalid(str(error)) from error


def find_circle(
    contributions: Contributions, viewer: str, parameters: Parameters, hypothesis: Hypothesis | None = None
) -> Circle:
    """Whom the viewer (an organisation's DID) trusts, or would."""
    people = contributions.people
    start = people.number(viewer)
    edges = organisation_edges(contributions)
    if hypothesis is not None:
        edges = hypothesis.applied(edges, start, contributions)
    trusted = trust_from(start, edges, people.ranks(), parameters)
    numbers = sorted(trusted, key=people.name)
    position = {number: place for place, number in enumerate(numbers)}
    trust = np.array([trusted[number].trust for number in numbers])
    parents = [trusted[number].parent for number in numbers]
    parent = np.array([-1 if above is None else position[above] for above in parents], np.int64)
    return Circle(tuple(people.name(n) for n in numbers), position[start], TrustTree.of(trust, parent, position[start]))


def slow_layer(circle: Circle, cells: Cells, ranks: Integers, own: Integers, parameters: Parameters) -> SlowLayer:
    """The epoch's statistics from branch-capped voices, so that minted nodes cannot steer them.

    `ranks`: position of every subject in the order of names; `own`: trusted position of its author's organisation.
    """
    size = len(circle.organisations)
    voices, subjects = _capped_voices(circle, cells, ranks, own, parameters)
    total = max(float(voices.voice.sum()), 1e-9)
    mean = float((voices.voice * voices.opinion).sum()) / total
    prior = max(parameters.prior_floor, mean - parameters.prior_offset) if len(voices) else 0.5
    if len(voices) == 0:
        return SlowLayer(circle, Redundancy.none(size), Lean.none(size), 0.5, prior)
    outcome = sum_by(voices.segment, voices.voice * voices.opinion, subjects) + parameters.prior_weight * mean
    heard = sum_by(voices.segment, voices.voice, subjects) + parameters.prior_weight
    residual = voices.opinion - (outcome / heard)[voices.segment]
    pairs = redundancy(size, voices.organisation, voices.segment, residual, parameters)
    leaning = lean(size, voices.organisation, voices.segment, voices.voice, voices.opinion - mean, parameters)
    return SlowLayer(circle, pairs, leaning, mean, prior)


def _capped_voices(
    circle: Circle, cells: Cells, ranks: Integers, own: Integers, parameters: Parameters
) -> tuple[Voices, int]:
    order = np.lexsort((cells.organisation, ranks[cells.subject]))
    ordered = Cells(*(column[order] for column in cells.columns()))
    first = starts_of(ordered.subject)
    segment = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(ordered))))
    voices = raised_voices(ordered, segment, own[ordered.subject[first]], circle.tree.trust, parameters)
    voices = with_branch_cap(strongest_voices(voices, parameters), circle.tree, parameters)
    return voices, len(first)
