"""Random histories of several accounts on one stream: trees equal the oracle, events invert, CAR files return."""

from hypothesis import given
from hypothesis import strategies as st

from federation.cids import cid_text, raw_cid
from federation.frames import encode_commit, parse_frame
from federation.keys import SigningKey
from federation.repository import Repository, Write
from federation.verify import KnownState, verify_commit_event, verify_repo_car
from schemas.identifiers import tid_from_micros

ACCOUNTS = [(f"did:web:{name}.example.com", SigningKey.generate()) for name in "abc"]
STEPS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.none() | st.integers(0, 9)), max_size=40)


@given(steps=STEPS)
def test_histories_of_several_accounts_verify_beside_each_other(
    tree_oracle, steps: list[tuple[int, int, int | None]]
) -> None:
    repositories = [Repository.create(did, key, tid_from_micros(1, 0)) for did, key in ACCOUNTS]
    oracles, records = [tree_oracle() for _ in ACCOUNTS], dict[str, bytes]()
    known = {repository.did: KnownState(repository.rev, repository.data_cid) for repository in repositories}
    for seq, (who, number, content) in enumerate(steps, start=2):
        repository, path = repositories[who], f"com.example.note/n{number}"
        there = repository.find(path) is not None
        if content is None and not there:
            continue
        action = "delete" if content is None else "update" if there else "create"
        value = None if content is None else {"text": f"{content} by {who}"}
        write = Write(action, "com.example.note", f"n{number}", value)  # type: ignore[arg-type]  # one of three words
        result = repository.apply([write], ACCOUNTS[who][1], tid_from_micros(seq, 0))
        block = result.records.get(path)
        oracles[who].put(path, None if block is None else raw_cid(block))
        records |= {cid_text(raw_cid(block)): block for block in result.records.values()}
        event = parse_frame(encode_commit(result, seq, "now"))
        known[event.did] = verify_commit_event(event, known[event.did], ACCOUNTS[who][1].verifying_key).state
    for repository, oracle, (did, key) in zip(repositories, oracles, ACCOUNTS, strict=True):
        assert repository.data_cid == cid_text(oracle.root)
        assert known[did] == KnownState(repository.rev, repository.data_cid)
        whole = verify_repo_car(b"".join(repository.export(records.get)), did, key.verifying_key)
        assert {path: cid for path, (cid, _) in whole.records.items()} == dict(repository.paths())
