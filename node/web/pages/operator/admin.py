"""The operator's page: figures, peers, refusals, jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

from litestar import Response, get

from node.errors import Unreachable
from node.services.assembly import Services
from node.services.examining.finding import Finding
from node.services.following.discovery import Suggestion, suggest_peers
from node.services.following.honouring import deletion_lag
from node.services.following.trailing import Trailing
from node.services.policy import Action, Viewer, require
from node.store.administration import jobs, moderation, people
from node.store.clock import SECOND, moment_of
from node.store.content import catalogue, contributions
from node.store.content.catalogue import MEMBERS
from node.store.repositories import peers, records
from node.store.sessions import Session
from node.store.tables.jobs import JobRow as Job
from node.store.tables.peers import PeerRow as Peer
from node.store.tables.peers import RejectionRow
from node.web import wording
from node.web.contexts.operator.admin import (
    AdminPage,
    Figure,
    FindingRow,
    JobRow,
    PeerRow,
    RejectedEvent,
    SuggestedPeer,
)
from node.web.metrics import read_all
from node.web.notices import show_once
from node.web.pages.links import query_of
from node.web.pages.operator.chores import DOES
from node.web.pages.operator.measured import measured
from node.web.pages.organisations.peers import peer_line
from node.web.pages.reading import AnyRequest
from node.web.presenting import site_of

REJECTED = 50
SUGGESTED = 12


@get("/admin", sync_to_thread=True, include_in_schema=False)
def admin_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """The same truth that the metrics show, for a person."""
    require(viewer, Action.OPERATE)
    readings = list(read_all(services, request.app.state.traffic))
    last = services.doctor.last()
    findings = last.findings if last else ()
    with services.database.read() as session:
        page = AdminPage(
            site=site_of(request, services, viewer),
            looked=moment_of(int(last.at * SECOND)) if last else None,
            wrong=tuple(_finding(one) for one in findings if not one.ok),
            well=tuple(_finding(one) for one in findings if one.ok),
            look="/admin/doctor",
            figures=_figures(services, session),
            measured=measured(readings),
            peers=tuple(_peer(session, row, services.follower.trailing) for row in peers.list_peers(session)),
            follow="/admin/peers",
            suggested=tuple(
                map(_suggested, suggest_peers(session, services.settings, services.withholding)[:SUGGESTED])
            ),
            rejected=tuple(map(_rejected, peers.list_rejections(session, limit=REJECTED))),
            jobs=tuple(sorted(map(_job, jobs.list_jobs(session)), key=lambda job: job.state != "failed")),
        )
    return show_once(request, services, page)


def _finding(one: Finding) -> FindingRow:
    """Every second piece between backticks is a command."""
    pieces = enumerate(one.mend.split("`"))
    mend = tuple((number % 2 == 1, text) for number, text in pieces if text)
    return FindingRow(name=one.name, detail=one.detail, mend=mend)


def _figures(services: Services, session: Session) -> tuple[Figure, ...]:
    counts = catalogue.count_items(session, MEMBERS)
    verdicts = sum(contributions.count_endorsements(session, MEMBERS).values())
    hosted = len(records.list_heads(session, hosted=True, limit=10_000))
    trusted = len(services.rankings.trust()) - 1
    reason = services.rankings.unranked_reason() or "besides this one"
    return (
        _figure("Modules", counts.get("module", 0)),
        _figure("Tasks", counts.get("task", 0)),
        _figure("Verdicts", verdicts),
        _figure("Trusted organisations", trusted, reason),
        _figure("Reports waiting", moderation.count_reports(session), "to be answered under Moderation"),
        _figure("People", people.count_people(session, since=0), "with their roles and invitations under People"),
        _figure("Repositories hosted", hosted, "this node’s own among them"),
        _figure("Newest event", services.stream.last_seq, "sequence number of the stream"),
        _searchable(services),
    )


def _searchable(services: Services) -> Figure:
    progress, count = services.finder.progress, 0
    if progress.state not in ("opening", "unreachable", "forbidden"):
        try:
            count = services.finder.document_count
        except Unreachable as error:
            return _figure("Documents to find", count, error.message)
    return _figure("Documents to find", count, "" if progress.state == "ready" else progress.sentence())


def _figure(name: str, value: int, note: str = "") -> Figure:
    return Figure(name=name, value=wording.number(value), note=note)


def _peer(session: Session, row: Peer, trailing: Trailing) -> PeerRow:
    line = peer_line(row)
    return PeerRow(
        peer=replace(line, lag=trailing.of(row.url)) if line.state == "live" else line,
        cursor=row.cursor if row.cursor >= 0 else None,
        last_event=moment_of(row.seen_at) if row.seen_at else None,
        deletion_lag=deletion_lag(session, row.url),
        retry_at=moment_of(row.next_try) if row.next_try and row.state in ("waiting", "quarantined") else None,
        unfollow="/admin/peers/unfollow?" + query_of(url=row.url),
    )


def _suggested(one: Suggestion) -> SuggestedPeer:
    name = one.organisation or one.url.partition("://")[2]
    return SuggestedPeer(name=name, url=one.url, known_by=tuple(one.known_by))


def _rejected(row: RejectionRow) -> RejectedEvent:
    return RejectedEvent(at=moment_of(row.at), host=row.peer, repository=row.did, reason=row.code, detail=row.detail)


def _job(row: Job) -> JobRow:
    return JobRow(
        name=row.key,
        does=DOES.get(row.key, ""),
        state=cast(Literal["waiting", "running", "failed"], row.standing),
        attempts=row.attempts,
        run_at=moment_of(row.run_at) if row.run_at else None,
        problem=row.error,
    )


HANDLERS = (admin_page,)
