"""Judge whole lexicon documents, as others publish them. Source: https://atproto.com/specs/lexicon."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.datamodel import name_of
from schemas.errors import LexiconInvalid
from schemas.lexicon.definitions import (
    NAMED,
    check_definition,
    check_fields,
    check_inside,
    is_list_of,
    is_name,
    is_nsid,
    is_text,
    kind_of,
)

_VERSION = 1
_RECORD_KEY_TYPE = re.compile("any|tid|nsid|literal:[a-zA-Z0-9_~.:-]{1,512}").fullmatch
_BODY_SCHEMAS: Final = frozenset({"object", "ref", "union"})
_PERMISSION_TESTS = {"resource": (is_name, "a name"), "type": (lambda value: value == "permission", "permission")}


def parse_lexicon(value: Any) -> Mapping[str, Any]:
    """Return the document, judged; raise `LexiconInvalid` with the place of the first fault."""
    if not isinstance(value, dict):
        raise LexiconInvalid(f"expected an object, found {name_of(value)}")
    tests = {"lexicon": (lambda version: version is _VERSION, "1"), "id": (is_nsid, "an NSID")}
    check_fields(value, tests, ("lexicon", "id", "defs"))
    if not isinstance(value["defs"], dict) or not value["defs"]:
        raise LexiconInvalid("must be an object with at least one definition", ["defs"])
    for name, definition in value["defs"].items():
        try:
            _check_named(name, definition)
        except LexiconInvalid as error:
            raise error.inside(name).inside("defs")  # noqa: B904 - the same error, on its way out
    return value


def _check_named(name: str, definition: Any) -> None:
    if not is_name(name):
        raise LexiconInvalid("is no name for a definition")
    kind = kind_of(definition)
    if kind not in _PRIMARY:
        check_definition(definition, NAMED)
        return
    if name != "main":
        raise LexiconInvalid(f"a {kind} may only be the main definition", ["type"])
    _PRIMARY[kind](definition)


def _check_record(definition: Mapping[str, Any]) -> None:
    key_test = (lambda key: isinstance(key, str) and _RECORD_KEY_TYPE(key) is not None, "a record key type")
    check_fields(definition, {"key": key_test}, ("key", "record"))
    check_inside("record", definition["record"], {"object"})


def _check_request(definition: Mapping[str, Any]) -> None:
    check_fields(definition, {})
    if "parameters" in definition:
        check_inside("parameters", definition["parameters"], {"params"})
    for part in ("input", "output"):
        if part in definition:
            _inside(part, _check_body, definition[part])
    for index, error in enumerate(_list_in(definition, "errors")):
        _inside(f"errors[{index}]", _check_error, error)


def _check_subscription(definition: Mapping[str, Any]) -> None:
    _check_request(definition)
    if "message" in definition:
        _inside("message", _check_message, definition["message"])


def _check_permission_set(definition: Mapping[str, Any]) -> None:
    tests = {"title": (is_text, "a string"), "detail": (is_text, "a string")}
    check_fields(definition, tests, ("permissions",))
    for index, permission in enumerate(_list_in(definition, "permissions")):
        _inside(f"permissions[{index}]", _check_permission, permission)


def _check_body(body: Any) -> None:
    check_fields(_object(body), {"encoding": (is_text, "a media type")}, ("encoding",))
    if "schema" in body:
        check_inside("schema", body["schema"], _BODY_SCHEMAS)


def _check_message(message: Any) -> None:
    check_fields(_object(message), {}, ("schema",))
    check_inside("schema", message["schema"], {"union"})


def _check_error(error: Any) -> None:
    check_fields(_object(error), {"name": (is_name, "a name")}, ("name",))


def _check_permission(permission: Any) -> None:
    lists = {name: (is_list_of(is_text), "a list of strings") for name in ("collection", "action", "lxm")}
    check_fields(_object(permission), _PERMISSION_TESTS | lists, ("type", "resource"))


_PRIMARY: Final[dict[str, Callable[[Mapping[str, Any]], None]]] = {
    "record": _check_record,
    "query": _check_request,
    "procedure": _check_request,
    "subscription": _check_subscription,
    "permission-set": _check_permission_set,
}


def _inside(name: str, check: Callable[[Any], None], part: Any) -> None:
    try:
        check(part)
    except LexiconInvalid as error:
        raise error.inside(name)  # noqa: B904 - the same error, on its way out


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise LexiconInvalid(f"expected an object, found {name_of(value)}")
    return value


def _list_in(definition: Mapping[str, Any], name: str) -> list[Any]:
    value = definition.get(name, [])
    if not isinstance(value, list):
        raise LexiconInvalid("must be a list", [name])
    return value
