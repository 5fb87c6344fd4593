"""What an organisation may know of groups, attacked: from the rest of a row, and from one week to the next."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from node.services.erasures import Erasures
from node.services.learning.groups import LEAST, OCCUPATIONS, Groups, Row, Tally, renewed, suppressed
from node.services.learning.sealed.ledger import Ledger, Recorded
from node.services.learning.sealed.profile import parse_profile
from node.services.learning.sealed.vault import Vault
from node.services.policy import Role, Viewer
from node.services.sealing import Sealer
from node.store.administration import facts
from node.store.database import Database

MONDAY = datetime(2026, 11, 2, 3, tzinfo=UTC)
OPERATOR = Viewer(name="omar", did="did:web:omar.example", roles=frozenset({Role.OPERATOR}))


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 30), max_size=4))
def test_neither_a_small_number_nor_all_of_a_whole_follows_from_what_is_shown(row: dict[str, int]) -> None:
    shown, whole = suppressed(row), sum(row.values())
    for name, number in shown.items():
        assert LEAST <= number <= row[name] < number + LEAST
        assert whole - row[name] >= LEAST
    hidden = [number for name, number in row.items() if name not in shown and number]
    assert not (shown and hidden) or (len(hidden) > 1 and sum(hidden) >= LEAST)


went = st.sampled_from(["", "alone", "with help", "not yet"])
weeks = st.lists(st.lists(st.tuples(st.integers(0, 24), went), max_size=14), max_size=12)


@given(weeks)
def test_no_two_weeks_lie_fewer_than_five_workers_apart(changes: list[list[tuple[int, str]]]) -> None:
    """Workers begin, go on, come off and are erased as they like; each row that is new has five of them in it."""
    workers: dict[int, str] = {}
    behind_shown: dict[int, str] = {}
    counted: dict[str, Row] = {}
    shown: dict[str, Row] = {}
    for week in changes:
        workers |= dict(week)
        rows = renewed({"m": Counter(filter(None, workers.values()))}, counted, shown)
        counted, now = {name: row[0] for name, row in rows.items()}, {name: row[1] for name, row in rows.items()}
        if now.get("m") != shown.get("m"):
            assert sum(workers.get(one, "") != behind_shown.get(one, "") for one in workers) >= LEAST
        if counted.get("m", {}) == Counter(filter(None, workers.values())):
            behind_shown = dict(workers)
        shown = now


def told(occupation: str, how: str) -> Ledger:
    outcome = Recorded("r", "at://did:web:a/org.skillnet.module/m", how, 1, ("s",), "competent")
    return Ledger(profile=parse_profile({"occupations": [occupation]}), outcomes=(outcome,))


def tally(*ledgers: Ledger) -> Tally:
    counted = Tally()
    for ledger in ledgers:
        counted.hear(ledger)
    return counted


def test_a_count_is_kept_sealed_and_shown_until_five_workers_changed_it(
    database: Database, vault: Vault, sealer: Sealer, folder: Path
) -> None:
    groups = Groups(database, vault)
    nurses, cooks = [told("onet:nurse", "alone")] * 12, [told("onet:cook", "not")] * 7
    assert groups.is_due(MONDAY)
    groups.keep(tally(*nurses, *cooks), MONDAY)
    first = groups.show(OPERATOR)
    assert first[OCCUPATIONS] == {"onet:cook": 5, "onet:nurse": 10}
    assert list(first["modules"].values()) == [{"alone": 10, "not yet": 5}]
    assert not groups.is_due(MONDAY + timedelta(days=6))
    assert groups.is_due(MONDAY + timedelta(days=7))
    assert groups.is_due(MONDAY - timedelta(days=1))  # the clock was put back
    groups.keep(tally(*nurses, *cooks, *[told("onet:cook", "not")] * 4), MONDAY + timedelta(days=7))
    assert {**groups.show(OPERATOR), "day": ""} == {**first, "day": ""}  # eleven by now, and nobody can tell since when
    groups.keep(tally(*nurses, *cooks, *cooks, *cooks), MONDAY + timedelta(days=14))
    assert groups.show(OPERATOR)[OCCUPATIONS] == {"onet:cook": 20, "onet:nurse": 10}
    with database.read() as session:
        kept = json.dumps(facts.find_fact(session, "groups-counted"))
    assert "nurse" not in kept
    sealed = json.loads(kept)["sealed"]
    assert vault.find_counted(sealed)[OCCUPATIONS]["onet:cook"] == 21
    assert Vault(database, Sealer(bytes(32)), Erasures(folder, sealer)).find_counted(sealed) == {}


def test_a_team_that_is_all_alike_is_not_shown() -> None:
    """Who knows that these twelve did it would know how it went for each."""
    assert suppressed({"not yet": 12}) == {}
    assert suppressed({"not yet": 12, "alone": 4}) == {}
    assert suppressed({"not yet": 12, "alone": 6}) == {"not yet": 10, "alone": 5}
