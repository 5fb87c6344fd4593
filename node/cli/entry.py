"""Builds the command line and turns errors into one line, a hint and an exit code: 0 ok, 1 failed, 2 misused."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import metadata

from cyclopts import App, CycloptsError, UnusedCliTokensError

from node.cli import groups
from node.cli.reaching.options import Misused
from node.errors import NodeError

OK, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def build(command: str = "") -> App:
    """The application: with every group of commands, or with the one that has `command`."""
    app = App(
        name="skillnet",
        help="A node of SkillNet: skill development in the flow of work, federated and crowd-curated.",
        version_flags=["--version"],
        version=lambda: f"skillnet {metadata.version('skillnet-node')}",
    )
    groups.register(app, command)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    try:
        app = build(arguments[0] if arguments else "")
        result = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except BrokenPipeError:
        # Whoever read the output has enough; Python must not complain about it again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (CycloptsError, NodeError, OSError, UnicodeDecodeError) as error:
        return _explain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        from node.store.engine.failing import find_storage_error  # only who fails pays for the database's library

        if (failure := find_storage_error(error)) is None:
            raise
        return _explain(failure)
    return result if isinstance(result, int) and not isinstance(result, bool) else OK


def _explain(error: Exception) -> int:
    """One line and a hint on the error stream; the exit code."""
    if isinstance(error, CycloptsError):
        _complain(*_misuse(error))
        return MISUSED
    if isinstance(error, NodeError):
        _complain(error.message, error.hint)
        return MISUSED if isinstance(error, Misused) else FAILED
    if isinstance(error, OSError):
        _complain(f"{error.filename or 'input or output'}: {error.strerror or error}.", "")
    else:
        _complain(f"A file is not UTF-8 text: {error}.", "Save it as UTF-8.")
    return FAILED


def _misuse(error: CycloptsError) -> tuple[str, str]:
    """What is wrong with how a command was called, and whose help says how it is."""
    command = " ".join(("skillnet", *(error.command_chain or ())))
    hint = f"`{command} --help` says what it takes."
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        return f"`{command}` takes no more words: {' '.join(error.unused_tokens)!r} is left over.", hint
    return str(error), hint


def _complain(message: str, hint: str) -> None:
    print(f"skillnet: {' '.join(message.split())}", file=sys.stderr)
    if hint:
        print(f"  hint: {' '.join(hint.split())}", file=sys.stderr)
