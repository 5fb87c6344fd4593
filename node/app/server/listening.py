"""The socket that a node listens on: its own, or one handed over, so that requests wait between two processes.

Handing over is systemd's socket activation, sd_listen_fds(3): a unit's socket comes that way, and a node that begins
anew in its place hands its own over likewise.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import socket
import sys

from node.errors import PortTaken
from node.settings.declared import Settings

HANDED_OVER = 3  # the descriptor that the protocol begins with
FILES = 65_536  # that are open at a time, each connection one of them


def open_listener(settings: Settings) -> socket.socket:
    """The socket handed over, else one of this node's own. Raises PortTaken."""
    allow_many()
    return _find_handed_over() or _bind(settings)


def allow_many() -> None:
    """As many connections as the system lets this process have: without asking it gives far fewer, often 1,024."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        with contextlib.suppress(OSError, ValueError):  # where the system does not, the doctor says so
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def begin_anew(listener: socket.socket) -> None:
    """Run this program's command again in this process: whoever connects meanwhile waits. Does not return."""
    os.dup2(listener.fileno(), HANDED_OVER)
    os.set_inheritable(HANDED_OVER, True)  # not what dup2 does to one that was handed over and is this very one
    os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same command again


def _find_handed_over() -> socket.socket | None:
    meant, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "0")
    if meant != str(os.getpid()) or count == "0":
        return None
    os.set_inheritable(HANDED_OVER, False)
    return socket.socket(fileno=HANDED_OVER)


def _bind(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken.of(settings.port) from error
        raise PortTaken(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.") from error
    return listener
