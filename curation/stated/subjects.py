"""What is ranked, in numbers."""

from array import array

import numpy as np

from curation.arrays import Integers
from curation.stated.people import People
from curation.stated.registry import Registry
from curation.stated.statements import Subject

UNKNOWN = -1


class Subjects:
    """Author, occupations and current major version of every subject; one only ever endorsed is known by name alone."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._names = Registry()
        self._author, self._occupation_set, self._major = array("i"), array("i"), array("i")
        self._stated: dict[int, Subject] = {}
        self._authored: dict[int, set[int]] = {}

    def __len__(self) -> int:
        return len(self._names)

    def number(self, subject: str) -> int:
        """The number of a subject, which is new if never seen."""
        number = self._names.number(subject)
        if number == len(self._author):
            self._author.append(UNKNOWN)
            self._occupation_set.append(0)
            self._major.append(1)
        return number

    def find(self, subject: str) -> int | None:
        """The number of a subject, None if never seen."""
        return self._names.find(subject)

    def name(self, number: int) -> str:
        """The at-uri behind a number."""
        return self._names.name(number)

    def names(self) -> list[str]:
        """All subjects that were published, in order of their names."""
        return sorted(subject.id for subject in self._stated.values())

    def ranks(self) -> Integers:
        """Position of every subject in the order of names."""
        return self._names.ranks()

    def add(self, subject: Subject) -> int:
        """Take in a subject, or its new state."""
        number = self.number(subject.id)
        self._forget_author(number)
        author = self._people.number(subject.organisation or subject.author)
        self._author[number] = author
        self._authored.setdefault(author, set()).add(number)
        self._occupation_set[number] = self._people.occupation_set(subject.occupations)
        self._major[number] = subject.major
        self._stated[number] = subject
        return number

    def remove(self, subject: str) -> int | None:
        """Forget who published a subject; its endorsements stay, in case it returns."""
        number = self._names.find(subject)
        if number is not None:
            self._forget_author(number)
            self._author[number] = UNKNOWN
            self._stated.pop(number, None)
        return number

    def authored_by(self, account: int) -> set[int]:
        """Subjects that an account published."""
        return self._authored.get(account, set())

    def author(self, number: int) -> int:
        """The account that published a subject, UNKNOWN if nobody is known to have."""
        return self._author[number]

    def major(self, number: int) -> int:
        """The current major version."""
        return self._major[number]

    def occupation_set(self, number: int) -> int:
        """The number of a subject's set of occupations."""
        return self._occupation_set[number]

    def occupations_of(self, subject: str) -> tuple[str, ...]:
        """The occupations of a subject, () if it is not known."""
        number = self._names.find(subject)
        stated = self._stated.get(number) if number is not None else None
        return stated.occupations if stated else ()

    def authors(self) -> Integers:
        """The author of every subject, by number."""
        return np.array(self._author, np.int64)

    def majors(self) -> Integers:
        """The major version of every subject, by number."""
        return np.array(self._major, np.int64)

    def occupation_sets(self) -> Integers:
        """The set of occupations of every subject, by number."""
        return np.array(self._occupation_set, np.int64)

    def _forget_author(self, number: int) -> None:
        self._authored.get(self._author[number], set()).discard(number)
