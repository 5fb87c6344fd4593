"""The session type that work inside the writer is given; services name it from here."""

from sqlmodel import Session

__all__ = ["Session"]
