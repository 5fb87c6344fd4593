"""skillnet.toml: whether the next start can read it, and whether the node that runs was begun with what it says now."""

from __future__ import annotations

import os
from pathlib import Path

from node.errors import NodeError
from node.services.examining.finding import Finding, judged
from node.services.examining.release import RESTART
from node.settings.checks import check_settings
from node.settings.declared import Settings, declared_settings
from node.settings.loading import FILE_NAME, load_settings


def examine_settings(path: Path) -> Finding:
    """As the next start will read them."""
    try:
        _read(path)
    except NodeError as error:
        more = "" if FILE_NAME in error.hint else error.hint  # the same in other words
        mend = f"Mend it in {path.absolute() / FILE_NAME}. {more}".strip()
        return Finding("settings", ok=False, detail=error.message, mend=mend)
    return Finding("settings", ok=True, detail="each value can be used")


class SettingsAtStart:
    """What the file said when the node was begun; what a command line said besides is no matter here."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun = _readable(path)

    def examine(self) -> Finding:
        """Of a node that runs. What cannot be read is a finding of its own."""
        begun, said = self._begun, _readable(self._path)
        changed = [
            declared.key
            for declared in declared_settings()
            if begun and said and getattr(begun, declared.attribute) != getattr(said, declared.attribute)
        ]
        seen = f"changed since the node was begun: {', '.join(changed)}" if changed else "the node was begun with them"
        return judged("settings in use", not changed, seen, RESTART)


_begun: dict[Path, tuple[Settings, SettingsAtStart]] = {}


def settings_at_start(settings: Settings) -> SettingsAtStart:
    """Of the node that was begun with these. A process that becomes the core begins anew with what it read before."""
    known = _begun.get(settings.data)
    if known is None or known[0] != settings:
        known = _begun[settings.data] = settings, SettingsAtStart(settings.data)
    return known[1]


def _readable(path: Path) -> Settings | None:
    try:
        return _read(path)
    except NodeError:
        return None


def _read(path: Path) -> Settings:
    settings, _ = load_settings(path, os.environ)
    check_settings(settings)
    return settings
