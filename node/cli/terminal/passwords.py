"""Reads a password without ever taking it as an argument, where other people's process lists would show it."""

from __future__ import annotations

import getpass
import os
import sys

from node.errors import Malformed

VARIABLE = "SKILLNET_PASSWORD"


def read_password(*, stdin: bool = False, prompt: str = "Password: ", optional: bool = False) -> str:
    """From standard input, SKILLNET_PASSWORD, or a prompt; with `optional` nobody is asked, and empty is none."""
    if stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif VARIABLE in os.environ:
        given = os.environ[VARIABLE]
    elif optional:
        return ""
    elif sys.stdin.isatty():
        given = getpass.getpass(prompt)
    else:
        raise Malformed("No password was given.", hint=f"Use --password-stdin, {VARIABLE}, or a terminal.")
    if not given:
        raise Malformed("The password is empty.")
    return given
