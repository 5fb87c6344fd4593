"""Judge records, parameters and bodies by the carried lexicons, at publishing and at ingestion."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from schemas.catalog import carried_lexicons, get_lexicon, list_lexicons
from schemas.datamodel import Value
from schemas.errors import BodyInvalid, Mismatch, ParametersInvalid, RecordInvalid
from schemas.lexicon.checks import Check
from schemas.lexicon.references import full_name
from schemas.record_keys import check_record_key, find_derived_key


@lru_cache(maxsize=4_096)
def is_known(nsid: str) -> bool:
    """Whether a record of the lexicon `nsid` can be judged here."""
    return nsid in list_lexicons() and get_lexicon(nsid)["defs"].get("main", {}).get("type") == "record"


def validate_record(value: Mapping[str, Value], nsid: str, rkey: str | None = None) -> None:
    """Raise `RecordInvalid` (with `path` and `message`) unless `value` is a record of the lexicon `nsid`.

    With `rkey` the key is judged too: its type, and that endorsements, vouches and heads have their derived key.
    Raises `LexiconUnknown` when the lexicon is not carried or defines no record.
    """
    lexicons = carried_lexicons()
    check = lexicons.get_record_check(nsid)
    try:
        check(value)
    except Mismatch as mismatch:
        raise RecordInvalid(mismatch.message, mismatch.segments) from None
    if rkey is not None:
        check_record_key(rkey, lexicons.get_definition(nsid)["key"])
        derived = find_derived_key(nsid, value)
        if derived not in (None, rkey):
            raise RecordInvalid(f"record key must be {derived}, not {rkey}")


def validate_parameters(params: Mapping[str, Value], nsid: str) -> None:
    """Raise `ParametersInvalid` unless typed parameters fit those of the query, procedure or subscription `nsid`."""
    try:
        carried_lexicons().get_parameters_check(nsid)(params)
    except Mismatch as mismatch:
        raise ParametersInvalid(mismatch.message, mismatch.segments) from None


def validate_input(body: Any, nsid: str) -> None:
    """Raise `BodyInvalid` unless `body` fits what the procedure `nsid` takes."""
    _validate_body(body, nsid, "input")


def validate_output(body: Any, nsid: str) -> None:
    """Raise `BodyInvalid` unless `body` fits what the query or procedure `nsid` answers."""
    _validate_body(body, nsid, "output")


def validate_message(body: Any, nsid: str, kind: str) -> None:
    """Raise `BodyInvalid` unless `body` fits the message `kind` (`#commit`, as frames name it) of the subscription."""
    _run(carried_lexicons().get_check(full_name(kind, nsid)), body)


def _validate_body(body: Any, nsid: str, part: str) -> None:
    _run(carried_lexicons().get_body_check(nsid, part), body)


def _run(check: Check, body: Any) -> None:
    try:
        check(body)
    except Mismatch as mismatch:
        raise BodyInvalid(mismatch.message, mismatch.segments) from None
