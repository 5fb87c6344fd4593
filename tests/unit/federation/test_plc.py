"""did:plc: operations certify themselves, a stronger key may undo within 72 hours, nothing else."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from federation.cids import cid_for
from federation.codec import encode
from federation.errors import DidGone, PlcRefused
from federation.keys import SigningKey
from federation.plc import (
    History,
    PlcData,
    audit,
    did_of,
    make_genesis,
    make_operation,
    parse_operation,
    sign_operation,
)

OWNER, NODE, SIGNING, THIEF = (SigningKey.generate() for _ in range(4))
START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DATA = PlcData.for_account(
    (OWNER.did_key, NODE.did_key), SIGNING.did_key, "ana.example.com", "https://node.example.com"
)
MOVED = replace(DATA, also_known_as=("at://ana.elsewhere.example.com",))


@pytest.fixture
def history() -> History:
    did, genesis = make_genesis(DATA, NODE)
    return History(did, ()).extended(parse_operation(genesis), START)


def _tombstone(prev: str, key: SigningKey) -> dict[str, object]:
    return sign_operation({"type": "plc_tombstone", "prev": prev}, key)


def test_the_did_is_the_hash_of_the_genesis(history: History):
    did, genesis = make_genesis(DATA, OWNER)
    assert did.startswith("did:plc:")
    assert len(did) == 32
    assert did_of(genesis) == did != history.did
    with pytest.raises(PlcRefused):
        History(history.did, ()).extended(parse_operation(genesis), START)


def test_the_log_of_a_history_proves_it(history: History):
    update = make_operation(MOVED, history.head.cid, NODE)
    history = history.extended(parse_operation(update), START + HOUR)
    assert audit(history.did, history.audit_log()) == history
    assert history.data.also_known_as == MOVED.also_known_as
    document = history.to_document()
    assert document["id"] == history.did
    assert document["service"][0]["serviceEndpoint"] == "https://node.example.com"
    assert history.operation_log()[-1] == update
    assert cid_for(encode(update)) == history.head.cid


def test_a_stronger_key_undoes_within_72_hours(history: History):
    genesis = history.head.cid
    stolen = replace(DATA, rotation_keys=(THIEF.did_key,))
    taken = history.extended(parse_operation(make_operation(stolen, genesis, NODE)), START + HOUR)
    taken = taken.extended(parse_operation(make_operation(stolen, taken.head.cid, THIEF)), START + 2 * HOUR)
    rescue = parse_operation(make_operation(MOVED, genesis, OWNER))
    rescued = taken.extended(rescue, START + 73 * HOUR)
    assert [entry.nullified for entry in rescued.entries] == [False, True, True, False]
    assert rescued.data == MOVED
    assert audit(rescued.did, rescued.audit_log()) == rescued
    with pytest.raises(PlcRefused, match="72 hours"):
        taken.extended(rescue, START + 74 * HOUR)
    with pytest.raises(PlcRefused):
        rescued.extended(parse_operation(make_operation(stolen, taken.head.cid, THIEF)), START + 80 * HOUR)


def test_equal_or_weaker_keys_undo_nothing(history: History):
    genesis = history.head.cid
    taken = history.extended(parse_operation(make_operation(MOVED, genesis, OWNER)), START + HOUR)
    for key in (OWNER, NODE):
        with pytest.raises(PlcRefused):
            taken.extended(parse_operation(make_operation(DATA, genesis, key)), START + 2 * HOUR)


def test_our_own_times_stand_over_the_directorys(history: History):
    genesis = history.head.cid
    taken = history.extended(parse_operation(make_operation(MOVED, genesis, NODE)), START + HOUR)
    rescue = parse_operation(make_operation(DATA, genesis, OWNER))
    log = taken.extended(rescue, START + 2 * HOUR).audit_log()
    with pytest.raises(PlcRefused):
        audit(history.did, log, {rescue.cid: START + 100 * HOUR})


def test_a_tombstone_ends_it(history: History):
    ended = history.extended(parse_operation(_tombstone(history.head.cid, OWNER)), START + HOUR)
    with pytest.raises(DidGone):
        _ = ended.data
    with pytest.raises(PlcRefused):
        ended.extended(parse_operation(make_operation(DATA, ended.head.cid, OWNER)), START + HOUR)


def test_a_weaker_keys_tombstone_can_be_undone(history: History):
    ended = history.extended(parse_operation(_tombstone(history.head.cid, NODE)), START + HOUR)
    revived = ended.extended(parse_operation(make_operation(MOVED, history.head.cid, OWNER)), START + 2 * HOUR)
    assert revived.data == MOVED


def test_the_form_of_2022_is_read():
    unsigned = {
        "type": "create",
        "signingKey": SIGNING.did_key,
        "recoveryKey": OWNER.did_key,
        "handle": "ana.example.com",
        "service": "https://pds.example.com",
        "prev": None,
    }
    genesis = sign_operation(unsigned, SIGNING)
    history = History(did_of(genesis), ()).extended(parse_operation(genesis), START)
    assert history.data.rotation_keys == (OWNER.did_key, SIGNING.did_key)
    assert history.data.also_known_as == ("at://ana.example.com",)
    assert history.data.services["atproto_pds"].endpoint == "https://pds.example.com"


def tampered(change: dict[str, object]) -> dict[str, object]:
    _, genesis = make_genesis(DATA, OWNER)
    return {**genesis, **change}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        tampered({"type": "other"}),
        tampered({"extra": 1}),
        tampered({"sig": 1}),
        tampered({"sig": "é"}),
        tampered({"sig": "a="}),
        tampered({"sig": "ab"}),  # unused bits set
        tampered({"prev": "not a cid"}),
        tampered({"prev": 5}),
        tampered({"rotationKeys": []}),
        tampered({"rotationKeys": [OWNER.did_key] * 2}),
        tampered({"rotationKeys": [OWNER.did_key] * 6}),
        tampered({"rotationKeys": ["did:key:zzz"]}),
        tampered({"rotationKeys": "did:key"}),
        tampered({"verificationMethods": {"atproto": "key"}}),
        tampered({"services": {"a": "https://x"}}),
        tampered({"services": {str(n): {"type": "a", "endpoint": "b"} for n in range(11)}}),
        tampered({"alsoKnownAs": ["x" * 600]}),
        tampered(
            {
                "alsoKnownAs": ["x" * 500] * 10,
                "services": {"y" * 500: {"type": "z" * 500, "endpoint": "w" * 500}},
                "verificationMethods": {f"{n}" + "v" * 500: "did:key:" + "k" * 500 for n in range(9)},
            }
        ),
        tampered({"weird": 1.5}),
        {"type": "plc_tombstone", "prev": None, "sig": "YQ"},
    ],
)
def test_malformed_operations_are_refused(value: object):
    with pytest.raises(PlcRefused):
        parse_operation(value)


def test_a_changed_operation_does_not_verify(history: History):
    update = make_operation(MOVED, history.head.cid, NODE)
    for change in (
        {"alsoKnownAs": ["at://evil.example.com"]},
        {"sig": base64.urlsafe_b64encode(bytes(64)).decode().rstrip("=")},
    ):
        with pytest.raises(PlcRefused):
            history.extended(parse_operation({**update, **change}), START + HOUR)
    with pytest.raises(PlcRefused):
        history.extended(parse_operation(make_operation(MOVED, history.head.cid, THIEF)), START + HOUR)
    with pytest.raises(PlcRefused):
        history.extended(parse_operation(make_operation(MOVED, cid_for(encode(update)), NODE)), START + HOUR)


def test_a_log_that_lies_is_refused(history: History):
    taken = history.extended(parse_operation(make_operation(MOVED, history.head.cid, NODE)), START + HOUR)
    log = taken.audit_log()
    lies = [
        [],
        ["x"],
        log[1:],
        [log[0], log[0]],
        [{**log[0], "cid": log[1]["cid"]}],
        [{**log[0], "did": "did:plc:other"}],
        [log[0], {**log[1], "nullified": True}],
        [{**log[0], "createdAt": "yesterday"}],
        [{**log[0], "createdAt": "2026-01-01T00:00:00"}],
        [{**log[0], "createdAt": 5}],
        [{**log[0], "operation": {}}],
    ]
    for lie in lies:
        with pytest.raises(PlcRefused):
            audit(history.did, lie)
