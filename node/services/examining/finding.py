"""One thing looked at."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from node.errors import NodeError

DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what mends it. Commands stand between backticks."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def judged(name: str, ok: bool, detail: str, mend: str) -> Finding:
    """A finding that names its mend only when something is wrong."""
    return Finding(name, ok, detail, "" if ok else mend)


def tried(name: str, call: Callable[[], object], detail: str, mend: str) -> Finding:
    """What is well, and said in `detail`, unless the call raises a NodeError, which says what is wrong."""
    try:
        call()
    except NodeError as error:
        return Finding(name, ok=False, detail=error.message, mend=mend)
    return Finding(name, ok=True, detail=detail)


def own_command(words: str, data: Path) -> str:
    """`skillnet …` for this folder, as it is typed in any terminal of the machine."""
    return f"`{_program()} {words} --data {quoted(data)}`"


def _program() -> str:
    """By its name where terminals find it, or where it lies: a service has an environment that nobody's PATH names."""
    here = Path(sys.executable).with_name("skillnet")
    return "skillnet" if shutil.which("skillnet") or not here.exists() else shlex.quote(str(here))


def quoted(path: Path) -> str:
    """As it is typed in any terminal, wherever one is."""
    return shlex.quote(str(path.absolute()))


def examine_privacy(name: str, path: Path, mode: str) -> Finding:
    """Of a file or folder that its owner alone may read; `mode` is what it should have, in digits."""
    private = path.stat().st_mode & 0o077 == 0
    seen = "only its owner reads it" if private else "others of this machine may read it"
    return judged(name, private, seen, f"`chmod {mode} {quoted(path)}`")


def user_name(uid: int | None = None) -> str:
    """Of a user of this machine, by default of this process's; the number where it has no name."""
    number = os.geteuid() if uid is None else uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def in_words(seconds: float) -> str:
    """A time that passed, in the largest unit of which there are two."""
    for size, unit in ((DAY, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
