"""What /metrics shows. Every metric is declared in METRICS with its unit; a test holds the documentation against it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge

from node.services.following.honouring import deletion_lag
from node.services.keeping.last_backup import backup_age
from node.settings.declared import Settings
from node.store import catalogue, jobs, peers
from node.store.catalogue import PUBLIC
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.web.overload import Traffic

if TYPE_CHECKING:
    from node.services.assembly import Services


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric as documented."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()
    kind: Literal["gauge", "counter"] = "gauge"


METRICS = {
    metric.name: metric
    for metric in (
        Metric("skillnet_items", "Public items in the catalogue.", ("kind",)),
        Metric("skillnet_stream_seq", "Newest sequence number of the event stream."),
        Metric("skillnet_stream_consumers", "Consumers connected to the event stream."),
        Metric("skillnet_writer_waiting", "Pieces of work waiting for the writer."),
        Metric("skillnet_peer_lag_seconds", "Seconds since a followed host was last heard.", ("peer",)),
        Metric("skillnet_peer_failures", "Failures in a row of a followed host.", ("peer",)),
        Metric("skillnet_search_done", "Share of the search index that is built, 1 when it is whole."),
        Metric("skillnet_jobs", "Jobs by state.", ("state",)),
        Metric("skillnet_job_lag_seconds", "Seconds that the job which is longest due has waited."),
        Metric("skillnet_peers", "Followed hosts by state.", ("state",)),
        Metric(
            "skillnet_peer_deletion_lag_seconds",
            "Seconds that a peer took, at most, to honour our last deletion that it has read.",
            ("peer",),
        ),
        Metric("skillnet_requests_under_way", "Requests being worked on, of server.most_at_once."),
        Metric("skillnet_requests_shed_total", "Requests answered 503 because of too many at once.", kind="counter"),
        Metric(
            "skillnet_requests_total", "Requests answered, by the first digit of the status.", ("status",), "counter"
        ),
        Metric(
            "skillnet_request_seconds_total",
            "Seconds from the beginning of requests to the beginning of their answers, added up.",
            kind="counter",
        ),
        Metric("skillnet_memory_bytes", "Memory that the process has in use (resident)."),
        Metric("skillnet_disk_free_bytes", "Bytes free where the data folder is."),
        Metric("skillnet_database_bytes", "Size of the database, on SQLite with its log."),
        Metric("skillnet_backup_age_seconds", "Seconds since the last backup of this folder; -1 when there was none."),
    )
}


class _Registry:
    """A fresh registry with every metric, and doors to set them by name."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._all: dict[str, Gauge | Counter] = {
            m.name: (Gauge if m.kind == "gauge" else Counter)(m.name, m.meaning, m.labels, registry=self.registry)
            for m in METRICS.values()
        }

    def put(self, name: str, value: float, *labels: str) -> None:
        """One value; values of one metric and label add up."""
        metric = self._all[name]
        (metric.labels(*labels) if labels else metric).inc(value)


def observe(services: Services, traffic: Traffic) -> CollectorRegistry:
    """A fresh registry with every metric's value now."""
    found = _Registry()
    with services.database.read() as session:
        for kind, count in catalogue.count_items(session, PUBLIC).items():
            found.put("skillnet_items", count, kind)
        _observe_peers(found, session)
        _observe_jobs(found, session)
    found.put("skillnet_stream_seq", services.stream.last_seq)
    found.put("skillnet_stream_consumers", services.stream.consumers)
    progress = services.finder.progress
    found.put("skillnet_search_done", 1.0 if progress.is_whole else progress.share)
    found.put("skillnet_writer_waiting", services.database.writer.waiting)
    _observe_traffic(found, traffic)
    _observe_machine(found, services.settings, services.database)
    return found.registry


def _observe_peers(found: _Registry, session: Session) -> None:
    for peer in peers.list_peers(session):
        found.put("skillnet_peers", 1, peer.state)
        found.put("skillnet_peer_lag_seconds", (now() - peer.seen_at) / SECOND, peer.url)
        found.put("skillnet_peer_failures", peer.failures, peer.url)
        if (lag := deletion_lag(session, peer.url)) is not None:
            found.put("skillnet_peer_deletion_lag_seconds", lag.total_seconds(), peer.url)


def _observe_jobs(found: _Registry, session: Session) -> None:
    longest = 0
    for job in jobs.list_jobs(session):
        found.put("skillnet_jobs", 1, job.state)
        if job.state == "waiting":
            longest = max(longest, now() - job.run_at)
    found.put("skillnet_job_lag_seconds", longest / SECOND)


def _observe_traffic(found: _Registry, traffic: Traffic) -> None:
    found.put("skillnet_requests_under_way", traffic.under_way)
    found.put("skillnet_requests_shed_total", traffic.shed)
    found.put("skillnet_request_seconds_total", traffic.seconds)
    for digit, count in sorted(traffic.answered.items()):
        found.put("skillnet_requests_total", count, f"{digit}xx")


def _observe_machine(found: _Registry, settings: Settings, database: Database) -> None:
    found.put("skillnet_memory_bytes", _resident())
    found.put("skillnet_disk_free_bytes", shutil.disk_usage(settings.data).free)
    found.put("skillnet_database_bytes", database.size())
    age = backup_age(settings.data)
    found.put("skillnet_backup_age_seconds", -1 if age is None else age)


def _resident() -> int:
    """Bytes; 0 where the system has no /proc."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
