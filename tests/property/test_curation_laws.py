"""The laws of the ranking, on random networks."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from curation.parameters import Parameters
from curation.ranking import Ranking
from curation.slow.slow_layer import parse_slow_layer
from curation.stated.contributions import Contributions, Endorsement, Practitioner, Statement, Subject, Vouch

NOW = 1_700_000_000.0
ORGANISATIONS = tuple("ABCDEF")
PEOPLE = tuple(f"{organisation}{i}" for organisation in ORGANISATIONS for i in range(3))
SUBJECTS = tuple(f"m{i}" for i in range(5))
TASKS = (None, "t", "s")

vouches = st.builds(Vouch, st.sampled_from(PEOPLE + ORGANISATIONS), st.sampled_from(PEOPLE + ORGANISATIONS))


@st.composite
def endorsements(draw: st.DrawFn) -> Endorsement:
    by, subject, task = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(SUBJECTS)), draw(st.sampled_from(TASKS))
    verdict = draw(st.sampled_from(("works", "works", "works-with-changes", "fails")))
    at, major = NOW - draw(st.integers(-10, 2000)) * 86_400.0, draw(st.integers(1, 3))
    return Endorsement(by, subject, task, verdict, at, major, f"{by}/{subject}/{task}")


@st.composite
def networks(draw: st.DrawFn) -> list[Statement]:
    statements: list[Statement] = [Practitioner(p, p[0], draw(st.sampled_from(((), ("x",), ("y",))))) for p in PEOPLE]
    for name in SUBJECTS:
        occupations = draw(st.sampled_from(((), ("x",), ("x", "y"))))
        author = draw(st.sampled_from(PEOPLE))
        statements.append(Subject(name, author, occupations=occupations, major=draw(st.integers(1, 3))))
    statements += [Vouch("A0", "B0"), Vouch("A1", "C0"), *draw(st.lists(vouches, max_size=25))]
    return statements + list({e.id: e for e in draw(st.lists(endorsements(), max_size=60))}.values())


def contributions_of(statements: list[Statement]) -> Contributions:
    contributions = Contributions()
    for statement in statements:
        contributions.add(statement)
    return contributions


def all_scores(ranking: Ranking) -> list[object]:
    return [ranking.scores(SUBJECTS, task) for task in (None, "t")]


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(statements: list[Statement], random: object) -> None:
    shuffled = list(statements)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types its random loosely
    first, second = (Ranking.build(contributions_of(s), "A", NOW) for s in (statements, shuffled))
    assert all_scores(first) == all_scores(second)
    assert first.slow.to_bytes() == second.slow.to_bytes()


@given(networks(), st.lists(endorsements(), max_size=30), st.lists(st.integers(0, 29), max_size=10))
def test_following_endorsements_equals_counting_anew(
    statements: list[Statement], later: list[Endorsement], withdrawn: list[int]
) -> None:
    contributions = contributions_of(statements)
    ranking = Ranking.build(contributions, "A", NOW)
    ranking.scores(SUBJECTS, "t")
    for endorsement in later:
        ranking.apply(endorsement)
    for index in withdrawn:
        if index < len(later):
            ranking.withdraw(later[index].id)
    moved = [contributions.add(Practitioner("B0", "D")), contributions.add(Subject("m1", "C0", major=2))]
    for change in moved:
        ranking.follow(change)
    anew = Ranking.build(contributions, "A", NOW, slow=parse_slow_layer(ranking.slow.to_bytes()))
    assert all_scores(anew) == all_scores(ranking)


@given(networks(), endorsements())
def test_an_endorsement_counts_once_and_leaves_no_trace(statements: list[Statement], extra: Endorsement) -> None:
    contributions = contributions_of([s for s in statements if getattr(s, "id", "") != extra.id])
    ranking = Ranking.build(contributions, "A", NOW)
    before = all_scores(ranking)
    ranking.apply(extra)
    once = all_scores(ranking)
    ranking.apply(extra)
    assert all_scores(ranking) == once
    ranking.withdraw(extra.id)
    assert all_scores(ranking) == before


@given(networks(), endorsements())
def test_praise_does_not_lower_the_mean_where_nobody_leans_repeats_or_is_cut(
    statements: list[Statement], extra: Endorsement
) -> None:
    """Monotonic in verdicts: with leanings, redundancy and cuts at rest, a better verdict makes no subject worse.

    Moderation has its price here: the cut follows the sum of criticism, so that less of it may spare another's
    (decision 0013 says how often, and how far).
    """
    parameters = Parameters(factor_clip=0.0, overlap_half=1e12, leniency_penalty=1e12, extreme_voice=0.0)
    contributions = contributions_of(statements)
    ranking = Ranking.build(contributions, "A", NOW, parameters)
    ranking.apply(replace(extra, verdict="fails"))
    worse = ranking.score(extra.subject)
    ranking.apply(replace(extra, verdict="works"))
    assert ranking.score(extra.subject).mean >= worse.mean - 1e-9


@given(networks(), st.integers(1, 40), st.sampled_from(("works", "fails")))
def test_the_hostile_voice_is_bounded_however_many_are_minted(
    statements: list[Statement], minted: int, verdict: str
) -> None:
    """Voice on any subject from beyond the attack edges ≤ B·α·Σ t_a·n/(n+κ_v)."""
    honest = contributions_of(statements)
    parameters = Parameters(own_voice=1.0)
    trust = Ranking.build(honest, "A", NOW, parameters).trust
    for i in range(minted):
        honest.add(Practitioner(f"Z{i}", f"evil{i % 7}"))
        honest.add(Vouch(f"Z{i}", f"Z{(i * 5 + 1) % minted}"))
        honest.add(Endorsement(f"Z{i}", "m0", None, verdict, NOW, 3, f"z{i}"))  # type: ignore[arg-type]  # drawn as str
    attacked = [("B1", "Z0"), ("C1", "Z1"), ("A2", "Z2")]
    for by, for_ in attacked:
        honest.add(Vouch(by, for_))
    ranking = Ranking.build(honest, "A", NOW, parameters)
    voices = ranking.explain("m0").voices
    hostile = sum(voice.voice for voice in voices if voice.organisation.startswith("evil"))
    offered = sum(trust[by[0]].trust for by, _ in attacked if by[0] in trust)
    share = parameters.trust_decay / (1.0 + parameters.vouch_half)
    assert hostile <= parameters.branch_limit * share * offered + 1e-9


@given(networks(), st.sampled_from(PEOPLE))
def test_the_viewers_own_vouch_suffices(statements: list[Statement], person: str) -> None:
    contributions = contributions_of(statements)
    contributions.add(Vouch("A", person))
    assert person[0] in Ranking.build(contributions, "A", NOW).trust
