"""The key of a vouch: the DID vouched for. A record key may not hold `%`, as did:web with a port does: `~` instead."""

from schemas.identifiers.record_key import RecordKey, parse_record_key


def vouch_key(subject: str) -> RecordKey:
    """The only key that a vouch for `subject` (a DID) may have. Raises `IdentifierInvalid` for one that is too long."""
    return parse_record_key(str(subject).replace("%", "~"))
