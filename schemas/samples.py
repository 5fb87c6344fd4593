"""A valid record of each type, as it lies in memory after decoding: for the tests of whoever handles records."""

from hashlib import sha256
from typing import Any

from schemas import authority
from schemas.cbor import CID
from schemas.endorsement_key import endorsement_key

ANA = "did:plc:7iza6de2dwap2sbkpav7c6c6"
BEN = "did:web:example.com"
NOW = "2026-05-01T09:30:00.000Z"
HASH = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq"
MODULE_URI = f"at://{ANA}/{authority.MODULE}/check-a-draft"
VERSION = {"uri": f"at://{ANA}/{authority.MODULE_VERSION}/3jzfcijpj2z2a", "cid": HASH}


def _blob(content: bytes) -> CID:
    return CID(b"\x01\x55\x12\x20" + sha256(content).digest())


PICTURE = {"$type": "blob", "ref": _blob(b"picture"), "mimeType": "image/png", "size": 7}
TEXT = {"$type": "blob", "ref": _blob(b"text"), "mimeType": "text/markdown", "size": 4}
TASK_ID = "onet:13-2051.00/1847"

_HEAD = {"name": "check-a-draft", "title": "Check a draft", "current": VERSION, "createdAt": NOW, "updatedAt": NOW}
SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    authority.MODULE: ("check-a-draft", _HEAD | {"retired": {"reason": "Replaced.", "at": NOW}}),
    authority.TASK: ("check-a-draft", _HEAD | {"declines": [{"suggestion": VERSION, "reason": "Out of scope."}]}),
    authority.MODULE_VERSION: (
        "3jzfcijpj2z2a",
        {
            "name": "check-a-draft",
            "title": "Check a draft",
            "description": "Find the three ways a fluent summary misleads.",
            "language": "en",
            "license": "CC-BY-4.0",
            "layer": "capability",
            "level": "advanced-beginner",
            "minutes": 12,
            "tasks": [TASK_ID],
            "tools": [{"name": "Excel", "vendor": "Microsoft", "version": "2026"}],
            "reviewBy": "2027-05-01",
            "slots": {"artifact": {"label": "the report", "values": ["a memo"], "default": "the report"}},
            "metadata": {"author-note": "kept"},
            "pictures": [{"path": "pictures/flow.png", "blob": PICTURE, "alt": "The flow"}],
            "previous": VERSION,
            "major": True,
            "body": "Text that everyone sees.\n",
            "createdAt": NOW,
        },
    ),
    authority.TASK_VERSION: (
        "3jzfcijpj2z2a",
        {
            "name": "close-the-books",
            "title": "Close the books",
            "statement": "Close the month.",
            "language": "de-CH",
            "license": "CC0-1.0",
            "steps": [{"title": "Reconcile", "by": "both", "minutes": 30, "byHand": "The first account"}],
            "bodyBlob": TEXT,
            "createdAt": NOW,
        },
    ),
    authority.PATH: (
        "first-week",
        _HEAD | {"name": "first-week", "title": "First week"},
    ),
    authority.PATH_VERSION: (
        "3jzfcijpj2z2a",
        {
            "name": "first-week",
            "title": "First week",
            "description": "From none to some.",
            "language": "ar",
            "modules": [{"module": MODULE_URI, "version": VERSION, "optional": True}],
            "createdAt": NOW,
        },
    ),
    authority.ENDORSEMENT: (
        endorsement_key(MODULE_URI, TASK_ID),
        {
            "subject": VERSION,
            "module": MODULE_URI,
            "task": TASK_ID,
            "verdict": "works",
            "note": "Caught two figures.",
            "createdAt": NOW,
        },
    ),
    authority.SUGGESTION: (
        "3jzfcijpj2z2a",
        {"subject": VERSION, "module": MODULE_URI, "note": "Name the source.", "body": "…", "createdAt": NOW},
    ),
    authority.SKILL: (
        "source-checking",
        {"name": "source-checking", "label": "Checking sources", "language": "en", "createdAt": NOW},
    ),
    authority.VOUCH: (BEN, {"subject": BEN, "note": "Ten years together.", "createdAt": NOW}),
    authority.CREDENTIAL: (
        "3jzfcijpj2z2a",
        {"subject": ANA, "occupation": "onet:13-2051.00", "from": NOW, "createdAt": NOW},
    ),
    authority.PROFILE: (
        "self",
        {"displayName": "Ana", "credentials": [MODULE_URI], "languages": ["pt-BR"], "createdAt": NOW},
    ),
    authority.NODE: (
        "self",
        {
            "name": "Harbour Clinic",
            "url": "http://localhost:8000",
            "peers": [{"did": "did:web:localhost%3A8001", "url": "http://localhost:8001"}],
            "createdAt": NOW,
        },
    ),
}


def sample(nsid: str) -> dict[str, Any]:
    """A fresh copy of the record of a type, `$type` included."""
    return {"$type": nsid, **SAMPLES[nsid][1]}
