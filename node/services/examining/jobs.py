"""What a node does by itself: whether it gets done."""

from __future__ import annotations

from collections.abc import Sequence

from node.services.examining.finding import Finding, in_words, judged
from node.services.examining.release import RESTART
from node.services.examining.units import NODE, log
from node.store.clock import SECOND, now
from node.store.tables.jobs import JobRow

TOO_LONG = 3600  # seconds; deploy/alerts.yaml alerts on as many
FAILURES = 2  # in a row that nobody need look at


def examine_jobs(known: Sequence[JobRow]) -> Finding:
    """Those that fail again and again."""
    failed = [f"{job.key}: {job.error}" for job in known if job.error and job.attempts > FAILURES]
    mend = f"The node's log says more ({log(NODE)}); it tries again by itself, an hour apart at most."
    return judged("jobs", not failed, "; ".join(failed)[:300] or f"{len(known)} known, none failed", mend)


def examine_running_jobs(known: Sequence[JobRow]) -> Finding:
    """Those that never end, of a node that serves: one that was killed leaves jobs as they were."""
    at = now()
    took = {job.key: job.running_for(at) / SECOND for job in known}
    hung = [f"{key} has run for {in_words(seconds)}" for key, seconds in took.items() if seconds > TOO_LONG]
    mend = f"The node's log may say what it waits for ({log(NODE)}). {RESTART} It is done anew then."
    return judged("jobs under way", not hung, ", ".join(hung) or "none hangs", mend)
