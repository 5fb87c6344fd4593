"""The types that services name of the store: the session that work inside the writer is given, and any row."""

from sqlmodel import Session
from sqlmodel import SQLModel as Row

__all__ = ["Row", "Session"]
