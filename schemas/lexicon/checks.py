"""What a compiled definition is: a function that returns on a value that fits, and else raises `Mismatch`."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from schemas.datamodel import name_of
from schemas.errors import Mismatch

Check = Callable[[Any], None]
Definition = Mapping[str, Any]


def accept(_value: object) -> None:
    """Let anything pass."""


def refuse(expected: str, value: object) -> NoReturn:
    """Say what was expected and what was found."""
    raise Mismatch(f"expected {expected}, found {name_of(value)}")


def both(first: Check, second: Check) -> Check:
    """Join two checks; `first` sees the value first."""

    def check(value: Any) -> None:
        first(value)
        second(value)

    return check


def listed(values: object) -> str:
    """Write the allowed values of an enumeration for a person."""
    return ", ".join(str(value) for value in values) if isinstance(values, list) else str(values)
