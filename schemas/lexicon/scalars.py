"""Booleans, integers, null, bytes, links, blobs, tokens and unknown values."""

from typing import Any

from schemas.cbor import CID
from schemas.datamodel import check_blob, check_link, check_value, is_blob
from schemas.errors import DatamodelInvalid, Mismatch
from schemas.lexicon.checks import Check, Definition, listed, refuse

_INTEGER_LIMIT = 1 << 63


def compile_null(_definition: Definition) -> Check:
    """Only null."""

    def check(value: Any) -> None:
        if value is not None:
            refuse("null", value)

    return check


def compile_boolean(definition: Definition) -> Check:
    """True or false, or the one that `const` names."""
    const = definition.get("const")

    def check(value: Any) -> None:
        if value is not True and value is not False:
            refuse("a boolean", value)
        if const is not None and value is not const:
            raise Mismatch(f"must be {str(const).lower()}")

    return check


def compile_integer(definition: Definition) -> Check:
    """A signed integer of 64 bits within `minimum`, `maximum`, `enum` and `const`."""
    low = max(definition.get("minimum", -_INTEGER_LIMIT), -_INTEGER_LIMIT)
    high = min(definition.get("maximum", _INTEGER_LIMIT - 1), _INTEGER_LIMIT - 1)
    allowed = _allowed(definition)

    def check(value: Any) -> None:
        if type(value) is not int:
            refuse("an integer", value)
        if not low <= value <= high:
            raise Mismatch(f"must be at least {low}" if value < low else f"must be at most {high}")
        if allowed is not None and value not in allowed:
            raise Mismatch(f"must be one of: {listed(allowed)}")

    return check


def compile_bytes(definition: Definition) -> Check:
    """Bytes, between `minLength` and `maxLength` of them."""
    low, high = definition.get("minLength", 0), definition.get("maxLength")

    def check(value: Any) -> None:
        if type(value) is not bytes:
            refuse("bytes", value)
        if len(value) < low:
            raise Mismatch(f"shorter than {low} bytes")
        if high is not None and len(value) > high:
            raise Mismatch(f"longer than {high} bytes")

    return check


def compile_link(_definition: Definition) -> Check:
    """A link to a block by its hash."""

    def check(value: Any) -> None:
        if not isinstance(value, CID):
            refuse("a link", value)
        within_datamodel(check_link, value)

    return check


def compile_blob(definition: Definition) -> Check:
    """A blob of an accepted media type, of `maxSize` bytes at most."""
    high = definition.get("maxSize")
    accept = definition.get("accept", ["*/*"])
    prefixes = tuple(pattern.removesuffix("*") for pattern in accept if pattern.endswith("/*") and pattern != "*/*")
    exact = None if "*/*" in accept else frozenset(accept)

    def check(value: Any) -> None:
        if not is_blob(value):
            refuse("a blob", value)
        within_datamodel(check_blob, value)
        if high is not None and value["size"] > high:
            raise Mismatch(f"larger than {high} bytes")
        kind = value["mimeType"]
        if exact is not None and kind not in exact and not kind.startswith(prefixes):
            raise Mismatch(f"media type must be one of: {listed(accept)}")

    return check


def compile_token(name: str) -> Check:
    """The token's own full name, as a string."""

    def check(value: Any) -> None:
        if value != name:
            raise Mismatch(f"must be the token {name}")

    return check


def compile_unknown(_definition: Definition) -> Check:
    """Any object inside the data model, but neither bytes, nor a link, nor a blob."""

    def check(value: Any) -> None:
        if type(value) is not dict or is_blob(value):
            refuse("an object", value)
        within_datamodel(check_value, value)

    return check


def within_datamodel(check: Check, value: Any) -> None:
    """Run a check of the data model and say in this package's words what is wrong."""
    try:
        check(value)
    except DatamodelInvalid as error:
        raise Mismatch(error.detail) from None


def _allowed(definition: Definition) -> list[int] | None:
    if "const" in definition:
        return [definition["const"]]
    allowed: list[int] | None = definition.get("enum")
    return allowed
