"""What moderation keeps out: rules and hiding labels, in memory, asked for every record and every host."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from node.errors import NotAllowed
from node.services.cataloguing.changes import RecordChange
from node.services.cataloguing.rows import HEAD_OF
from node.settings.declared import Settings
from node.store.administration import labels, moderation
from node.store.clock import now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.moderation import RuleRow

ALLOW, DENY = "allow", "deny"
_BEHIND_HOST = re.compile(r"[/?#]")
_PORTS = {"https": "443", "http": "80"}  # of addresses that say none


class TakenDown(NotAllowed):
    """This node's operator has taken it down."""

    code = "Takedown"


@dataclass(slots=True)
class _Known:
    """What stands: rules by subject; until when each subject is hidden by a label (0: without end), by labelled CID."""

    rules: dict[str, RuleRow] = field(default_factory=dict)
    hidden: dict[tuple[str, str], int] = field(default_factory=dict)


class Withholding:
    """Reads rules and labels once and again after `forget`; the core process alone changes them."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._hiding = frozenset(settings.hide_labels)
        self._known: _Known | None = None
        self._told: list[Callable[[], None]] = []

    def listen(self, told: Callable[[], None]) -> None:
        """Call `told` after each decision; it must be quick."""
        self._told.append(told)

    def forget(self) -> None:
        """Read anew at the next question: something was decided."""
        self._known = None
        for told in self._told:
            told()

    @property
    def hiding(self) -> frozenset[str]:
        """Values of labels that hide what they stand on."""
        return self._hiding

    def heeds(self, val: str) -> bool:
        """Does a label of this value hide what it stands on?"""
        return val in self._hiding

    def rule(self, subject: str) -> RuleRow | None:
        """The rule in force about a host, account or record."""
        row = self._standing().rules.get(subject)
        return row if row is not None and (not row.expires_at or row.expires_at > now()) else None

    def denies(self, *subjects: str) -> RuleRow | None:
        """The first rule in force that denies one of `subjects`."""
        rows = (self.rule(subject) for subject in subjects if subject)
        return next((row for row in rows if row is not None and row.effect == DENY), None)

    def allows(self, *subjects: str) -> bool:
        """Does a rule in force allow one of `subjects` by name?"""
        return any(row.effect == ALLOW for row in map(self.rule, filter(None, subjects)) if row is not None)

    def denied_by_name(self) -> list[str]:
        """Every subject that is denied now."""
        return [subject for subject in self._standing().rules if self.denies(subject)]

    def denied_of(self, did: str) -> list[RuleRow]:
        """The rules in force that deny this account or records of it, newest first."""
        known = self._standing().rules.values()
        own = (row for row in known if row.subject == did or row.subject.startswith(f"at://{did}/"))
        found = (row for row in own if self.denies(row.subject))
        return sorted(found, key=lambda row: row.made_at, reverse=True)

    def withholds(self, did: str, change: RecordChange) -> bool:
        """Is this record kept out of the catalogue: by its account, its own address, or what it is a version of?"""
        subjects = _subjects(did, change.collection, change.rkey, change.value)
        return self.denies(*subjects) is not None or self._hides(subjects, change.cid)

    def keeps_out(self, did: str, change: RecordChange) -> bool:
        """As `withholds`, for rules alone: what is denied is not even kept."""
        return self.denies(*_subjects(did, change.collection, change.rkey, change.value)) is not None

    def refuse(self, did: str, collection: str, rkey: str, value: Mapping[str, Any] | None) -> None:
        """Raises TakenDown for a record that may not be published here again."""
        rule = self.denies(*_subjects(did, collection, rkey, value))
        if rule is not None:
            raise TakenDown(f"This node's operator has taken it down: {rule.reason or 'no reason was given'}.")

    def _hides(self, subjects: Collection[str], cid: str) -> bool:
        hidden = self._standing().hidden
        if not hidden:
            return False
        ends = (hidden.get((subject, which)) for subject in subjects for which in {"", cid})
        return any(end is not None and (not end or end > now()) for end in ends)

    def _standing(self) -> _Known:
        known = self._known
        if known is None:
            with self._database.read() as session:
                known = self._known = self._read(session)
        return known

    def _read(self, session: Session) -> _Known:
        weak = {row.did for row in labels.list_labelers(session) if row.effect != "hide"}
        known = _Known({row.subject: row for row in moderation.list_rules(session)})
        for src, uri, cid, until in labels.list_hiding(session, now(), self._hiding):
            if src not in weak:
                before = known.hidden.get((uri, cid), until)
                known.hidden[uri, cid] = 0 if 0 in (before, until) else max(before, until)  # the longest counts
        return known


def _subjects(did: str, collection: str, rkey: str, value: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The account, the record, and for a version the module, task or path that it is one of."""
    uri, head = f"at://{did}/{collection}/{rkey}", HEAD_OF.get(collection)
    name = (value or {}).get("name") if head else None
    return (did, uri, f"at://{did}/{head}/{name}") if name else (did, uri)


def host_name(text: str) -> str:
    """A host as rules name it: host or host:port, lower case, without scheme, path and the dot of the DNS's root."""
    named = _BEHIND_HOST.split(text.partition("://")[2] or text, maxsplit=1)[0].lower().strip()
    host, colon, port = named.partition(":")
    return f"{host.removesuffix('.')}{colon}{port}"


def host_names(url: str) -> tuple[str, ...]:
    """The names under which a rule may speak of the host at `url`: with its port, said or not, and without."""
    parts = urlsplit(url)
    named, bare = host_name(parts.netloc), host_name(parts.hostname or "")
    port = _PORTS.get(parts.scheme, "")
    return (named, bare, f"{bare}:{port}") if port and named == bare else (named, bare)
