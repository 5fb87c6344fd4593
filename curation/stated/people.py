"""Accounts: practitioners and organisations share one space of numbers, since both are named by DIDs."""

from array import array

import numpy as np

from curation.arrays import Flags, Integers
from curation.stated.registry import Registry
from curation.stated.statements import Practitioner


class People:
    """Where every account belongs and which occupations it practises.

    An account is its own organisation until a credential it accepted says otherwise: an organisation of one.
    """

    def __init__(self) -> None:
        self._accounts = Registry()
        self._home = array("i")
        self._occupation_set = array("i")
        self._sets: dict[frozenset[str], int] = {frozenset(): 0}
        self._set_list: list[frozenset[str]] = [frozenset()]

    def __len__(self) -> int:
        return len(self._accounts)

    def number(self, account: str) -> int:
        """The number of an account, which is new if never seen."""
        number = self._accounts.number(account)
        if number == len(self._home):
            self._home.append(number)
            self._occupation_set.append(0)
        return number

    def find(self, account: str) -> int | None:
        """The number of an account, None if never seen."""
        return self._accounts.find(account)

    def name(self, number: int) -> str:
        """The DID behind a number."""
        return self._accounts.name(number)

    def ranks(self) -> Integers:
        """Position of every account in the order of DIDs."""
        return self._accounts.ranks()

    def add(self, practitioner: Practitioner) -> int:
        """Say where a practitioner belongs now."""
        number = self.number(practitioner.id)
        self._home[number] = self.number(practitioner.organisation or practitioner.id)
        self._occupation_set[number] = self.occupation_set(practitioner.occupations)
        return number

    def add_organisation(self, organisation: str) -> int:
        """Make an organisation known."""
        return self.number(organisation)

    def organisation_of(self, account: int) -> int:
        """The organisation an account speaks for, as an account number."""
        return self._home[account]

    def homes(self) -> Integers:
        """The organisation of every account, by number."""
        return np.array(self._home, np.int64)

    def occupation_set(self, occupations: tuple[str, ...]) -> int:
        """The number of a set of occupations."""
        key = frozenset(occupations)
        number = self._sets.get(key)
        if number is None:
            number = self._sets[key] = len(self._set_list)
            self._set_list.append(key)
        return number

    def shares_occupation(self, account: int, wanted: int) -> bool:
        """Whether an account practises one of a set of occupations; everybody does if the set is empty."""
        return self._meets(self._occupation_set[account], wanted)

    def sharing_occupation(self, accounts: Integers, wanted: Integers) -> Flags:
        """`shares_occupation` for two arrays of the same length."""
        held = np.array(self._occupation_set, np.int64)[accounts]
        keys, inverse = np.unique(held * len(self._set_list) + wanted, return_inverse=True)
        meets = [self._meets(*divmod(int(key), len(self._set_list))) for key in keys]
        return np.array(meets, np.bool_)[inverse]

    def _meets(self, held: int, wanted: int) -> bool:
        return wanted == 0 or not self._set_list[held].isdisjoint(self._set_list[wanted])
