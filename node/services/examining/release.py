"""Which release runs, which is installed, which there is, and whether what it stands on is new enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import metadata

from node.services.examining.clock import Heard
from node.services.examining.finding import Finding, judged
from node.services.examining.units import begin_anew, renew

PACKAGE = "skillnet-node"
RUNNING = metadata.version(PACKAGE)  # a process goes on as what it was begun as, whatever is installed later
RESTART = begin_anew()
_NOT_OF_A_NAME, _LEAST = re.compile(r"[^\w.-]"), re.compile(r">=\s*([\d.]+)")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def examine_release(heard: Sequence[Heard]) -> Iterator[Finding]:
    """`heard` of hosts that are trusted: a stranger could say anything."""
    installed = metadata.version(PACKAGE)
    seen = f"{PACKAGE} {RUNNING} runs" + (f", {installed} is installed" if installed != RUNNING else "")
    yield judged("release", installed == RUNNING, seen, RESTART)
    yield _newer(heard)
    old = list(_too_old())
    mend = f"{renew()}. {RESTART}"
    yield judged("dependencies", not old, "; ".join(old) or "each is new enough for this release", mend)


def _newer(heard: Sequence[Heard]) -> Finding:
    known = [(_numbers(one.release), one) for one in heard if _numbers(one.release)]
    newest, who = max(known, key=lambda pair: pair[0], default=((), None))
    if who is None or newest <= _numbers(RUNNING):
        seen = f"none newer than {RUNNING} among {len(known)} trusted nodes that say theirs"
        return Finding("newer release", ok=True, detail=seen)
    seen = f"{who.url} runs {PACKAGE} {who.release}, this node {RUNNING}"
    mend = f"Read its changelog, make a backup, then {renew()}. {RESTART}"
    return Finding("newer release", ok=False, detail=seen, mend=mend)


def _too_old() -> Iterator[str]:
    """What this release asks for (`name<2,>=1.2; condition`) and does not find."""
    for line in metadata.requires(PACKAGE) or ():
        asked, _, condition = line.partition(";")
        name, least = _NOT_OF_A_NAME.split(asked.strip())[0], next(iter(_LEAST.findall(asked)), "")
        if "extra" in condition:
            continue
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            if not condition:  # else it is for other systems, or other Pythons
                yield f"{name} is missing"
            continue
        if _numbers(found) < _numbers(least):
            yield f"{name} {found} is older than {least}"


def _numbers(version: str) -> tuple[int, ...]:
    """To compare by; empty where there are none."""
    found = _NUMBERS.match(version)
    return tuple(map(int, found.group().split("."))) if found else ()
