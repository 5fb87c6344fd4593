"""Judge definitions of data in a lexicon document: are they written as the lexicon language asks?"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from schemas.datamodel import name_of
from schemas.errors import IdentifierInvalid, LexiconInvalid
from schemas.identifiers.nsid import parse_nsid
from schemas.lexicon.checks import Definition, listed
from schemas.lexicon.strings import FORMATS

SCALARS: Final = frozenset({"boolean", "integer", "string", "bytes", "cid-link", "blob", "token", "null"})
NAMED: Final = SCALARS | {"array", "object"}
PARTS: Final = (NAMED | {"ref", "union", "unknown"}) - {"token"}
PARAMETERS: Final = frozenset({"boolean", "integer", "string", "array", "unknown"})
PARAMETER_ITEMS: Final = frozenset({"boolean", "integer", "string", "unknown"})

_NAME = re.compile("[a-zA-Z][a-zA-Z0-9_]{0,127}").fullmatch
_MEDIA_TYPE = re.compile(r"\*/\*|[a-z]+/(?:\*|[a-zA-Z0-9][a-zA-Z0-9.+_-]*)").fullmatch

Test = tuple[Callable[[Any], bool], str]


def is_integer(value: object) -> bool:
    """An integer, and not a boolean, which Python counts among them."""
    return type(value) is int


def is_text(value: object) -> bool:
    """A string, not empty."""
    return isinstance(value, str) and value != ""


def is_name(value: object) -> bool:
    """The name of a definition, an error or a permission's resource."""
    return isinstance(value, str) and _NAME(value) is not None


def is_reference(value: object) -> bool:
    """`#name`, an NSID, or both."""
    if not isinstance(value, str):
        return False
    nsid, mark, fragment = value.partition("#")
    return (not mark or is_name(fragment)) and (is_nsid(nsid) or (nsid == "" and mark != ""))


def is_nsid(value: object) -> bool:
    """The id of a lexicon."""
    try:
        return isinstance(value, str) and bool(parse_nsid(value))
    except IdentifierInvalid:
        return False


def is_list_of(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """A list of what passes `test`."""
    return lambda value: isinstance(value, list) and all(test(item) for item in value)


_FLAG: Test = (lambda value: isinstance(value, bool), "a boolean")
_INTEGER: Test = (is_integer, "an integer")
_SIZE: Test = (lambda value: is_integer(value) and value >= 0, "an integer, zero or more")
_TEXT: Test = (lambda value: isinstance(value, str), "a string")
_TEXTS: Test = (is_list_of(lambda value: isinstance(value, str)), "a list of strings")
_LENGTHS = {"minLength": _SIZE, "maxLength": _SIZE}
_FIELDS: Final[dict[str, Mapping[str, Test]]] = {
    "boolean": {"const": _FLAG, "default": _FLAG},
    "integer": dict.fromkeys(("minimum", "maximum", "const", "default"), _INTEGER)
    | {"enum": (is_list_of(is_integer), "a list of integers")},
    "string": _LENGTHS
    | {"minGraphemes": _SIZE, "maxGraphemes": _SIZE, "enum": _TEXTS, "knownValues": _TEXTS}
    | {"const": _TEXT, "default": _TEXT, "format": (FORMATS.__contains__, f"one of: {listed(sorted(FORMATS))}")},
    "bytes": _LENGTHS,
    "blob": {
        "accept": (is_list_of(lambda value: is_text(value) and _MEDIA_TYPE(value) is not None), "media types"),
        "maxSize": _SIZE,
    },
    "array": _LENGTHS,
    "object": {"required": _TEXTS, "nullable": _TEXTS},
    "params": {"required": _TEXTS},
    "ref": {"ref": (is_reference, "the name of a definition")},
    "union": {"refs": (is_list_of(is_reference), "names of definitions"), "closed": _FLAG},
}
_NEEDED: Final = {"array": ("items",), "object": (), "params": (), "ref": ("ref",), "union": ("refs",)}
_LIMITS: Final = (("minLength", "maxLength"), ("minGraphemes", "maxGraphemes"), ("minimum", "maximum"))


def check_definition(definition: Any, allowed: Iterable[str]) -> None:
    """Raise `LexiconInvalid` unless this defines data by one of the `allowed` types, all the way down."""
    kind = kind_of(definition)
    if kind not in allowed:
        raise LexiconInvalid(f"type {kind} may not stand here; allowed: {listed(sorted(allowed))}", ["type"])
    check_fields(definition, _FIELDS.get(kind, {}), _NEEDED.get(kind, ()))
    _check_limits(definition)
    if kind == "array":
        check_inside("items", definition["items"], PARAMETER_ITEMS if allowed is PARAMETERS else PARTS)
    if kind == "object":
        _check_properties(definition, PARTS)
    if kind == "params":
        _check_properties(definition, PARAMETERS)


def check_inside(name: str, definition: Any, allowed: Iterable[str]) -> None:
    """Judge a part of a definition and say where it stands."""
    try:
        check_definition(definition, allowed)
    except LexiconInvalid as error:
        raise error.inside(name)  # noqa: B904 - the same error, on its way out


def check_fields(value: Mapping[str, Any], tests: Mapping[str, Test], needed: Iterable[str] = ()) -> None:
    """Raise `LexiconInvalid` unless the `needed` fields are there, and each field that has a test passes it."""
    for name in needed:
        if name not in value:
            raise LexiconInvalid("is required", [name])
    for name, (test, expected) in tests.items():
        if name in value and not test(value[name]):
            raise LexiconInvalid(f"must be {expected}", [name])
    if not isinstance(value.get("description", ""), str):
        raise LexiconInvalid("must be a string", ["description"])


def kind_of(definition: Any) -> str:
    """The `type` of a definition."""
    if not isinstance(definition, dict):
        raise LexiconInvalid(f"expected an object, found {name_of(definition)}")
    kind = definition.get("type")
    if not isinstance(kind, str):
        raise LexiconInvalid("is required" if kind is None else "must be a string", ["type"])
    return kind


def _check_limits(definition: Definition) -> None:
    for low, high in _LIMITS:
        if low in definition and high in definition and definition[low] > definition[high]:
            raise LexiconInvalid(f"is above {high}", [low])


def _check_properties(definition: Definition, allowed: Iterable[str]) -> None:
    properties = definition.get("properties", {})
    if not isinstance(properties, dict):
        raise LexiconInvalid("must be an object", ["properties"])
    for name, part in properties.items():
        try:
            check_inside(name, part, allowed)
        except LexiconInvalid as error:
            raise error.inside("properties")  # noqa: B904 - the same error, on its way out
    for list_name in ("required", "nullable"):
        for name in definition.get(list_name, ()):
            if name not in properties:
                raise LexiconInvalid(f"names {name}, which is no property", [list_name])
