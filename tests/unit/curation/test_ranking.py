"""The ranking on small networks that can be followed by hand."""

import pytest

from curation.errors import StatementInvalid
from curation.ranking import Ranking
from curation.stated.contributions import Contributions, Endorsement, Organisation, Practitioner, Subject, Task, Vouch

NOW = 1_700_000_000.0
DAY = 86_400.0


def town(*organisations: str) -> Contributions:
    """Four practitioners of occupation "x" in each organisation; the viewer V trusts the first one named."""
    contributions = Contributions()
    for name in ("V", *organisations):
        contributions.add(Organisation(name))
        for i in range(4):
            contributions.add(Practitioner(f"{name}{i}", name, ("x",)))
    contributions.add(Vouch("V0", f"{organisations[0]}0"))
    return contributions


def endorse(by: str, subject: str, verdict: str = "works", **changed: object) -> Endorsement:
    values = {"by": by, "subject": subject, "task": None, "verdict": verdict, "at": NOW, "major": 1}
    values["id"] = f"{by}/{subject}/{changed.get('task')}"
    return Endorsement(**{**values, **changed})  # type: ignore[arg-type]  # keyword shorthand of the tests


def test_who_trusts_nobody_has_no_ranking_and_says_so() -> None:
    contributions = Contributions()
    contributions.add(Organisation("V"))
    contributions.add(Subject("m", "A0"))
    ranking = Ranking.build(contributions, "V", NOW)
    assert not ranking.ranked
    assert "does not trust" in (ranking.unranked_reason or "")
    assert ranking.explain("m").sentences()[0] == ranking.unranked_reason


def test_the_viewers_own_vouch_suffices_and_another_needs_a_second() -> None:
    contributions = town("A", "B", "C")
    contributions.add(Vouch("A0", "B0"))
    contributions.add(Vouch("A1", "C0"))
    contributions.add(Vouch("V1", "B1"))
    trust = Ranking.build(contributions, "V", NOW).trust
    assert set(trust) == {"V", "A", "B"}
    assert trust["A"] == (pytest.approx(0.8 / 3), "V")


def test_a_node_vouches_as_an_organisation() -> None:
    contributions = town("A", "B")
    contributions.add(Vouch("V", "B"))
    assert Ranking.build(contributions, "V", NOW).trust["B"].parent == "V"


def test_the_second_best_offer_binds() -> None:
    contributions = town("A", "B", "C")
    for i in range(4):
        contributions.add(Vouch(f"V{i}", "A0"))
        contributions.add(Vouch(f"V{i}", "B0"))
        contributions.add(Vouch(f"A{i}", "C0"))
    contributions.add(Vouch("B0", "C0"))
    trust = Ranking.build(contributions, "V", NOW).trust
    assert trust["C"] == (pytest.approx(0.8 * trust["B"].trust / 3), "B")


def test_only_trusted_organisations_count() -> None:
    contributions = town("A", "Z")
    for name in ("good", "junk"):
        contributions.add(Subject(name, "Q", occupations=("x",)))
    contributions.add(endorse("A0", "good"))
    for i in range(4):
        contributions.add(endorse(f"Z{i}", "junk"))
    ranking = Ranking.build(contributions, "V", NOW)
    assert ranking.order() == ["good", "junk"]
    assert ranking.score("junk") == ranking.score("never heard of")
    assert "4 endorsements from 1 organisation not yet trusted: not counted." in ranking.explain("junk").sentences()


def test_a_single_criticism_is_shown_but_does_not_count() -> None:
    contributions = town("A", "B")
    contributions.add(Vouch("V1", "B0"))
    contributions.add(Subject("m", "Q"))
    ranking = Ranking.build(contributions, "V", NOW)
    before = ranking.score("m")
    ranking.apply(endorse("A0", "m", "fails"))
    assert ranking.score("m") == before
    assert [drop.code for drop in ranking.explain("m").dropped] == ["single-criticism"]
    ranking.apply(endorse("B0", "m", "fails"))
    assert ranking.score("m").value < before.value


def test_an_older_version_counts_a_quarter_and_another_occupation_less() -> None:
    contributions = town("A")
    for name, major in (("same", 1), ("changed", 2), ("elsewhere", 1)):
        occupations = ("y",) if name == "elsewhere" else ("x",)
        contributions.add(Subject(name, "Q", occupations=occupations, major=major))
        contributions.add(endorse("A0", name))
    ranking = Ranking.build(contributions, "V", NOW)
    assert ranking.order() == ["same", "elsewhere", "changed"]
    assert ranking.explain("changed").dropped[0].code == "earlier-version"
    assert ranking.explain("elsewhere").dropped[0].code == "other-occupation"


def test_a_new_major_version_loses_the_endorsements_at_once() -> None:
    contributions = town("A")
    contributions.add(Subject("m", "Q", occupations=("x",)))
    contributions.add(endorse("A0", "m"))
    ranking = Ranking.build(contributions, "V", NOW)
    before = ranking.score("m").value
    ranking.follow(contributions.add(Subject("m", "Q", occupations=("x",), major=9)))
    assert ranking.score("m").value < before
    assert ranking.score("m").evidence < 1.001


def test_an_endorsement_ages_by_half_a_year_and_never_comes_from_the_future() -> None:
    contributions = town("A")
    for name, at in (("new", NOW), ("old", NOW - 365 * DAY), ("future", NOW + 900 * DAY)):
        contributions.add(Subject(name, "Q"))
        contributions.add(endorse("A0", name, at=at))
    ranking = Ranking.build(contributions, "V", NOW)
    assert ranking.score("future") == ranking.score("new")
    assert ranking.score("old").value < ranking.score("new").value


def test_a_task_weighs_what_was_done_on_it() -> None:
    contributions = town("A", "B")
    contributions.add(Vouch("V1", "B0"))
    contributions.add(Task("t", ("x",)))
    for name in ("here", "there"):
        contributions.add(Subject(name, "Q", occupations=("x",)))
    contributions.add(endorse("A0", "here", task="t"))
    contributions.add(endorse("A0", "there", task="s"))
    contributions.add(endorse("B0", "there", task="s"))
    ranking = Ranking.build(contributions, "V", NOW)
    assert ranking.order() == ["there", "here"]
    assert ranking.order(task="t") == ["here", "there"]


def test_naming_many_tasks_is_still_one_voice() -> None:
    contributions = town("A")
    contributions.add(Subject("m", "Q"))
    contributions.add(endorse("A0", "m"))
    ranking = Ranking.build(contributions, "V", NOW)
    before = ranking.score("m")
    for task in range(50):
        ranking.apply(endorse("A0", "m", task=f"t{task}"))
    assert ranking.score("m") == before


def test_who_moves_takes_the_voice_along() -> None:
    contributions = town("A", "Z")
    contributions.add(Subject("m", "Q"))
    contributions.add(endorse("Z0", "m"))
    ranking = Ranking.build(contributions, "V", NOW)
    assert ranking.score("m").evidence == 1.0
    ranking.follow(contributions.add(Practitioner("Z0", "A", ("x",))))
    assert ranking.score("m").evidence > 1.0
    ranking.follow(contributions.remove(Practitioner("Z0", "A")))
    assert ranking.score("m").evidence == 1.0


def test_a_replaced_endorsement_counts_once_and_its_id_stays_with_its_subject() -> None:
    contributions = town("A")
    contributions.add(Subject("m", "Q"))
    ranking = Ranking.build(contributions, "V", NOW)
    ranking.apply(endorse("A0", "m", "works-with-changes"))
    ranking.apply(endorse("A0", "m"))
    ranking.apply(endorse("A0", "m"))
    assert contributions.endorsement_count == 1
    with pytest.raises(StatementInvalid):
        ranking.apply(endorse("A0", "n", id="A0/m/None"))
    ranking.withdraw("A0/m/None")
    ranking.withdraw("A0/m/None")
    assert ranking.score("m").evidence == 1.0


def test_an_explanation_names_organisations_paths_and_what_would_help() -> None:
    contributions = town("A", "B", "C")
    contributions.add(Subject("m", "C0", occupations=("x",)))
    for voucher in ("A0", "A1", "V1", "V2"):
        contributions.add(Vouch(voucher, "B0"))
    contributions.add(endorse("B0", "m"))
    ranking = Ranking.build(contributions, "V", NOW)
    explanation = ranking.explain("m")
    assert explanation.voices[0].organisation == "B"
    assert explanation.voices[0].trust_path == ("V", "B")
    assert explanation.what_would_raise[0].organisation == "V"
    contributions.remove(Vouch("V0", "A0"))
    assert explanation.score == ranking.score("m").value


def test_exploration_offers_only_what_a_trusted_organisation_touched() -> None:
    contributions = town("A", "Z")
    for i in range(20):
        contributions.add(Subject(f"m{i:02}", "Q"))
        for who in ("A0", "A1", "V0", "V1"):
            contributions.add(endorse(who, f"m{i:02}", "works" if i < 8 else "fails"))
    contributions.add(Subject("ours", "A1"))
    contributions.add(Subject("theirs", "Z1"))
    ranking = Ranking.build(contributions, "V", NOW)
    places = ranking.explore(ranking.order())
    assert [place.exploring for place in places[:10]] == [False] * 4 + [True] + [False] * 4 + [True]
    assert "ours" in [place.subject for place in places[:10] if place.exploring]
    assert "theirs" not in [place.subject for place in places if place.exploring]
    assert sorted(place.subject for place in places) == sorted(ranking.order())


def test_of_two_warnings_one_is_heard() -> None:
    contributions = town("A", "B")
    contributions.add(Vouch("V1", "B0"))
    contributions.add(Subject("m", "Q"))
    for who in ("A0", "B0"):
        contributions.add(endorse(who, "m", "fails"))
    ranking = Ranking.build(contributions, "V", NOW)
    assert ranking.score("m").mean < ranking.slow.prior


def test_what_would_raise_by_less_than_a_hundredth_is_not_said() -> None:
    contributions = town("A", "B")
    contributions.add(Subject("m", "Q"))
    for who in ("V0", "V1", "A0", "A1", "B0", "B1"):
        contributions.add(endorse(who, "m", "works"))
    ranking = Ranking.build(contributions, "V", NOW)
    said = [rise.sentence() for rise in ranking.explain("m").what_would_raise]
    assert not [sentence for sentence in said if "by 0.00" in sentence]
