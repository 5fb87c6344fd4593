"""Decides about hosts, accounts and records: the rule first, so that nothing slips in, then what it removes.

Each decision stands in the log of erasures before it is made: a restore does not bring back what was taken down.
"""

from __future__ import annotations

import asyncio
from typing import Any

from node.errors import Malformed, NodeError, Unknown
from node.logs import get_logger
from node.services.audit import SYSTEM
from node.services.erasures import Erasures
from node.services.moderating.lists import LINES_OF, NO_RULE, Difference, Rule, difference
from node.services.moderating.log import Deed, Note, write_line
from node.services.moderating.subjects import Subject, parse_reason, parse_subject
from node.services.moderating.takedown import Takedown
from node.services.policy import Viewer
from node.services.withholding import ALLOW, DENY, Withholding, host_names
from node.store.administration import moderation
from node.store.clock import now
from node.store.content import catalogue
from node.store.database import Database
from node.store.inside import internal
from node.store.repositories import accounts, peers, records
from node.store.sessions import Session
from node.store.tables.moderation import RuleRow

OF_ONES_OWN = "It is of an account here: no list takes that down. Decide about it by itself."


class Decisions:
    """The table of rules and what follows from it."""

    def __init__(
        self, database: Database, withholding: Withholding, takedown: Takedown, erasures: Erasures, note: Note
    ) -> None:
        self._database = database
        self._withholding = withholding
        self._takedown = takedown
        self._erasures = erasures
        self._note = note

    def rules(self) -> list[RuleRow]:
        """All rules, by subject."""
        with self._database.read() as session:
            return moderation.list_rules(session)

    async def decide(self, who: Viewer, rule: Rule, *, erase: bool = False) -> Subject:
        """Put a rule in force. Raises Malformed."""
        subject, row = self.check(rule)
        taken_down = row.effect == DENY and subject.kind != "host"
        deed = Deed.TAKEN_DOWN if taken_down else Deed.DENIED if row.effect == DENY else Deed.ALLOWED
        before = self._withholding.denies(subject.text) is not None
        await self._keep(row.subject, effect=row.effect, reason=row.reason, until=row.expires_at, erase=erase)
        await self._save(row, subject, deed)
        await asyncio.to_thread(self._note, who, deed.value, subject.text, row.reason)
        if row.effect == DENY:
            await self._takedown.remove(subject, erase=erase)
        elif before:
            await self._takedown.bring_back(subject)
        return subject

    @staticmethod
    def is_known(session: Session, subject: Subject) -> bool:
        """Is it here, or was heard of? Of a host, whoever lives there; one may also be denied before anything comes."""
        if subject.kind == "record":
            item = catalogue.find_item(session, subject.text, catalogue.MEMBERS)
            stored = (one.find_record_by_uri(session, subject.text) for one in (records, internal))
            return item is not None or any(stored)
        if subject.kind == "host":
            urls = [*(row.url for row in peers.list_peers(session)), *peers.list_homes(session)]
            return any(subject.text in host_names(url) for url in urls)
        return any(find(session, subject.did) for find in (accounts.find_account, accounts.find_identity))

    @staticmethod
    def called(session: Session, subject: Subject) -> str:
        """Whose handle is spelt like this host: that account may be what is meant. Empty for nobody's."""
        return accounts.find_did_called(session, subject.text) if subject.kind == "host" else ""

    def check(self, rule: Rule) -> tuple[Subject, RuleRow]:
        """The rule as it can be made here. Raises Malformed."""
        subject = parse_subject(rule.subject)
        row = _row(rule, subject)
        if row.effect == DENY:
            self._takedown.check(subject)
        return subject, row

    async def _save(self, row: RuleRow, subject: Subject, deed: Deed) -> None:
        about, reason, until, denied = row.subject, row.reason, row.expires_at, row.effect == DENY

        def work(session: Session) -> None:
            moderation.save_rule(session, row)
            write_line(session, self._withholding, deed, about, reason, until)
            if denied:  # there is nothing left to be reported
                moderation.close_reports(session, about, reason, now(), all_of_account=subject.kind == "account")

        await self._database.writer.awrite(work)

    async def lift(self, who: Viewer, text: str, reason: str = "") -> Subject:
        """End a rule. Raises Unknown, Malformed."""
        subject, reason = parse_subject(text), parse_reason(reason, needed=False)
        if self._find(subject.text) is not None:
            await self._keep(subject.text, reason=reason)
        await self._end(subject, Deed.LIFTED, reason)
        await asyncio.to_thread(self._note, who, Deed.LIFTED.value, subject.text, reason)
        return subject

    async def decide_again(self) -> int:
        """Whatever the log of erasures knows and a restored database does not; how many decisions."""
        with self._database.read() as session:
            known = moderation.newest_by_subject(session)
        forgotten: dict[str, list[dict[str, Any]]] = {}
        for at, said in await asyncio.to_thread(lambda: list(self._erasures.decisions())):
            if known.get(said["subject"], -1) < at:
                forgotten.setdefault(said["subject"], []).append(said)
        for about, decided in forgotten.items():
            try:
                await self._repeat(parse_subject(about), decided)
            except NodeError as error:
                get_logger("moderation").warning("a decision could not be made again", why=error.message)
        return len(forgotten)

    async def _repeat(self, subject: Subject, decided: list[dict[str, Any]]) -> None:
        """The last of them holds; what one that has ended deleted for good stays deleted."""
        last = decided[-1]
        holds = "effect" in last and (not last["until"] or last["until"] > now())
        ended = [said for said in decided[: len(decided) - holds] if said.get("effect") == DENY]
        if ended:
            await self._takedown.delete_again(subject, erase=any(said["erase"] for said in ended))
        if holds:
            rule = Rule(last["effect"], subject.text, last["reason"], last["until"])
            await self.decide(SYSTEM, rule, erase=last["erase"])
        elif "effect" not in last and self._find(subject.text) is not None:
            await self.lift(SYSTEM, subject.text, last["reason"])

    def _is_own(self, subject: Subject) -> bool:
        with self._database.read() as session:
            return bool(subject.did) and accounts.find_account(session, subject.did) is not None

    async def _keep(self, subject: str, **said: Any) -> None:
        await asyncio.to_thread(self._erasures.add_decision, {"subject": subject, **said})

    def _find(self, subject: str) -> RuleRow | None:
        with self._database.read() as session:
            return moderation.find_rule(session, subject)

    async def _end(self, subject: Subject, deed: Deed, reason: str) -> None:
        def work(session: Session) -> str:
            row = moderation.find_rule(session, subject.text)
            if row is None:
                raise Unknown(f"There is no rule about {subject.text}.", hint="`skillnet moderate rules` lists them.")
            effect = row.effect
            session.delete(row)
            write_line(session, self._withholding, deed, subject.text, reason)
            return effect

        if await self._database.writer.awrite(work) == DENY:
            await self._takedown.bring_back(subject)

    async def expire(self) -> int:
        """End rules that ran out; how many."""
        gone = [row.subject for row in self.rules() if row.expires_at and row.expires_at <= now()]
        for subject in gone:
            await self._end(parse_subject(subject), Deed.RAN_OUT, "")
        return len(gone)

    def compare(self, rules: list[Rule]) -> Difference:
        """What taking over a list would change, and which of its rules cannot be made here."""
        found = difference(map(Rule.of, self.rules()), rules)
        refused: dict[str, str] = {}
        for rule in found.coming:
            try:
                subject, row = self.check(rule)
            except Malformed as error:
                refused[rule.subject] = error.message
                continue
            if row.effect == DENY and self._is_own(subject):
                refused[rule.subject] = OF_ONES_OWN
        return found.without(refused)

    async def take_over(self, who: Viewer, rules: list[Rule], *, exactly: bool = False) -> Difference:
        """Put a list in force; `exactly` also lifts what it does not name. Returns what changed, and what could not.

        Raises Malformed for a list without rules that would lift all: more likely another file was meant.
        """
        if exactly and not rules:
            raise Malformed(NO_RULE, hint=LINES_OF)
        found = await asyncio.to_thread(self.compare, rules)
        refused = dict(found.refused)
        for rule in found.coming:
            try:
                await self.decide(who, rule)
            except NodeError as error:  # the others are in force all the same
                if error.status >= 500:  # that is no fault of the rule
                    raise
                refused[rule.subject] = error.message
        for rule in found.missing if exactly else ():
            await self.lift(who, rule.subject)
        return found.without(refused)


def _row(rule: Rule, subject: Subject) -> RuleRow:
    if rule.effect not in (ALLOW, DENY):
        raise Malformed(f"{rule.effect!r} is neither allow nor deny.")
    if rule.effect == ALLOW and subject.kind == "record":
        raise Malformed("A record needs no rule to be allowed.")
    if rule.expires_at and rule.expires_at <= now():
        raise Malformed("That rule has run out already.")
    reason = parse_reason(rule.reason, needed=rule.effect == DENY)
    return RuleRow(subject=subject.text, effect=rule.effect, reason=reason, made_at=now(), expires_at=rule.expires_at)
