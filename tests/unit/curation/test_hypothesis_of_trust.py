"""What would be: a vouch given, taken back, or somebody not heard; and what is heard and said of trust."""

from __future__ import annotations

from curation.ranking import Ranking
from curation.slow.hypothesis import Hypothesis
from curation.stated.contributions import Contributions, Endorsement, Practitioner, Subject, Vouch

ME, NEAR, FAR, STRANGER = "did:web:me", "did:web:near", "did:web:far", "did:web:stranger"
AT = 1_700_000_000.0


def stated() -> Contributions:
    """Mine vouch for near, near for far; a stranger praises its own module, far has a good one."""
    found = Contributions()
    people = [(f"{org}/{n}", org) for org in (ME, NEAR, FAR, STRANGER) for n in range(3)]
    found.extend(Practitioner(name, org) for name, org in [*people, *((org, org) for org in (ME, NEAR, FAR, STRANGER))])
    found.extend([Subject("at://good", f"{FAR}/0"), Subject("at://junk", f"{STRANGER}/0")])
    found.extend([Vouch(ME, NEAR), Vouch(f"{ME}/0", f"{FAR}/0"), Vouch(f"{NEAR}/0", f"{FAR}/0")])
    found.extend(
        Endorsement(by, subject, None, "works", AT, 1, f"{by}|{subject}")
        for by, subject in [(f"{NEAR}/1", "at://good"), *((f"{STRANGER}/{n}", "at://junk") for n in range(3))]
    )
    return found


def build(hypothesis: Hypothesis | None = None) -> Ranking:
    return Ranking.build(stated(), ME, AT, hypothesis=hypothesis)


def test_a_vouch_that_is_only_supposed_makes_somebody_heard() -> None:
    before, then = build(), build(Hypothesis(vouching=(STRANGER,)))
    assert STRANGER not in before.trust
    assert then.trust[STRANGER].parent == ME
    assert then.score("at://junk").value > before.score("at://junk").value
    assert build(Hypothesis(vouching=(NEAR,))).trust == before.trust, "it is given already"


def test_a_vouch_taken_back_and_somebody_not_heard_at_all() -> None:
    before, fewer = build(), build(Hypothesis(unvouching=(NEAR,)))
    assert NEAR in before.trust
    assert NEAR not in fewer.trust
    assert fewer.trust[FAR] == before.trust[FAR]
    gone = build(Hypothesis(without=(FAR,)))
    assert set(gone.trust) == {ME, NEAR}
    assert build(Hypothesis(unvouching=(STRANGER,), without=("did:web:nobody",))).trust == before.trust


def test_what_is_heard_and_who_speaks_for_whom() -> None:
    ranking = build()
    assert [(said.by, said.organisation, said.verdict) for said in ranking.heard("at://good")] == [
        (f"{NEAR}/1", NEAR, "works")
    ]
    assert ranking.heard("at://junk") == ranking.heard("at://never") == []
    assert ranking.hears(f"{FAR}/2")
    assert not ranking.hears(f"{STRANGER}/0")
    assert not ranking.hears("did:web:unknown")
    assert {(said.by, said.organisation, said.people) for said in ranking.spoken_for} == {
        (ME, NEAR, 1), (ME, FAR, 1), (NEAR, FAR, 2),
    }  # fmt: skip
    assert ranking.members(FAR) == [f"{FAR}/0", f"{FAR}/1", f"{FAR}/2"]
    assert ranking.members("did:web:unknown") == []
