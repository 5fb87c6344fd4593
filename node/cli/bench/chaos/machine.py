"""What the machine itself is told to do: mount a disk, run a server. What it cannot do is a fault that is not tried."""

from __future__ import annotations

import subprocess
from collections.abc import Container

from node.cli.bench.chaos.stage import NotHere

HOWEVER = range(-255, 256)  # it ends, that is well


def do(*command: str, well: Container[int] = (0,)) -> str:
    """What a command prints. Raises NotHere without such a command, or when it ends otherwise than `well`."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)  # noqa: S603 - own words
    except OSError as error:
        raise NotHere(f"{command[0]}: {error.strerror}") from error
    if done.returncode not in well:
        raise NotHere(f"{command[0]}: {(done.stdout + done.stderr).strip() or done.returncode}")
    return done.stdout
