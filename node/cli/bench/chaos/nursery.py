"""Starts commands without the time that imports take: a process that has imported everything forks each of them.

What it forks is a process of its own that runs `skillnet …` from the beginning. Run as a program it obeys lines of
JSON: ["start", LOG, ARGUMENTS, ENVIRONMENT] answers with the PID, ["poll", PID] with the exit code or null.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from node.cli.bench.chaos.hardships import endure
from node.cli.bench.running import clean_environment
from node.cli.entry import run


class Nursery:
    """Asks the forking process; use as a context manager, from any thread."""

    def __enter__(self) -> Nursery:
        self._door = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "node.cli.bench.chaos.nursery"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean_environment(),
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(30)

    @property
    def pid(self) -> int:
        """The forking process itself."""
        return self._process.pid

    def start(self, log: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Forked:
        """`skillnet` with these arguments; what it says is added to `log`."""
        return Forked(self, self.ask("start", str(log), arguments, dict(environment or {})))

    def ask(self, *words: Any) -> Any:
        """One command and its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._door:
            self._process.stdin.write(json.dumps(words).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


@dataclass
class Forked:
    """A process, with the methods of `subprocess.Popen` that are used of it."""

    nursery: Nursery
    pid: int
    code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        if self.code is None:
            self.code = self.nursery.ask("poll", self.pid)
        return self.code

    def wait(self, timeout: float) -> int:
        """Its exit code. Raises TimeoutExpired."""
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("skillnet", timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self.send_signal(signal.SIGKILL)


def _serve_orders() -> None:
    import node.app.serving
    import node.app.web_app
    import node.cli.operator.operating
    import node.services.keeping.backing_up  # noqa: F401 - all imported for the children's sake

    ended: dict[int, int] = {}
    for line in sys.stdin:
        order, *words = json.loads(line)
        sys.stdout.write(json.dumps(_start(words, ended) if order == "start" else _poll(words[0], ended)) + "\n")
        sys.stdout.flush()


def _start(words: list[Any], ended: dict[int, int]) -> int:
    pid = os.fork()
    if pid == 0:
        _become(*words)
    ended.pop(pid, None)  # of somebody who had this number before
    return pid


def _poll(pid: int, ended: dict[int, int]) -> int | None:
    """The system tells an exit code once; several threads may ask."""
    if pid not in ended:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if not gone:
            return None
        ended[pid] = os.waitstatus_to_exitcode(status)
    return ended[pid]


def _become(log: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for taken in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDONLY) if taken == 0 else descriptor, taken)
    os.environ.update(environment)
    sys.orig_argv = [sys.executable, "-m", "node", *arguments]  # who begins anew in its place begins with these
    code = 1
    try:
        endure(environment)
        code = run(list(arguments))
    except BaseException:  # noqa: BLE001 - what would end the child is for its log; the parent's loop is not its own
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve_orders()
