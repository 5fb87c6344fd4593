"""Speaks JSON Lines with another's simulator, over its standard input and output."""

from __future__ import annotations

import contextlib
import json
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

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
    except KeyError as error:
        raise Malformed(f"The world's answer lacks {error}.") from error
    except (TypeError, ValueError) as error:
        raise Malformed(f"The world's answer is not of the form agreed on: {error}.") from error
    finally:
        _pipes(process)[0].close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()
        _pipes(process)[1].close()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _exchange(process: subprocess.Popen[str], question: dict[str, Any]) -> Mapping[str, Any]:
    to, back = _pipes(process)
    try:
        to.write(json.dumps(question) + "\n")
        to.flush()
        line = back.readline(LONGEST_LINE)
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
