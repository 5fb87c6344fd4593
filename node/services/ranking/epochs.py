"""The slow layer of the ranking, once per day and change of trust: computed aside when large, kept over restarts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from node.services.half_written import begin_draft, clear_drafts
from node.services.heavy import HeavyWork
from node.services.ranking import statements
from node.store.clock import DAY, SECOND
from node.store.database import Database

if TYPE_CHECKING:
    from curation.slow.hypothesis import Hypothesis
    from curation.slow.slow_layer import SlowLayer
    from curation.stated.contributions import Contributions
    from curation.stated.statements import Statement

KEPT = 160  # stored layers: those of today's viewpoints, and a few of days before
ASIDE = 5_000  # endorsements from which the computation takes longer than pages may wait


class Epochs:
    """Slow layers by viewer. One is valid for a day and for what was known of people and vouches then."""

    def __init__(self, database: Database, folder: Path, heavy: HeavyWork) -> None:
        self._url = database.url.render_as_string(hide_password=False)
        self._folder = folder
        self._heavy = heavy

    def slow_layer(
        self, contributions: Contributions, people: str, viewer: str, now: int, hypothesis: Hypothesis | None = None
    ) -> SlowLayer:
        """The layer of today: the stored one if `people` (see `fingerprint`) are the same as when it was computed."""
        from curation.errors import CurationError
        from curation.ranking import Ranking
        from curation.slow.slow_layer import parse_slow_layer

        at = epoch_of(now)
        path = self._folder / f"{_digest(viewer, str(at), people)}.npz"
        if path.exists() and hypothesis is None:
            try:
                return parse_slow_layer(path.read_bytes())
            except CurationError:
                path.unlink()  # damaged: derived data, computed again
        if contributions.endorsement_count >= ASIDE:
            layer = parse_slow_layer(self._heavy.run(compute_epoch, self._url, viewer, now, hypothesis))
        else:
            layer = Ranking.build(contributions, viewer, at / SECOND, hypothesis=hypothesis).slow
        if hypothesis is None:
            self._keep(path, layer.to_bytes())
        return layer

    def _keep(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        clear_drafts(self._folder, "*.draft")
        draft = path.with_suffix(".draft")
        with begin_draft(draft) as file:
            file.write(content)
        draft.replace(path)
        layers = sorted(self._folder.glob("*.npz"), key=lambda file: file.stat().st_mtime)
        for old in layers[:-KEPT]:
            old.unlink(missing_ok=True)


def epoch_of(now: int) -> int:
    """The UTC day that `now` (microseconds) lies in: everybody who recomputes a score today uses the same clock."""
    return now // DAY * DAY


def fingerprint(people: Iterable[Statement]) -> str:
    """Changes with whatever trust rests on: accounts, credentials, vouches."""
    return hashlib.sha256("\n".join(sorted(map(repr, people))).encode()).hexdigest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def compute_epoch(url: str, viewer: str, now: int, hypothesis: Hypothesis | None = None) -> bytes:
    """Runs in the worker process: reads the rows itself and computes the layer."""
    from curation.ranking import Ranking
    from curation.stated.contributions import Contributions

    contributions = Contributions()
    with Database(url).read() as session:
        contributions.extend(statements.read_statements(session, now))
    return Ranking.build(contributions, viewer, epoch_of(now) / SECOND, hypothesis=hypothesis).slow.to_bytes()
