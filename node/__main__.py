"""`skillnet` and `python -m node`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line."""
    # The matrices here are small: threads that wait for each other cost more than they bring, most of all on a busy
    # machine (a feed took seven times as long). Read when numpy is imported, which is later.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from node.cli.entry import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
