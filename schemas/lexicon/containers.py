"""Arrays and objects: how checks of the parts become the check of the whole."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from schemas.datamodel import check_value
from schemas.errors import Mismatch
from schemas.lexicon.checks import Check, Definition, refuse
from schemas.lexicon.scalars import within_datamodel

Compile = Callable[[Definition], Check]


def compile_array(definition: Definition, compile_part: Compile) -> Check:
    """A list of between `minLength` and `maxLength` items, each fitting `items`."""
    check_item = compile_part(definition["items"])
    low, high = definition.get("minLength", 0), definition.get("maxLength")

    def check(value: Any) -> None:
        if type(value) is not list:
            refuse("an array", value)
        if len(value) < low:
            raise Mismatch(f"fewer than {low} items")
        if high is not None and len(value) > high:
            raise Mismatch(f"more than {high} items")
        for index, item in enumerate(value):
            try:
                check_item(item)
            except Mismatch as mismatch:
                raise mismatch.inside(index)  # noqa: B904 - the same error, on its way out

    return check


def compile_object(definition: Definition, compile_part: Compile, type_name: str | None = None) -> Check:
    """A map with the `required` fields, each fitting its definition; others need only be data.

    With `type_name` (the definition has a name of its own) a `$type` may be present and must then say that name.
    """
    properties: Mapping[str, Definition] = definition.get("properties", {})
    checks = {name: compile_part(part) for name, part in properties.items()}
    required, nullable = definition.get("required", ()), frozenset(definition.get("nullable", ()))
    if type_name is not None:
        checks["$type"] = _type_check(type_name)

    def check(value: Any) -> None:
        if type(value) is not dict:
            refuse("an object", value)
        for name in required:
            if name not in value:
                raise Mismatch("is required", [name])
        for name, item in value.items():
            if item is None and name in nullable:
                continue
            try:
                checks.get(name, _check_unknown)(item)
            except Mismatch as mismatch:
                raise mismatch.inside(name)  # noqa: B904 - the same error, on its way out
        if not checks.keys() >= value.keys():
            _check_names(value, checks)

    return check


def _type_check(type_name: str) -> Check:
    def check(value: Any) -> None:
        if value != type_name:
            raise Mismatch(f"must be {type_name}")

    return check


def _check_unknown(value: Any) -> None:
    within_datamodel(check_value, value)


def _check_names(value: Mapping[Any, Any], known: Iterable[str]) -> None:
    extra = {name: None for name in value if name not in known and name != "$type"}
    within_datamodel(check_value, extra)
    kind = value.get("$type", "-")
    if not isinstance(kind, str) or not kind:
        raise Mismatch("is not the name of a type", ["$type"])
