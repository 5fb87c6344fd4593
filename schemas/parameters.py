"""Parameters of a request as they come in an address: text, to be read by the lexicon's types."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from schemas.catalog import carried_lexicons
from schemas.errors import ParametersInvalid
from schemas.validation import validate_parameters

_INTEGER = re.compile("-?[0-9]{1,19}").fullmatch


def parse_parameters(pairs: Iterable[tuple[str, str]], nsid: str) -> dict[str, Any]:
    """Read the decoded name–value pairs of a query string for the query, procedure or subscription `nsid`.

    Repeated names make an array; defaults are filled in; names that the lexicon does not know are left out. Raises
    `ParametersInvalid` with the name at fault, `LexiconUnknown` when the lexicon is not carried.
    """
    properties = carried_lexicons().get_definition(nsid).get("parameters", {}).get("properties", {})
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if name in properties:
            given.setdefault(name, []).append(text)
    params = {name: part["default"] for name, part in properties.items() if "default" in part}
    params |= {name: _read(name, texts, properties[name]) for name, texts in given.items()}
    validate_parameters(params, nsid)
    return params


def _read(name: str, texts: list[str], definition: Mapping[str, Any]) -> Any:
    if definition["type"] == "array":
        read = _READERS[definition["items"]["type"]]
        return [read(text, name) for text in texts]
    if len(texts) > 1:
        raise ParametersInvalid("is given more than once", [name])
    return _READERS[definition["type"]](texts[0], name)


def _read_boolean(text: str, name: str) -> bool:
    if text not in {"true", "false"}:
        raise ParametersInvalid("must be true or false", [name])
    return text == "true"


def _read_integer(text: str, name: str) -> int:
    if _INTEGER(text) is None:
        raise ParametersInvalid("must be an integer", [name])
    return int(text)


def _read_text(text: str, _name: str) -> str:
    return text


_READERS: Final[dict[str, Callable[[str, str], Any]]] = {
    "boolean": _read_boolean,
    "integer": _read_integer,
    "string": _read_text,
    "unknown": _read_text,
}
