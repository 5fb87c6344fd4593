"""What orders hits besides their words: how well each is curated and how fresh it is, from this node's viewpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from node.services.ranking.freshening import Freshening
    from node.services.ranking.rankings import Rankings


class Standing:
    """Scores for the blend, 0..1 both. Nothing counts as curated while the node trusts nobody."""

    def __init__(self, rankings: Rankings, freshening: Freshening) -> None:
        self._rankings = rankings
        self._freshening = freshening

    def curation(self, ids: Sequence[str]) -> Sequence[float]:
        """The lower bound of the expected outcome; 0 for what is no item or not ranked."""
        if self._rankings.unranked_reason() is not None:
            return [0.0] * len(ids)
        return [max(0.0, min(1.0, score.value)) for score in self._rankings.scores(list(ids))]

    def freshness(self, ids: Sequence[str]) -> Sequence[float]:
        """How likely each is still right today."""
        # Only items go stale; asking for others would read the catalogue each time.
        items = [one for one in ids if one.startswith("at://")]
        known = dict(zip(items, self._freshening.values(items), strict=True))
        return [known.get(one, 1.0) for one in ids]
