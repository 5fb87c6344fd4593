"""Shows on a terminal's error stream how far a long computation is; silent everywhere else."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

Progress = Callable[[str, float], None]


def silent(_text: str, _done: float) -> None:
    """Shows nothing."""


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yields a function of what is done now and which share (0..1) of all is done."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda text, done: bar.update(task, description=text, completed=done)
