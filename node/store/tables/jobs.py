"""Work that a node does again and again; when it is due survives a kill."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from node.store.tables.columns import key, number, text


class JobRow(SQLModel, table=True):
    """One job. `attempts` since it last went well, `error` of the last one, if it failed."""

    __tablename__ = "job"
    __table_args__ = (Index("job_by_time", "state", "run_at"),)

    key: str = key()
    state: str = text(default="waiting")  # waiting | running
    run_at: int = number()
    attempts: int = number()
    started_at: int = number()
    done_at: int = number()
    error: str = text()

    def running_for(self, now: int) -> int:
        """Microseconds since it was begun, 0 while it waits. After a kill it counts on until the next start."""
        return max(0, now - self.started_at) if self.state == "running" else 0

    @property
    def standing(self) -> str:
        """For people and metrics: running; failed, until a next try goes well; or waiting."""
        return "failed" if self.error and self.state == "waiting" else self.state
