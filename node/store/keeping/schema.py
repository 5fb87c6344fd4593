"""All tables in one metadata, for migrations and tests."""

from __future__ import annotations

from sqlmodel import SQLModel

from node.store.tables import (
    catalogue,
    facts,
    hosting,
    internal,
    jobs,
    moderation,
    peers,
    people,
    reference,
    stream,
    tools,
    worker,
)

TABLES = (catalogue, facts, hosting, internal, jobs, moderation, peers, people, reference, stream, tools, worker)
METADATA = SQLModel.metadata
