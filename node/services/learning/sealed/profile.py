"""What a worker tells about themselves. Everything is optional; nothing is inferred into it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from node.errors import Malformed
from node.personalizer.levels import LEVELS

if TYPE_CHECKING:
    from node.personalizer.worker import WorkerView

MOST = 50
LONGEST = 400
MOST_NOTICES = 2
NEEDS = ("no-pictures", "plain-words", "more-help")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
FIELDS = (
    "role", "occupations", "tasks", "goals", "placements", "minutesPerDay", "languages", "tools", "quietHours",
    "timeZone", "noticesPerDay", "accessibility", "rewriting",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatedGoal:
    """A goal in the worker's words; `tasks` and `skills` are ids, `confirmed` once the worker has seen them."""

    text: str
    tasks: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    confirmed: bool = False

    @property
    def is_mapped(self) -> bool:
        """Does it name tasks or skills yet?"""
        return bool(self.tasks or self.skills)


@dataclass(frozen=True, slots=True)
class Profile:
    """A worker's own words. `placements`: skill → level; `quiet`: ("20:00", "07:00") in `time_zone`.

    `notices` a day, 0..2. `accessibility`: of NEEDS; size of text and motion are the browser's to say. `rewriting`: may
    passages be sent to the language model?
    """

    role: str = ""
    occupations: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    goals: tuple[StatedGoal, ...] = ()
    placements: Mapping[str, str] = field(default_factory=dict)
    minutes: int = 15
    languages: tuple[str, ...] = ("en",)
    tools: tuple[str, ...] = ()
    quiet: tuple[str, str] | None = None
    time_zone: str = "UTC"
    notices: int = 0
    accessibility: tuple[str, ...] = ()
    rewriting: bool = False

    @property
    def zone(self) -> tzinfo:
        """Where the worker's day begins and ends."""
        return UTC if self.time_zone == "UTC" else ZoneInfo(self.time_zone)

    def today(self, at: datetime) -> datetime:
        """`at` by the worker's clock."""
        return at.astimezone(self.zone)

    def quiet_since(self, at: datetime) -> datetime | None:
        """When the quiet hours that `at` falls into began; None outside them."""
        from node.personalizer.feed.notifications import is_within

        if self.quiet is None:
            return None
        start, end = map(time.fromisoformat, self.quiet)
        here = self.today(at)
        if not is_within(here.time(), start, end):
            return None
        began = here.replace(hour=start.hour, minute=start.minute, second=0, microsecond=0)
        return began if began <= here else began - timedelta(days=1)

    def view(self) -> WorkerView:
        """The profile as the personalizer takes it."""
        from node.personalizer.worker import Goal, WorkerView

        return WorkerView(
            role=self.role,
            occupations=self.occupations,
            tasks=frozenset(self.tasks),
            goals=tuple(
                Goal(goal.text, frozenset(goal.tasks), frozenset(goal.skills), guessed=not goal.confirmed)
                for goal in self.goals
            ),
            placements=self.placements,
            minutes=self.minutes,
            languages=self.languages,
            tools=self.tools,
        )

    def to_dict(self) -> dict[str, Any]:
        """As it travels and is stored: plain JSON values, names in camelCase."""
        return {
            "role": self.role,
            "occupations": list(self.occupations),
            "tasks": list(self.tasks),
            "goals": [
                {"text": g.text, "tasks": list(g.tasks), "skills": list(g.skills), "confirmed": g.confirmed}
                for g in self.goals
            ],
            "placements": dict(self.placements),
            "minutesPerDay": self.minutes,
            "languages": list(self.languages),
            "tools": list(self.tools),
            "quietHours": {"from": self.quiet[0], "to": self.quiet[1]} if self.quiet else None,
            "timeZone": self.time_zone,
            "noticesPerDay": self.notices,
            "accessibility": list(self.accessibility),
            "rewriting": self.rewriting,
        }


def parse_profile(value: Mapping[str, Any], known: Profile | None = None) -> Profile:
    """The profile that `value` describes; what it leaves out stays as `known`. Raises Malformed, naming the field."""
    known = known or Profile()
    unknown = [name for name in value if name not in FIELDS]
    if unknown:
        raise Malformed(f"A profile has no {unknown[0]!r}.", hint=f"It has {', '.join(FIELDS)}.")
    taken = {attribute: _READERS[name](name, value[name]) for name, attribute in _ATTRIBUTES.items() if name in value}
    return replace(known, **taken)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Malformed(f"{name} is a text of at most {LONGEST} characters.")
    return value.strip()


def _texts(name: str, value: Any) -> tuple[str, ...]:
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, Sequence) or len(entries) > MOST:
        raise Malformed(f"{name} is a list of at most {MOST} texts.")
    return tuple(dict.fromkeys(text for entry in entries if (text := _text(name, entry))))


def _goals(name: str, value: Any) -> tuple[StatedGoal, ...]:
    entries = [value] if isinstance(value, str | Mapping) else value
    if not isinstance(entries, Sequence) or len(entries) > MOST:
        raise Malformed(f"{name} is a list of at most {MOST} goals.")
    return tuple(goal for entry in entries if (goal := _goal(name, entry)).text)


def _goal(name: str, value: Any) -> StatedGoal:
    if not isinstance(value, Mapping):
        return StatedGoal(_text(name, value))
    return StatedGoal(
        _text(f"{name}.text", value.get("text", "")),
        _texts(f"{name}.tasks", value.get("tasks", [])),
        _texts(f"{name}.skills", value.get("skills", [])),
        bool(value.get("confirmed", False)),
    )


def _placements(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or len(value) > 500:
        raise Malformed(f"{name} maps skills to levels.")
    for skill, level in value.items():
        if level not in LEVELS:
            raise Malformed(f"{name}: {skill} cannot be {level!r}.", hint=f"A level is {', '.join(LEVELS)}.")
    return {_text(name, skill): str(level) for skill, level in value.items()}


def _minutes(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 480:
        raise Malformed(f"{name} is a whole number from 1 to 480.")
    return value


def _quiet(name: str, value: Any) -> tuple[str, str] | None:
    if not value:
        return None
    start, end = (value.get("from"), value.get("to")) if isinstance(value, Mapping) else (None, None)
    if not (_CLOCK.fullmatch(str(start)) and _CLOCK.fullmatch(str(end))):
        raise Malformed(f'{name} is {{"from": "20:00", "to": "07:00"}}.')
    return str(start), str(end)


def _time_zone(name: str, value: Any) -> str:
    text = _text(name, value) or "UTC"
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError) as error:  # an unknown zone is a KeyError
        raise Malformed(f"{name}: there is no time zone {text!r}.", hint="Europe/Berlin, for example.") from error
    return text


def _notices(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_NOTICES:
        raise Malformed(f"{name} is a whole number from 0 to {MOST_NOTICES}.")
    return value


def _needs(name: str, value: Any) -> tuple[str, ...]:
    found = _texts(name, value)
    unknown = next((need for need in found if need not in NEEDS), None)
    if unknown is not None:
        raise Malformed(f"{name} cannot be {unknown!r}.", hint=f"One of {', '.join(NEEDS)}.")
    return found


def _yes_or_no(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Malformed(f"{name} is true or false.")
    return value


_ATTRIBUTES = {
    "role": "role",
    "occupations": "occupations",
    "tasks": "tasks",
    "goals": "goals",
    "placements": "placements",
    "minutesPerDay": "minutes",
    "languages": "languages",
    "tools": "tools",
    "quietHours": "quiet",
    "timeZone": "time_zone",
    "noticesPerDay": "notices",
    "accessibility": "accessibility",
    "rewriting": "rewriting",
}
_READERS: dict[str, Any] = {
    "role": _text,
    "occupations": _texts,
    "tasks": _texts,
    "goals": _goals,
    "placements": _placements,
    "minutesPerDay": _minutes,
    "languages": _texts,
    "tools": _texts,
    "quietHours": _quiet,
    "timeZone": _time_zone,
    "noticesPerDay": _notices,
    "accessibility": _needs,
    "rewriting": _yes_or_no,
}
