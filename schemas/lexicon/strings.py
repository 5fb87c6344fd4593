"""Strings: formats, lengths in bytes and in graphemes, enumerations."""

from collections.abc import Callable
from typing import Any, Final

from schemas import identifiers
from schemas.datamodel import check_value
from schemas.errors import IdentifierInvalid, Mismatch
from schemas.graphemes import count_graphemes, exceeds_graphemes
from schemas.lexicon.checks import Check, Definition, both, listed, refuse
from schemas.lexicon.scalars import within_datamodel

FORMATS: Final[dict[str, Callable[[str], str]]] = {
    "at-identifier": identifiers.parse_at_identifier,
    "at-uri": identifiers.parse_at_uri,
    "cid": identifiers.parse_cid,
    "datetime": identifiers.parse_datetime,
    "did": identifiers.parse_did,
    "handle": identifiers.parse_handle,
    "language": identifiers.parse_language,
    "nsid": identifiers.parse_nsid,
    "record-key": identifiers.parse_record_key,
    "tid": identifiers.parse_tid,
    "uri": identifiers.parse_uri,
}
_MAX_UTF8_BYTES = 4


def compile_string(definition: Definition) -> Check:
    """A string; only the limits that the definition names cost anything."""
    check: Check = _check_string
    for part in (_format(definition), _lengths(definition), _graphemes(definition), _enumeration(definition)):
        if part is not None:
            check = both(check, part)
    return check


def _check_string(value: Any) -> None:
    if not isinstance(value, str):
        refuse("a string", value)
    if not value.isascii():
        within_datamodel(check_value, value)


def _format(definition: Definition) -> Check | None:
    if "format" not in definition:
        return None
    parse = FORMATS.get(definition["format"])
    if parse is None:  # a format of the future: the specification says to let it pass
        return None

    def check(value: str) -> None:
        try:
            parse(value)
        except IdentifierInvalid as error:
            raise Mismatch(error.detail) from None

    return check


def _lengths(definition: Definition) -> Check | None:
    low, high = definition.get("minLength", 0), definition.get("maxLength")
    if not low and high is None:
        return None

    def check(value: str) -> None:
        if high is not None and len(value) * _MAX_UTF8_BYTES > high and _bytes(value) > high:
            raise Mismatch(f"longer than {high} bytes of UTF-8")
        if len(value) < low and _bytes(value) < low:
            raise Mismatch(f"shorter than {low} bytes of UTF-8")

    return check


def _graphemes(definition: Definition) -> Check | None:
    low, high = definition.get("minGraphemes", 0), definition.get("maxGraphemes")
    if not low and high is None:
        return None

    def check(value: str) -> None:
        if high is not None and exceeds_graphemes(value, high):
            raise Mismatch(f"longer than {high} characters")
        if low and (len(value) < low or count_graphemes(value) < low):
            raise Mismatch(f"shorter than {low} characters")

    return check


def _enumeration(definition: Definition) -> Check | None:
    allowed = [definition["const"]] if "const" in definition else definition.get("enum")
    if allowed is None:
        return None
    known = frozenset(allowed)

    def check(value: str) -> None:
        if value not in known:
            raise Mismatch(f"must be one of: {listed(allowed)}")

    return check


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8"))
