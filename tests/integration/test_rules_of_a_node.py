"""The rules of a node as a list: handed on, taken over, decided again after a restore, and what none may say."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from node.errors import Malformed
from node.services.moderating.lists import Rule, parse_list, write_list
from node.services.policy import LOCAL_OPERATOR
from node.store.clock import SECOND, now
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.repositories import records
from schemas.authority import MODULE
from tests.integration.fixtures.nodes import composed, practitioner, publish


def test_a_list_is_handed_on_and_changes_only_what_differs(tmp_path: Path) -> None:
    with composed(tmp_path / "a") as services:
        decisions = services.moderation.decisions
        asyncio.run(decisions.decide(LOCAL_OPERATOR, Rule("allow", "good.example", "")))
        there = parse_list("deny\tspam.example\t2999-01-01\tSpam\nallow\tgood.example\n")
        found = decisions.compare(there)
        assert ([rule.subject for rule in found.added], found.same) == (["spam.example"], 1)
        asyncio.run(decisions.take_over(LOCAL_OPERATOR, there))
        assert parse_list(write_list(map(Rule.of, decisions.rules()))) == sorted(there, key=lambda rule: rule.subject)
        found = asyncio.run(decisions.take_over(LOCAL_OPERATOR, there[:1], exactly=True))
        assert [rule.subject for rule in found.missing] == ["good.example"]
        assert [row.subject for row in decisions.rules()] == ["spam.example"]
        with pytest.raises(Malformed, match="no rule in it"):
            asyncio.run(decisions.take_over(LOCAL_OPERATOR, [], exactly=True))


def test_a_rule_that_cannot_be_made_holds_no_other_up(tmp_path: Path) -> None:
    with composed(tmp_path / "a") as services:
        did, decisions = practitioner(services, "gone"), services.moderation.decisions
        asyncio.run(decisions.decide(LOCAL_OPERATOR, Rule("deny", did, "Spam.")))
        record = f"at://{did}/{MODULE}/any"
        found = asyncio.run(
            decisions.take_over(LOCAL_OPERATOR, parse_list(f"deny\t{record}\t\tx\ndeny\tspam.example\t\tx\n"))
        )
        assert [rule.subject for rule in found.added] == ["spam.example"]
        assert [(subject, "takendown" in why) for subject, why in found.refused] == [(record, True)]
        assert {row.subject for row in decisions.rules()} == {did, "spam.example"}


@pytest.mark.parametrize("ends", ["by itself", "lifted"])
def test_a_record_that_was_deleted_for_good_stays_so_after_a_restore_though_its_rule_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    with composed(tmp_path / "a") as services:
        did, decisions = practitioner(services, "ann"), services.moderation.decisions
        made = publish(services, did, "cut", "Blow on it.")
        # What the log of erasures says of a decision that the database, restored, knows nothing of.
        kept = {"subject": made.uri, "reason": "No."}
        decisions._erasures.add_decision({**kept, "effect": "deny", "until": now() + SECOND, "erase": False})
        if ends == "lifted":
            decisions._erasures.add_decision(kept)
        monkeypatch.setattr("node.services.moderating.decisions.now", lambda: now() + 3600 * SECOND)
        assert asyncio.run(decisions.decide_again()) == 1
        assert decisions.rules() == []
        with services.database.read() as session:
            assert catalogue.find_item(session, made.uri, MEMBERS) is None
            assert "module" not in " ".join(path for path, _ in records.list_paths(session, did))


@pytest.mark.parametrize("host", ["a.example", "A.Example", "a.example:443"])
def test_a_node_does_not_shut_itself_out(tmp_path: Path, host: str) -> None:
    with composed(tmp_path / "a", url="https://a.example") as services:
        with pytest.raises(Malformed, match="shut itself out"):
            asyncio.run(services.moderation.decisions.decide(LOCAL_OPERATOR, Rule("deny", host, "x")))
        asyncio.run(services.moderation.decisions.decide(LOCAL_OPERATOR, Rule("deny", "a.example:8443", "x")))
        assert [rule.subject for rule in services.moderation.decisions.rules()] == ["a.example:8443"]


def test_a_node_does_not_take_itself_down(tmp_path: Path) -> None:
    with composed(tmp_path / "a") as services, pytest.raises(Malformed, match="its own account"):
        asyncio.run(services.moderation.decisions.decide(LOCAL_OPERATOR, Rule("deny", services.identity.did, "x")))
