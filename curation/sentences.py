"""Small pieces of English."""

from collections.abc import Sequence

NAMES_SHOWN = 3


def counted(number: int, noun: str) -> str:
    """ "1 endorsement", "3 endorsements"."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def percent(share: float) -> str:
    """A share of 0..1 in whole percent."""
    return f"{round(100 * share)}%"


def named(names: Sequence[str]) -> str:
    """The first few names, then how many more."""
    shown = list(names[:NAMES_SHOWN])
    if len(names) > NAMES_SHOWN:
        return f"{', '.join(shown)} and {len(names) - NAMES_SHOWN} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
