"""A network of organisations, practitioners and modules whose true quality is known."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from curation.arrays import Flags, Floats, Integers
from curation.stated.contributions import Contributions
from curation.stated.statements import Endorsement, Organisation, Practitioner, Statement, Subject, Verdict, Vouch

END = 1_780_000_000.0
"""The present of every world, in seconds since 1970."""
DAY = 86_400.0
VERDICTS: tuple[Verdict, ...] = ("fails", "works-with-changes", "works")


@dataclass(frozen=True, slots=True)
class World:
    """Columns by practitioner, module, endorsement and vouch, all numbered from 0.

    `quality` in 0..1 by module; `outcome` in halves and `age` in days by endorsement; `hostile` by practitioner.
    The viewer is organisation 0.
    """

    organisations: int
    home: Integers
    occupation: Integers
    hostile: Flags
    author: Integers
    field: Integers
    quality: Floats
    junk: Flags
    by: Integers
    module: Integers
    outcome: Integers
    age: Floats
    voucher: Integers
    vouched: Integers

    @property
    def modules(self) -> int:
        """How many modules there are."""
        return len(self.quality)

    @property
    def practitioners(self) -> int:
        """How many practitioners there are."""
        return len(self.home)

    def statements(self) -> Iterator[Statement]:
        """Everything said in this world."""
        yield from (Organisation(organisation(o)) for o in range(self.organisations))
        for p, (home, occupation) in enumerate(zip(self.home.tolist(), self.occupation.tolist(), strict=True)):
            yield Practitioner(practitioner(p), organisation(home), (f"occupation-{occupation}",))
        for m, (author, field) in enumerate(zip(self.author.tolist(), self.field.tolist(), strict=True)):
            yield Subject(module(m), practitioner(author), occupations=(f"occupation-{field}",))
        for by, for_ in zip(self.voucher.tolist(), self.vouched.tolist(), strict=True):
            yield Vouch(practitioner(by), practitioner(for_))
        yield from self.endorsements()

    def endorsements(self) -> Iterator[Endorsement]:
        """The endorsements alone."""
        columns = (self.by.tolist(), self.module.tolist(), self.outcome.tolist(), self.age.tolist())
        for by, m, outcome, age in zip(*columns, strict=True):
            yield Endorsement(practitioner(by), module(m), None, VERDICTS[outcome], END - age * DAY, 1, f"{by}/{m}")

    def contributions(self) -> Contributions:
        """This world as a node holds it."""
        contributions = Contributions()
        contributions.extend(self.statements())
        return contributions

    def with_people(self, homes: Integers, field: int, hostile: bool = True) -> tuple["World", Integers]:
        """More practitioners, of one occupation; homes may be organisations not there before. Returns their numbers."""
        size = self.practitioners
        organisations = max(self.organisations, int(homes.max(initial=-1)) + 1)
        larger = replace(
            self,
            organisations=organisations,
            home=np.concatenate([self.home, homes]),
            occupation=np.concatenate([self.occupation, np.full(len(homes), field)]),
            hostile=np.concatenate([self.hostile, np.full(len(homes), hostile)]),
        )
        return larger, np.arange(size, size + len(homes))

    def with_endorsements(self, by: Integers, modules: Integers, outcome: Integers, age: Floats) -> "World":
        """More endorsements; a practitioner's later one about the same module replaces the earlier."""
        columns = zip((self.by, self.module, self.outcome, self.age), (by, modules, outcome, age), strict=True)
        everyone, every_module, outcomes, ages = (np.concatenate(pair) for pair in columns)
        key = every_module << 32 | everyone
        last = len(key) - 1 - np.unique(key[::-1], return_index=True)[1]
        keep = np.sort(last)
        return replace(self, by=everyone[keep], module=every_module[keep], outcome=outcomes[keep], age=ages[keep])

    def with_vouches(self, voucher: Integers, vouched: Integers) -> "World":
        """More vouches."""
        return replace(
            self,
            voucher=np.concatenate([self.voucher, voucher]),
            vouched=np.concatenate([self.vouched, vouched]),
        )


def organisation(number: int) -> str:
    """Name of an organisation."""
    return f"organisation-{number:06}"


def practitioner(number: int) -> str:
    """Name of a practitioner."""
    return f"practitioner-{number:07}"


def module(number: int) -> str:
    """Name of a module."""
    return f"module-{number:06}"
