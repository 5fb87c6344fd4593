"""Small facts of the node itself: format, counters, what it last did."""

from sqlmodel import SQLModel

from node.store.tables.columns import key, mapping, text


class FactRow(SQLModel, table=True):
    """One named fact in JSON form."""

    __tablename__ = "fact"

    name: str = key()
    value: dict[str, object] = mapping()
    note: str = text()
