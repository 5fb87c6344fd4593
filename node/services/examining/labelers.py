"""Whose labels count here, and were they heard: an operator who trusts in them may not look for months."""

from __future__ import annotations

from collections.abc import Sequence

from node.services.examining.finding import Finding, own_command
from node.settings.declared import Settings
from node.store.tables.moderation import LabelerRow


def examine_labelers(labelers: Sequence[LabelerRow], settings: Settings) -> Finding:
    """All of them together."""
    unheard = [row for row in labelers if row.error]
    if not unheard:
        return Finding("labelers", ok=True, detail=f"{len(labelers)} were read" if labelers else "none counts here")
    leave = own_command(f"moderate labeler remove {unheard[0].did}", settings.data)
    seen = "; ".join(f"{row.did}: {row.error}" for row in unheard)
    return Finding(
        "labelers", ok=False, detail=seen, mend=f"Read again within a quarter of an hour. Gone for good: {leave}"
    )
