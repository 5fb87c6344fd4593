"""A repository, its last commit, and what a host that lies can make of that commit's event."""

from federation.car import read_car, write_car
from federation.cids import cid_text, parse_cid
from federation.codec import decode, encode
from federation.commit import sign_commit
from federation.commit_result import CommitResult
from federation.events import (
    CommitEvent,
    RepoOp,
)
from federation.frames import (
    encode_commit,
    parse_frame,
)
from federation.keys import SigningKey
from federation.repository import Repository, Write
from federation.verify import (
    KnownState,
)
from schemas.identifiers.tid import tid_from_micros

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
OTHER = "did:plc:44ybard66vv44zksje25o7dz"
KEY, THIEF = SigningKey.generate(), SigningKey.generate()
PUBLIC = KEY.verifying_key
NOTE = "com.example.note"


def replace(event, **changes):
    return event._replace(**changes)


def rev(number: int) -> str:
    return str(tid_from_micros(1_700_000_000_000_000 + number, 0))


def note(number: int) -> dict[str, object]:
    return {"$type": NOTE, "text": f"note {number}"}


A_RECORD = encode(note(1))


class Scene:
    """A repository of 60 notes, the state known before the last commit, and that commit's honest event."""

    def __init__(self, *writes: Write) -> None:
        self.repository = Repository.create(DID, KEY, rev(1))
        many = [Write("create", NOTE, f"n{number}", note(number)) for number in range(60)]
        self.first = self.repository.apply(many, KEY, rev(2))
        self.known = KnownState(self.repository.rev, self.repository.data_cid)
        last = writes or (
            Write("create", NOTE, "new", note(100)),
            Write("update", NOTE, "n7", note(101)),
            Write("delete", NOTE, "n9"),
        )
        self.result: CommitResult = self.repository.apply(last, KEY, rev(3))
        event = parse_frame(encode_commit(self.result, 1, "2026-01-01T00:00:00Z"))
        assert isinstance(event, CommitEvent)
        self.event = event

    def signed(self, data: bytes, blocks: dict[bytes, bytes], **changes: object) -> CommitEvent:
        """An event of a host that signs whatever it likes."""
        commit = sign_commit(DID, self.event.rev, data, KEY)
        car = write_car([commit.cid], [(commit.cid, commit.block), *blocks.items()])
        return replace(self.event, commit=cid_text(commit.cid), blocks=car, **changes)


def without(event: CommitEvent, *gone: bytes) -> bytes:
    car = read_car(event.blocks)
    return write_car(car.roots, ((cid, block) for cid, block in car.blocks.items() if cid not in gone))


def resigned(event: CommitEvent, did: str = DID, at: str | None = None, key: SigningKey = KEY) -> CommitEvent:
    car = read_car(event.blocks)
    data = decode(car.blocks[car.roots[0]])["data"].cid_bytes
    commit = sign_commit(did, at or event.rev, data, key)
    rest = [(cid, block) for cid, block in car.blocks.items() if cid != car.roots[0]]
    return replace(
        event, commit=cid_text(commit.cid), blocks=write_car([commit.cid], [(commit.cid, commit.block), *rest])
    )


def op(event: CommitEvent, index: int, **changes: object) -> tuple[RepoOp, ...]:
    return tuple(replace(found, **changes) if number == index else found for number, found in enumerate(event.ops))


def record_cid(event: CommitEvent) -> bytes:
    return parse_cid(event.ops[0].cid)


def lying_block(event: CommitEvent) -> CommitEvent:
    car = read_car(event.blocks)
    blocks = [(cid, encode(note(999)) if cid == record_cid(event) else block) for cid, block in car.blocks.items()]
    return replace(event, blocks=write_car(car.roots, blocks))
