"""How the contract is read by programs: each field's help text stands in its annotation."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Annotated, get_args, get_origin, get_type_hints


def help_of(context: type) -> dict[str, str]:
    """The help text of every field of a context class, "" where there is none."""
    hints = get_type_hints(context, include_extras=True)
    return {field.name: _help_in(hints[field.name]) for field in fields(context)}


def contexts_in(module: ModuleType) -> Iterator[type]:
    """The dataclasses that a module of contexts defines itself, in order of appearance."""
    for value in vars(module).values():
        if isinstance(value, type) and is_dataclass(value) and value.__module__ == module.__name__:
            yield value


def _help_in(annotation: object) -> str:
    if get_origin(annotation) is not Annotated:
        return ""
    return next((text for text in get_args(annotation)[1:] if isinstance(text, str)), "")
