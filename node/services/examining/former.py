"""Whether somebody's identity names an address that this node has no more."""

from __future__ import annotations

from node.services.examining.finding import Finding, judged
from node.services.hosting.former import MOVE, Former


def examine_former(former: Former) -> Finding:
    """Who was left there: nobody finds them."""
    left = former.nodes | former.people
    first = min(left, default="")
    seen = f"{len(left)} left at {left[first]}, like {first}" if left else "nobody is left at one"
    return judged("former address", not left, seen, f"Stop the node, then {MOVE}.")
