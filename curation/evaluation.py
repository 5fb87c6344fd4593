"""Scores of a graph that somebody brings as JSON Lines: `skillnet evaluate ranking`.

Lines, in any order (a later one about the same thing replaces an earlier one; unknown types and fields are ignored):
`{"type":"organisation","id"}` · `{"type":"practitioner","id","organisation","occupation"}` ·
`{"type":"module","id","author","occupation","major":1}` · `{"type":"task","id","occupation"}` ·
`{"type":"endorsement","by","module","task"?,"verdict","at":"RFC 3339","major":1}` · `{"type":"vouch","by","for"}`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from curation.errors import GraphInvalid, ViewerUnknown
from curation.ranking import Ranking, Score
from curation.stated.contributions import (
    Contributions,
    Endorsement,
    Organisation,
    Practitioner,
    Statement,
    Subject,
    Task,
    Vouch,
)
from curation.stated.statements import HALVES

Line = Mapping[str, Any]


@dataclass(slots=True)
class Graph:
    """What the lines state, and how many lines were of a type that means nothing here."""

    contributions: Contributions
    modules: int = 0
    ignored: int = 0
    latest: float = 0.0


def parse_graph(lines: Iterable[str]) -> Graph:
    """Read a graph; blank lines are skipped. Raises GraphInvalid with the line's number."""
    graph = Graph(Contributions())
    for number, line in enumerate(lines, 1):
        if line.strip():
            _read(graph, line, number)
    return graph


def evaluate(
    graph: Graph,
    viewer: str,
    task: str | None = None,
    at: float | None = None,
    clock: Callable[[], float] | None = None,
) -> dict[str, Any]:
    """Scores of all modules as `viewer` sees them, best first.

    `at`: the epoch in seconds since 1970 (by default the latest endorsement's); `clock`: seconds, to time the build.
    """
    if graph.contributions.people.find(viewer) is None:
        raise ViewerUnknown(viewer)
    started = clock() if clock else 0.0
    ranking = Ranking.build(graph.contributions, viewer, graph.latest if at is None else at)
    ordered = ranking.order(task=task)
    scores = ranking.scores(ordered, task)
    elapsed = round((clock() - started) * 1000.0, 3) if clock else None
    return {
        "ranked": ranking.ranked,
        **({} if ranking.ranked else {"reason": ranking.unranked_reason}),
        "scores": [{"module": name, **_fields(score)} for name, score in zip(ordered, scores, strict=True)],
        "build_ms": elapsed,
    }


def _fields(score: Score) -> dict[str, float]:
    return {"score": score.value, "mean": score.mean, "evidence": score.evidence}


def parse_time(text: str) -> float:
    """Seconds since 1970 of an RFC 3339 time; without an offset it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _read(graph: Graph, line: str, number: int) -> None:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise GraphInvalid(number, f"not JSON: {error}") from error
    except RecursionError as error:
        raise GraphInvalid(number, "nested too deeply") from error
    if not isinstance(value, dict):
        raise GraphInvalid(number, "not a JSON object")
    parse = _PARSERS.get(str(value.get("type")))
    if parse is None:
        graph.ignored += 1
        return
    try:
        statement = parse(value)
    except KeyError as error:
        raise GraphInvalid(number, f"{value['type']} without {error.args[0]!r}") from error
    except (TypeError, ValueError) as error:
        raise GraphInvalid(number, str(error)) from error
    graph.contributions.add(statement)
    graph.modules += isinstance(statement, Subject)
    if isinstance(statement, Endorsement):
        graph.latest = max(graph.latest, statement.at)


def _text(line: Line, key: str) -> str:
    value = line[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key!r} is not a text: {value!r}")
    return _whole(value, key)


def _whole(text: str, key: str) -> str:
    """`text`, unless it holds half of a surrogate pair: such a name could not be printed. Raises ValueError."""
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(f"{key!r} is not a text: {text!r}")
    return text


def _optional_text(line: Line, key: str) -> str | None:
    return None if line.get(key) is None else _text(line, key)


def _number(line: Line, key: str) -> int:
    value = line.get(key, 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise ValueError(f"{key!r} is not a whole number: {value!r}")
    return value


def _occupations(line: Line) -> tuple[str, ...]:
    """`occupation` as one text or several, or `occupations`."""
    value = line.get("occupation", line.get("occupations"))
    if value is None:
        return ()
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ValueError(f"'occupation' is not a text: {value!r}")
    return tuple(_whole(one, "occupation") for one in values)


def _practitioner(line: Line) -> Statement:
    return Practitioner(_text(line, "id"), _optional_text(line, "organisation"), _occupations(line))


def _module(line: Line) -> Statement:
    organisation = _optional_text(line, "organisation")
    major = _number(line, "major")
    return Subject(_text(line, "id"), _text(line, "author"), organisation, _occupations(line), (), major)


def _endorsement(line: Line) -> Statement:
    by, module, task = _text(line, "by"), _text(line, "module"), _optional_text(line, "task")
    verdict = _text(line, "verdict")
    if verdict not in HALVES:
        raise ValueError(f"'verdict' is {verdict!r}, not one of {', '.join(HALVES)}")
    at = parse_time(_text(line, "at"))
    key = json.dumps([by, module, task])
    return Endorsement(by, module, task, verdict, at, _number(line, "major"), key)  # type: ignore[arg-type]  # checked above


_PARSERS: dict[str, Callable[[Line], Statement]] = {
    "organisation": lambda line: Organisation(_text(line, "id")),
    "practitioner": _practitioner,
    "module": _module,
    "task": lambda line: Task(_text(line, "id"), _occupations(line)),
    "endorsement": _endorsement,
    "vouch": lambda line: Vouch(_text(line, "by"), _text(line, "for")),
}
