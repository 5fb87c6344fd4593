"""What /metrics shows, and /admin to a person. Every metric is declared in METRICS with its unit; tests hold the
documentation, the dashboard and the page against it. Labels are words of this program or addresses of hosts that the
operator chose to follow: nobody outside can make new ones."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from node.services.examining.doctor import Doctor
from node.services.following.honouring import deletion_lag
from node.services.following.trailing import Trailing
from node.services.last_backup import backup_age
from node.settings.declared import Settings
from node.store.administration import jobs, moderation
from node.store.clock import SECOND, now
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.database import Database
from node.store.repositories import peers
from node.store.sessions import Session
from node.web.overload import BOUNDS, Took, Traffic

if TYPE_CHECKING:
    from node.services.assembly import Services


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric as documented."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()
    kind: Literal["gauge", "counter", "histogram"] = "gauge"


METRICS = {
    metric.name: metric
    for metric in (
        Metric("skillnet_items", "Public items in the catalogue.", ("kind",)),
        Metric("skillnet_stream_seq", "Newest sequence number of the event stream."),
        Metric("skillnet_stream_consumers", "Consumers connected to the event stream."),
        Metric("skillnet_writer_waiting", "Pieces of work waiting for the writer."),
        Metric("skillnet_writer_busy_seconds", "Seconds that the transaction under way has taken so far."),
        Metric(
            "skillnet_peer_lag_seconds",
            "Seconds by which a followed host is ahead: the age of the event just taken, or since it was last heard.",
            ("peer",),
        ),
        Metric("skillnet_peer_failures", "Failures in a row of a followed host.", ("peer",)),
        Metric("skillnet_search_done", "Share of the search index that is built, 1 when it is whole."),
        Metric(
            "skillnet_search_differing",
            "Documents that differed when index and catalogue were last compared; they were mended then.",
        ),
        Metric("skillnet_jobs", "Jobs by state.", ("state",)),
        Metric("skillnet_job_lag_seconds", "Seconds that the job which is longest due has waited."),
        Metric("skillnet_job_running_seconds", "Seconds that the job which has run longest has run so far."),
        Metric("skillnet_reports_waiting", "Reports to moderation that nobody has answered yet."),
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
            "skillnet_request_seconds",
            "Seconds from the beginning of requests to the beginning of their answers.",
            ("lane",),
            "histogram",
        ),
        Metric("skillnet_memory_bytes", "Memory that the process has in use (resident)."),
        Metric("skillnet_disk_free_bytes", "Bytes free where the data folder is."),
        Metric("skillnet_database_bytes", "Size of the database, on SQLite with its log."),
        Metric("skillnet_doctor_wrong", "1 for what the doctor found wrong when it last looked, else 0.", ("check",)),
        Metric("skillnet_doctor_age_seconds", "Seconds since the doctor last looked; -1 when it has not yet."),
        Metric("skillnet_backup_age_seconds", "Seconds since the last backup of this folder; -1 when there was none."),
    )
}


class Reading(NamedTuple):
    """One value of a metric now."""

    name: str
    value: float | Took
    label: str = ""


class Readings(Collector):
    """All values of one moment, as Prometheus collects them."""

    def __init__(self, readings: Iterator[Reading]) -> None:
        self._readings = list(readings)

    def collect(self) -> Iterator[Family]:
        """Metric by metric, in the order in which they are declared."""
        for metric in METRICS.values():
            yield _family(metric, [one for one in self._readings if one.name == metric.name])


def _family(metric: Metric, readings: list[Reading]) -> Family:
    if metric.kind == "histogram":
        histogram = HistogramMetricFamily(metric.name, metric.meaning, labels=metric.labels)
        for one in readings:
            assert isinstance(one.value, Took)
            histogram.add_metric(_labels(one), _buckets(one.value), one.value.seconds)
        return histogram
    family = (GaugeMetricFamily if metric.kind == "gauge" else CounterMetricFamily)(
        metric.name, metric.meaning, labels=metric.labels
    )
    for one in readings:
        assert not isinstance(one.value, Took)
        family.add_metric(_labels(one), one.value)
    return family


def _labels(one: Reading) -> list[str]:
    return [one.label] if METRICS[one.name].labels else []


def _buckets(took: Took) -> list[tuple[str, float]]:
    """How many were answered within each bound, or at all."""
    return list(zip([*map(str, BOUNDS), "+Inf"], accumulate(took.within), strict=True))


def read_all(services: Services, traffic: Traffic) -> Iterator[Reading]:
    """Every metric's values now; none of a label of which there is nothing."""
    with services.database.read() as session:
        for kind, count in catalogue.count_items(session, PUBLIC).items():
            yield Reading("skillnet_items", count, kind)
        yield from _of_peers(session, services.follower.trailing)
        yield from _of_jobs(session)
        yield Reading("skillnet_reports_waiting", moderation.count_reports(session))
    yield Reading("skillnet_stream_seq", services.stream.last_seq)
    yield Reading("skillnet_stream_consumers", services.stream.consumers)
    progress = services.finder.progress
    yield Reading("skillnet_search_done", 1.0 if progress.is_whole else progress.share)
    compared = services.finder.compared
    yield Reading("skillnet_search_differing", compared.differing if compared else 0)
    yield Reading("skillnet_writer_waiting", services.database.writer.waiting)
    yield Reading("skillnet_writer_busy_seconds", services.database.writer.busy_for)
    yield from _of_doctor(services.doctor)
    yield from _of_traffic(traffic)
    yield from _of_machine(services.settings, services.database)


def _of_doctor(doctor: Doctor) -> Iterator[Reading]:
    last = doctor.last()
    yield Reading("skillnet_doctor_age_seconds", max(0.0, time.time() - last.at) if last else -1)
    for finding in last.findings if last else ():
        yield Reading("skillnet_doctor_wrong", float(not finding.ok), finding.name)


def _of_peers(session: Session, trailing: Trailing) -> Iterator[Reading]:
    states: dict[str, int] = {}
    for peer in peers.list_peers(session):
        states[peer.state] = states.get(peer.state, 0) + 1
        lag = max(peers.lag_of(peer), trailing.of(peer.url))
        yield Reading("skillnet_peer_lag_seconds", lag.total_seconds(), peer.url)
        yield Reading("skillnet_peer_failures", peer.failures, peer.url)
        if (honoured := deletion_lag(session, peer.url)) is not None:
            yield Reading("skillnet_peer_deletion_lag_seconds", honoured.total_seconds(), peer.url)
    for state, count in states.items():
        yield Reading("skillnet_peers", count, state)


def _of_jobs(session: Session) -> Iterator[Reading]:
    known, at = jobs.list_jobs(session), now()
    for state, count in Counter(job.standing for job in known).items():
        yield Reading("skillnet_jobs", count, state)
    waited = max((at - job.run_at for job in known if job.state == "waiting"), default=0)
    yield Reading("skillnet_job_lag_seconds", max(0, waited) / SECOND)
    yield Reading("skillnet_job_running_seconds", max((job.running_for(at) for job in known), default=0) / SECOND)


def _of_traffic(traffic: Traffic) -> Iterator[Reading]:
    yield Reading("skillnet_requests_under_way", traffic.under_way)
    yield Reading("skillnet_requests_shed_total", traffic.shed)
    for digit in range(2, 6):  # none yet is told too: a rate is seen only of what was there before
        yield Reading("skillnet_requests_total", traffic.answered[digit], f"{digit}xx")
    for lane, took in sorted(traffic.took.items()):
        yield Reading("skillnet_request_seconds", took, lane)


def _of_machine(settings: Settings, database: Database) -> Iterator[Reading]:
    yield Reading("skillnet_memory_bytes", _resident())
    yield Reading("skillnet_disk_free_bytes", shutil.disk_usage(settings.data).free)
    yield Reading("skillnet_database_bytes", database.size())
    age = backup_age(settings.data)
    yield Reading("skillnet_backup_age_seconds", -1 if age is None else age)


def _resident() -> int:
    """Bytes; 0 where the system has no /proc."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
