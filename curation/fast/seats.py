"""Where accounts sit in a viewer's circle of trusted organisations."""

import numpy as np

from curation.arrays import Integers
from curation.slow.slow_layer import UNTRUSTED, Circle
from curation.stated.contributions import Contributions
from curation.stated.subjects import UNKNOWN

FEW = 64


class Seats:
    """Trusted positions of accounts and authors. People may move; the circle stands for an epoch."""

    def __init__(self, contributions: Contributions, circle: Circle) -> None:
        self._contributions, self._circle = contributions, circle
        people = contributions.people
        self._position = {people.number(name): position for position, name in enumerate(circle.organisations)}

    def position(self, account: int) -> int:
        """Position of an account's organisation, UNTRUSTED if it has none."""
        return self._position.get(self._contributions.people.organisation_of(account), UNTRUSTED)

    def positions(self) -> Integers:
        """`position` of every account, by number."""
        return self._circle.positions(self._contributions)

    def author_position(self, subject: int) -> int:
        """Position of the organisation that authored a subject, UNTRUSTED if it has none."""
        author = self._contributions.subjects.author(subject)
        return UNTRUSTED if author == UNKNOWN else self.position(author)

    def author_positions(self, subjects: Integers) -> Integers:
        """`author_position` of some subjects."""
        if len(subjects) <= FEW:
            return np.array([self.author_position(int(subject)) for subject in subjects], np.int64)
        authors = self._contributions.subjects.authors()[subjects]
        positions = self.positions()
        return np.where(authors == UNKNOWN, UNTRUSTED, positions[np.maximum(authors, 0)])
