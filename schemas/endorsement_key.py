"""The key of an endorsement: one per practitioner, module and task."""

import base64
import hashlib

from schemas.identifiers.record_key import RecordKey

_KEY_BYTES = 20


def endorsement_key(module_uri: str, task: str) -> RecordKey:
    """Derive the record key from the module's head and the task as written: 32 letters of base32, 160 bits of SHA-256.

    A line feed parts the two, because it can stand in neither.
    """
    digest = hashlib.sha256(f"{module_uri}\n{task}".encode()).digest()
    return RecordKey(base64.b32encode(digest[:_KEY_BYTES]).decode("ascii").lower())
