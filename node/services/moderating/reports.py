"""Reports: somebody says that something is wrong, the operator answers. What is answered is forgotten after a year."""

from __future__ import annotations

from node.errors import Malformed, TooMany, Unknown
from node.services.moderating.log import Deed, Note
from node.services.moderating.subjects import parse_reason, parse_subject
from node.services.policy import Viewer
from node.store.administration import moderation
from node.store.clock import DAY, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.moderation import ReportRow

MOST_OF_ONE = 20  # that wait
MOST_WAITING = 10_000
KEPT = 365 * DAY
APPEAL = "com.atproto.moderation.defs#reasonAppeal"
# The protocol's own reasons, in the words of the form.
REASONS = {
    "com.atproto.moderation.defs#reasonViolation": "It is dangerous or not allowed",
    "com.atproto.moderation.defs#reasonMisleading": "It is wrong or misleading",
    "com.atproto.moderation.defs#reasonSpam": "It is advertising or spam",
    "com.atproto.moderation.defs#reasonRude": "It attacks somebody",
    "com.atproto.moderation.defs#reasonSexual": "It is sexual",
    "com.atproto.moderation.defs#reasonOther": "Something else",
    APPEAL: "I object to a decision of moderation",
}


def parse_number(text: str) -> int:
    """The number of a report. Raises Unknown for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Unknown(f"There is no report {text[:50]!r}.")
    return int(text)


class Reports:
    """The queue."""

    def __init__(self, database: Database, note: Note) -> None:
        self._database = database
        self._note = note

    def make(self, who: Viewer, about: str, kind: str, reason: str = "", *, cid: str = "") -> ReportRow:
        """Put a report into the queue; said again about the same, it takes the place of the first. Raises Malformed."""
        subject = parse_subject(about)
        if subject.kind == "host":
            raise Malformed("A report is about an account or a record.")
        by = _named(who)
        row = ReportRow(id=0, subject=subject.text, cid=cid, kind=kind, by=by, at=now())
        row.reason = parse_reason(reason, needed=False)

        def work(session: Session) -> int:
            known = moderation.find_open_report(session, row.subject, by)
            if known is not None:
                known.kind, known.reason, known.cid = row.kind, row.reason, row.cid
                return known.id
            if moderation.count_reports(session, by) >= MOST_OF_ONE:
                raise TooMany("Your earlier reports have not been answered yet.", retry_after=3600)
            if moderation.count_reports(session) >= MOST_WAITING:
                raise TooMany("Too many reports wait already. Tell an operator directly.", retry_after=3600)
            return moderation.add_report(session, row)

        return self.get(self._database.writer.write(work))

    def waiting(self) -> list[ReportRow]:
        """The queue, oldest first."""
        with self._database.read() as session:
            return moderation.list_reports(session, waiting=True)

    def answered(self) -> list[ReportRow]:
        """What was answered, newest first."""
        with self._database.read() as session:
            return moderation.list_reports(session, waiting=False)

    def find_latest(self, who: Viewer, about: str) -> ReportRow | None:
        """What somebody last reported about a subject. Raises Malformed."""
        subject = parse_subject(about).text
        with self._database.read() as session:
            return moderation.find_latest_report(session, subject, _named(who))

    def get(self, number: int) -> ReportRow:
        """One report. Raises Unknown."""
        with self._database.read() as session:
            row = moderation.find_report(session, number)
        if row is None:
            raise Unknown(f"There is no report {number}.", hint="`skillnet moderate reports` lists those that wait.")
        return row

    def answer(self, who: Viewer, number: int, answer: str) -> int:
        """Close a report and all others about the same subject; how many. Raises Unknown, Malformed."""
        return self.answer_about(who, self.get(number).subject, answer)

    def answer_about(self, who: Viewer, about: str, answer: str) -> int:
        """Close what waits about a subject; how many. Raises Malformed."""
        subject, text = parse_subject(about).text, parse_reason(answer)
        count = self._database.writer.write(lambda session: moderation.close_reports(session, subject, text, now()))
        if count:
            self._note(who, Deed.ANSWERED.value, subject, text)
        return count

    def sweep(self) -> int:
        """Forget what was answered a year ago; how many."""
        return self._database.writer.write(lambda session: moderation.sweep_reports(session, now() - KEPT))


def _named(who: Viewer) -> str:
    return who.did or who.name or who.display_name
