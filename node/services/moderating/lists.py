"""Rules as a list that nodes hand on: lines of tab-separated text with reason and expiry, and what a list changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from node.errors import Malformed
from node.services.moderating.subjects import parse_reason, parse_subject
from node.services.withholding import ALLOW, DENY
from node.store.clock import as_text, parse_time
from node.store.tables.moderation import RuleRow

COLUMNS = ("effect", "subject", "until", "reason")
MOST_LINES = 100_000
NO_RULE, LINES_OF = "There is no rule in it.", "Lines of effect, subject, until, reason, with tabs."


@dataclass(frozen=True, slots=True)
class Rule:
    """`expires_at` in microseconds, 0: never."""

    effect: str
    subject: str
    reason: str
    expires_at: int = 0

    @classmethod
    def of(cls, row: RuleRow) -> Rule:
        """Without when it was made: that is each node's own."""
        return cls(row.effect, row.subject, row.reason, row.expires_at)


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking over a list changes. `missing` stand here and not in the list; they stay unless told otherwise."""

    added: tuple[Rule, ...] = ()
    changed: tuple[tuple[Rule, Rule], ...] = ()  # (as it stands, as in the list)
    missing: tuple[Rule, ...] = ()
    same: int = 0
    refused: tuple[tuple[str, str], ...] = ()  # (subject, why its rule cannot be made)

    @property
    def coming(self) -> tuple[Rule, ...]:
        """The rules that the list brings, new and changed."""
        return (*self.added, *(new for _, new in self.changed))

    def without(self, refused: Mapping[str, str]) -> Difference:
        """As it is when these subjects' rules cannot be made."""
        return replace(
            self,
            added=tuple(rule for rule in self.added if rule.subject not in refused),
            changed=tuple((old, new) for old, new in self.changed if new.subject not in refused),
            refused=tuple(refused.items()),
        )


def write_list(rules: Iterable[Rule]) -> str:
    """The list as text: a line of column names, then one line each, by subject."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for rule in sorted(rules, key=lambda rule: rule.subject):
        writer.writerow([rule.effect, rule.subject, as_text(rule.expires_at) if rule.expires_at else "", rule.reason])
    return out.getvalue()


def parse_list(text: str) -> list[Rule]:
    """The rules of a list; a line may lack what stands at its end. Raises Malformed with the line."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter="\t", strict=True)
    found: dict[str, Rule] = {}
    try:
        for fields in reader:
            _take(found, fields, reader.line_num)
    except (Malformed, ValueError, csv.Error) as error:
        hint = "effect, subject, until, reason, with tabs between"
        raise Malformed(f"Line {reader.line_num}: {error}", hint=hint) from error
    return list(found.values())


def _take(found: dict[str, Rule], fields: list[str], number: int) -> None:
    if not "".join(fields).strip() or fields[0].startswith("#") or tuple(fields) == COLUMNS:
        return
    if number > MOST_LINES:
        raise Malformed(f"A list has at most {MOST_LINES} lines.")
    rule = _rule(fields)
    if found.setdefault(rule.subject, rule) != rule:
        raise Malformed(f"{rule.subject} has another rule above already.")


def _rule(fields: list[str]) -> Rule:
    effect, subject, until, reason = (field.strip() for field in (*fields, "", "", "", "")[:4])
    if effect not in (ALLOW, DENY):
        raise Malformed(f"{effect!r} is neither allow nor deny.")
    return Rule(effect, parse_subject(subject).text, parse_reason(reason, needed=False), parse_until(until))


def parse_until(text: str) -> int:
    """Microseconds of a day (its beginning, UTC) or moment; 0 for ''. Raises Malformed."""
    if not text:
        return 0
    try:
        return parse_time(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError as error:
        raise Malformed(f"{text!r} is no day or moment.", hint="Like 2027-01-31") from error


def difference(here: Iterable[Rule], there: Iterable[Rule]) -> Difference:
    """What `there` would change `here`."""
    old, new = {rule.subject: rule for rule in here}, {rule.subject: rule for rule in there}
    common = old.keys() & new.keys()
    return Difference(
        added=tuple(new[subject] for subject in sorted(new.keys() - old.keys())),
        changed=tuple((old[s], new[s]) for s in sorted(common) if old[s] != new[s]),
        missing=tuple(old[subject] for subject in sorted(old.keys() - new.keys())),
        same=sum(old[subject] == new[subject] for subject in common),
    )
