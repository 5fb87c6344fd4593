"""Identifiers of the AT Protocol: each a `str` that only its `parse_` function makes.

The DAG-CBOR encoder is quick with plain `str` only: put `str(did)` into a record value, as the record types do.
"""

from schemas.errors import IdentifierInvalid
from schemas.identifiers.account import (
    AtIdentifier,
    Did,
    Handle,
    parse_at_identifier,
    parse_did,
    parse_handle,
)
from schemas.identifiers.at_uri import AtUri, parse_at_uri, record_parts
from schemas.identifiers.cid import Cid, parse_cid
from schemas.identifiers.language import Language, parse_language, primary_language
from schemas.identifiers.moment import Datetime, datetime_from_micros, parse_datetime
from schemas.identifiers.nsid import Nsid, parse_nsid
from schemas.identifiers.record_key import RecordKey, parse_record_key
from schemas.identifiers.tid import Tid, parse_tid, tid_from_micros
from schemas.identifiers.uri import Uri, parse_uri

__all__ = [
    "AtIdentifier",
    "AtUri",
    "Cid",
    "Datetime",
    "Did",
    "Handle",
    "IdentifierInvalid",
    "Language",
    "Nsid",
    "RecordKey",
    "Tid",
    "Uri",
    "datetime_from_micros",
    "parse_at_identifier",
    "parse_at_uri",
    "parse_cid",
    "parse_datetime",
    "parse_did",
    "parse_handle",
    "parse_language",
    "parse_nsid",
    "parse_record_key",
    "parse_tid",
    "parse_uri",
    "primary_language",
    "record_parts",
    "tid_from_micros",
]
