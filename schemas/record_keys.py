"""Which key a record may have: by its lexicon's key type, and by what SkillNet derives keys from."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.authority import ENDORSEMENT, MODULE, PATH, SKILL, TASK, VOUCH
from schemas.endorsement_key import endorsement_key
from schemas.errors import IdentifierInvalid, RecordInvalid
from schemas.identifiers.nsid import parse_nsid
from schemas.identifiers.record_key import parse_record_key
from schemas.identifiers.tid import parse_tid
from schemas.vouch_key import vouch_key

_DERIVED: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    ENDORSEMENT: lambda value: endorsement_key(value["module"], value["task"]),
    VOUCH: lambda value: vouch_key(value["subject"]),
    MODULE: lambda value: str(value["name"]),
    TASK: lambda value: str(value["name"]),
    PATH: lambda value: str(value["name"]),
    SKILL: lambda value: str(value["name"]),
}


def check_record_key(rkey: str, key_type: str) -> None:
    """Raise `RecordInvalid` unless `rkey` is of a lexicon's key type: `tid`, `nsid`, `any` or `literal:…`."""
    try:
        parse_record_key(rkey)
        if key_type == "tid":
            parse_tid(rkey)
        elif key_type == "nsid":
            parse_nsid(rkey)
    except IdentifierInvalid as error:
        raise RecordInvalid(f"record key: {error.detail}") from None
    if key_type.startswith("literal:") and rkey != key_type.removeprefix("literal:"):
        raise RecordInvalid(f"record key must be {key_type.removeprefix('literal:')}, not {rkey}")


def find_derived_key(nsid: str, value: Mapping[str, Any]) -> str | None:
    """The only key that this valid record may have, or None when its type leaves the choice."""
    derive = _DERIVED.get(nsid)
    return derive(value) if derive else None
