"""Reads a password without ever taking it as an argument, where other people's process lists would show it."""

from __future__ import annotations

import getpass
import os
import sys

from node.errors import Malformed

VARIABLE = "SKILLNET_PASSWORD"


def read_password(
    *, stdin: bool = False, prompt: str = "Password: ", optional: bool = False, what: str = "password"
) -> str:
    """From standard input, SKILLNET_PASSWORD, or a prompt; with `optional` nobody is asked, and empty is none.

    `what` it is called where it lacks. Raises Malformed.
    """
    if stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif VARIABLE in os.environ:
        given = os.environ[VARIABLE]
    elif optional:
        return ""
    else:
        given = ask(what, prompt, f"--password-stdin, {VARIABLE}")
    if not given:
        raise Malformed(f"The {what} is empty.")
    return given


def ask(what: str, prompt: str, otherwise: str) -> str:
    """At a terminal, unseen. Raises Malformed where there is none, which names the other ways."""
    if not sys.stdin.isatty():
        raise Malformed(f"No {what} was given.", hint=f"Use {otherwise}, or a terminal.")
    return getpass.getpass(prompt)
