"""Work history that the worker brings: shown first, kept only as chosen, each piece removable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from node.errors import Unknown
from node.personalizer.history.pieces import MOST, Piece, parse_piece
from node.personalizer.history.reading import read_history
from node.services.learning.sealed.ledger import HISTORY
from node.services.learning.sealed.vault import Drawer, Entry, Vault
from node.services.learning.understanding import Understanding
from node.services.policy import Viewer
from node.store.clock import SECOND

SKILLS_OF_PIECE = 3
SURE = 0.5
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as shown before it counts; `kept` when it counts already."""

    piece: Piece
    kept: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**self.piece.to_dict(), "kept": self.kept}


@dataclass(frozen=True, slots=True)
class Pieces:
    """Shows, keeps and removes."""

    vault: Vault
    understanding: Understanding

    def show(self, viewer: Viewer, text: str, form: str = "") -> tuple[str, list[Shown]]:
        """What a file says, with the skills that each piece was taken for. Nothing is kept. Raises HistoryInvalid."""
        form, found = read_history(text, form)
        with self.vault.read(viewer.name) as drawer:
            known = {entry.value["id"] for entry in drawer.entries(HISTORY)}
        return form, [Shown(self._mapped(piece), piece.id in known) for piece in found]

    def keep(self, viewer: Viewer, chosen: Sequence[Mapping[str, Any]], at: datetime) -> list[Piece]:
        """These count from now on, weakly. Raises HistoryInvalid."""
        pieces = [parse_piece(value) for value in chosen[:MOST]]

        def work(drawer: Drawer) -> None:
            kept = {entry.value["id"]: entry.slot for entry in drawer.entries(HISTORY)}
            for piece in pieces:  # a piece's id is made of its words: the slot, which is not sealed, must not tell them
                drawer.put(HISTORY, kept.get(piece.id) or drawer.opaque(f"{HISTORY}|{piece.id}"), _recorded(piece, at))

        self.vault.change(viewer.name, work)
        return pieces

    def list(self, viewer: Viewer) -> list[Piece]:
        """What was kept, newest first."""
        with self.vault.read(viewer.name) as drawer:
            return [_piece(entry) for entry in reversed(drawer.entries(HISTORY))]

    def remove(self, viewer: Viewer, piece: str) -> None:
        """As if it had never been brought; `*` removes all. Raises Unknown."""

        def work(drawer: Drawer) -> bool:
            names = [entry.slot for entry in drawer.entries(HISTORY) if piece in ("*", entry.value["id"])]
            return bool([drawer.delete(HISTORY, name) for name in names])

        if not self.vault.change(viewer.name, work):
            raise Unknown("There is no such piece of your history.")

    def _mapped(self, piece: Piece) -> Piece:
        """With the skills that search takes its words for, unless the file named some."""
        if piece.skills:
            return piece
        understood = self.understanding.of(piece.title)
        surely = [row for row, match in (*understood.tasks, *understood.modules) if match >= SURE]
        skills = dict.fromkeys(skill for row in surely[:SKILLS_OF_PIECE] for skill in row.skills)
        return replace(piece, skills=tuple(skills)[:SKILLS_OF_PIECE])


def _recorded(piece: Piece, at: datetime) -> dict[str, Any]:
    """As kept: with when it was, in microseconds; long ago when the file does not say."""
    return {**piece.to_dict(), "was": int(_moment(piece.when, at) * SECOND)}


def _moment(when: str, at: datetime) -> float:
    """A year ago for what has no date; never later than now."""
    for text in (when[:10], f"{when[:7]}-01", f"{when[:4]}-12-31"):
        try:
            return min(at.timestamp(), datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    return at.timestamp() - 365 * DAY


def _piece(entry: Entry) -> Piece:
    return parse_piece(entry.value)
