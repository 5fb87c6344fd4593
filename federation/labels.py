"""Labels: signed moderation marks, their wire frames, their verification.

Source: https://atproto.com/specs/label
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from federation.codec import decode_fields, encode
from federation.errors import CodecError, CursorAhead, FrameInvalid, SignatureInvalid, StreamEnded
from federation.events import ErrorEvent, UnknownEvent
from federation.frames import parse_frame
from federation.keys import SigningKey, VerifyingKey

VERSION = 1
SUBSCRIBE_LABELS = "com.atproto.label.subscribeLabels"
_HEADER = encode({"op": 1, "t": "#labels"})
_TEXTS = ("src", "uri", "val", "cts")
_OPTIONAL_TEXTS = ("cid", "exp")
LONGEST = 8_192  # characters of an address
LONGEST_VALUE = 128


@dataclass(frozen=True, slots=True)
class Label:
    """`src` (a DID) says `val` of `uri` (an at-uri or a DID); `neg` takes an earlier one back. Times are RFC 3339."""

    src: str
    uri: str
    val: str
    cts: str
    cid: str = ""
    neg: bool = False
    exp: str = ""

    def fields(self) -> dict[str, Any]:
        """What is signed."""
        optional = {"cid": self.cid, "exp": self.exp, "neg": self.neg}
        fields = {"ver": VERSION, "src": self.src, "uri": self.uri, "val": self.val, "cts": self.cts}
        return fields | {name: value for name, value in optional.items() if value}

    def signed(self, key: SigningKey) -> dict[str, Any]:
        """As it goes over the wire, in values of the data model."""
        fields = self.fields()
        return {**fields, "sig": key.sign(encode(fields))}


def verify_label(value: object, src: str, key: VerifyingKey) -> Label | None:
    """The label if `src` signed it, else None. Fields that we do not know are part of what was signed."""
    if not isinstance(value, Mapping) or value.get("ver") != VERSION or value.get("src") != src:
        return None
    signature, fields = value.get("sig"), {name: item for name, item in value.items() if name != "sig"}
    if not isinstance(signature, bytes) or not _is_formed(fields):
        return None
    try:
        key.verify(encode(fields), signature)
    except (CodecError, SignatureInvalid):
        return None
    return _label(fields)


def _is_formed(fields: Mapping[str, Any]) -> bool:
    texts = [fields.get(name) for name in _TEXTS]
    texts += [fields.get(name, "") for name in _OPTIONAL_TEXTS]
    if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
        return False
    return 0 < len(fields["val"]) <= LONGEST_VALUE and isinstance(fields.get("neg", False), bool)


def _label(fields: Mapping[str, Any]) -> Label:
    names = (*_TEXTS, *_OPTIONAL_TEXTS, "neg")
    return Label(**{name: fields[name] for name in names if name in fields})


def encode_labels(seq: int, labels: Iterable[Mapping[str, Any]]) -> bytes:
    """A #labels frame of signed labels."""
    return _HEADER + encode({"seq": seq, "labels": [dict(label) for label in labels]})


def parse_labels(frame: bytes) -> tuple[int, list[Any]]:
    """Sequence number and labels, unverified, of a frame; (0, []) for information and what is not known yet.

    Raises FrameInvalid, StreamEnded where the labeler ends the stream, CursorAhead where it knows no such cursor.
    """
    if not frame.startswith(_HEADER):
        _pass_over(frame)
        return 0, []
    try:
        body = decode_fields(frame[len(_HEADER) :])
    except CodecError as error:
        raise FrameInvalid(error.detail) from error
    seq, labels = body.get("seq"), body.get("labels")
    if type(seq) is not int or not isinstance(labels, list):
        raise FrameInvalid("seq or labels")
    return seq, labels


def _pass_over(frame: bytes) -> None:
    """What is no frame of labels. Raises as `parse_labels` does."""
    match parse_frame(frame):
        case ErrorEvent(error="FutureCursor"):
            raise CursorAhead("FutureCursor")
        case ErrorEvent() as ended:
            raise StreamEnded(ended.error)
        case UnknownEvent(kind="#labels"):
            raise FrameInvalid("a header in no canonical form")
