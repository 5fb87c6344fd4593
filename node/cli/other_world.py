"""Speaks JSON Lines with another's simulator, over its standard input and output."""

from __future__ import annotations

import contextlib
import json
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from node.errors import Malformed, Unreachable

LONGEST_LINE = 10_000_000


@contextlib.contextmanager
def ask_world(command: str) -> Iterator[Callable[[dict[str, Any]], Mapping[str, Any]]]:
    """Start `command`; yields a function that sends one line and reads one back. Raises Malformed, Unreachable."""
    try:
        process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - the person's own command
    except (OSError, ValueError) as error:
        raise Unreachable(f"{command!r} cannot be started: {error}.", hint="--world takes a whole command.") from error
    try:
        yield lambda question: _exchange(process, question)
    except (KeyError, TypeError) as error:
        raise Malformed(f"The world's answer lacks something: {error}.") from error
    finally:
        process.stdin.close()  # type: ignore[union-attr]  # a pipe was asked for
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]  # a pipe was asked for


def _exchange(process: subprocess.Popen[str], question: dict[str, Any]) -> Mapping[str, Any]:
    try:
        process.stdin.write(json.dumps(question) + "\n")  # type: ignore[union-attr]  # a pipe was asked for
        process.stdin.flush()  # type: ignore[union-attr]  # a pipe was asked for
        line = process.stdout.readline(LONGEST_LINE)  # type: ignore[union-attr]  # a pipe was asked for
    except BrokenPipeError:
        line = ""
    if not line:
        raise Unreachable(f"The world ended before it answered {question}.")
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise Malformed(f"The world answered something that is not JSON: {line[:200]!r}.") from error
    if not isinstance(answer, dict):
        raise Malformed(f"The world answered something that is no object: {line[:200]!r}.")
    return answer
