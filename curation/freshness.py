"""How likely a module is still right today: a number of its own, with its reasons.

A module is fresh while today is before its review date, the tool versions it names are the newest endorsed ones,
and "still works" endorsements keep arriving. The factors multiply; each that is below 1 gives a reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from curation.sentences import counted

DAY = 86_400.0

ReasonCode = Literal[
    "review-overdue", "review-soon", "tool-superseded", "tool-released", "not-confirmed", "reported-outdated"
]

OVERDUE_HALF = 180.0
"""Days after the review date at which that factor is half."""
SILENT_HALF = 365.0
"""Half-life of the last confirmation, in days, after the grace of one such period."""
SUPERSEDED = 0.6
"""Factor per tool of which a newer version is in use."""
SUPERSEDED_FLOOR = 0.3
RELEASED = 0.8
"""Factor while a release of a tool was seen and nobody has confirmed since that the module still works."""
REPORT_WEIGHT = 0.5
"""Weight that one report of "outdated" has against one confirmation since."""
NEVER_CONFIRMED = 0.9
SOON = 30


@dataclass(frozen=True, slots=True)
class ToolVersion:
    """A tool as a module names it: who makes it, what it is called, which version.

    `released`: the newest version that its release feeds announce, '' when none is watched; since `released_at`.
    """

    vendor: str
    product: str
    version: str
    released: str = ""
    released_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why freshness is below 1. `factor` is what it was multiplied by (1: a notice only)."""

    code: ReasonCode
    factor: float
    detail: str

    def sentence(self) -> str:
        """In words."""
        return _SENTENCES[self.code].format(detail=self.detail)


_SENTENCES: dict[ReasonCode, str] = {
    "review-overdue": "Its review was due {detail} ago.",
    "review-soon": "Its review is due in {detail}.",
    "tool-superseded": "{detail}.",
    "tool-released": "{detail}.",
    "not-confirmed": "{detail}.",
    "reported-outdated": "{detail} since it was last confirmed to work.",
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """`value` in 0..1; without reasons it is 1."""

    value: float
    reasons: tuple[Reason, ...] = ()

    def sentences(self) -> list[str]:
        """The reasons in words, the gravest first."""
        return [reason.sentence() for reason in self.reasons]


def freshness(
    review_by: date | None,
    today: date,
    tools: Sequence[ToolVersion],
    newest_versions: Mapping[tuple[str, str], str],
    still_works: Iterable[float],
    outdated: Iterable[float],
) -> Freshness:
    """Freshness of a module's current version.

    `newest_versions`: newest endorsed version by (vendor, product). `still_works`, `outdated`: when trusted
    practitioners confirmed it works, or reported it outdated, in seconds since 1970.
    """
    now = (today - date(1970, 1, 1)).days * DAY + DAY
    confirmed = sorted(still_works)
    reasons = [
        *_review(review_by, today),
        *(reason for tool in tools for reason in _tool(tool, newest_versions, confirmed)),
        *_silence(confirmed, now),
        *_reports(confirmed, sorted(outdated)),
    ]
    tool_factor, other = 1.0, 1.0
    for reason in reasons:
        if reason.code in ("tool-superseded", "tool-released"):
            tool_factor *= reason.factor
        else:
            other *= reason.factor
    value = max(tool_factor, SUPERSEDED_FLOOR) * other
    return Freshness(value, tuple(sorted(reasons, key=lambda reason: reason.factor)))


@dataclass(frozen=True, slots=True)
class Due:
    """What goes stale next: on which day, and why."""

    day: date
    code: ReasonCode

    def sentence(self) -> str:
        """In words, without the day."""
        return _DUE[self.code]


_DUE: dict[ReasonCode, str] = {
    "review-overdue": "its review is due",
    "not-confirmed": "nobody will have confirmed for a year that it works",
}


def next_due(review_by: date | None, today: date, still_works: Iterable[float]) -> Due | None:
    """The next day on which a module loses freshness unless somebody acts; None when no day is known."""
    last = max(still_works, default=None)
    days = [Due(review_by, "review-overdue")] if review_by is not None else []
    if last is not None:
        days.append(Due(date(1970, 1, 1) + timedelta(days=int(last // DAY + SILENT_HALF) + 1), "not-confirmed"))
    return min((due for due in days if due.day >= today), key=lambda due: (due.day, due.code), default=None)


def _review(review_by: date | None, today: date) -> list[Reason]:
    if review_by is None:
        return []
    late = (today - review_by).days
    if late >= 0:
        return [Reason("review-overdue", float(0.9 * 0.5 ** (late / OVERDUE_HALF)), counted(late, "day"))]
    return [Reason("review-soon", 1.0, counted(-late, "day"))] if -late <= SOON else []


def _tool(
    tool: ToolVersion, newest_versions: Mapping[tuple[str, str], str], confirmed: Sequence[float]
) -> list[Reason]:
    if not tool.version:
        return []
    newest = newest_versions.get((tool.vendor, tool.product))
    if newest is not None and is_newer(newest, tool.version):
        detail = f"It was written for {tool.product} {tool.version}; {newest} is in use now"
        return [Reason("tool-superseded", SUPERSEDED, detail)]
    unheard = not confirmed or confirmed[-1] < tool.released_at
    if tool.released and is_newer(tool.released, tool.version) and unheard:
        detail = (
            f"It was written for {tool.product} {tool.version}; {tool.released} is out since "
            f"{_day(tool.released_at)}, and nobody has confirmed since that it still works"
        )
        return [Reason("tool-released", RELEASED, detail)]
    return []


def _day(at: float) -> str:
    day = date(1970, 1, 1) + timedelta(days=int(at // DAY))
    return f"{day.day} {day:%B %Y}"


def _silence(confirmed: Sequence[float], now: float) -> list[Reason]:
    if not confirmed:
        return [Reason("not-confirmed", NEVER_CONFIRMED, "Nobody has confirmed yet that it works")]
    silent = max(now - confirmed[-1], 0.0) / DAY
    if silent <= SILENT_HALF:
        return []
    factor = float(0.5 ** ((silent - SILENT_HALF) / SILENT_HALF))
    return [Reason("not-confirmed", factor, f"Nobody has confirmed it for {counted(int(silent), 'day')}")]


def _reports(confirmed: Sequence[float], outdated: Sequence[float]) -> list[Reason]:
    """Reports count against confirmations no older than the first of those that came after the last quiet spell."""
    if not outdated:
        return []
    since = sum(1 for at in confirmed if at > outdated[0])
    share = (1.0 + since) / (1.0 + since + len(outdated) / REPORT_WEIGHT * 0.5)
    detail = f"{counted(len(outdated), 'practitioner')} reported it outdated"
    return [Reason("reported-outdated", share, detail)]


def is_newer(version: str, than: str) -> bool:
    """Whether a version is newer, piece by piece: numbers by value, the rest by text ("4.10" > "4.9", "24b" > "24a").

    A version that says less ("4" against "4.2") is not older: it names the whole line.
    """
    left, right = _pieces(version), _pieces(than)
    shared = min(len(left), len(right))
    return left[:shared] > right[:shared]


def _pieces(version: str) -> list[tuple[int, int, str]]:
    pieces: list[tuple[int, int, str]] = []
    run = ""
    for character in [*version.strip().lower().removeprefix("v"), "."]:
        if run and (not character.isalnum() or character.isdigit() != run[-1].isdigit()):
            pieces.append((1, int(run), "") if run.isdecimal() else (0, 0, run))
            run = ""
        run = run + character if character.isalnum() else ""
    return pieces
