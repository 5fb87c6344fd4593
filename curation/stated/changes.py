"""What a statement changed, so that every ranking over the same contributions can follow without starting anew."""

from dataclasses import dataclass

from curation.stated.endorsement_rows import Row


@dataclass(frozen=True, slots=True)
class PairChange:
    """One practitioner's endorsements of one subject (one per task), before and after."""

    by: int
    subject: int
    before: tuple[Row, ...]
    after: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Recount:
    """Subjects to be counted afresh: a new version, an author or practitioner who moved."""

    subjects: tuple[int, ...] = ()


Change = PairChange | Recount

NOTHING = Recount()
"""Nothing that a score between two epochs rests on (a vouch counts from the next epoch)."""
