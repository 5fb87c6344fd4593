"""Everything that can go wrong in the federation, as one tree. An error's docstring is its message.

FederationError
├── Malformed               bytes or text that are not what they claim to be
│   ├── CidInvalid
│   ├── CodecError
│   ├── KeyInvalid
│   ├── TreeInvalid
│   │   └── TreeTooLarge
│   ├── CarInvalid
│   │   └── BlockHashMismatch
│   ├── CommitInvalid
│   ├── FrameInvalid
│   └── DidDocumentInvalid
├── SignatureInvalid
├── BlockMissing
├── WriteRefused            our own repository does not take this write
│   ├── PathInvalid
│   ├── RecordExists
│   ├── RecordMissing
│   ├── RecordUnfit
│   ├── PathRepeated
│   ├── RevisionStale
│   └── CommitTooLarge
├── Rejected                what another host sent fails verification; carries a stable reason
├── PlcRefused              an operation that the did:plc method does not allow
├── ResolutionFailed
│   ├── DidNotFound
│   ├── DidUnsupported
│   ├── DidGone
│   └── HandleNotFound
└── FetchFailed             a request to another host did not give a usable answer
    ├── AddressRefused
    ├── RedirectRefused
    ├── ResponseTooLarge
    │   └── TooMuchAtOnce
    ├── FetchTimedOut
    │   └── StreamSilent
    ├── HostUnreachable
    ├── StatusUnexpected
    ├── AnswerMalformed
    └── StreamEnded
"""

from enum import StrEnum


class FederationError(Exception):
    """Something in the federation failed"""

    hint: str = ""

    def __init__(self, detail: str = "", *, hint: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        if hint:
            self.hint = hint

    def __str__(self) -> str:
        message = (type(self).__doc__ or type(self).__name__).strip().splitlines()[0].rstrip(".")
        return f"{message}: {self.detail}" if self.detail else message


class Malformed(FederationError):
    """Data from outside is malformed"""


class CidInvalid(Malformed):
    """Not a CID that AT Protocol uses (version 1, sha-256, dag-cbor or raw)"""


class CodecError(Malformed):
    """Not canonical DAG-CBOR of the AT data model"""


class KeyInvalid(Malformed):
    """Not a public or private key that can be used"""


class TreeInvalid(Malformed):
    """The repository tree is not well formed"""


class TreeTooLarge(TreeInvalid):
    """The repository tree holds more than was asked for"""


class CarInvalid(Malformed):
    """Not a CAR file that can be trusted"""


class BlockHashMismatch(CarInvalid):
    """A block's content does not hash to its CID"""


class CommitInvalid(Malformed):
    """Not a signed commit of repository version 3"""


class FrameInvalid(Malformed):
    """Not a frame of the repository event stream"""


class DidDocumentInvalid(Malformed):
    """The DID document cannot be used"""


class SignatureInvalid(FederationError):
    """The signature does not verify under the key"""


class BlockMissing(FederationError):
    """A block that is needed is not there"""


class WriteRefused(FederationError):
    """The repository does not take this write"""


class PathInvalid(WriteRefused):
    """A record's path must be collection/rkey"""


class RecordExists(WriteRefused):
    """A record is already at this path"""


class RecordMissing(WriteRefused):
    """No record is at this path"""


class RecordUnfit(WriteRefused):
    """The record's value cannot be stored"""


class PathRepeated(WriteRefused):
    """One commit may change a path only once"""


class RevisionStale(WriteRefused):
    """The new revision must be later than the current one"""


class CommitTooLarge(WriteRefused):
    """One commit is over the limits of sync v1.1; split the writes"""


class Reason(StrEnum):
    """Why something from another host was rejected. Stable: stored, counted and shown to operators."""

    FRAME_TOO_LARGE = "frame-too-large"
    FRAME_MALFORMED = "frame-malformed"
    SEQUENCE_BACKWARDS = "sequence-backwards"
    EVENT_TOO_BIG = "event-too-big"
    BLOCKS_TOO_LARGE = "blocks-too-large"
    OPS_TOO_MANY = "ops-too-many"
    OP_MALFORMED = "op-malformed"
    OP_REPEATED = "op-repeated"
    OP_PREV_MISSING = "op-prev-missing"
    CAR_MALFORMED = "car-malformed"
    BLOCK_HASH_MISMATCH = "block-hash-mismatch"
    BLOCK_MISSING = "block-missing"
    COMMIT_MALFORMED = "commit-malformed"
    COMMIT_MISMATCH = "commit-mismatch"
    DID_MISMATCH = "did-mismatch"
    SIGNATURE_INVALID = "signature-invalid"
    REV_MISMATCH = "rev-mismatch"
    REV_NOT_NEWER = "rev-not-newer"
    REV_IN_FUTURE = "rev-in-future"
    PREV_DATA_MISSING = "prev-data-missing"
    PREV_DATA_MISMATCH = "prev-data-mismatch"
    INVERSION_MISMATCH = "inversion-mismatch"
    TREE_MALFORMED = "tree-malformed"
    RECORDS_TOO_MANY = "records-too-many"
    RECORD_TOO_LARGE = "record-too-large"
    RECORD_MALFORMED = "record-malformed"


class Rejected(FederationError):
    """Refused what another host sent"""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value} ({detail})" if detail else reason.value)
        self.reason = reason
        self.explanation = detail

    @property
    def resync(self) -> bool:
        """Whether fetching the whole repository again can mend it: the event may be honest, we may have missed some."""
        return self.reason in _MENDED_BY_RESYNC


_MENDED_BY_RESYNC = frozenset(
    {
        Reason.EVENT_TOO_BIG,
        Reason.PREV_DATA_MISSING,
        Reason.PREV_DATA_MISMATCH,
        Reason.INVERSION_MISMATCH,
        Reason.OP_PREV_MISSING,
        Reason.OP_REPEATED,
        Reason.BLOCK_MISSING,
    }
)


class PlcRefused(FederationError):
    """The did:plc method does not allow this operation"""


class ResolutionFailed(FederationError):
    """An identity could not be resolved"""


class DidNotFound(ResolutionFailed):
    """No directory or host knows this DID"""


class DidUnsupported(ResolutionFailed):
    """Only did:plc and did:web (of a host, without a path) are supported"""


class DidGone(ResolutionFailed):
    """This DID was given up by its owner"""


class HandleNotFound(ResolutionFailed):
    """This handle points to no DID"""


class FetchFailed(FederationError):
    """Another host gave no usable answer"""


class AddressRefused(FetchFailed):
    """The address is not a public one and was not allowed"""


class RedirectRefused(FetchFailed):
    """The host redirects too often or to where we do not go"""


class ResponseTooLarge(FetchFailed):
    """The host sends more than was asked for"""


class TooMuchAtOnce(ResponseTooLarge):
    """So much is being received that a large answer has to wait"""


class FetchTimedOut(FetchFailed):
    """The host takes too long"""


class StreamSilent(FetchTimedOut):
    """Nothing came for long, though the stream is open"""


class HostUnreachable(FetchFailed):
    """The host cannot be reached"""


class StatusUnexpected(FetchFailed):
    """The host answered with an error"""

    def __init__(self, status: int, url: str, error: str = "", message: str = "") -> None:
        said = " ".join(part for part in (error, message) if part)
        super().__init__(f"{status} from {url}" + (f" ({said})" if said else ""))
        self.status = status
        self.error = error
        self.message = message


class AnswerMalformed(FetchFailed):
    """The host's answer is not what its interface promises"""


class StreamEnded(FetchFailed):
    """The event stream ended"""


class CursorAhead(StreamEnded):
    """The host knows no such cursor: it began to count anew"""
