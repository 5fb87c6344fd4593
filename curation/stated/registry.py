"""Names to small integers and back."""

from collections.abc import Iterator

import numpy as np

from curation.arrays import Integers


class Registry:
    """Gives every name a number, in order of first sight; numbers are never reused."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def number(self, name: str) -> int:
        """The number of a name, given now if it is new."""
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self._names)
            self._names.append(name)
        return number

    def find(self, name: str) -> int | None:
        """The number of a name, None if it was never seen."""
        return self._numbers.get(name)

    def name(self, number: int) -> str:
        """The name behind a number."""
        return self._names[number]

    def ranks(self) -> Integers:
        """Position of every name in the sorted list of names: an order that does not depend on arrival."""
        order = sorted(range(len(self._names)), key=self._names.__getitem__)
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        return ranks
