"""Numbers in plain words. A worker reads these, so no percentage pretends to a precision that is not there."""

from __future__ import annotations

from bisect import bisect_right

_CHANCES = (
    (0.0, "almost certainly not on your own yet"),
    (0.12, "unlikely on your own, about one time in six"),
    (0.22, "about one time in four on your own"),
    (0.30, "about one time in three on your own"),
    (0.42, "about an even chance on your own"),
    (0.58, "more likely than not on your own, about three times in five"),
    (0.66, "about two times in three on your own"),
    (0.71, "about three times in four on your own"),
    (0.79, "about four times in five on your own"),
    (0.86, "about nine times in ten on your own"),
    (0.94, "almost always on your own"),
)
_CHANCE_BOUNDS = [bound for bound, _ in _CHANCES]

NOTICED = 0.05  # of an outcome; less has faded

_SPREADS = (
    (0.0, "well known by now"),
    (0.45, "known fairly well"),
    (0.7, "a fair guess"),
    (0.95, "a rough guess"),
)
_SPREAD_BOUNDS = [bound for bound, _ in _SPREADS]


def chance(p: float) -> str:
    """The probability of doing it unaided, in words; never falls when `p` rises."""
    return _CHANCES[bisect_right(_CHANCE_BOUNDS, p) - 1][1] if p > 0 else _CHANCES[0][1]


def certainty(spread: float) -> str:
    """How sure an estimate is, from its standard deviation in log-odds."""
    return _SPREADS[bisect_right(_SPREAD_BOUNDS, spread) - 1][1] if spread > 0 else _SPREADS[0][1]


def evidence(attempts: float, related: float, placed: bool = False) -> str:
    """What an estimate rests on: own outcomes on the skill, or only what lies near it."""
    if attempts >= NOTICED:
        return f"rests on {count(attempts, 'outcome')} of yours"
    if placed:
        return "rests on where you placed yourself"
    if related >= NOTICED:
        return f"no outcome of yours on this yet; inferred from {count(related, 'outcome')} on other skills"
    return "nothing known of you yet; taken from the level its author gave"


def count(number: float, noun: str) -> str:
    """'1 outcome', '3 outcomes', 'half an outcome'. Half counts are what an assistant reported unconfirmed."""
    if number < 0.75:
        return f"part of one {noun}"
    whole = round(number)
    return f"{whole} {noun}" if whole == 1 else f"{whole} {noun}s"


def listed(names: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
