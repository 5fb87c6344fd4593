"""Work to be done later; survives a kill."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from node.store.tables.columns import key, mapping, number, text


class JobRow(SQLModel, table=True):
    """One job. `key` makes it unique among those not done; `every` > 0 seconds repeats it."""

    __tablename__ = "job"
    __table_args__ = (Index("job_by_time", "state", "run_at"),)

    key: str = key()
    name: str = text()
    arguments: dict[str, object] = mapping()
    state: str = text(default="waiting")  # waiting | running | failed
    run_at: int = number()
    every: int = number()
    attempts: int = number()
    started_at: int = number()
    done_at: int = number()
    error: str = text()
