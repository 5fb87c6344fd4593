"""Statements and parameters as plain values that travel, so that somebody else can compute a score again.

Fractions travel as whole millionths and times as microseconds: no floats, and the same bits come out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from curation.errors import StatementInvalid
from curation.parameters import Parameters
from curation.stated.statements import Endorsement, Organisation, Practitioner, Statement, Subject, Task, Vouch

MILLION = 1_000_000
Value = Mapping[str, Any]


def value_of(statement: Statement) -> dict[str, Any]:
    """A statement as a plain value; what is empty is left out."""
    match statement:
        case Organisation():
            full: dict[str, Any] = {"type": "organisation", "id": statement.id}
        case Practitioner():
            full = {
                "type": "practitioner", "id": statement.id, "organisation": statement.organisation,
                "occupations": list(statement.occupations),
            }  # fmt: skip
        case Task():
            full = {"type": "task", "id": statement.id, "occupations": list(statement.occupations)}
        case Subject():
            full = {
                "type": "subject", "id": statement.id, "author": statement.author,
                "organisation": statement.organisation, "occupations": list(statement.occupations),
                "tasks": list(statement.tasks), "major": statement.major,
            }  # fmt: skip
        case Endorsement():
            full = {
                "type": "endorsement", "id": statement.id, "by": statement.by, "subject": statement.subject,
                "task": statement.task, "verdict": statement.verdict, "at": round(statement.at * MILLION),
                "major": statement.major,
            }  # fmt: skip
        case Vouch():
            full = {"type": "vouch", "by": statement.by, "for": statement.for_}
    return {name: entry for name, entry in full.items() if entry not in (None, [])}


def parse_statement(value: Value) -> Statement:
    """The statement of a value. Raises StatementInvalid."""
    try:
        return _READERS[str(value["type"])](value)
    except (KeyError, TypeError, ValueError) as error:
        raise StatementInvalid(f"{dict(value)!r:.200} is no statement") from error


def parse_statements(values: Iterable[Value]) -> list[Statement]:
    """Several, in their order."""
    return [parse_statement(value) for value in values]


def parameters_value(parameters: Parameters) -> dict[str, int]:
    """Every parameter in millionths."""
    return {name: round(entry * MILLION) for name, entry in asdict(parameters).items()}


def parse_parameters(value: Value) -> Parameters:
    """The parameters of a value; those it does not name have their defaults, those unknown here are an error."""
    kinds = {field.name: field.type for field in fields(Parameters)}
    unknown = [name for name in value if name not in kinds]
    if unknown:
        raise StatementInvalid(f"{unknown[0]!r} is no parameter known here")
    stated = {name: entry / MILLION for name, entry in value.items()}
    whole = {name: round(entry) for name, entry in stated.items() if kinds[name] in (int, "int")}
    return Parameters(**{**stated, **whole})


def _endorsement(value: Value) -> Endorsement:
    return Endorsement(
        str(value["by"]), str(value["subject"]), value.get("task"), value["verdict"], value["at"] / MILLION,
        int(value["major"]), str(value["id"]),
    )  # fmt: skip


def _subject(value: Value) -> Subject:
    return Subject(
        str(value["id"]), str(value["author"]), value.get("organisation"), tuple(value.get("occupations", ())),
        tuple(value.get("tasks", ())), int(value.get("major", 1)),
    )  # fmt: skip


_READERS: dict[str, Callable[[Value], Statement]] = {
    "organisation": lambda value: Organisation(str(value["id"])),
    "practitioner": lambda value: Practitioner(
        str(value["id"]), value.get("organisation"), tuple(value.get("occupations", ()))
    ),
    "task": lambda value: Task(str(value["id"]), tuple(value.get("occupations", ()))),
    "subject": _subject,
    "endorsement": _endorsement,
    "vouch": lambda value: Vouch(str(value["by"]), str(value["for"])),
}
