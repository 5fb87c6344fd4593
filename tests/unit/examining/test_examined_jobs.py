"""The doctor on what a node does by itself: what fails again and again, and what never ends."""

from node.services.examining.jobs import examine_jobs, examine_running_jobs
from node.store.clock import SECOND, now
from node.store.tables.jobs import JobRow

HOUR = 3600 * SECOND


def _running(key: str, since: int) -> JobRow:
    return JobRow(key=key, state="running", run_at=now() - since, started_at=now() - since)


def test_what_failed_three_times_is_wrong() -> None:
    twice = JobRow(key="tell-relays", attempts=2, error="it failed")
    assert examine_jobs([twice]).ok
    found = examine_jobs([twice, JobRow(key="read-labelers", attempts=3, error="no answer")])
    assert not found.ok
    assert found.detail == "read-labelers: no answer"


def test_what_runs_for_more_than_an_hour_is_wrong() -> None:
    waits_since_yesterday = JobRow(key="prepare-days", started_at=now() - 24 * HOUR)
    assert examine_running_jobs([waits_since_yesterday, _running("pool-items", HOUR // 2)]).ok
    found = examine_running_jobs([_running("pool-items", HOUR // 2), _running("read-labelers", 3 * HOUR)])
    assert not found.ok
    assert found.detail == "read-labelers has run for 3 hours"
    assert "`systemctl restart skillnet`" in found.mend
