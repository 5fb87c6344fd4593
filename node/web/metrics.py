"""What /metrics shows. Every metric is declared in METRICS with its unit; a test holds the documentation against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge

from node.store import catalogue, jobs, peers
from node.store.catalogue import PUBLIC
from node.store.clock import SECOND, now

if TYPE_CHECKING:
    from node.services.assembly import Services


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric as documented."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()


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
    )
}


def observe(services: Services) -> CollectorRegistry:
    """A fresh registry with every metric's value now."""
    registry = CollectorRegistry()
    gauges = {m.name: Gauge(m.name, m.meaning, m.labels, registry=registry) for m in METRICS.values()}
    with services.database.read() as session:
        for kind, count in catalogue.count_items(session, PUBLIC).items():
            gauges["skillnet_items"].labels(kind).set(count)
        for peer in peers.list_peers(session):
            gauges["skillnet_peer_lag_seconds"].labels(peer.url).set((now() - peer.seen_at) / SECOND)
            gauges["skillnet_peer_failures"].labels(peer.url).set(peer.failures)
        for job in jobs.list_jobs(session):
            gauges["skillnet_jobs"].labels(job.state).inc()
    gauges["skillnet_stream_seq"].set(services.stream.last_seq)
    gauges["skillnet_stream_consumers"].set(services.stream.consumers)
    progress = services.finder.progress
    gauges["skillnet_search_done"].set(1.0 if progress.is_whole else progress.share)
    gauges["skillnet_writer_waiting"].set(services.database.writer.waiting)
    return registry
